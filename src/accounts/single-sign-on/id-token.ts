/** Checks an ID token: signed with the provider's key, issued for us and this sign-in, and not expired. */
import { constants, createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto';

import { z } from 'zod';

/** What the token must match (OpenID Connect Core 1.0, section 3.1.3.7). */
export interface ExpectedToken {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  readonly now: Temporal.Instant;
}

/** Claims about a user. Some providers send `email_verified` as text. */
export const UserClaims = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().optional(),
  email_verified: z.union([z.boolean(), z.stringbool()]).optional().catch(false),
  name: z.string().optional().catch(undefined),
});
export type UserClaims = z.infer<typeof UserClaims>;

/** Claims of the token; only it has `auth_time`. */
export type TokenClaims = UserClaims & {
  /** When the user signed in at the provider, in seconds. */
  readonly auth_time?: number | undefined;
};

export const KeySet = z.object({
  keys: z.array(
    z.looseObject({
      kty: z.string(),
      kid: z.string().exactOptional(),
      use: z.string().exactOptional(),
      alg: z.string().exactOptional(),
    }),
  ),
});
export type KeySet = z.infer<typeof KeySet>;

/** Allowed clock difference. */
const clockSkewSeconds = 60;

const Header = z.object({ alg: z.string(), kid: z.string().optional() });
const Claims = UserClaims.extend({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  exp: z.number(),
  iat: z.number(),
  nonce: z.string(),
  auth_time: z.number().optional().catch(undefined),
});

/**
 * Returns the claims of a valid token, otherwise `undefined`. Algorithms without a key of the provider are
 * rejected.
 */
export function verifyIdToken(
  token: string,
  { keys }: KeySet,
  expected: ExpectedToken,
): TokenClaims | undefined {
  const [head = '', body = '', signature = '', ...more] = token.split('.');
  if (more.length > 0) return undefined;
  const header = Header.safeParse(parseJson(head)).data;
  const claims = Claims.safeParse(parseJson(body)).data;
  if (header === undefined || claims === undefined) return undefined;
  const { alg, kid } = header;
  const isSigned = keys
    .filter((key) => key.use !== 'enc' && (kid === undefined || key.kid === kid))
    .filter((key) => key.alg === undefined || key.alg === alg)
    .some((key) =>
      hasValidSignature(key, alg, `${head}.${body}`, Buffer.from(signature, 'base64url')),
    );
  if (!isSigned || !isForClient(claims, expected)) return undefined;
  return { ...UserClaims.parse(claims), auth_time: claims.auth_time };
}

function isForClient(claims: z.infer<typeof Claims>, expected: ExpectedToken): boolean {
  const seconds = expected.now.epochMilliseconds / 1000;
  const audience = [claims.aud].flat();
  return (
    claims.iss === expected.issuer &&
    audience.includes(expected.clientId) &&
    (audience.length === 1 || claims.azp === expected.clientId) &&
    claims.exp > seconds - clockSkewSeconds &&
    claims.iat < seconds + clockSkewSeconds &&
    claims.nonce === expected.nonce
  );
}

function parseJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The curve of each elliptic-curve algorithm; keys of another curve are rejected. */
const curves: Readonly<Record<string, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
};

function hasValidSignature(
  jwk: KeySet['keys'][number],
  alg: string,
  text: string,
  signature: Buffer,
): boolean {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return verifyBy(key, alg, Buffer.from(text), signature);
  } catch {
    // Keys of a type that Node does not support are ignored.
    return false;
  }
}

function verifyBy(key: KeyObject, alg: string, text: Buffer, signature: Buffer): boolean {
  const kind = key.asymmetricKeyType;
  if (alg === 'EdDSA') return kind === 'ed25519' && verifySignature(null, text, key, signature);
  const [, family, bits] = /^(RS|PS|ES)(256|384|512)$/.exec(alg) ?? [];
  const hash = `sha${bits}`;
  if (family === 'ES') {
    const matches = kind === 'ec' && key.asymmetricKeyDetails?.namedCurve === curves[alg];
    return matches && verifySignature(hash, text, { key, dsaEncoding: 'ieee-p1363' }, signature);
  }
  if (family === undefined || kind !== 'rsa') return false;
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) return false;
  const padding =
    family === 'RS'
      ? { padding: constants.RSA_PKCS1_PADDING }
      : {
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        };
  return verifySignature(hash, text, { key, ...padding }, signature);
}
