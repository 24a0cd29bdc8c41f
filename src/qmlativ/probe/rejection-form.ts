/** Reduces a rejection to its form: status, format, and whether it names a field. */
import { readErrorText } from '../http/http-response.ts';
import type { BodyKind, SeenResponse } from './wire-form.ts';

/** The format of an error body. */
export type ErrorForm = 'error' | 'errors-list' | 'message' | 'text' | 'html' | 'other' | 'empty';

/** What is stored about a rejection, without its text. */
export interface RejectionForm {
  readonly status: number;
  readonly form: ErrorForm;
  /** Whether it names a requested field. */
  readonly namesField: boolean;
}

/** Returns the form of an error. */
export function errorForm({ kind, json }: { kind: BodyKind; json: unknown }): ErrorForm {
  if (kind === 'none') return 'empty';
  if (kind !== 'json') return kind;
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'other';
  const names = Object.keys(json).map((name) => name.toLowerCase());
  if (names.includes('error')) return 'error';
  if (names.includes('errors')) return 'errors-list';
  return names.includes('message') ? 'message' : 'other';
}

export const rejectionForm = (seen: SeenResponse, named: readonly string[]): RejectionForm => ({
  status: seen.status,
  form: errorForm(seen),
  namesField: named.length > 0,
});

/** Returns the text of a rejection, to find its cause. It may quote data and is never stored. */
export const readRejectionText = (seen: SeenResponse): string => readErrorText(seen.http);
