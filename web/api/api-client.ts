/**
 * Calls the API with the types and schemas of its contract.
 *
 * This folder calls the API by its contract.
 */
import type { z } from 'zod';

import { type DistrictPath, type Endpoint, ErrorResponse } from '../../src/contract/endpoint.ts';
import { requestReauthentication } from './reauthentication-request.ts';

/** An error with the server's message, or with ours if the server did not respond. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorResponse['error']['code'] | 'unreachable' | 'unreadable';
  readonly advice: string | undefined;
  /** The wrong parameter or field. */
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  /** Throttled: the server wants no retry before. */
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
 * Throttled reads by endpoint. Screens refetch automatically (on opening, by timer, when the window gets the
 * focus); until the throttle ends, no such request is sent.
 */
const pauses = new Map<string, { readonly until: number; readonly error: ApiError }>();

/**
 * Calls an endpoint and returns its parsed response; if it needs recent authentication, asks the user first. Throws
 * `ApiError`.
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
  /** Completes even if the page is closed; at most 64 kB. */
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
    throw new ApiError('unreachable', 'The server does not respond.', {
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

/** Returns the body: JSON, or a file. */
const readBody = ({ takes }: Endpoint, body: unknown): RequestInit =>
  takes !== undefined && body instanceof Uint8Array
    ? { body: new Uint8Array(body), headers: { 'content-type': takes } }
    : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };

interface Parts {
  /** The district's e-mail domain. */
  readonly domain?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** Returns the address of an endpoint, for downloads and event streams. */
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
  new ApiError('unreadable', 'The server responded in an unknown format.', {
    advice: 'Refresh the page: the server may have been updated since you opened it.',
    cause,
  });
