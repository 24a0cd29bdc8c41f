/** Faults of an import, and how any fault is told to people. */
import { DatabaseError } from 'pg';
import { sourceField, type StagedPlace } from '../roster/qmlativ-sources.ts';
import type { RunFailure } from './import-report.ts';

export type ImportErrorCode =
  | 'import-already-running'
  | 'import-cancelled'
  | 'district-not-connected'
  | 'scratch-file-failed'
  | 'value-refused'
  | 'reading-thread-ended';

/** An import could not be started or was stopped. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly code: ImportErrorCode;
  readonly advice: string;
  constructor(code: ImportErrorCode, message: string, advice: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.advice = advice;
  }
}

/**
 * A fault of the database that a staged value caused, by the object and field that the value came from; any other
 * fault as it is. Values are checked as they are read, so this is for what nobody has thought of.
 */
export function toImportError(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  // PostgreSQL names the column, and the value behind it: "COPY staged_students, line 2, column grade: ...".
  const place = /^COPY staged_(\w+), line \d+, column (\w+)/.exec(error.where ?? '');
  if (place === null) return error;
  const { object, field } = sourceField(`${place[1]}.${place[2]}` as StagedPlace);
  return new ImportError(
    'value-refused',
    `${object}, field ${field}: the database refuses a value (${error.code}).`,
    'What was published stays as it is. Look in Skyward for a value of this field that cannot be right and correct it; send this message to support, since Daybreak should have left the value out by itself.',
    error,
  );
}

/**
 * Any fault as it is shown: our typed ones speak for themselves; of an unknown one only its kind is
 * told, since its words could hold a value of a person.
 */
export function toFailure(error: unknown): RunFailure {
  if (error instanceof Error && 'code' in error && 'advice' in error) {
    return { code: String(error.code), message: error.message, advice: String(error.advice) };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  const code =
    error instanceof Error && 'code' in error && /^[\w-]{1,40}$/.test(String(error.code))
      ? ` (${String(error.code)})`
      : '';
  return {
    code: 'unexpected-fault',
    message: `The import ended in a fault that Daybreak does not know: ${kind}${code}.`,
    advice:
      'What was published stays as it is. Look into the log for the run, and send it to support if the next night fails as well.',
  };
}
