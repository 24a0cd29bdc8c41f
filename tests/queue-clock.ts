/** Moves the clock of waiting jobs, so that tests need not wait for it. */
import type { Database } from '../src/database/database.ts';

/** Lets jobs that wait for their next try be taken at once, instead of after some seconds. */
export async function retryNow(pool: Database['pool']): Promise<void> {
  await pool.query("update pgboss.job set start_after = now() where state = 'retry'");
}
