/**
 * Counts deliveries and webhooks of all districts for monitoring.
 *
 * This folder sends signed events to other systems of a district.
 */
import type pg from 'pg';

export interface WebhookMetrics {
  /** Deliveries of active webhooks that will be attempted or tried again. */
  readonly waiting: number;
  /** The age of the oldest one without an attempt. If it grows, no process sends. */
  readonly oldestUntriedSeconds: number;
  /** Deliveries that failed for good in the last 24 hours. */
  readonly failed: number;
  readonly turnedOff: number;
}

/** Returns the counts at `now`. Throws `DatabaseError`. */
export async function readWebhookMetrics(
  pool: pg.Pool,
  now: Temporal.Instant,
): Promise<WebhookMetrics> {
  const { rows } = await pool.query<WebhookMetrics>(
    `select count(*) filter (where d.next_try_at is not null and w.is_active)::integer as waiting,
       coalesce(extract(epoch from $1::timestamptz - min(d.created_at)
         filter (where d.tries = 0 and w.is_active)), 0)::float8 as "oldestUntriedSeconds",
       count(*) filter (where d.failed_at > $1::timestamptz - interval '1 day'
         and d.event <> 'webhook.test')::integer as failed,
       (select count(*) from webhooks where disabled_at is not null)::integer as "turnedOff"
     from webhook_deliveries d
     join webhooks w on w.district_id = d.district_id and w.id = d.webhook_id
     where d.next_try_at is not null or d.failed_at is not null`,
    [now.toString()],
  );
  return rows[0] ?? { waiting: 0, oldestUntriedSeconds: 0, failed: 0, turnedOff: 0 };
}
