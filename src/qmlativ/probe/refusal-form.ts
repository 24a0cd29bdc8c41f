/** Reduces a refusal to its form: its status, how it is written, and whether it names what was refused. */
import { readErrorText } from '../http/http-response.ts';
import type { BodyKind, SeenAnswer } from './wire-form.ts';

/** How the body of an error is written. */
export type ErrorForm = 'error' | 'errors-list' | 'message' | 'text' | 'html' | 'other' | 'empty';

/** What may be kept of a refusal: none of its words. */
export interface RefusalForm {
  readonly status: number;
  readonly form: ErrorForm;
  /** Whether it names a field that was asked for. */
  readonly namesField: boolean;
}

/** The form of an error. */
export function errorForm({ kind, json }: { kind: BodyKind; json: unknown }): ErrorForm {
  if (kind === 'none') return 'empty';
  if (kind !== 'json') return kind;
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'other';
  const names = Object.keys(json).map((name) => name.toLowerCase());
  if (names.includes('error')) return 'error';
  if (names.includes('errors')) return 'errors-list';
  return names.includes('message') ? 'message' : 'other';
}

export const refusalForm = (seen: SeenAnswer, named: readonly string[]): RefusalForm => ({
  status: seen.status,
  form: errorForm(seen),
  namesField: named.length > 0,
});

/** The words of a refusal, for recognizing what was refused; they may quote data and are never kept. */
export const refusalWords = (seen: SeenAnswer): string => readErrorText(seen.http);
