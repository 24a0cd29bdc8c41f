/** Lends a client of the pool to a function and takes it back, whatever happens. */
import type pg from 'pg';
import { DatabaseError as PostgresError } from 'pg';

import { asDatabaseFault, DatabaseFault } from './database-fault.ts';

/**
 * How long a ROLLBACK may take before the connection is closed instead, which undoes just as much.
 * Reached when a COPY was left open: it blocks the connection, and with it DROP DATABASE of others.
 */
const rollbackLimitMs = 1_000;

/**
 * Lends one client for the time of `work`. The client goes back to the pool afterwards, or is
 * closed when its connection broke. Faults of the server arrive as `DatabaseFault`.
 */
export async function withClient<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  return lend(pool, async (client) => work(client));
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
  return lend(pool, async (client, giveUp) => {
    let result: Result;
    try {
      await client.query(begin);
      result = await work(client);
    } catch (error) {
      await rollBack(client, giveUp);
      throw error;
    }
    const { command } = await client.query('COMMIT');
    if (command === 'COMMIT') return result;
    throw new DatabaseFault(
      'database-rolled-back',
      'A statement of the transaction failed, and the failure was not passed on; PostgreSQL has undone all of it.',
      'This is a fault in the program: please report it.',
    );
  });
}

/**
 * A statement that this connection prepared gives other columns since a migration of a newer version. Only
 * another connection can run it.
 */
export const isStalePlan = (error: unknown): error is Error =>
  error instanceof PostgresError &&
  error.code === '0A000' &&
  error.routine === 'RevalidateCachedQuery';

type GiveUp = (reason: Error) => void;

async function lend<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, giveUp: GiveUp) => Promise<Result>,
): Promise<Result> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw asDatabaseFault(error);
  }
  let broken: Error | undefined;
  const noteBreak = (error: Error) => (broken = error);
  // Without a listener a connection that breaks between two statements would end the process.
  client.on('error', noteBreak);
  try {
    return await work(client, noteBreak);
  } catch (error) {
    const fault = asDatabaseFault(error);
    // The server says so before the connection closes: without this the next one would be lent it.
    if (fault instanceof DatabaseFault && fault.code === 'database-connection-lost') broken = fault;
    if (isStalePlan(error)) broken = error;
    throw fault;
  } finally {
    client.off('error', noteBreak);
    client.release(broken);
  }
}

/** The error that led here matters more than one of the rollback: that one only closes the client. */
async function rollBack(client: pg.PoolClient, giveUp: GiveUp): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`ROLLBACK took more than ${rollbackLimitMs} ms`)),
    rollbackLimitMs,
  );
  try {
    await Promise.race([client.query('ROLLBACK'), late.promise]);
  } catch (error) {
    giveUp(error instanceof Error ? error : new Error('ROLLBACK failed', { cause: error }));
  } finally {
    clearTimeout(timer);
  }
}
