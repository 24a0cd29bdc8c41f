/** Calls the API with a token: repeats what will pass, renews a refused token, and sorts answers from refusals. */
import type { AccessTokens } from './access-token.ts';
import {
  answerJson,
  answerWords,
  dropBody,
  isCut,
  isHtml,
  passingFault,
  saysTokenExpired,
} from './http-answer.ts';
import type { HttpAnswer, HttpExchange, HttpFailure } from './http-exchange.ts';
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

export type ApiAnswer =
  | { readonly kind: 'json'; readonly json: unknown }
  /** The server understood and said no. `words` may quote data: for recognising causes only, never for a log. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly words: string;
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

export type ApiCaller = (call: ApiCall) => Promise<ApiAnswer>;

/** Makes the function through which every call but that for the token goes. */
export function createApiCaller(options: ApiCallOptions): ApiCaller {
  /** The token that was refused although just given: a newer one would not change that for a while. */
  let inVain: { readonly token: string; readonly until: number } | undefined;
  return (call) =>
    options.retry.run<ApiAnswer>(async (attempt) => {
      const token = await options.tokens.current();
      const answer = await send(options, call, token, attempt);
      if (answer.kind === 'failure' || !wantsNewToken(answer)) {
        if (inVain?.token === token) inVain = undefined;
        return judge(answer, call, options.now(), false);
      }
      if (inVain?.token === token && options.now() < inVain.until)
        return judge(answer, call, options.now(), true);
      const fresh = await options.tokens.renewed(token);
      const again = await send(options, call, fresh, attempt);
      if (again.kind === 'answer' && wantsNewToken(again))
        inVain = { token: fresh, until: options.now() + inVainMs };
      return judge(again, call, options.now(), true);
    }, call.signal);
}

const inVainMs = 60_000;

async function send(
  options: ApiCallOptions,
  call: ApiCall,
  token: string,
  attempt: number,
): Promise<HttpAnswer | HttpFailure> {
  const started = options.now();
  const answer = await options.exchange.send(
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
    status: answer.kind === 'answer' ? answer.status : 0,
    ms: options.now() - started,
    bytes: answer.kind === 'answer' ? answer.bytes : 0,
    attempt,
  });
  return answer;
}

/**
 * 401 and the words "Token has expired" always ask for a new token. A bare 403 does too, unless it
 * speaks of what may be read: then a new token would change nothing.
 */
function wantsNewToken(answer: HttpAnswer): boolean {
  if (answer.status === 401) return true;
  if (saysTokenExpired(answer) && !holdsList(answer)) return true;
  return answer.status === 403 && !/field|object|entit|module|grant/i.test(answerWords(answer));
}

/** A list is no error, even if a note in it speaks of an expired token. */
function holdsList(answer: HttpAnswer): boolean {
  return answer.status < 300 && /"Objects"\s*:/.test(answerWords(answer));
}

function judge(
  answer: HttpAnswer | HttpFailure,
  call: ApiCall,
  now: number,
  tokenIsFresh: boolean,
): Attempt<ApiAnswer> {
  const { place } = call;
  if (answer.kind === 'failure') {
    if (!answer.again) throw answer.error;
    return { again: answer.error };
  }
  const { status } = answer;
  if (tokenIsFresh && status !== 401 && saysTokenExpired(answer) && !holdsList(answer))
    throw refusedThoughFresh(status, place);
  const passing = passingFault(answer, place, now);
  if (passing !== undefined) {
    if (call.isTrial !== true || status !== 500) return passing;
    return { done: { kind: 'refused', status, words: answerWords(answer), error: passing.again } };
  }
  if (status >= 300 && status < 400) throw redirected(answer, place);
  if (status === 204) return { done: { kind: 'json', json: null } };
  if (status < 300 && answer.body.length === 0) {
    const empty = new QmlativError('unexpected-answer', `an empty answer (status ${status})`, {
      place,
    });
    // It may have been lost on the way, so it is asked for again.
    return call.isTrial === true
      ? { done: { kind: 'refused', status, words: '', error: empty } }
      : { again: empty };
  }
  const json = answerJson(answer);
  if (status >= 200 && status < 300 && json !== undefined) {
    dropBody(answer);
    return { done: { kind: 'json', json } };
  }
  const error = isHtml(answer)
    ? new QmlativError('not-json', `a web page instead of JSON (status ${status})`, { place })
    : undefined;
  if (status >= 400)
    return { done: { kind: 'refused', status, words: answerWords(answer), error } };
  if (error !== undefined) throw error;
  if (isCut(answer))
    return { again: new QmlativError('unreachable', 'the answer was cut off', { place }) };
  throw new QmlativError('not-json', `something other than JSON (status ${status})`, { place });
}

/** The access itself is refused: a token that was just given is not taken. */
export const refusedThoughFresh = (status: number, place: QmlativPlace): QmlativError =>
  new QmlativError('access-refused', `a token just given was refused (status ${status})`, {
    place,
  });

/** The server forwards instead of answering; the message names its host alone. */
export function redirected(answer: HttpAnswer, place: QmlativPlace): QmlativError {
  const host = URL.parse(answer.location ?? '')?.host;
  const where = host === undefined ? 'elsewhere' : `to ${host}`;
  return new QmlativError('redirected', `the server forwards ${where} (status ${answer.status})`, {
    place,
  });
}
