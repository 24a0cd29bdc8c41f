/** Keeps broken connections, as after a restart of the server, from ending the process. */
import type { Pool } from 'pg';

/**
 * Adds an error listener to every connection of the pool, since an unhandled error event ends the process. The pool
 * drops the connection, and its next query reports the error.
 */
export function ignoreConnectionErrors(pool: Pool): void {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
}
