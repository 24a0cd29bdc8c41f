/** Moves the clock of waiting jobs, so that tests need not wait for it. */
import type { Database } from '../../src/database/database.ts';

/** Lets a minute pass for every active job: its worker has sent no heartbeat for that long. */
export async function missHeartbeats(pool: Database['pool']): Promise<void> {
  await pool.query(
    "update pgboss.job set heartbeat_on = heartbeat_on - interval '1 minute' where state = 'active'",
  );
}

/** Lets jobs that wait for their next try be taken at once, instead of after some seconds. */
export async function retryNow(pool: Database['pool']): Promise<void> {
  await pool.query("update pgboss.job set start_after = now() where state = 'retry'");
}
