/** Runs functions with a client of the pool, with or without a transaction. */
import type pg from 'pg';
import { DatabaseError as PostgresError } from 'pg';

import { toDatabaseError, DatabaseError } from './database-error.ts';

/**
 * How long a ROLLBACK may take before the connection is closed instead, which has the same effect.
 * Reached if a COPY was left open: it blocks the connection, and with it a DROP DATABASE of another session.
 */
const rollbackTimeoutMs = 1_000;

/**
 * Runs `work` with one client, which then returns to the pool, or is closed if its connection broke. Throws errors of
 * the server as `DatabaseError`.
 */
export async function withClient<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  return withPooledClient(pool, async (client) => work(client));
}

/**
 * Runs `work` in one transaction: committed when it returns, rolled back when it throws.
 * Throws `database-rolled-back` if `work` swallowed the error of a statement, since PostgreSQL then treats COMMIT as
 * ROLLBACK without an error. `begin` may contain more statements, which saves round trips.
 */
export async function transaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
  begin = 'BEGIN',
): Promise<Result> {
  return withPooledClient(pool, async (client, discard) =>
    runTransaction(client, async () => work(client), { begin, discard }),
  );
}

/**
 * Runs `work` in one transaction on a dedicated connection, which can be used again afterwards.
 */
export async function inTransaction<Result>(
  client: pg.ClientBase,
  work: () => Promise<Result>,
  begin = 'BEGIN',
): Promise<Result> {
  // If the rollback fails, the connection is broken and its next statement reports that.
  return runTransaction(client, work, { begin, discard: () => undefined });
}

async function runTransaction<Result>(
  client: pg.ClientBase,
  work: () => Promise<Result>,
  { begin, discard }: { readonly begin: string; readonly discard: Discard },
): Promise<Result> {
  let result: Result;
  try {
    await client.query(begin);
    result = await work();
  } catch (error) {
    await rollBack(client, discard);
    throw error;
  }
  const { command } = await client.query('COMMIT');
  if (command === 'COMMIT') return result;
  throw new DatabaseError(
    'database-rolled-back',
    'A statement of the transaction failed and its error was not passed on, so PostgreSQL has rolled back all of it.',
    'This is an error in Daybreak: please report it.',
  );
}

/**
 * Returns whether a prepared statement of this connection returns other columns since a migration of a newer version.
 * Only another connection can run it.
 */
export const isStalePlan = (error: unknown): error is Error =>
  error instanceof PostgresError &&
  error.code === '0A000' &&
  error.routine === 'RevalidateCachedQuery';

type Discard = (reason: Error) => void;

async function withPooledClient<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, discard: Discard) => Promise<Result>,
): Promise<Result> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw toDatabaseError(error);
  }
  let broken: Error | undefined;
  const markBroken = (error: Error) => (broken = error);
  // Without a listener, an error between two statements would end the process.
  client.on('error', markBroken);
  try {
    return await work(client, markBroken);
  } catch (error) {
    const databaseError = toDatabaseError(error);
    // The error arrives before the connection closes: without this the pool would reuse the connection.
    if (databaseError instanceof DatabaseError && databaseError.code === 'database-connection-lost')
      broken = databaseError;
    if (isStalePlan(error)) broken = error;
    throw databaseError;
  } finally {
    client.off('error', markBroken);
    client.release(broken);
  }
}

/** Rolls back. An error of the rollback closes the client; the caller throws the original error. */
async function rollBack(client: pg.ClientBase, discard: Discard): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`ROLLBACK took more than ${rollbackTimeoutMs} ms`)),
    rollbackTimeoutMs,
  );
  try {
    await Promise.race([client.query('ROLLBACK'), late.promise]);
  } catch (error) {
    discard(error instanceof Error ? error : new Error('ROLLBACK failed', { cause: error }));
  } finally {
    clearTimeout(timer);
  }
}
