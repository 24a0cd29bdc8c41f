/** Tells what came for a list request: rows, nothing at all, or anything else, which counts as a refusal. */
import type { ApiResponse } from '../http/api-call.ts';
import { findMember } from '../http/member-names.ts';
import { QmlativError } from '../http/qmlativ-error.ts';

/** Rows as they came. */
export interface RowList {
  readonly kind: 'rows';
  readonly rows: readonly unknown[];
  /** What was said about the next page; undefined when nothing was. */
  readonly next: string | null | undefined;
}

/** Anything but a list. `words` may quote data: for recognizing causes only, never for a log. */
export interface RejectedList {
  readonly kind: 'rejected';
  readonly status: number;
  readonly text: string;
  /** What to throw when the cause is not found out. */
  readonly error?: QmlativError | undefined;
}

export type ListResponse =
  | RowList
  /** An answer without content, or null in the place of the list. */
  | { readonly kind: 'nothing' }
  | RejectedList;

/** Reads an answer. */
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

/** What an answer came to when an error is an answer all the same; the error itself when none came. */
export function toRejectedList(error: unknown): RejectedList {
  if (error instanceof QmlativError && rejectionCodes.has(error.code))
    return { kind: 'rejected', status: 0, text: '', error };
  throw error;
}

/** Errors that say what the server answered, not that no answer came. */
const rejectionCodes: ReadonlySet<string> = new Set([
  'server-trouble',
  'not-json',
  'redirected',
  'unexpected-answer',
]);

/** Whether an answer speaks of an error, whatever its status. */
export const hasError = (json: unknown): boolean =>
  isFilled(findMember(json, 'error')) || isFilled(findMember(json, 'errors'));

const isFilled = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && value !== false && !isEmptyList(value);

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
