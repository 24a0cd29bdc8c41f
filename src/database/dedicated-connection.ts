/** Dedicated connections outside the pool, for work with session state: temporary tables, settings, locks. */
import { Client, type Pool } from 'pg';

import { toDatabaseError } from './database-error.ts';

/**
 * Connects to the pool's server, calls `work` with the connection and closes it in every case, which also ends the
 * session's locks and temporary tables. `name` is the connection's `application_name`. Throws errors of the server as
 * `DatabaseError`.
 */
export async function withDedicatedConnection<Result>(
  pool: Pool,
  name: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({
    ...pool.options,
    // The pool's password is not enumerable, so the spread does not copy it.
    password: pool.options.password,
    application_name: name,
  });
  // If the connection breaks between two statements, the next one reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw toDatabaseError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
