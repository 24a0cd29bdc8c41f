/** Errors of the database itself, each with a code and advice. */

/** Codes of the errors; docs/errors.md explains each. */
export type DatabaseErrorCode =
  | 'database-url-invalid'
  | 'database-unreachable'
  | 'database-password-rejected'
  | 'database-web-login-rejected'
  | 'database-missing'
  | 'database-too-old'
  | 'database-not-empty'
  | 'backup-unusable'
  | 'database-too-many-connections'
  | 'database-busy'
  | 'database-connection-lost'
  | 'database-disk-full'
  | 'database-read-only'
  | 'database-rolled-back'
  | 'database-schema-newer'
  | 'database-schema-older'
  | 'database-migration-changed'
  | 'database-migration-failed'
  | 'database-migrations-unordered'
  | 'embedded-platform-unsupported'
  | 'embedded-user-missing'
  | 'embedded-folder-inaccessible'
  | 'embedded-data-version'
  | 'embedded-start-failed'
  | 'embedded-start-timeout';

/**
 * An error of the database, not of a statement. `message` says what happened, `advice` what to do. Contains no row,
 * parameter or password.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly code: DatabaseErrorCode;
  readonly advice: string;

  constructor(code: DatabaseErrorCode, what: string, advice: string, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.code = code;
    this.advice = advice;
  }
}

/** Returns the code of an error of Node (ECONNREFUSED …) or PostgreSQL (28P01 …), if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  // Node tries each address of a host and reports all failures as one AggregateError.
  if (error instanceof AggregateError && !('code' in error)) return errorCode(error.errors[0]);
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

type Explanation = readonly [code: DatabaseErrorCode, what: string, advice: string];

const unreachable: Explanation = [
  'database-unreachable',
  'The PostgreSQL server does not respond.',
  'Check that it runs and that host and port in DATABASE_URL are correct; leave DATABASE_URL empty to use the embedded server.',
];
const passwordRefused: Explanation = [
  'database-password-rejected',
  'The PostgreSQL server rejected the user name or password.',
  'Check both in DATABASE_URL (special characters must be percent-encoded) and the rules in the pg_hba.conf of the server.',
];
const connectionLost: Explanation = [
  'database-connection-lost',
  'The connection to the PostgreSQL server was lost; uncommitted changes were rolled back.',
  'Check that the server still runs, then try again.',
];

const busy: Explanation = [
  'database-busy',
  'The database did not finish in the time that a request may take; nothing was saved.',
  'Try again. If it happens again, find out what keeps the server busy (pg_stat_activity).',
];

/** Our codes for those of Node and PostgreSQL (Appendix A of its manual). */
const explanations: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENOENT: unreachable,
  '57P03': [
    'database-unreachable',
    'The PostgreSQL server is starting or stopping.',
    'Wait a moment and try again.',
  ],
  '28P01': passwordRefused,
  '28000': passwordRefused,
  '3D000': [
    'database-missing',
    'The PostgreSQL server has no database of this name.',
    'Create it (createdb NAME) or correct the name at the end of DATABASE_URL.',
  ],
  '53300': [
    'database-too-many-connections',
    'The PostgreSQL server accepts no more connections.',
    'Stop other programs that use it, or raise max_connections.',
  ],
  '57014': busy,
  '55P03': busy,
  '25P03': busy,
  '53100': [
    'database-disk-full',
    'The disk of the PostgreSQL server is full; nothing of this step was saved.',
    'Free space on the disk that holds the database, then try again.',
  ],
  ENOSPC: [
    'database-disk-full',
    'The disk is full.',
    'Free space on the disk that holds the data folder, then try again.',
  ],
  '25006': [
    'database-read-only',
    'The PostgreSQL server is read-only; nothing was saved.',
    'Point DATABASE_URL at the primary server rather than a replica, or lift default_transaction_read_only.',
  ],
  ECONNRESET: connectionLost,
  EPIPE: connectionLost,
  '57P01': connectionLost,
  '57P02': connectionLost,
  '08006': connectionLost,
  '08003': connectionLost,
};

/**
 * Converts an error of the server or the connection to a `DatabaseError`; returns any other error unchanged.
 * `target` names the server for people (host, port and database, never a password).
 */
export function toDatabaseError(error: unknown, target?: string): unknown {
  if (error instanceof DatabaseError) return error;
  const explanation = explanations[errorCode(error) ?? ''] ?? explanationByMessage(error);
  if (explanation === undefined) return error;
  const [code, what, advice] = explanation;
  return new DatabaseError(code, target === undefined ? what : `${target}: ${what}`, advice, error);
}

/** pg reports two connection errors by a message without a code. */
function explanationByMessage(error: unknown): Explanation | undefined {
  if (!(error instanceof Error)) return undefined;
  if (/^Connection terminated|^Client has encountered a connection error/.test(error.message)) {
    return connectionLost;
  }
  // All connections of the pool are in use; the server itself may be fine.
  if (error.message === 'timeout exceeded when trying to connect') return busy;
  if (/Connection timeout/i.test(error.message)) return unreachable;
  return /SASL|password must be a string/.test(error.message) ? passwordRefused : undefined;
}
