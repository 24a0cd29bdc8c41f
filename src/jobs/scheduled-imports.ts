/** Puts each district's night into the queue when its time has come, once, whichever process is first. */
import type pg from 'pg';
import type { Logger } from 'pino';

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

/** A claim that led to nothing (a process that died, an import by hand under way) is taken up again after this. */
const claimTimeoutMinutes = 2;

/**
 * Districts that take part: connected, not paused, without a night in the queue today, and without an import of
 * today that went through (somebody was quicker, as when a district is connected in the morning).
 */
const eligibleDistricts = `
  select d.id as "districtId", d.domain, d.time_zone as "timeZone", d.night_starts_at::text as "earliestStart"
  from districts d
  where not d.nights_paused
    and exists (select from skyward_connections c where c.district_id = d.id)
    and not exists (select from scheduled_nights n where n.district_id = d.id and n.queued_at is not null
      and n.night >= ($1::timestamptz at time zone d.time_zone)::date)
    and not exists (select from import_runs r where r.district_id = d.id and not r.is_dry_run
      and r.state in ('published', 'unchanged') and r.today >= ($1::timestamptz at time zone d.time_zone)::date)`;

const claimImports = `
  insert into scheduled_nights (district_id, night, due_at, claimed_at)
  select * from unnest($1::bigint[], $2::date[], $3::timestamptz[], array_fill($4::timestamptz, array[cardinality($1::bigint[])]))
  on conflict (district_id, night) do update set claimed_at = excluded.claimed_at
    where scheduled_nights.queued_at is null
      and scheduled_nights.claimed_at <= excluded.claimed_at - make_interval(mins => $5)
  returning district_id as "districtId", night as date`;

/** Begins what is due at this moment and gives how many nights went into the queue. */
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
    // One by hand waits or runs: the night follows once that has ended.
    if (!(await imports.send({ ...job, origin: 'schedule' }))) continue;
    await pool.query(
      'update scheduled_nights set queued_at = $3 where district_id = $1 and night = $2',
      [districtId, date, now.toString()],
    );
    log.info({ districtId, date }, 'nightly import queued');
    enqueued++;
  }
  return enqueued;
}

/** Looks twice a minute for nights that are due; ends with the signal. */
export const startScheduledImports = (options: ScheduledImportOptions, signal: AbortSignal): void =>
  startPeriodicTask(
    { name: 'scheduled imports', everyMs: 30_000, run: async () => enqueueDueImports(options) },
    options.log,
    signal,
  );
