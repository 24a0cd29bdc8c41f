/** Parses methods, pages and bodies of API requests. */
import type { Context as HttpContext } from 'hono';

import { ApiError } from './api-error.ts';

const maxPageSize = 100_000;

/** Returns the error for a request without fields. */
export function noFieldsError(): ApiError {
  return new ApiError(400, 'The request names no searchFields.');
}

/** Throws for other methods than these. */
export function allowMethod(http: HttpContext, methods: readonly string[]): void {
  if (methods.includes(http.req.method)) return;
  throw new ApiError(
    405,
    `${http.req.method} is not allowed here; allowed: ${methods.join(', ')}.`,
  );
}

/** Parses page and page size at the end of a path. */
export function parsePage(tail: readonly string[]): [page: number, pageSize: number] {
  const [page = '', size = ''] = tail;
  if (!/^[1-9]\d{0,8}$/u.test(page))
    throw new ApiError(400, `'${page}' is not a page; the first is 1.`);
  if (!/^[1-9]\d{0,8}$/u.test(size) || Number(size) > maxPageSize) {
    throw new ApiError(400, `'${size}' is not a page size from 1 to ${maxPageSize}.`);
  }
  return [Number(page), Number(size)];
}

/** Parses a JSON body. */
export function parseBody(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch {
    throw new ApiError(400, 'The body is not JSON.');
  }
}
