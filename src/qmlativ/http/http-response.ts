/** Judges an answer before its content is read: JSON or a web page, a fault that will pass, words of an error. */
import { StringDecoder } from 'node:string_decoder';
import type { HttpResponse } from './http-exchange.ts';
import { QmlativError } from './qmlativ-error.ts';
import type { QmlativPlace } from './qmlativ-error.ts';
import { retryAfterMs } from './request-retry.ts';

/** The parsed body, or undefined when it is not JSON. */
export function parseJsonBody(response: HttpResponse): unknown {
  try {
    return JSON.parse(bodyText(response.body));
  } catch {
    return undefined;
  }
}

const chunkBytes = 64 * 1024;

/**
 * The text of a body, the same as `toString` gives, put together from pieces. A text with any accent in it is first
 * made elsewhere, at twice the body's size, and then moved: for whole pages that would tear holes into the memory
 * that nothing fits into again, some 50 MB in a night of 300,000 students.
 */
export function bodyText(body: Buffer): string {
  const decoder = new StringDecoder('utf8');
  let text = '';
  for (let start = 0; start < body.length; start += chunkBytes)
    text += decoder.write(body.subarray(start, start + chunkBytes));
  return text + decoder.end();
}

/**
 * Gives the memory of a body back that nobody looks at any more. Bodies are large and outlive what is collected
 * often: left to themselves, dozens of them would gather.
 */
export function freeBody({ body }: HttpResponse): void {
  const memory = body.buffer;
  if (
    memory instanceof ArrayBuffer &&
    // What stands before the body is a byte order mark or two.
    body.byteOffset <= 6 &&
    memory.byteLength <= body.byteLength * 2
  )
    memory.transfer(0);
}

/** True when the body is a web page, as from the web address, a proxy or a maintenance page. */
export function isHtml(response: HttpResponse): boolean {
  return /^\s*</.test(response.body.toString('utf8', 0, 64));
}

/** True when the body starts like JSON yet cannot be parsed: the rest was lost on the way. */
export function isTruncated(response: HttpResponse): boolean {
  return /^\s*[[{]/.test(response.body.toString('utf8', 0, 64));
}

/**
 * All text of an error body, for recognising causes. It may quote data, so it must never reach an error or log.
 */
export function readErrorText(response: HttpResponse): string {
  return response.body.toString('utf8', 0, 20_000);
}

/**
 * True when the answer says that the token is no longer good, whatever its status. The wording is not
 * public beyond "Token has expired", so a token and its expiry in one sentence are enough.
 */
export function saysTokenExpired(response: HttpResponse): boolean {
  return (
    response.body.length < 20_000 &&
    /\btoken\b[^.{}]{0,60}\bexpired\b|\bexpired\b[^.{}]{0,30}\btoken\b/i.test(
      readErrorText(response),
    )
  );
}

/** The fault of an answer that another try may mend (408, 429, 5xx), with the wait the server asks for. */
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
      retry: new QmlativError('timeout', 'the server gave up waiting (status 408)', { place }),
      retryAfterMs: wait,
    };
  if (status >= 500)
    return {
      retry: new QmlativError('server-trouble', `status ${status}`, { place }),
      retryAfterMs: wait,
    };
  return undefined;
}
