/** Client of a district's OpenID provider: discovery, and the authorization code flow with PKCE. */
import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { AddressRules } from '../../network/address-check.ts';
import { KeySet, UserClaims, verifyIdToken, type TokenClaims } from './id-token.ts';
import { requestProvider } from './provider-request.ts';

const Discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url({ protocol: /^https?$/ }),
  token_endpoint: z.url({ protocol: /^https?$/ }),
  jwks_uri: z.url({ protocol: /^https?$/ }),
  userinfo_endpoint: z.url({ protocol: /^https?$/ }).optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  /** RFC 9207: every response of the authorization endpoint names its issuer. */
  authorization_response_iss_parameter_supported: z.boolean().optional().catch(false),
});
type Discovery = z.infer<typeof Discovery>;

const Tokens = z.object({ id_token: z.string(), access_token: z.string().optional() });

type ProviderFailure = { readonly kind: 'trouble'; readonly message: string };
export type DiscoveryOutcome =
  ProviderFailure | { readonly kind: 'found'; readonly provider: Discovery };
export type ClaimsOutcome =
  ProviderFailure | { readonly kind: 'claims'; readonly claims: TokenClaims };

/** What one sign-in stores from start to end. */
export interface AuthorizationSecrets {
  readonly nonce: string;
  readonly verifier: string;
}

interface Client {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Cached discovery documents of providers. */
export interface ProviderCache {
  find(issuer: string): Promise<DiscoveryOutcome>;
  /** Reads it from the provider now, for settings that are about to be saved. */
  refresh(issuer: string): Promise<DiscoveryOutcome>;
}

const cacheMinutes = 5;
/** Failures are cached for less time, so that a fixed provider works soon. */
const failureCacheSeconds = 20;
const maxCached = 200;

export function createProviderCache(
  rules: AddressRules,
  now: () => Temporal.Instant,
): ProviderCache {
  const known = new Map<string, { outcome: Promise<DiscoveryOutcome>; until: Temporal.Instant }>();
  const refresh: ProviderCache['refresh'] = async (issuer) => {
    const entry = {
      outcome: discoverProvider(issuer, rules),
      until: now().add({ minutes: cacheMinutes }),
    };
    known.delete(issuer);
    known.set(issuer, entry);
    for (const oldest of known.keys()) {
      if (known.size <= maxCached) break;
      known.delete(oldest);
    }
    const outcome = await entry.outcome;
    if (outcome.kind === 'trouble') entry.until = now().add({ seconds: failureCacheSeconds });
    return outcome;
  };
  return {
    async find(issuer) {
      const entry = known.get(issuer);
      const isKept = entry !== undefined && Temporal.Instant.compare(now(), entry.until) < 0;
      return isKept ? entry.outcome : refresh(issuer);
    },
    refresh,
  };
}

/** Reads the provider's discovery document, which must name the same issuer. */
async function discoverProvider(issuer: string, rules: AddressRules): Promise<DiscoveryOutcome> {
  const url = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const response = await requestProvider({ url }, rules);
  if (response.kind === 'trouble') return response;
  const parsed = Discovery.safeParse(response.body);
  if (!parsed.success)
    return providerFailure("The provider's discovery document has an unknown format.");
  if (parsed.data.issuer !== issuer) {
    return providerFailure(
      'The provider names another issuer. Enter the issuer exactly as it does.',
    );
  }
  return { kind: 'found', provider: parsed.data };
}

/** Returns the address to redirect the user to. */
export function buildAuthorizationUrl(
  provider: Discovery,
  clientId: string,
  redirectUri: string,
  state: string,
  { nonce, verifier }: AuthorizationSecrets,
  isFresh: boolean,
): string {
  const url = new URL(provider.authorization_endpoint);
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid email profile',
    state,
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    // With max_age, the token must say when the user signed in (OpenID Connect Core 1.0, section 3.1.2.1).
    ...(isFresh && { prompt: 'login', max_age: '0' }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Exchanges the authorization code for the user's claims. */
export async function exchangeCode(
  provider: Discovery,
  client: Client,
  given: {
    readonly code: string;
    readonly redirectUri: string;
    readonly proof: AuthorizationSecrets;
  },
  rules: AddressRules,
  now: Temporal.Instant,
): Promise<ClaimsOutcome> {
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code: given.code,
    redirect_uri: given.redirectUri,
    code_verifier: given.proof.verifier,
  });
  const response = await requestProvider(
    { url: provider.token_endpoint, form, ...authentication(provider, client, form) },
    rules,
  );
  if (response.kind === 'trouble') return response;
  const tokens = Tokens.safeParse(response.body);
  if (!tokens.success) return providerFailure('The provider sent no ID token.');
  const keys = await requestProvider({ url: provider.jwks_uri }, rules);
  if (keys.kind === 'trouble') return keys;
  const keySet = KeySet.safeParse(keys.body);
  if (!keySet.success) return providerFailure("The provider's keys have an unknown format.");
  const claims = verifyIdToken(tokens.data.id_token, keySet.data, {
    issuer: provider.issuer,
    clientId: client.clientId,
    nonce: given.proof.nonce,
    now,
  });
  if (claims === undefined) return providerFailure("The provider's ID token is not valid.");
  return addUserInfo(provider, claims, tokens.data.access_token, rules);
}

/** Many providers return the e-mail address only from their userinfo endpoint. */
async function addUserInfo(
  provider: Discovery,
  claims: TokenClaims,
  accessToken: string | undefined,
  rules: AddressRules,
): Promise<ClaimsOutcome> {
  const url = provider.userinfo_endpoint;
  if (claims.email !== undefined || url === undefined || accessToken === undefined) {
    return { kind: 'claims', claims };
  }
  const response = await requestProvider(
    { url, headers: { authorization: `Bearer ${accessToken}` } },
    rules,
  );
  if (response.kind === 'trouble') return response;
  const info = UserClaims.safeParse(response.body).data;
  if (info?.sub !== claims.sub)
    return providerFailure('The provider returned two different users.');
  return { kind: 'claims', claims: { ...claims, ...info } };
}

/** Uses HTTP Basic unless the provider accepts the secret only in the form (RFC 6749, section 2.3.1). */
function authentication(
  provider: Discovery,
  { clientId, clientSecret }: Client,
  form: URLSearchParams,
): { readonly headers?: Readonly<Record<string, string>> } {
  const methods = provider.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  if (!methods.includes('client_secret_basic') && methods.includes('client_secret_post')) {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
    return {};
  }
  const encoded = [clientId, clientSecret].map((part) =>
    new URLSearchParams({ part }).toString().slice('part='.length),
  );
  return {
    headers: { authorization: `Basic ${Buffer.from(encoded.join(':')).toString('base64')}` },
  };
}

const providerFailure = (message: string): ProviderFailure => ({ kind: 'trouble', message });
