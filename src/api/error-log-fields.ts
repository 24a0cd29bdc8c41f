/** What of a fault goes into the log: all that says where and why, nothing that may hold a record. */

interface ErrorLogFields {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorLogFields;
}

/**
 * Name, code, message, stack and causes. Left out is every other property: PostgreSQL puts the values
 * of a row into `detail`, an HTTP client a whole answer.
 */
export function errorLogFields(error: unknown): ErrorLogFields {
  if (!(error instanceof Error))
    return { name: typeof error, message: 'Something else was thrown' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: errorLogFields(error.cause) }),
  };
}
