/** The web process's own connections: they give up by themselves, so that nobody's request holds what all others need. */
import { Pool, type PoolConfig } from 'pg';

import { ignoreConnectionErrors } from './connection-errors.ts';
import { columnParsers } from './column-parsers.ts';

/** What the API and the accounts ask the database through; `Database` itself is for imports, migrations and commands. */
export interface WebDatabase {
  readonly pool: Pool;
  /** One connection for /healthz and /readyz alone: they are answered while every other one is taken. */
  readonly health: Pool;
  /** For the lines of reads in the audit trail: they are short, and never wait behind the searches of others. */
  readonly audit: Pool;
}

/** Nothing that a person waits for takes this long. */
const statementTimeoutMs = 30_000;
/** The longest wait inside a transaction is for Skyward's partner interface, which answers or is given up sooner. */
const idleInTransactionTimeoutMs = 60_000;
/** Rows are locked for moments; an import that publishes keeps out who would change a student. */
const lockTimeoutMs = 10_000;
/** How long a request waits for a connection when all are taken. */
const connectTimeoutMs = 10_000;
/** What watches the server gives up soon. */
const healthTimeoutMs = 5_000;

/** Makes the pools; they connect with the first question. `end` closes all. */
export function openWebDatabase(
  connection: PoolConfig,
  poolSize: number,
): WebDatabase & { readonly end: () => Promise<void> } {
  const pool = new Pool({
    ...connection,
    application_name: 'daybreak web',
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    types: columnParsers(),
  });
  const health = new Pool({
    ...connection,
    application_name: 'daybreak health',
    max: 1,
    connectionTimeoutMillis: healthTimeoutMs,
    statement_timeout: healthTimeoutMs,
    types: columnParsers(),
  });
  const audit = new Pool({
    ...connection,
    application_name: 'daybreak audit',
    max: 2,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    types: columnParsers(),
  });
  for (const one of [pool, health, audit]) ignoreConnectionErrors(one);
  return {
    pool,
    health,
    audit,
    end: async () => {
      await Promise.all([pool.end(), health.end(), audit.end()]);
    },
  };
}
