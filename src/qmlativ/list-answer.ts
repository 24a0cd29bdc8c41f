/** Tells what came for a list request: rows, nothing at all, or anything else, which counts as a refusal. */
import type { ApiAnswer } from './api-call.ts';
import { memberOf } from './member-names.ts';
import { QmlativError } from './qmlativ-error.ts';

/** Rows as they came. */
export interface ListOfRows {
  readonly kind: 'rows';
  readonly rows: readonly unknown[];
  /** What was said about the next page; undefined when nothing was. */
  readonly next: string | null | undefined;
}

/** Anything but a list. `words` may quote data: for recognizing causes only, never for a log. */
export interface RefusedList {
  readonly kind: 'refused';
  readonly status: number;
  readonly words: string;
  /** What to throw when the cause is not found out. */
  readonly error?: QmlativError | undefined;
}

export type ListAnswer =
  | ListOfRows
  /** An answer without content, or null in the place of the list. */
  | { readonly kind: 'nothing' }
  | RefusedList;

/** Reads an answer. */
export function readListAnswer(answer: ApiAnswer): ListAnswer {
  if (answer.kind === 'refused') return answer;
  const { json } = answer;
  if (json === null) return { kind: 'nothing' };
  const rows = memberOf(json, 'Objects');
  const paging = memberOf(json, 'Paging') ?? undefined;
  const next = paging === undefined ? undefined : memberOf(paging, 'Next');
  const isError = tellsError(json);
  if (rows === null && !isError) return { kind: 'nothing' };
  const hasPaging = paging === undefined || (typeof paging === 'object' && !Array.isArray(paging));
  const hasNext = next === undefined || next === null || typeof next === 'string';
  if (!Array.isArray(rows) || (rows.length === 0 && isError) || !hasPaging || !hasNext)
    return { kind: 'refused', status: 200, words: JSON.stringify(json).slice(0, 20_000) };
  return { kind: 'rows', rows, next };
}

/** What an answer came to when an error is an answer all the same; the error itself when none came. */
export function answerOfError(error: unknown): RefusedList {
  if (error instanceof QmlativError && answerCodes.has(error.code))
    return { kind: 'refused', status: 0, words: '', error };
  throw error;
}

/** Errors that say what the server answered, not that no answer came. */
const answerCodes: ReadonlySet<string> = new Set([
  'server-trouble',
  'not-json',
  'redirected',
  'unexpected-answer',
]);

/** Whether an answer speaks of an error, whatever its status. */
export const tellsError = (json: unknown): boolean =>
  isFilled(memberOf(json, 'error')) || isFilled(memberOf(json, 'errors'));

const isFilled = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && value !== false && !isEmptyList(value);

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
