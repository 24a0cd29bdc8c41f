/** A connection of one's own beside the pool, for work that keeps session state: temporary tables, settings, locks. */
import { Client, type Pool } from 'pg';

import { toDatabaseError } from './database-error.ts';

/**
 * Connects to the pool's server, lends the connection to `work` and closes it afterwards, whatever
 * happens; what the session held goes with it. `name` is what the server's own list shows.
 * Faults of the server arrive as `DatabaseError`.
 */
export async function withDedicatedConnection<Result>(
  pool: Pool,
  name: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({
    ...pool.options,
    // The pool hides its password from being copied along.
    password: pool.options.password,
    application_name: name,
  });
  // A connection that breaks between two statements is reported by the next one.
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
