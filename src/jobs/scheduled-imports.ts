/** Enqueues each district's nightly import when it is due: once, no matter how many processes run. */
import type pg from 'pg';
import type { Logger } from 'pino';

import { importsWait } from '../import/runs/waiting-imports.ts';
import type { ImportQueue } from './import-queue.ts';
import { dueImport, scheduledStart } from './import-schedule.ts';
import { startPeriodicTask } from './periodic-task.ts';

export interface ScheduledImportOptions {
  readonly pool: pg.Pool;
  readonly imports: Pick<ImportQueue, 'send'>;
  readonly log: Logger;
  readonly now: () => Temporal.Instant;
}

interface ConnectedDistrict {
  readonly districtId: number;
  readonly domain: string;
  readonly timeZone: string;
  readonly earliestStart: string;
}

/** A claim without a queued import (the process died, or another import was in the queue) can be claimed again after this. */
const claimTimeoutMinutes = 2;

/**
 * Connected districts whose nightly imports are not paused, with no nightly import queued today and no completed
 * import today (a district connected in the morning may have imported already).
 */
const eligibleDistricts = `
  select d.id as "districtId", d.domain, d.time_zone as "timeZone", d.night_starts_at::text as "earliestStart"
  from districts d
  where not d.nights_paused and not ${importsWait('d.id')}
    and exists (select from skyward_connections c where c.district_id = d.id)
    and not exists (select from scheduled_imports s where s.district_id = d.id and s.queued_at is not null
      and s.import_date >= ($1::timestamptz at time zone d.time_zone)::date)
    and not exists (select from import_runs r where r.district_id = d.id and not r.is_dry_run
      and r.state in ('published', 'unchanged') and r.today >= ($1::timestamptz at time zone d.time_zone)::date)`;

const claimImports = `
  insert into scheduled_imports (district_id, import_date, due_at, claimed_at)
  select * from unnest($1::bigint[], $2::date[], $3::timestamptz[], array_fill($4::timestamptz, array[cardinality($1::bigint[])]))
  on conflict (district_id, import_date) do update set claimed_at = excluded.claimed_at
    where scheduled_imports.queued_at is null
      and scheduled_imports.claimed_at <= excluded.claimed_at - make_interval(mins => $5)
  returning district_id as "districtId", import_date as date`;

/** Enqueues the imports that are due and returns how many were enqueued. */
export async function enqueueDueImports(options: ScheduledImportOptions): Promise<number> {
  const { pool, imports, log } = options;
  const now = options.now();
  const { rows } = await pool.query<ConnectedDistrict>(eligibleDistricts, [now.toString()]);
  const due = rows.flatMap((district) => {
    const schedule = {
      ...district,
      earliestStart: Temporal.PlainTime.from(district.earliestStart),
    };
    const date = dueImport(now, schedule);
    return date === undefined ? [] : { ...district, date, dueAt: scheduledStart(date, schedule) };
  });
  if (due.length === 0) return 0;
  const { rows: claimed } = await pool.query<{ districtId: number; date: string }>(claimImports, [
    due.map(({ districtId }) => districtId),
    due.map(({ date }) => date.toString()),
    due.map(({ dueAt }) => dueAt.toString()),
    now.toString(),
    claimTimeoutMinutes,
  ]);
  const domains = new Map(due.map(({ districtId, domain }) => [districtId, domain]));
  let enqueued = 0;
  for (const { districtId, date } of claimed) {
    const domain = domains.get(districtId) ?? '';
    const job = { districtId, domain, isDryRun: false, allowsMassChange: false } as const;
    // Another import of this district is queued or running; the claim is retried after it.
    if (!(await imports.send({ ...job, origin: 'schedule' }))) continue;
    await pool.query(
      'update scheduled_imports set queued_at = $3 where district_id = $1 and import_date = $2',
      [districtId, date, now.toString()],
    );
    log.info({ districtId, date }, 'nightly import queued');
    enqueued++;
  }
  return enqueued;
}

/** Checks twice a minute for due imports, until the signal aborts. */
export const startScheduledImports = (options: ScheduledImportOptions, signal: AbortSignal): void =>
  startPeriodicTask(
    { name: 'scheduled imports', everyMs: 30_000, run: async () => enqueueDueImports(options) },
    options.log,
    signal,
  );
