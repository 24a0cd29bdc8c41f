/** A malicious OpenID provider, which returns what an attack needs and records its requests. */
import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Grant {
  /** Claims of the ID token that differ from a valid one; undefined values are omitted. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signedBy?: 'own key' | 'another key' | 'none' | 'public key as secret';
  readonly nonce: string;
  readonly codeChallenge: string;
}

export interface AttackingProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Registers a code that can be exchanged for a token. */
  grant(code: string, grant: Grant): void;
  /** Paths of all requests so far; token requests with their code. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Listens on a free port. With `announcesIssuer`, its metadata promise `iss` in responses (RFC 9207). */
export async function startAttackingProvider(
  userClaims: Readonly<Record<string, unknown>>,
  announcesIssuer: boolean,
): Promise<AttackingProvider> {
  const ownKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const otherKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  const calls: string[] = [];
  const clientId = 'daybreak';
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', issuer);
      const code = new URLSearchParams(body).get('code') ?? '';
      calls.push(code === '' ? pathname : `${pathname} ${code}`);
      const responseBody = createResponseBody(
        pathname,
        code,
        new URLSearchParams(body).get('code_verifier') ?? '',
      );
      response.writeHead(responseBody === undefined ? 400 : 200, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(responseBody ?? { error: 'invalid_grant' }));
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function createResponseBody(path: string, code: string, verifier: string): unknown {
    if (path === '/.well-known/openid-configuration')
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
        authorization_response_iss_parameter_supported: announcesIssuer,
      };
    if (path === '/keys')
      return {
        keys: [
          { ...ownKeys.publicKey.export({ format: 'jwk' }), kid: '1', use: 'sig', alg: 'RS256' },
        ],
      };
    const grant = path === '/token' ? grants.get(code) : undefined;
    if (grant === undefined) return undefined;
    grants.delete(code);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (challenge !== grant.codeChallenge) return undefined;
    return { access_token: 'x', token_type: 'Bearer', id_token: createIdToken(grant) };
  }

  function createIdToken({ claims, nonce, signedBy = 'own key' }: Grant): string {
    const now = Math.floor(Temporal.Now.instant().epochMilliseconds / 1000);
    const payload = {
      iss: issuer,
      aud: clientId,
      iat: now,
      exp: now + 300,
      nonce,
      ...userClaims,
      ...claims,
    };
    const alg = {
      'own key': 'RS256',
      'another key': 'RS256',
      none: 'none',
      'public key as secret': 'HS256',
    }[signedBy];
    const text = `${encode({ alg, kid: '1', typ: 'JWT' })}.${encode(payload)}`;
    return `${text}.${createSignature(text, signedBy)}`;
  }

  function createSignature(text: string, signedBy: Grant['signedBy']): string {
    const withKey = (key: KeyObject) =>
      sign('sha256', Buffer.from(text), key).toString('base64url');
    if (signedBy === 'none') return '';
    if (signedBy === 'another key') return withKey(otherKeys.privateKey);
    if (signedBy === 'own key') return withKey(ownKeys.privateKey);
    const secret = ownKeys.publicKey.export({ format: 'pem', type: 'spki' });
    return createHmac('sha256', secret).update(text).digest('base64url');
  }

  return {
    issuer,
    clientId,
    clientSecret: 'zqsecret-client',
    grant: (code, grant) => grants.set(code, grant),
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
