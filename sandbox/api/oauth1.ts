/** Checks one-legged OAuth 1.0a signatures (RFC 5849, HMAC-SHA1, Authorization header). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError } from './api-error.ts';

/** Escapes everything except the unreserved characters of RFC 5849, section 3.6. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Returns the signature base string of RFC 5849, section 3.4.1. `parameters` are without `oauth_signature`. */
export function signatureBase(
  method: string,
  url: URL,
  parameters: readonly (readonly [string, string])[],
): string {
  const normalized = parameters
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .toSorted(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  // URL omits a default port and lower-cases scheme and host, as RFC 5849, section 3.4.1.2 requires.
  const address = `${url.protocol}//${url.host}${url.pathname}`;
  return [method.toUpperCase(), address, normalized].map(percentEncode).join('&');
}

/** Signs a base string. The key ends in an ampersand, since there is no token. */
export function sign(base: string, consumerSecret: string): string {
  return createHmac('sha1', `${percentEncode(consumerSecret)}&`)
    .update(base)
    .digest('base64');
}

/** Returns the decoded members of an `Authorization: OAuth …` header. Throws if it is malformed. */
function parseOAuthHeader(header: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  for (const part of header.slice('OAuth '.length).split(',')) {
    const match = /^\s*([\w]+)="([^"]*)"\s*$/u.exec(part);
    const [, name, value] = match ?? [];
    if (name === undefined || value === undefined) {
      throw new ApiError(401, 'The OAuth 1.0a authorization header is malformed.');
    }
    try {
      members.set(name, decodeURIComponent(value));
    } catch {
      throw new ApiError(401, `The OAuth 1.0a member ${name} is not percent-encoded.`);
    }
  }
  return members;
}

const clockSkewSeconds = 300;

/** Checks signed requests, and stores nonces as long as their timestamp is accepted. */
export class OAuth1Checker {
  readonly #now: () => number;
  readonly #nonces = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Checks a request and returns its consumer key. */
  check(
    request: { method: string; url: URL; header: string },
    getSecret: (key: string) => string,
  ): string {
    const members = parseOAuthHeader(request.header);
    const get = (name: string): string => {
      const value = members.get(name);
      if (value === undefined) throw new ApiError(401, `The OAuth 1.0a header has no ${name}.`);
      return value;
    };
    if (get('oauth_signature_method') !== 'HMAC-SHA1') {
      throw new ApiError(401, 'The only OAuth 1.0a signature method here is HMAC-SHA1.');
    }
    if ((members.get('oauth_version') ?? '1.0') !== '1.0') {
      throw new ApiError(401, 'The OAuth version must be 1.0.');
    }
    const key = get('oauth_consumer_key');
    const signature = get('oauth_signature');
    const parameters = [
      ...request.url.searchParams,
      ...Array.from(members).filter(([name]) => name !== 'oauth_signature' && name !== 'realm'),
    ];
    const expected = sign(signatureBase(request.method, request.url, parameters), getSecret(key));
    const [expectedBytes, signatureBytes] = [Buffer.from(expected), Buffer.from(signature)];
    if (
      expectedBytes.length !== signatureBytes.length ||
      !timingSafeEqual(expectedBytes, signatureBytes)
    ) {
      throw new ApiError(401, 'The OAuth 1.0a signature is wrong.');
    }
    this.#checkFresh(key, Number(get('oauth_timestamp')), get('oauth_nonce'));
    return key;
  }

  #checkFresh(key: string, timestamp: number, nonce: string): void {
    const now = this.#now() / 1000;
    if (!(Math.abs(now - timestamp) <= clockSkewSeconds)) {
      throw new ApiError(401, 'The OAuth 1.0a timestamp is too far from the time of this server.');
    }
    for (const [known, until] of this.#nonces) {
      if (until >= now) break;
      this.#nonces.delete(known);
    }
    const nonceKey = JSON.stringify([key, timestamp, nonce]);
    if (this.#nonces.has(nonceKey))
      throw new ApiError(401, 'The OAuth 1.0a nonce was used before.');
    this.#nonces.set(nonceKey, now + 2 * clockSkewSeconds);
  }
}
