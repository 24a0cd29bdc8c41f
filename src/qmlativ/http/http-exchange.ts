/** Sends requests to one host and reads whole responses, limited in time, size and concurrency. */
import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { AddressRejectedError, guardedLookup } from '../../network/address-check.ts';
import type { AddressRules } from '../../network/address-check.ts';
import { decompressBody, toUtf8 } from './response-bytes.ts';
import { QmlativError } from './qmlativ-error.ts';
import type { QmlativPlace } from './qmlativ-error.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Relative to the base URL, starting with a slash, with the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly place: QmlativPlace;
}

export interface HttpResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
  /** UTF-8 without a byte order mark; the raw bytes if the status is 300 or above and they cannot be decoded. */
  readonly body: Buffer;
  /** Bytes received, before decompression. */
  readonly bytes: number;
}

/** A response with its undecoded body. */
export interface RawResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly body: Buffer;
}

/** No whole response came. */
export interface HttpFailure {
  readonly kind: 'failure';
  readonly error: QmlativError;
  readonly isRetryable: boolean;
  /** It was canceled before anything of it was sent. */
  readonly isUnsent?: boolean;
}

export interface HttpExchange {
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse | HttpFailure>;
  /** Like `send`, with the undecoded body. */
  sendRaw(request: HttpRequest, signal: AbortSignal): Promise<RawResponse | HttpFailure>;
  close(): Promise<void>;
}

export interface HttpExchangeOptions {
  readonly baseUrl: URL;
  readonly rules: AddressRules;
  readonly connections: number;
  readonly userAgent: string;
  /** For the whole request, from connecting to the last byte of the body. */
  readonly requestTimeoutMs: number;
  readonly resolve?: LookupFunction;
}

/** A page of 10,000 wide rows has about 20 MB. A much larger response is an error and would exhaust memory. */
const maxBodyBytes = 256 * 1024 * 1024;

/** Opens a pool of connections to one host. Redirects are returned, not followed. */
export function createHttpExchange(options: HttpExchangeOptions): HttpExchange {
  const agent = new Agent({
    connections: options.connections,
    allowH2: false,
    // One timeout covers the whole request, so undici's own are off.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      lookup: guardedLookup(options.baseUrl.protocol, options.rules, options.resolve),
      timeout: Math.min(options.requestTimeoutMs, 30_000),
    },
  });
  return {
    send: (request, signal) => send(agent, options, request, signal, toResponse),
    sendRaw: (request, signal) => send(agent, options, request, signal, toRawResponse),
    close: () => agent.destroy(),
  };
}

async function send<Result>(
  agent: Agent,
  options: HttpExchangeOptions,
  request: HttpRequest,
  signal: AbortSignal,
  read: (received: ReceivedResponse) => Result | Promise<Result>,
): Promise<Result | HttpFailure> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), options.requestTimeoutMs);
  let isUnsent = true;
  try {
    const response = await receive(
      agent,
      {
        origin: options.baseUrl.origin,
        path: options.baseUrl.pathname.replace(/\/$/, '') + request.path,
        method: request.method,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'gzip',
          'user-agent': options.userAgent,
          ...request.headers,
        },
        body: request.body ?? null,
      },
      AbortSignal.any([signal, timeout.signal]),
      () => (isUnsent = false),
    );
    return await read(response);
  } catch (error) {
    if (signal.aborted)
      return { ...failure('cancelled', 'the request was canceled', false, request), isUnsent };
    if (timeout.signal.aborted)
      return failure(
        'timeout',
        `no complete response in ${options.requestTimeoutMs} ms`,
        true,
        request,
      );
    return toFailure(error, request);
  } finally {
    clearTimeout(timer);
  }
}

async function toResponse(received: ReceivedResponse): Promise<HttpResponse> {
  const { status, headers, body } = received;
  return {
    kind: 'response',
    status,
    retryAfter: readHeader(headers, 'retry-after'),
    location: readHeader(headers, 'location'),
    body: await decodeBody(received),
    bytes: body.length,
  };
}

const toRawResponse = ({ status, headers, body }: ReceivedResponse): RawResponse => ({
  kind: 'response',
  status,
  retryAfter: readHeader(headers, 'retry-after'),
  location: readHeader(headers, 'location'),
  contentType: readHeader(headers, 'content-type'),
  contentEncoding: readHeader(headers, 'content-encoding'),
  body,
});

