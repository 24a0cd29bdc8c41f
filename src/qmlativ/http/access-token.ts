/**
 * Requests the access token, in a form the server accepts, and caches it; renewed before it expires or when
 * the server rejects it (401).
 *
 * This folder sends requests: tokens, retries, limits, errors.
 */
import { z } from 'zod';
import type { HttpResponse, HttpExchange, HttpRequest } from './http-exchange.ts';
import {
  createRedirectError,
  hasError,
  parseJsonBody,
  readErrorText,
  saysTokenExpired,
  isHtml,
  findTransientError,
} from './http-response.ts';
import { anyCaseObject } from './member-names.ts';
import { QmlativError } from './qmlativ-error.ts';
import type { RequestRetry } from './request-retry.ts';

export interface AccessTokens {
  /** Returns the current token; requests one if there is none or it is about to expire. */
  current(): Promise<string>;
  /** Returns a newer token than `rejected`, requested once for all concurrent callers. */
  renewed(rejected: string): Promise<string>;
}

/** Contains secrets: never log or show it. */
export interface TokenCredentials {
  readonly clientKey: string;
  readonly clientSecret: string;
  /** Sent with every token request: the secret that Skyward issued to the vendor. */
  readonly integrationToken?: string | undefined;
}

export interface AccessTokenOptions extends TokenCredentials {
  readonly exchange: HttpExchange;
  readonly retry: RequestRetry;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** A token and when to renew it. */
export interface Token {
  readonly value: string;
  /** Milliseconds; infinite when the server named no lifetime. */
  readonly renewAt: number;
}

const TokenResponse = anyCaseObject({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.union([z.number(), z.string()]).nullish(),
});

const place = { object: 'oauth/token' };

const renewBeforeMs = 60_000;

/** The kinds of token request that public clients send (documented nowhere, so each is tried). */
export type TokenForm =
  'post-form' | 'post-basic' | 'get-basic' | 'post-basic-encoded' | 'get-basic-plain';

/** Statuses after which another form of request may be accepted. */
const retryableWithOtherForm = new Set([400, 401, 403, 404, 405, 406, 411, 415, 422]);

/**
 * Caches one token for one access. Tries each form until the server returns a token, and uses that form from then on.
 * Concurrent callers share one request. Throws `wrong-credentials` or `access-denied` if no form returns a token.
 */
export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  let known: TokenForm | undefined;

  const fetchToken = async (): Promise<Token> => {
    let firstResponse: HttpResponse | undefined;
    for (const form of known === undefined ? tokenForms(options) : [known]) {
      const response = await requestToken(options, form);
      const token = parseToken(response, options.now());
      if (token !== undefined) {
        known = form;
        return token;
      }
      // The response to the first form shows the cause best.
      firstResponse ??= response;
      if (!retryableWithOtherForm.has(response.status) && !isSuccess(response)) break;
    }
    if (firstResponse === undefined) throw new TypeError('No form of token request was tried');
    throw toTokenError(firstResponse, options.integrationToken !== undefined);
  };
  return cacheToken(fetchToken, options.now);
}

/** Returns the forms to try. Credentials without special characters are the same when encoded. */
export const tokenForms = ({ clientKey, clientSecret }: TokenCredentials): readonly TokenForm[] =>
  [clientKey, clientSecret].every((part) => part === encodeURIComponent(part))
    ? ['post-form', 'post-basic', 'get-basic']
    : ['post-form', 'post-basic', 'get-basic', 'post-basic-encoded', 'get-basic-plain'];

const isSuccess = ({ status }: HttpResponse): boolean => status >= 200 && status < 300;

/** Caches what `fetch` returns; concurrent callers share one call of it. */
function cacheToken(fetch: () => Promise<Token>, now: () => number): AccessTokens {
  let token: Token | undefined;
  let pending: Promise<Token> | undefined;

  const renew = async (): Promise<string> => {
    pending ??= fetch().finally(() => (pending = undefined));
    token = await pending;
    return token.value;
  };
  return {
    current: async () => (token !== undefined && now() < token.renewAt ? token.value : renew()),
    renewed: async (rejected) =>
      token !== undefined && token.value !== rejected ? token.value : renew(),
  };
}

function requestToken(options: AccessTokenOptions, form: TokenForm): Promise<HttpResponse> {
  const request = tokenRequest(options, form);
  return options.retry.run(async () => {
    const response = await options.exchange.send(request, options.signal);
    if (response.kind === 'failure') {
      if (!response.isRetryable) throw response.error;
      return { retry: response.error };
    }
    return findTransientError(response, place, options.now()) ?? { done: response };
  }, options.signal);
}

