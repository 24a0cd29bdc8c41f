/** Parses the response to a list request: rows, nothing, or anything else, which counts as a rejection. */
import type { ApiResponse } from '../http/api-call.ts';
import { hasError } from '../http/http-response.ts';
import { findMember } from '../http/member-names.ts';
import { QmlativError } from '../http/qmlativ-error.ts';

export interface RowList {
  readonly kind: 'rows';
  readonly rows: readonly unknown[];
  /** The reference to the next page; undefined if there is none. */
  readonly next: string | null | undefined;
}

/** Anything but a list. `text` may quote data: only for detecting causes, never for logs. */
export interface RejectedList {
  readonly kind: 'rejected';
  readonly status: number;
  readonly text: string;
  /** The error to throw if the cause is not found. */
  readonly error?: QmlativError | undefined;
}

export type ListResponse =
  | RowList
  /** A response without content, or null instead of the list. */
  | { readonly kind: 'nothing' }
  | RejectedList;

export function parseListResponse(response: ApiResponse): ListResponse {
  if (response.kind === 'rejected') return response;
  const { json } = response;
  if (json === null) return { kind: 'nothing' };
  const rows = findMember(json, 'Objects');
  const paging = findMember(json, 'Paging') ?? undefined;
  const next = paging === undefined ? undefined : findMember(paging, 'Next');
  const isError = hasError(json);
  if (rows === null && !isError) return { kind: 'nothing' };
  const hasPaging = paging === undefined || (typeof paging === 'object' && !Array.isArray(paging));
  const hasNext = next === undefined || next === null || typeof next === 'string';
  if (!Array.isArray(rows) || (rows.length === 0 && isError) || !hasPaging || !hasNext)
    return { kind: 'rejected', status: 200, text: JSON.stringify(json).slice(0, 20_000) };
  return { kind: 'rows', rows, next };
}

/** Converts an error caused by a response to a rejection; throws errors without a response. */
export function toRejectedList(error: unknown): RejectedList {
  if (error instanceof QmlativError && rejectionCodes.has(error.code))
    return { kind: 'rejected', status: 0, text: '', error };
  throw error;
}

/** Errors caused by a response. */
const rejectionCodes: ReadonlySet<string> = new Set([
  'server-error',
  'not-json',
  'redirected',
  'unexpected-response',
]);