/** Decodes the body. For an error status an undecodable body is returned raw, because only the status matters. */
async function decodeBody({ status, headers, body }: ReceivedResponse): Promise<Buffer> {
  try {
    const encoding = readHeader(headers, 'content-encoding');
    const decompressed = await decompressBody(body, encoding, maxBodyBytes);
    return toUtf8(decompressed, readHeader(headers, 'content-type'));
  } catch (error) {
    if (status < 300 || !(error instanceof QmlativError)) throw error;
    return body;
  }
}

interface ReceivedResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Buffer;
}

type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The initial buffer size without a Content-Length. */
const defaultBodyBytes = 64 * 1024;

/**
 * Sends a request and collects the body in one growing buffer. Buffered chunks would be garbage collected late and
 * occupy dozens of megabytes.
 */
async function receive(
  agent: Agent,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal,
  onSent: () => void,
): Promise<ReceivedResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<ReceivedResponse>();
  let stop = (): void => reject(signal.reason);
  let status = 0;
  let headers: ResponseHeaders = {};
  let body = Buffer.alloc(0);
  let length = 0;
  const abort = (): void => stop();
  signal.addEventListener('abort', abort);
  agent.dispatch(request, {
    onRequestStart(controller) {
      stop = () => controller.abort(signal.reason as Error);
      if (signal.aborted) stop();
      else onSent();
    },
    onResponseStart(_controller, statusCode, responseHeaders) {
      status = statusCode;
      headers = responseHeaders;
      const contentLength = Number(readHeader(headers, 'content-length') ?? defaultBodyBytes);
      body = Buffer.allocUnsafeSlow(Math.min(contentLength || 0, maxBodyBytes));
    },
    onResponseData(controller, chunk) {
      const end = length + chunk.length;
      if (end > maxBodyBytes) return controller.abort(new OversizeError());
      if (end > body.length) {
        const larger = Buffer.allocUnsafeSlow(end * 2);
        body.copy(larger, 0, 0, length);
        body = larger;
      }
      chunk.copy(body, length);
      length = end;
    },
    onResponseEnd: () => resolve({ status, headers, body: body.subarray(0, length) }),
    onResponseError: (_controller, error) => reject(error),
  });
  try {
    if (signal.aborted) stop();
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

class OversizeError extends Error {
  readonly code = 'ERR_BUFFER_TOO_LARGE';
}

/** Errors that persist until someone changes something: an unknown host name, an invalid certificate. */
const permanentErrors =
  /^(ENOTFOUND|CERT_|ERR_TLS_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH)/;

function toFailure(error: unknown, request: HttpRequest): HttpFailure {
  if (error instanceof QmlativError)
    return { kind: 'failure', error: withPlace(error, request.place), isRetryable: false };
  if (error instanceof AddressRejectedError)
    return failure('address-not-allowed', error.message, false, request);
  const code = toErrorCode(error);
  if (code === 'ERR_BUFFER_TOO_LARGE')
    return failure(
      'unexpected-response',
      'the response is larger than 256 MB; set a smaller page size',
      false,
      request,
    );
  if (code === 'ENOTFOUND')
    return failure('unreachable', 'the host name of the base URL does not exist', false, request);
  if (permanentErrors.test(code))
    return failure('unreachable', `no trusted connection (${code})`, false, request);
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return failure('unreachable', `no server responds at the base URL (${code})`, true, request);
  return failure(
    'unreachable',
    `the connection broke before the response was complete (${code})`,
    true,
    request,
  );
}

function withPlace(error: QmlativError, place: QmlativPlace): QmlativError {
  return new QmlativError(error.code, error.message, { place, advice: error.advice });
}

function failure(
  code: QmlativError['code'],
  message: string,
  isRetryable: boolean,
  request: HttpRequest,
): HttpFailure {
  return {
    kind: 'failure',
    error: new QmlativError(code, message, { place: request.place }),
    isRetryable,
  };
}

/** Returns the code of a network error. Its message is not used, because it may quote the address or the body. */
function toErrorCode(error: unknown): string {
  if (error instanceof AggregateError) return toErrorCode(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

function readHeader(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
