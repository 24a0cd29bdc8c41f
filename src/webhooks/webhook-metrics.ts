/** How webhooks fare across all districts, for a monitor. */
import type pg from 'pg';

export interface WebhookMetrics {
  /** Not delivered yet and not given up, of webhooks that are on. */
  readonly waiting: number;
  /** How long the oldest of them that was never tried waits: nobody sends. */
  readonly oldestUntriedSeconds: number;
  /** Given up in the last day. */
  readonly failed: number;
  readonly turnedOff: number;
}

/** Reads the figures as of `now`. Throws `DatabaseError`. */
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
