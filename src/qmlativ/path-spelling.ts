/** Finds out in which case a server wants the first part of its paths: `/Custom`, or `/custom`. */
import type { ApiAnswer, ApiCall, ApiCaller } from './api-call.ts';
import { QmlativError } from './qmlativ-error.ts';

/**
 * Wraps a caller: until an address of the usual spelling was found, one that was not found is tried in lower case,
 * and what worked is kept. A server's own page for what it does not find is no JSON, so that counts as not found too.
 */
export function createSpellingCaller(call: ApiCaller): ApiCaller {
  let spelling: 'unknown' | 'as-documented' | 'lower' = 'unknown';
  const lower = async (request: ApiCall) =>
    call({ ...request, path: request.path.replace(/^\/\w+/, (first) => first.toLowerCase()) });
  return async (request) => {
    if (spelling === 'lower') return lower(request);
    const first = await settled(call(request));
    if (spelling !== 'unknown' || !isNotFound(first)) {
      if ('answer' in first && first.answer.kind === 'json') spelling = 'as-documented';
      return resultOf(first);
    }
    const second = await settled(lower(request));
    if (!('answer' in second) || second.answer.kind !== 'json') return resultOf(first);
    spelling = 'lower';
    return second.answer;
  };
}

type Settled = { readonly answer: ApiAnswer } | { readonly error: unknown };

const settled = async (answer: Promise<ApiAnswer>): Promise<Settled> =>
  answer.then(
    (found) => ({ answer: found }),
    (error: unknown) => ({ error }),
  );

const isNotFound = (result: Settled): boolean =>
  'answer' in result
    ? result.answer.kind === 'refused' && result.answer.status === 404
    : result.error instanceof QmlativError && result.error.code === 'not-json';

function resultOf(result: Settled): ApiAnswer {
  if ('answer' in result) return result.answer;
  throw result.error;
}
