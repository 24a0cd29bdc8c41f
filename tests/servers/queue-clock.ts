/** Changes times of waiting jobs, so that tests need not wait. */
import type { Database } from '../../src/database/database.ts';

/** Makes the last heartbeat of every active job a minute older. */
export async function missHeartbeats(pool: Database['pool']): Promise<void> {
  await pool.query(
    "update pgboss.job set heartbeat_on = heartbeat_on - interval '1 minute' where state = 'active'",
  );
}

/** Makes waiting retries due at once. */
export async function retryNow(pool: Database['pool']): Promise<void> {
  await pool.query("update pgboss.job set start_after = now() where state = 'retry'");
}
