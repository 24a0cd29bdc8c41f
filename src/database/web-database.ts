/** The web process's own pools, with timeouts so that no request holds a connection for long. */
import { Pool, type PoolConfig } from 'pg';

import { ignoreConnectionErrors } from './connection-errors.ts';
import { columnParsers } from './column-parsers.ts';

/** The pools of the API and the accounts; imports, migrations and commands use `Database` itself. */
export interface WebDatabase {
  readonly pool: Pool;
  /** One connection for /healthz and /readyz only, so that they respond while all others are in use. */
  readonly health: Pool;
  /** For recording reads in the audit trail: short statements that must not wait for searches. */
  readonly audit: Pool;
}

/** Longer than any statement that a user waits for. */
const statementTimeoutMs = 30_000;
/** Longer than the timeout of Skyward's partner interface, the longest wait inside a transaction. */
const idleInTransactionTimeoutMs = 60_000;
/** Row locks are short; only an import that publishes blocks changes of students for longer. */
const lockTimeoutMs = 10_000;
/** How long a request waits for a connection if all are in use. */
const connectTimeoutMs = 10_000;
/** Monitoring gives up sooner. */
const healthTimeoutMs = 5_000;

/** Creates the pools, which connect with the first query. `end` closes all. */
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
