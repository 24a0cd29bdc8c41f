/** Calls the API by its contract: what is sent and what comes back is what the server speaks of too. */
import type { z } from 'zod';

import { type DistrictPath, type Endpoint, ErrorResponse } from '../../src/contract/endpoint.ts';
import { requestReauthentication } from './reauthentication-request.ts';

/** A refusal or failure, in the words of the server or, when it did not answer, in ours. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorResponse['error']['code'] | 'unreachable' | 'unreadable';
  readonly advice: string | undefined;
  /** The parameter or field that is wrong. */
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  /** Refused for now: the server wants no other try before. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ApiError['code'],
    message: string,
    more: {
      advice?: string | undefined;
      field?: string | undefined;
      requestId?: string | undefined;
      retryAfterSeconds?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.advice = more.advice;
    this.field = more.field;
    this.requestId = more.requestId;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

type Input<E extends Endpoint> = {
  readonly [
    Part in 'params' | 'query' | 'body' as E[Part] extends z.ZodType ? Part : never
  ]: E[Part] extends z.ZodType ? z.input<E[Part]> : never;
} & (E['path'] extends DistrictPath ? { readonly domain: string } : unknown);

/**
 * Reads that the server has refused for now, by endpoint. Screens read again by themselves (when they are opened,
 * on their timers, when the window comes to the front): none of that reaches the server before it wants to.
 */
const pauses = new Map<string, { readonly until: number; readonly error: ApiError }>();

/**
 * Calls an endpoint and gives its parsed answer; one that needs a fresh proof asks the person for it first.
 * Throws `ApiError`.
 */
export async function callApi<E extends Endpoint>(
  endpoint: E,
  input: Input<E>,
  signal?: AbortSignal,
  options: CallOptions = {},
): Promise<z.output<E['response']>> {
  try {
    return await callOnce(endpoint, input, signal, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'reauthentication-required') throw error;
    await requestReauthentication(error);
    return callOnce(endpoint, input, signal, options);
  }
}

interface CallOptions {
  /** Goes through although the page is being left; of at most 64 kB. */
  readonly outlivesPage?: boolean;
}

async function callOnce<E extends Endpoint>(
  endpoint: E,
  input: Input<E>,
  signal: AbortSignal | undefined,
  { outlivesPage = false }: CallOptions,
): Promise<z.output<E['response']>> {
  const { domain, params, query, body }: Parts = input;
  const pause = endpoint.method === 'GET' ? pauses.get(endpoint.path) : undefined;
  if (pause !== undefined && performance.now() < pause.until) throw pause.error;
  let response: Response;
  try {
    response = await fetch(
      apiAddress(endpoint.path, { ...params, ...(domain !== undefined && { domain }) }, query),
      {
        method: endpoint.method,
        ...(body === undefined ? {} : readBody(endpoint, body)),
        ...(signal && { signal }),
        ...(outlivesPage && { keepalive: true }),
      },
    );
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError('unreachable', 'The server does not answer.', {
      advice: 'Check your connection, then try again.',
      cause: error,
    });
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const error = toApiError(answer, response.headers);
    if (endpoint.method === 'GET' && error.retryAfterSeconds !== undefined) {
      const until = performance.now() + error.retryAfterSeconds * 1000;
      pauses.set(endpoint.path, { until, error });
    }
    throw error;
  }
  const parsed = endpoint.response.safeParse(answer);
  if (!parsed.success) throw unreadableResponse(parsed.error);
  return parsed.data as z.output<E['response']>;
}

/** JSON, or a file as it is. */
const readBody = ({ takes }: Endpoint, body: unknown): RequestInit =>
  takes !== undefined && body instanceof Uint8Array
    ? { body: new Uint8Array(body), headers: { 'content-type': takes } }
    : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };

interface Parts {
  /** Of the district that the endpoint speaks of. */
  readonly domain?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** The address of an endpoint, for links to downloads and for event streams. */
export function apiAddress(
  path: string,
  params: Parts['params'] = {},
  query: Parts['query'] = {},
): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, value);
  }
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
}

function toApiError(answer: unknown, headers: Headers): ApiError {
  const parsed = ErrorResponse.safeParse(answer);
  if (!parsed.success) return unreadableResponse(parsed.error);
  const { code, message, advice, field, requestId } = parsed.data.error;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(seconds) ? seconds : undefined;
  return new ApiError(code, message, { advice, field, requestId, retryAfterSeconds });
}

const unreadableResponse = (cause: unknown): ApiError =>
  new ApiError('unreadable', 'The server answered in a form that this page does not know.', {
    advice: 'Load the page again: the server may have been updated since you opened it.',
    cause,
  });
