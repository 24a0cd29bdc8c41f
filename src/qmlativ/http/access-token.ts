/** Gets and keeps the access token, in whichever form a server takes the request; renewed before it expires. */
import { z } from 'zod';
import type { HttpResponse, HttpExchange, HttpRequest } from './http-exchange.ts';
import { createRedirectError } from './api-call.ts';
import { parseJsonBody, readErrorText, isHtml, findTransientError } from './http-response.ts';
import { hasError } from '../lists/list-response.ts';
import { anyCaseObject } from './member-names.ts';
import { QmlativError } from './qmlativ-error.ts';
import type { RequestRetry } from './request-retry.ts';

export interface AccessTokens {
  /** The token to use now; a new one is fetched when there is none or it is about to expire. */
  current(): Promise<string>;
  /** Called when `refused` was not accepted: gives a newer one, fetched once however many pages ask. */
  renewed(rejected: string): Promise<string>;
}

/** The tokens of an access that others may borrow. */
export interface LendableTokens extends AccessTokens {
  /** The token with its time: the current one or, when `refused` is that, a newer one. */
  borrow(rejected: string | undefined): Promise<Token>;
}

/** What a token request is made of. Holds secrets: never to be logged or shown. */
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

/** A token and when it is to be renewed. */
export interface Token {
  readonly value: string;
  /** Milliseconds; infinite when the server named no lifetime. */
  readonly renewAt: number;
}

const TokenResponse = anyCaseObject({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.union([z.number(), z.string()]).nullish(),
});

/** Where errors say that it happened. */
const place = { object: 'oauth/token' };

const renewBeforeMs = 60_000;

/** The kinds of token request that public clients send (documented nowhere, so each is tried). */
export type TokenForm =
  'post-form' | 'post-basic' | 'get-basic' | 'post-basic-encoded' | 'get-basic-plain';

/** Statuses after which another kind of request may well be taken. */
const retryableWithOtherForm = new Set([400, 401, 403, 404, 405, 406, 411, 415, 422]);

/**
 * Keeps one token for one access. Tries each form until one gives a token, and keeps to that one. Many
 * pages that wait for a token share one request. Throws `wrong-credentials` or `access-refused` when the server does
 * not give one in any form.
 */
export function createAccessTokens(options: AccessTokenOptions): LendableTokens {
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
      // The answer to the usual way tells more about what is wrong than those to the others.
      firstResponse ??= response;
      if (!retryableWithOtherForm.has(response.status) && !isSuccess(response)) break;
    }
    if (firstResponse === undefined) throw new TypeError('No form of token request was tried');
    throw toTokenError(firstResponse, options.integrationToken !== undefined);
  };
  return cacheToken(fetchToken, options.now);
}

/** A pair that holds nothing to encode looks the same either way. */
export const tokenForms = ({ clientKey, clientSecret }: TokenCredentials): readonly TokenForm[] =>
  [clientKey, clientSecret].every((part) => part === encodeURIComponent(part))
    ? ['post-form', 'post-basic', 'get-basic']
    : ['post-form', 'post-basic', 'get-basic', 'post-basic-encoded', 'get-basic-plain'];

const isSuccess = ({ status }: HttpResponse): boolean => status >= 200 && status < 300;

/**
 * Borrows the tokens of another client of the same access: a server may take the first token back when it gives a
 * second. `borrow` asks that client.
 */
export function createBorrowedTokens(
  borrow: LendableTokens['borrow'],
  now: () => number,
): LendableTokens {
  return cacheToken(borrow, now);
}

/** Keeps what `get` gives, told which token was refused; all who wait for one share one call of it. */
function cacheToken(
  fetch: (rejected: string | undefined) => Promise<Token>,
  now: () => number,
): LendableTokens {
  let token: Token | undefined;
  let pending: Promise<Token> | undefined;

  const renew = async (rejected: string | undefined): Promise<Token> => {
    pending ??= fetch(rejected).finally(() => (pending = undefined));
    token = await pending;
    return token;
  };
  const borrow = async (rejected: string | undefined): Promise<Token> =>
    token !== undefined &&
    (rejected === undefined ? now() < token.renewAt : token.value !== rejected)
      ? token
      : renew(rejected);
  return {
    borrow,
    current: async () => (await borrow(undefined)).value,
    renewed: async (rejected) => (await borrow(rejected)).value,
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

/** The token of an answer; undefined when it holds none that can be used. */
export function parseToken(response: HttpResponse, now: number): Token | undefined {
  if (!isSuccess(response)) return undefined;
  const parsed = TokenResponse.safeParse(parseJsonBody(response));
  if (!parsed.success) return undefined;
  const lifetimeMs = Number(parsed.data.expires_in ?? Number.NaN) * 1000;
  const known = Number.isFinite(lifetimeMs) && lifetimeMs > 0;
  // A token that lives for less than two minutes is used for half its life, or it would be renewed at every page.
  const renewAt = now + lifetimeMs - Math.min(renewBeforeMs, lifetimeMs / 2);
  return { value: parsed.data.access_token, renewAt: known ? renewAt : Number.POSITIVE_INFINITY };
}

/** What it means that no token came, by the answer to the usual form of request. */
export function toTokenError(response: HttpResponse, hasIntegrationToken: boolean): QmlativError {
  const { status } = response;
  if (status >= 300 && status < 400) return createRedirectError(response, place);
  if (isHtml(response) && status !== 401)
    return new QmlativError('not-json', `answered with a web page (status ${status})`, { place });
  if (/expired|inactive|not active|disabled|effective|not yet/i.test(readErrorText(response)))
    return new QmlativError(
      'access-refused',
      `no token was given, the access is expired or inactive (status ${status})`,
      { place },
    );
  if (status === 404 || status === 405)
    return new QmlativError(
      'unexpected-answer',
      `there is no token address below the base URL (status ${status})`,
      {
        place,
        advice:
          'Check the API base URL: the token address is expected at its end plus /oauth/token.',
      },
    );
  if (
    [400, 401, 403, 415, 422].includes(status) ||
    (isSuccess(response) && hasError(parseJsonBody(response)))
  )
    return new QmlativError('wrong-credentials', `no token was given (status ${status})`, {
      place,
      advice: hasIntegrationToken ? adviceWithToken : adviceWithoutToken,
    });
  const reason = isSuccess(response)
    ? 'the answer holds no usable access_token'
    : 'was not answered';
  return new QmlativError('unexpected-answer', `${reason} (status ${status})`, { place });
}

const checkKeyAdvice =
  'Skyward gave no token for this client key and secret, in any of the ways in which they can be sent. Compare the key with the Integration Access record (Administrative Access > API > Integration).';

/** Key and secret may be right: then it is for the vendor, not for the district, to set something. */
const adviceWithoutToken = `${checkKeyAdvice} If the key is right, the vendor's integration token may be missing: where the district generates the secret itself, Skyward also wants the token that it issued to the vendor (DAYBREAK_SKYWARD_INTEGRATION_TOKEN), which is sent by https and to the hosts of DAYBREAK_SKYWARD_INTEGRATION_HOSTS alone. Generate a new secret only when neither is the cause.`;

const adviceWithToken = `${checkKeyAdvice} If the key is right, the vendor's integration token may be another one for this district (DAYBREAK_SKYWARD_INTEGRATION_TOKEN), or the secret may have been replaced.`;
