/** Lends a client of the pool to a function and takes it back, whatever happens. */
import type pg from 'pg';
import { DatabaseError as PostgresError } from 'pg';

import { toDatabaseError, DatabaseError } from './database-error.ts';

/**
 * How long a ROLLBACK may take before the connection is closed instead, which undoes just as much.
 * Reached when a COPY was left open: it blocks the connection, and with it DROP DATABASE of others.
 */
const rollbackTimeoutMs = 1_000;

/**
 * Lends one client for the time of `work`. The client goes back to the pool afterwards, or is
 * closed when its connection broke. Faults of the server arrive as `DatabaseError`.
 */
export async function withClient<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  return withPooledClient(pool, async (client) => work(client));
}

/**
 * Runs `work` in one transaction: committed when it returns, rolled back when it throws.
 * Throws `database-rolled-back` when `work` swallowed the error of a statement, since PostgreSQL
 * then answers COMMIT with a silent rollback. `begin` may say more than BEGIN, which saves ways to the server.
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
 * The same on a dedicated connection, which can be used again afterwards: what `work` did is rolled back
 * when it throws.
 */
export async function inTransaction<Result>(
  client: pg.ClientBase,
  work: () => Promise<Result>,
  begin = 'BEGIN',
): Promise<Result> {
  // A connection that cannot roll back is of no use to its next statement either, which says so.
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
    'A statement of the transaction failed, and the failure was not passed on; PostgreSQL has undone all of it.',
    'This is a fault in the program: please report it.',
  );
}

/**
 * A statement that this connection prepared gives other columns since a migration of a newer version. Only
 * another connection can run it.
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
  // Without a listener a connection that breaks between two statements would end the process.
  client.on('error', markBroken);
  try {
    return await work(client, markBroken);
  } catch (error) {
    const databaseError = toDatabaseError(error);
    // The server says so before the connection closes: without this the next one would be lent it.
    if (databaseError instanceof DatabaseError && databaseError.code === 'database-connection-lost')
      broken = databaseError;
    if (isStalePlan(error)) broken = error;
    throw databaseError;
  } finally {
    client.off('error', markBroken);
    client.release(broken);
  }
}

/** The error that led here matters more than one of the rollback: that one only closes the client. */
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