/** The token request in one form. */
export function tokenRequest(options: TokenCredentials, form: TokenForm): HttpRequest {
  const { clientKey, clientSecret, integrationToken } = options;
  const vendor =
    integrationToken === undefined ? {} : { 'skyward-integration-token': integrationToken };
  const grant = { grant_type: 'client_credentials' };
  if (form === 'post-form') {
    const content = { ...grant, client_id: clientKey, client_secret: clientSecret };
    return { method: 'POST', path: '/oauth/token', place, ...formBody(content, vendor) };
  }
  const isEncoded = form === 'get-basic' || form === 'post-basic-encoded';
  const pair = [clientKey, clientSecret]
    .map((part) => (isEncoded ? encodeURIComponent(part) : part))
    .join(':');
  const headers = { authorization: `Basic ${Buffer.from(pair).toString('base64')}`, ...vendor };
  if (form === 'post-basic' || form === 'post-basic-encoded') {
    return { method: 'POST', path: '/oauth/token', place, ...formBody(grant, headers) };
  }
  const path = `/oauth/token?${new URLSearchParams(grant).toString()}`;
  return { method: 'GET', path, headers, place };
}

const formBody = (
  content: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: new URLSearchParams(content).toString(),
});

/**
 * Returns whether to request a new token: for 401 and "Token has expired" always, and for 403 unless its text is about
 * permissions, which a new token would not change.
 */
export function needsNewToken(response: HttpResponse): boolean {
  if (response.status === 401) return true;
  if (saysTokenExpired(response) && !containsRows(response)) return true;
  return (
    response.status === 403 && !/field|object|entit|module|grant/i.test(readErrorText(response))
  );
}

/** A list is not an error, even if a value in it mentions an expired token. */
export function containsRows(response: HttpResponse): boolean {
  return response.status < 300 && /"Objects"\s*:/.test(readErrorText(response));
}

/** Returns the token in a response; undefined if there is no usable one. */
export function parseToken(response: HttpResponse, now: number): Token | undefined {
  if (!isSuccess(response)) return undefined;
  const parsed = TokenResponse.safeParse(parseJsonBody(response));
  if (!parsed.success) return undefined;
  const lifetimeMs = Number(parsed.data.expires_in ?? Number.NaN) * 1000;
  const known = Number.isFinite(lifetimeMs) && lifetimeMs > 0;
  // A token with a lifetime under two minutes is renewed after half of it; otherwise it would be renewed for every page.
  const renewAt = now + lifetimeMs - Math.min(renewBeforeMs, lifetimeMs / 2);
  return { value: parsed.data.access_token, renewAt: known ? renewAt : Number.POSITIVE_INFINITY };
}

/** Returns the error for a rejected token request, from the response to the first form. */
export function toTokenError(response: HttpResponse, hasIntegrationToken: boolean): QmlativError {
  const { status } = response;
  if (status >= 300 && status < 400) return createRedirectError(response, place);
  if (isHtml(response) && status !== 401)
    return new QmlativError('not-json', `returned a web page (status ${status})`, { place });
  if (/expired|inactive|not active|disabled|effective|not yet/i.test(readErrorText(response)))
    return new QmlativError(
      'access-denied',
      `no token was issued because the access is expired or inactive (status ${status})`,
      { place },
    );
  if (status === 404 || status === 405)
    return new QmlativError(
      'unexpected-response',
      `the base URL has no token endpoint (status ${status})`,
      {
        place,
        advice:
          'Check the API base URL: the token endpoint is expected at the base URL plus /oauth/token.',
      },
    );
  if (
    [400, 401, 403, 415, 422].includes(status) ||
    (isSuccess(response) && hasError(parseJsonBody(response)))
  )
    return new QmlativError('wrong-credentials', `no token was issued (status ${status})`, {
      place,
      advice: hasIntegrationToken ? adviceWithToken : adviceWithoutToken,
    });
  const reason = isSuccess(response)
    ? 'the response contains no usable access_token'
    : 'was not answered';
  return new QmlativError('unexpected-response', `${reason} (status ${status})`, { place });
}

const checkKeyAdvice =
  'Skyward issued no token for this client key and secret, in any form of request. Compare the key with the Integration Access record (Administrative Access > API > Integration).';

/** If key and secret are right, the vendor, not the district, has to change something. */
const adviceWithoutToken = `${checkKeyAdvice} If the key is right, contact support: if the district generates the secret itself, Skyward also requires the integration token that it issued to the vendor, and the server may not have it. Generate a new secret only if neither is the cause.`;

const adviceWithToken = `${checkKeyAdvice} If the key is right, the secret may have been replaced, or this district may need another integration token of the vendor: contact support.`;
