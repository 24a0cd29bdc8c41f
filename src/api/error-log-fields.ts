/** Which fields of an error are logged: those that say where and why, none that may contain a record. */

interface ErrorLogFields {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorLogFields;
}

/**
 * Returns name, code, message, stack and causes. All other properties are omitted: PostgreSQL puts the values of a
 * row into `detail`, HTTP clients a whole response.
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
