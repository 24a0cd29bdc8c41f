/** Gets and keeps the access token: by form, or by Basic where a server wants that; renewed before it expires. */
import { z } from 'zod';
import type { HttpAnswer, HttpExchange, HttpRequest } from './http-exchange.ts';
import { answerJson, answerWords, isHtml, passingFault } from './http-answer.ts';
import { QmlativError } from './qmlativ-error.ts';
import type { RequestRetry } from './request-retry.ts';

export interface AccessTokens {
  /** The token to use now; a new one is fetched when there is none or it is about to expire. */
  current(): Promise<string>;
  /** Called when `refused` was not accepted: gives a newer one, fetched once however many pages ask. */
  renewed(refused: string): Promise<string>;
}

/** The tokens of an access that others may borrow. */
export interface LendableTokens extends AccessTokens {
  /** The token with its time: the current one or, when `refused` is that, a newer one. */
  borrow(refused: string | undefined): Promise<Token>;
}

export interface AccessTokenOptions {
  readonly clientKey: string;
  readonly clientSecret: string;
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

const TokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.union([z.number(), z.string()]).nullish(),
});

const renewBeforeMs = 60_000;

/**
 * Keeps one token for one access (contract 2.1, variants A and B). Many pages that wait for a token share one
 * request. Throws `wrong-credentials` or `access-refused` when the server does not give one.
 */
export function createAccessTokens(options: AccessTokenOptions): LendableTokens {
  let basic = false;

  const fetchToken = async (): Promise<Token> => {
    const first = await requestToken(options, basic);
    if (!basic && [400, 401, 404, 405].includes(first.status)) {
      const second = await requestToken(options, true);
      // The answer to the usual way tells more about what is wrong than the one to the fallback.
      if (second.status !== 200) throw refusedToken(first);
      basic = true;
      return readToken(second, options.now());
    }
    return readToken(first, options.now());
  };
  return keepToken(fetchToken, options.now);
}

/**
 * Borrows the tokens of another client of the same access: a server may take the first token back when it gives a
 * second. `borrow` asks that client.
 */
export function createBorrowedTokens(
  borrow: LendableTokens['borrow'],
  now: () => number,
): LendableTokens {
  return keepToken(borrow, now);
}

/** Keeps what `get` gives, told which token was refused; all who wait for one share one call of it. */
function keepToken(
  get: (refused: string | undefined) => Promise<Token>,
  now: () => number,
): LendableTokens {
  let token: Token | undefined;
  let pending: Promise<Token> | undefined;

  const renew = async (refused: string | undefined): Promise<Token> => {
    pending ??= get(refused).finally(() => (pending = undefined));
    token = await pending;
    return token;
  };
  const borrow = async (refused: string | undefined): Promise<Token> =>
    token !== undefined && (refused === undefined ? now() < token.renewAt : token.value !== refused)
      ? token
      : renew(refused);
  return {
    borrow,
    current: async () => (await borrow(undefined)).value,
    renewed: async (refused) => (await borrow(refused)).value,
  };
}

function requestToken(options: AccessTokenOptions, basic: boolean): Promise<HttpAnswer> {
  const request = basic ? basicRequest(options) : formRequest(options);
  return options.retry.run(async () => {
    const answer = await options.exchange.send(request, options.signal);
    if (answer.kind === 'failure') {
      if (!answer.again) throw answer.error;
      return { again: answer.error };
    }
    return passingFault(answer, {}, options.now()) ?? { done: answer };
  }, options.signal);
}

function formRequest(options: AccessTokenOptions): HttpRequest {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: options.clientKey,
    client_secret: options.clientSecret,
  });
  return {
    method: 'POST',
    path: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    place: {},
  };
}

function basicRequest(options: AccessTokenOptions): HttpRequest {
  const pair = `${encodeURIComponent(options.clientKey)}:${encodeURIComponent(options.clientSecret)}`;
  return {
    method: 'GET',
    path: '/oauth/token?grant_type=client_credentials',
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
    place: {},
  };
}

function readToken(answer: HttpAnswer, now: number): Token {
  if (answer.status !== 200) throw refusedToken(answer);
  const parsed = TokenAnswer.safeParse(answerJson(answer));
  if (!parsed.success) {
    if (isHtml(answer))
      throw new QmlativError('not-json', 'the token address answered with a web page');
    throw new QmlativError('unexpected-answer', 'the token answer holds no usable access_token');
  }
  const lifetimeMs = Number(parsed.data.expires_in ?? Number.NaN) * 1000;
  const known = Number.isFinite(lifetimeMs) && lifetimeMs > 0;
  // A token that lives for less than two minutes is used for half its life, or it would be renewed at every page.
  const renewAt = now + lifetimeMs - Math.min(renewBeforeMs, lifetimeMs / 2);
  return { value: parsed.data.access_token, renewAt: known ? renewAt : Number.POSITIVE_INFINITY };
}

function refusedToken(answer: HttpAnswer): QmlativError {
  const { status } = answer;
  if (isHtml(answer) && status !== 401)
    return new QmlativError(
      'not-json',
      `the token address answered with a web page (status ${status})`,
    );
  if (/expired|inactive|not active|disabled|effective|not yet/i.test(answerWords(answer)))
    return new QmlativError(
      'access-refused',
      `no token was given, the access is expired or inactive (status ${status})`,
    );
  if (status === 404 || status === 405)
    return new QmlativError(
      'unexpected-answer',
      `there is no token address below the base URL (status ${status})`,
      {
        advice:
          'Check the API base URL: the token address is expected at its end plus /oauth/token.',
      },
    );
  if (status === 400 || status === 401 || status === 403)
    return new QmlativError('wrong-credentials', `no token was given (status ${status})`);
  return new QmlativError('unexpected-answer', `the token address answered with status ${status}`);
}
