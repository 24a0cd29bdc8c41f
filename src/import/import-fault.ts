/** Faults of an import, and how any fault is told to people. */
import type { RunFailure } from './import-report.ts';

export type ImportFaultCode =
  | 'import-already-running'
  | 'import-cancelled'
  | 'district-not-connected'
  | 'scratch-file-failed'
  | 'reading-thread-ended';

/** An import could not be started or was stopped. */
export class ImportFault extends Error {
  override readonly name = 'ImportFault';
  readonly code: ImportFaultCode;
  readonly advice: string;
  constructor(code: ImportFaultCode, message: string, advice: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.advice = advice;
  }
}

/**
 * Any fault as it is shown: our typed ones speak for themselves; of an unknown one only its kind is
 * told, since its words could hold a value of a person.
 */
export function failureOf(error: unknown): RunFailure {
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
