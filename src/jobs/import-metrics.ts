/** Metrics of the imports of all districts, for monitoring. They contain no names. */
import type pg from 'pg';

/** States of a district's last import. */
export const lastImportStates = [
  'published',
  'unchanged',
  'held',
  'failed',
  'running',
  'none',
] as const;
export type LastImportState = (typeof lastImportStates)[number];

export interface ImportMetrics {
  readonly active: number;
  readonly paused: number;
  /** Connected districts by the state of their last import; a missing state means 0. */
  readonly lastImports: Readonly<Partial<Record<LastImportState, number>>>;
  /** Active districts whose last completed import is older than `lateAfterHours`. */
  readonly late: number;
  /** Rows read by the imports of the last 24 hours. */
  readonly rowsRead: number;
  readonly waiting: number;
  readonly working: number;
  readonly oldestWaitingSeconds: number;
  /** Mails of the last 24 hours that the mail server rejected. */
  readonly failedMails: number;
  /** Requests of the last 24 hours' imports, by Skyward server. */
  readonly skyward: readonly {
    readonly host: string;
    readonly requests: number;
    readonly failed: number;
    readonly seconds: number;
  }[];
}

/** One import a day, which may start up to two hours later than the day before. */
const lateAfterHours = 26;

const metricsQuery = `
  with connected as (
    select d.id, d.nights_paused, c.updated_at as connected_at,
      (select r.state from import_runs r where r.district_id = d.id and not r.is_dry_run
        and r.state not in ('recalculated', 'undone') and r.undoes_run_id is null order by r.started_at desc limit 1) as last,
      (select max(r.finished_at) from import_runs r where r.district_id = d.id and not r.is_dry_run
        and r.state in ('published', 'unchanged')) as good_at
    from districts d join skyward_connections c on c.district_id = d.id),
  queue as (
    select state, created_on from pgboss.job where name = $3 and state in ('created', 'retry', 'active'))
  select
    (select count(*) filter (where not nights_paused) from connected)::integer as active,
    (select count(*) filter (where nights_paused) from connected)::integer as paused,
    (select coalesce(jsonb_object_agg(outcome, districts), '{}') from
      (select coalesce(last, 'none') as outcome, count(*) as districts from connected group by 1) o) as "lastImports",
    (select count(*) from connected where not nights_paused
      and greatest(good_at, connected_at) < $1::timestamptz - make_interval(hours => $2))::integer as late,
    (select coalesce(sum(value::bigint), 0) from import_runs r, jsonb_each_text(r.report -> 'rowsRead')
      where r.started_at > $1::timestamptz - interval '1 day')::float8 as "rowsRead",
    (select count(*) filter (where state <> 'active') from queue)::integer as waiting,
    (select count(*) filter (where state = 'active') from queue)::integer as working,
    (select coalesce(max(extract(epoch from $1::timestamptz - created_on)) filter (where state <> 'active'), 0)
      from queue)::float as "oldestWaitingSeconds",
    (select count(*) from sent_mails where state = 'failed'
      and sent_at > $1::timestamptz - interval '1 day')::integer as "failedMails",
    (select coalesce(jsonb_agg(to_jsonb(t)), '[]') from (
      select substring(c.base_url from '^[a-z]+://([^/]+)') as host, sum(r.requests)::integer as requests,
        sum(r.requests_failed)::integer as failed, sum(r.request_seconds)::float8 as seconds
      from import_runs r join skyward_connections c on c.district_id = r.district_id
      where r.requests > 0 and r.started_at > $1::timestamptz - interval '1 day'
      group by 1) t) as skyward`;

/** Reads the current metrics. Requires the queue's tables, so the process must have opened the queue. */
export async function readImportMetrics(
  pool: pg.Pool,
  importQueue: string,
  now: Temporal.Instant,
): Promise<ImportMetrics> {
  const { rows } = await pool.query<ImportMetrics>(metricsQuery, [
    now.toString(),
    lateAfterHours,
    importQueue,
  ]);
  const [metrics] = rows;
  if (metrics === undefined) throw new Error('The metrics query returned no row');
  return metrics;
}
