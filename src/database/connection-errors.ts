/** A connection that breaks, as all do when the server restarts, must not end the process. */
import type { Pool } from 'pg';

/**
 * Listens to every connection of the pool, idle or lent to whomever: one that breaks without a listener ends the
 * process. The pool drops it, and its next query reports the fault.
 */
export function ignoreConnectionErrors(pool: Pool): void {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
}
