/** What of a fault goes into the log: all that says where and why, nothing that may hold a record. */

interface FaultRecord {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: FaultRecord;
}

/**
 * Name, code, message, stack and causes. Left out is every other property: PostgreSQL puts the values
 * of a row into `detail`, an HTTP client a whole answer.
 */
export function faultRecord(fault: unknown): FaultRecord {
  if (!(fault instanceof Error))
    return { name: typeof fault, message: 'Something else was thrown' };
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : undefined;
  return {
    name: fault.name,
    ...(code === undefined ? {} : { code }),
    message: fault.message,
    ...(fault.stack === undefined ? {} : { stack: fault.stack }),
    ...(fault.cause === undefined ? {} : { cause: faultRecord(fault.cause) }),
  };
}
