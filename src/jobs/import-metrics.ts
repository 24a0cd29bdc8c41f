/** How the nights of all districts stand, as numbers for a monitor: no name in them. */
import type pg from 'pg';

/** How a district's last night ended. */
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
  /** Connected districts by how their last night ended; what is missing is 0. */
  readonly lastImports: Readonly<Partial<Record<LastImportState, number>>>;
  /** Active districts without a good night for so long that one must have been missed. */
  readonly late: number;
  /** Rows that the imports of the last day read. */
  readonly rowsRead: number;
  readonly waiting: number;
  readonly working: number;
  readonly oldestWaitingSeconds: number;
  /** Mails of the last day that the mail server did not take. */
  readonly failedMails: number;
  /** What the imports of the last day asked of each Skyward server. */
  readonly skyward: readonly {
    readonly host: string;
    readonly requests: number;
    readonly failed: number;
    readonly seconds: number;
  }[];
}

/** A night a day, and two hours for when it begins. */
const lateAfterHours = 26;

const metricsQuery = `
  with connected as (
    select d.id, d.nights_paused, c.updated_at as connected_at,
      (select r.state from import_runs r where r.district_id = d.id and not r.is_dry_run
        and r.state <> 'redecided' order by r.started_at desc limit 1) as last,
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

/** Reads the figures of this moment over all districts. Needs the queue's tables: a process that has opened it. */
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
  if (metrics === undefined) throw new Error('The query of figures gave no row');
  return metrics;
}
