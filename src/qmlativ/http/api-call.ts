/** Calls the API with a token: retries transient errors, renews the token on 401, and separates results from rejections. */
import { type AccessTokens, containsRows, needsNewToken } from './access-token.ts';
import {
  createRedirectError,
  parseJsonBody,
  readErrorText,
  freeBody,
  isTruncated,
  isHtml,
  findTransientError,
  saysTokenExpired,
} from './http-response.ts';
import type { HttpResponse, HttpExchange, HttpFailure } from './http-exchange.ts';
import { QmlativError } from './qmlativ-error.ts';
import type { QmlativPlace } from './qmlativ-error.ts';
import type { Attempt, RequestRetry } from './request-retry.ts';

export interface ApiCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly place: QmlativPlace;
  readonly signal: AbortSignal;
  /** Treats status 500 as a rejection without retrying, because another form of request may work. */
  readonly isTrial?: boolean;
  /** Among the requests that wait, those of a lower rank are sent first (default 0). */
  readonly rank?: number;
}

export type ApiResponse =
  | { readonly kind: 'json'; readonly json: unknown }
  /** The server rejected the request. `text` may quote data: only for detecting causes, never for logs. */
  | {
      readonly kind: 'rejected';
      readonly status: number;
      readonly text: string;
      readonly error?: QmlativError | undefined;
    };

/** One request that was sent and has ended, for logs and progress, without content. `status` is 0 without a response. */
export interface RequestEvent {
  readonly object: string | null;
  readonly page: number | null;
  readonly status: number;
  readonly ms: number;
  /** As received, before decompression. */
  readonly bytes: number;
  readonly attempt: number;
  /** Whether the caller no longer waits for the response. */
  readonly isCancelled: boolean;
}

export interface ApiCallOptions {
  readonly exchange: HttpExchange;
  readonly retry: RequestRetry;
  readonly tokens: AccessTokens;
  readonly now: () => number;
  readonly onRequest: ((event: RequestEvent) => void) | undefined;
}

export type ApiCaller = (call: ApiCall) => Promise<ApiResponse>;

/** Returns the function for all API calls except token requests. */
export function createApiCaller(options: ApiCallOptions): ApiCaller {
  /** A new token that was rejected immediately: another one would not help for a while. */
  let rejectedToken: { readonly token: string; readonly until: number } | undefined;
  return (call) =>
    options.retry.run<ApiResponse>(async (attempt) => {
      const token = await options.tokens.current();
      const response = await send(options, call, token, attempt);
      if (response.kind === 'failure' || !needsNewToken(response)) {
        if (rejectedToken?.token === token) rejectedToken = undefined;
        return interpret(response, call, options.now(), false);
      }
      if (rejectedToken?.token === token && options.now() < rejectedToken.until)
        return interpret(response, call, options.now(), true);
      const newToken = await options.tokens.renewed(token);
      const again = await send(options, call, newToken, attempt);
      if (again.kind === 'response' && needsNewToken(again))
        rejectedToken = { token: newToken, until: options.now() + rejectedTokenMs };
      return interpret(again, call, options.now(), true);
    }, call.signal);
}

const rejectedTokenMs = 60_000;

async function send(
  options: ApiCallOptions,
  call: ApiCall,
  token: string,
  attempt: number,
): Promise<HttpResponse | HttpFailure> {
  const started = options.now();
  const response = await options.exchange.send(
    {
      method: call.method,
      path: call.path,
      headers: {
        authorization: `Bearer ${token}`,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: call.body }),
      place: call.place,
    },
    call.signal,
  );
  if (response.kind === 'failure' && response.isUnsent === true) return response;
  options.onRequest?.({
    object: call.place.object ?? null,
    page: call.place.page ?? null,
    status: response.kind === 'response' ? response.status : 0,
    ms: options.now() - started,
    bytes: response.kind === 'response' ? response.bytes : 0,
    attempt,
    isCancelled: call.signal.aborted,
  });
  return response;
}

function interpret(
  response: HttpResponse | HttpFailure,
  call: ApiCall,
  now: number,
  isNewToken: boolean,
): Attempt<ApiResponse> {
  const { place } = call;
  if (response.kind === 'failure') {
    if (!response.isRetryable) throw response.error;
    return { retry: response.error };
  }
  const { status } = response;
  if (isNewToken && status !== 401 && saysTokenExpired(response) && !containsRows(response))
    throw createAccessDeniedError(status, place);
  const transient = findTransientError(response, place, now);
  if (transient !== undefined) {
    if (call.isTrial !== true || status !== 500) return transient;
    return {
      done: { kind: 'rejected', status, text: readErrorText(response), error: transient.retry },
    };
  }
  if (status >= 300 && status < 400) throw createRedirectError(response, place);
  if (status === 204) return { done: { kind: 'json', json: null } };
  if (status < 300 && response.body.length === 0) {
    const empty = new QmlativError('unexpected-response', `an empty response (status ${status})`, {
      place,
    });
    // The body may have been lost in transit, so the request is retried.
    return call.isTrial === true
      ? { done: { kind: 'rejected', status, text: '', error: empty } }
      : { retry: empty };
  }
  const json = parseJsonBody(response);
  if (status >= 200 && status < 300 && json !== undefined) {
    freeBody(response);
    return { done: { kind: 'json', json } };
  }
  const error = isHtml(response)
    ? new QmlativError('not-json', `a web page instead of JSON (status ${status})`, { place })
    : undefined;
  if (status >= 400)
    return { done: { kind: 'rejected', status, text: readErrorText(response), error } };
  if (error !== undefined) throw error;
  if (isTruncated(response))
    return { retry: new QmlativError('unreachable', 'the response was truncated', { place }) };
  throw new QmlativError('not-json', `something other than JSON (status ${status})`, { place });
}

/** Returns the error for an access that is denied although its token is new. */
export const createAccessDeniedError = (status: number, place: QmlativPlace): QmlativError =>
  new QmlativError('access-denied', `a new token was rejected (status ${status})`, {
    place,
  });
