/** Errors of an import, and how any error becomes a failure that users read. */
import { DatabaseError } from 'pg';
import { sourceField, type StagedPlace } from '../roster/qmlativ-sources.ts';
import type { RunFailure } from './import-report.ts';

export type ImportErrorCode =
  | 'import-already-running'
  | 'import-cancelled'
  | 'district-not-connected'
  | 'temporary-file-failed'
  | 'imports-wait'
  | 'undo-not-possible'
  | 'undo-outdated'
  | 'value-rejected';

/** An import could not start or was canceled. */
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
 * Converts a database error caused by a staged value to an error that names its object and field; returns any other
 * error unchanged. Values are checked when they are read, so this should not happen.
 */
export function toImportError(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  // PostgreSQL's context has the column, followed by the value: "COPY staged_students, line 2, column grade: ...".
  const place = /^COPY staged_(\w+), line \d+, column (\w+)/.exec(error.where ?? '');
  if (place === null) return error;
  const { object, field } = sourceField(`${place[1]}.${place[2]}` as StagedPlace);
  return new ImportError(
    'value-rejected',
    `${object}, field ${field}: the database rejected a value (${error.code}).`,
    'No data was changed. Look for an invalid value of this field in Skyward and correct it. Also send this message to support, because the value should have been reported as a data problem.',
    error,
  );
}

/**
 * Converts any error to a failure. For an error without advice only the name and code are used, because its message
 * may contain personal data.
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
    code: 'unexpected-error',
    message: `The import failed because of an unexpected error: ${kind}${code}.`,
    advice:
      'No data was changed. If the next import fails too, send the log of this run to support.',
  };
}
