/** Inspects a response before its content is read: JSON or a web page, a transient error, the text of an error. */
import { StringDecoder } from 'node:string_decoder';
import type { HttpResponse } from './http-exchange.ts';
import { findMember } from './member-names.ts';
import { QmlativError } from './qmlativ-error.ts';
import type { QmlativPlace } from './qmlativ-error.ts';
import { retryAfterMs } from './request-retry.ts';

/** Returns the parsed body, or undefined if it is not JSON. */
export function parseJsonBody(response: HttpResponse): unknown {
  try {
    return JSON.parse(bodyText(response.body));
  } catch {
    return undefined;
  }
}

const chunkBytes = 64 * 1024;

/**
 * Decodes a body in chunks; same result as `toString`. V8 decodes text with non-ASCII characters via a buffer of twice
 * its size. For whole pages that fragments the heap: 50 MB more in an import of 300,000 students.
 */
export function bodyText(body: Buffer): string {
  const decoder = new StringDecoder('utf8');
  let text = '';
  for (let start = 0; start < body.length; start += chunkBytes)
    text += decoder.write(body.subarray(start, start + chunkBytes));
  return text + decoder.end();
}

/**
 * Frees the memory of a body that is no longer needed. Bodies are large and promoted to the old generation, so dozens
 * would accumulate before the garbage collector frees them.
 */
export function freeBody({ body }: HttpResponse): void {
  const memory = body.buffer;
  if (
    memory instanceof ArrayBuffer &&
    // Up to two byte order marks precede the body.
    body.byteOffset <= 6 &&
    memory.byteLength <= body.byteLength * 2
  )
    memory.transfer(0);
}

/** Returns whether the body is HTML: from the web address, a proxy or a maintenance page. */
export function isHtml(response: HttpResponse): boolean {
  return /^\s*</.test(response.body.toString('utf8', 0, 64));
}

/** Returns whether the body starts like JSON. If it cannot be parsed, it was truncated. */
export function isTruncated(response: HttpResponse): boolean {
  return /^\s*[[{]/.test(response.body.toString('utf8', 0, 64));
}

/** Returns the text of an error body, to detect causes. It may quote data, so it must never reach an error or log. */
export function readErrorText(response: HttpResponse): string {
  return response.body.toString('utf8', 0, 20_000);
}

/**
 * Returns whether the text says that the token has expired, whatever the status. Only "Token has expired" is public, so
 * a token and its expiry in one sentence are enough.
 */
export function saysTokenExpired(response: HttpResponse): boolean {
  return (
    response.body.length < 20_000 &&
    /\btoken\b[^.{}]{0,60}\bexpired\b|\bexpired\b[^.{}]{0,30}\btoken\b/i.test(
      readErrorText(response),
    )
  );
}

/** Returns the transient error of a response (408, 429, 5xx), with the server's Retry-After. */
export function findTransientError(
  response: HttpResponse,
  place: QmlativPlace,
  now: number,
): { retry: QmlativError; retryAfterMs: number | undefined } | undefined {
  const { status } = response;
  const wait = retryAfterMs(response.retryAfter, now);
  if (status === 429)
    return {
      retry: new QmlativError('rate-limited', 'too many requests (status 429)', { place }),
      retryAfterMs: wait,
    };
  if (status === 408)
    return {
      retry: new QmlativError(
        'timeout',
        'the server timed out waiting for the request (status 408)',
        { place },
      ),
      retryAfterMs: wait,
    };
  if (status >= 500)
    return {
      retry: new QmlativError('server-error', `status ${status}`, { place }),
      retryAfterMs: wait,
    };
  return undefined;
}

/** Returns whether a JSON body reports an error, whatever the status. */
export const hasError = (json: unknown): boolean =>
  isFilled(findMember(json, 'error')) || isFilled(findMember(json, 'errors'));

const isFilled = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && value !== false && !isEmptyList(value);

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Returns the error for a redirect. The message contains only the target host. */
export function createRedirectError(response: HttpResponse, place: QmlativPlace): QmlativError {
  const host = URL.parse(response.location ?? '')?.host;
  const where = host === undefined ? 'elsewhere' : `to ${host}`;
  return new QmlativError(
    'redirected',
    `the server redirects ${where} (status ${response.status})`,
    {
      place,
    },
  );
}
