/** Detects the case a server requires for the first part of its paths: `/Custom` or `/custom`. */
import type { ApiResponse, ApiCall, ApiCaller } from './api-call.ts';
import { QmlativError } from './qmlativ-error.ts';

/**
 * Wraps a caller: a path that is not found is tried in lower case, until one of the two has worked, which is used from
 * then on. A server's own "not found" page is not JSON, so that counts as not found, too.
 */
export function createSpellingCaller(call: ApiCaller): ApiCaller {
  let spelling: 'unknown' | 'as-documented' | 'lower' = 'unknown';
  const lower = async (request: ApiCall) =>
    call({ ...request, path: request.path.replace(/^\/\w+/, (first) => first.toLowerCase()) });
  return async (request) => {
    if (spelling === 'lower') return lower(request);
    const first = await settled(call(request));
    if (spelling !== 'unknown' || !isNotFound(first)) {
      if ('response' in first && first.response.kind === 'json') spelling = 'as-documented';
      return toResult(first);
    }
    const second = await settled(lower(request));
    if (!('response' in second) || second.response.kind !== 'json') return toResult(first);
    spelling = 'lower';
    return second.response;
  };
}

type Settled = { readonly response: ApiResponse } | { readonly error: unknown };

const settled = async (response: Promise<ApiResponse>): Promise<Settled> =>
  response.then(
    (found) => ({ response: found }),
    (error: unknown) => ({ error }),
  );

const isNotFound = (result: Settled): boolean =>
  'response' in result
    ? result.response.kind === 'rejected' && result.response.status === 404
    : result.error instanceof QmlativError && result.error.code === 'not-json';

function toResult(result: Settled): ApiResponse {
  if ('response' in result) return result.response;
  throw result.error;
}
