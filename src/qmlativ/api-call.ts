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
}

export type ApiAnswer =
  | { readonly kind: 'json'; readonly json: unknown }
  /** The server understood and said no. `words` may quote data: for recognising causes only, never for a log. */
  | { readonly kind: 'refused'; readonly status: number; readonly words: string };

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
  return (call) =>
    options.retry.run<ApiAnswer>(async (attempt) => {
      const token = await options.tokens.current();
      const answer = await send(options, call, token, attempt);
      if (answer.kind === 'answer' && wantsNewToken(answer)) {
        const fresh = await options.tokens.renewed(token);
        return judge(await send(options, call, fresh, attempt), call, options.now(), true);
      }
      return judge(answer, call, options.now(), false);
    }, call.signal);
}

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
 * 401 and the words "Token has expired" always ask for a new token. A bare 403 does too (contract 2.2), unless it
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
  if (tokenIsFresh && (status === 401 || (saysTokenExpired(answer) && !holdsList(answer))))
    throw new QmlativError('access-refused', `a token just given was refused (status ${status})`, {
      place,
    });
  const passing = passingFault(answer, place, now);
  if (passing !== undefined) return passing;
  if (status >= 300 && status < 400) throw redirected(answer, place);
  const json = answerJson(answer);
  if (status >= 200 && status < 300 && json !== undefined) {
    dropBody(answer);
    return { done: { kind: 'json', json } };
  }
  if (isHtml(answer))
    throw new QmlativError('not-json', `a web page instead of JSON (status ${status})`, { place });
  if (status >= 400) return { done: { kind: 'refused', status, words: answerWords(answer) } };
  if (isCut(answer))
    return { again: new QmlativError('unreachable', 'the answer was cut off', { place }) };
  throw new QmlativError('not-json', `something other than JSON (status ${status})`, { place });
}

function redirected(answer: HttpAnswer, place: QmlativPlace): QmlativError {
  const host = URL.parse(answer.location ?? '')?.host;
  const where = host === undefined ? 'elsewhere' : `to ${host}`;
  return new QmlativError('redirected', `the server forwards ${where} (status ${answer.status})`, {
    place,
  });
}
