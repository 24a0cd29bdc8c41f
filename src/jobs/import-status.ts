/** Reads how current the student data of one or all districts is: the last completed import, later runs, the schedule. */
import type { ImportStatus } from '../contract/imports/import-status.ts';
import type { DistrictDatabase } from '../database/district-and-school-scope.ts';
import { prepared } from '../database/prepared-statement.ts';
import { isImportAlive } from '../import/runs/import-session.ts';
import { findNextStart, importDeadlines } from './import-schedule.ts';

type Origin = NonNullable<ImportStatus['failed']>['origin'];

/** A row of `selectImportStatus`. */
export interface ImportStatusRow {
  readonly districtId: number;
  readonly timeZone: string;
  readonly earliestStart: string;
  readonly isPaused: boolean;
  readonly undoneAt: Temporal.Instant | null;
  readonly connectedAt: Temporal.Instant | null;
  readonly completedRunId: number | null;
  readonly completedAt: Temporal.Instant | null;
  readonly completedDate: string | null;
  readonly completedOrigin: Origin | null;
  readonly heldRunId: number | null;
  readonly failedRunId: number | null;
  readonly failedAt: Temporal.Instant | null;
  readonly failedCode: string | null;
  readonly failedOrigin: Origin | null;
  readonly failedBy: string | null;
  readonly missedByFailure: boolean;
  readonly runningRunId: number | null;
  readonly runningSince: Temporal.Instant | null;
}

const latestFirst = 'order by r.started_at desc, r.id desc';

/** The first value of the matching later runs, latest first. */
const latest = (value: string, condition: string) =>
  `(array_agg(${value} ${latestFirst}) filter (where ${condition}))[1]`;

/**
 * The columns of an `ImportStatusRow`, for `from importStatusTables`. A held run is superseded by a later completed or
 * held one, as in its review. A run whose process died counts as failed.
 */
export const importStatusColumns = `d.id as "districtId", d.time_zone as "timeZone",
  d.night_starts_at::text as "earliestStart", d.nights_paused as "isPaused",
  case when undo.is_waiting then undo.finished_at end as "undoneAt", c.updated_at as "connectedAt",
  done.id as "completedRunId", coalesce(done.finished_at, done.started_at) as "completedAt",
  done.today as "completedDate", done.origin as "completedOrigin",
  later."heldRunId", later."failedRunId", later."failedAt", later."failedCode", later."failedOrigin", later."failedBy",
  coalesce(later."missedByFailure", false) as "missedByFailure", later."runningRunId", later."runningSince"`;

/** Districts with their connection, last completed import (`done`) and what came after it (`later`). */
export const importStatusTables = `districts d
  left join skyward_connections c on c.district_id = d.id
  left join lateral (
    select r.id, r.started_at, r.finished_at, r.today, r.origin, r.report from import_runs r
    where r.district_id = d.id and not r.is_dry_run and r.state in ('published', 'unchanged')
    ${latestFirst} limit 1) done on true
  left join lateral (
    select r.started_at, r.finished_at, r.continued_at is null as is_waiting from import_runs r
    where r.district_id = d.id and r.undoes_run_id is not null and r.state = 'restored'
    order by r.id desc limit 1) undo on true
  left join lateral (
    select ${latest(`case when r.decision is null then r.id end`, `r.state = 'held'`)} as "heldRunId",
      ${latest('r.id', `r.state = 'failed'`)} as "failedRunId",
      ${latest('r.at', `r.state = 'failed'`)} as "failedAt",
      ${latest('r.code', `r.state = 'failed'`)} as "failedCode",
      ${latest('r.origin', `r.state = 'failed'`)} as "failedOrigin",
      ${latest('r.requested_by', `r.state = 'failed'`)} as "failedBy",
      bool_or(r.state = 'failed' and r.origin = 'schedule') as "missedByFailure",
      ${latest('r.id', `r.state = 'running'`)} as "runningRunId",
      ${latest('r.started_at', `r.state = 'running'`)} as "runningSince"
    from (
      select r.id, r.started_at, r.origin, r.requested_by, r.decision,
        coalesce(r.finished_at, r.progress_at, r.started_at) as at,
        coalesce(r.failure ->> 'code', 'interrupted') as code,
        case when r.state = 'running' and not ${isImportAlive('r.district_id')} then 'failed' else r.state end as state
      from import_runs r
      where r.district_id = d.id and not r.is_dry_run and r.state in ('held', 'failed', 'running')
        and r.undoes_run_id is null and r.started_at > greatest(done.started_at, undo.started_at, '-infinity')) r
    where r.code <> 'import-cancelled' or r.state <> 'failed') later on true`;

/** Returns the status of a district at `now`, with all that administrators see. */
export function toImportStatus(row: ImportStatusRow, now: Temporal.Instant): ImportStatus {
  const { connectedAt, isPaused, completedRunId, completedAt, completedDate } = row;
  const schedule = {
    districtId: row.districtId,
    timeZone: row.timeZone,
    earliestStart: Temporal.PlainTime.from(row.earliestStart),
  };
  const lastDate = completedDate === null ? null : Temporal.PlainDate.from(completedDate);
  const isScheduled = connectedAt !== null && !isPaused && row.undoneAt === null;
  const deadlines = isScheduled
    ? importDeadlines({ at: completedAt ?? connectedAt, date: lastDate }, schedule)
    : undefined;
  return {
    now: now.toString(),
    isConnected: connectedAt !== null,
    isPaused,
    undoneAt: row.undoneAt?.toString() ?? null,
    lastCompleted:
      completedRunId === null || completedAt === null || completedDate === null
        ? null
        : {
            runId: completedRunId,
            at: completedAt.toString(),
            importDate: completedDate,
            origin: row.completedOrigin ?? 'command',
          },
    nextAt: isScheduled ? findNextStart(now, lastDate, schedule).toString() : null,
    lateAt: deadlines?.lateAt.toString() ?? null,
    overdueAt: deadlines?.overdueAt.toString() ?? null,
    heldRunId: row.heldRunId,
    failed:
      row.failedRunId === null || row.failedAt === null
        ? null
        : {
            runId: row.failedRunId,
            at: row.failedAt.toString(),
            code: row.failedCode ?? 'unexpected-error',
            origin: row.failedOrigin ?? 'command',
            requestedBy: row.failedBy,
          },
    missedByFailure: row.missedByFailure,
    running:
      row.runningRunId === null || row.runningSince === null
        ? null
        : { runId: row.runningRunId, startedAt: row.runningSince.toString() },
  };
}

/** Returns the status of the district. Throws if it was removed after the request found it. */
export async function readImportStatus(
  database: DistrictDatabase,
  now: Temporal.Instant,
): Promise<ImportStatus> {
  const row = await database.one<ImportStatusRow>(
    prepared(`select ${importStatusColumns} from ${importStatusTables} where d.id = $1`),
  );
  if (row === undefined) throw new Error('The district was removed');
  return toImportStatus(row, now);
}
