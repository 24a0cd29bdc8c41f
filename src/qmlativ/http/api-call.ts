/** Calls the API with a token: repeats what will pass, renews a refused token, and sorts answers from refusals. */
import type { AccessTokens } from './access-token.ts';
import {
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
  /** Takes an error on the server's side (500) for an answer at once, as where only some other form may work. */
  readonly isTrial?: boolean;
}

export type ApiResponse =
  | { readonly kind: 'json'; readonly json: unknown }
  /** The server understood and said no. `words` may quote data: for recognising causes only, never for a log. */
  | {
      readonly kind: 'rejected';
      readonly status: number;
      readonly text: string;
      readonly error?: QmlativError | undefined;
    };

/** One finished request, for logs and progress. Holds no content. `status` is 0 when no answer came. */
export interface RequestEvent {
  readonly object: string | null;
  readonly page: number | null;
  readonly status: number;
  readonly ms: number;
  /** As received, before decompression. */
  readonly bytes: number;
  readonly attempt: number;
}

export interface ApiCallOptions {
  readonly exchange: HttpExchange;
  readonly retry: RequestRetry;
  readonly tokens: AccessTokens;
  readonly now: () => number;
  readonly onRequest: ((event: RequestEvent) => void) | undefined;
}

export type ApiCaller = (call: ApiCall) => Promise<ApiResponse>;

/** Makes the function through which every call but that for the token goes. */
export function createApiCaller(options: ApiCallOptions): ApiCaller {
  /** The token that was refused although just given: a newer one would not change that for a while. */
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
  options.onRequest?.({
    object: call.place.object ?? null,
    page: call.place.page ?? null,
    status: response.kind === 'response' ? response.status : 0,
    ms: options.now() - started,
    bytes: response.kind === 'response' ? response.bytes : 0,
    attempt,
  });
  return response;
}

/**
 * 401 and the words "Token has expired" always ask for a new token. A bare 403 does too, unless it
 * speaks of what may be read: then a new token would change nothing.
 */
function needsNewToken(response: HttpResponse): boolean {
  if (response.status === 401) return true;
  if (saysTokenExpired(response) && !holdsList(response)) return true;
  return (
    response.status === 403 && !/field|object|entit|module|grant/i.test(readErrorText(response))
  );
}

/** A list is no error, even if a note in it speaks of an expired token. */
function holdsList(response: HttpResponse): boolean {
  return response.status < 300 && /"Objects"\s*:/.test(readErrorText(response));
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
  if (isNewToken && status !== 401 && saysTokenExpired(response) && !holdsList(response))
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
    const empty = new QmlativError('unexpected-answer', `an empty answer (status ${status})`, {
      place,
    });
    // It may have been lost on the way, so it is asked for again.
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
    return { retry: new QmlativError('unreachable', 'the answer was cut off', { place }) };
  throw new QmlativError('not-json', `something other than JSON (status ${status})`, { place });
}

/** The access itself is refused: a token that was just given is not taken. */
export const createAccessDeniedError = (status: number, place: QmlativPlace): QmlativError =>
  new QmlativError('access-refused', `a token just given was refused (status ${status})`, {
    place,
  });

/** The server forwards instead of answering; the message names its host alone. */
export function createRedirectError(response: HttpResponse, place: QmlativPlace): QmlativError {
  const host = URL.parse(response.location ?? '')?.host;
  const where = host === undefined ? 'elsewhere' : `to ${host}`;
  return new QmlativError(
    'redirected',
    `the server forwards ${where} (status ${response.status})`,
    {
      place,
    },
  );
}
