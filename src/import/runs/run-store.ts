/** Stores import runs and what later runs need from them. */
import type { ImportRun } from '../../contract/imports/import-runs.ts';
import { hasAllIssues, selectLastRun } from '../../database/import-runs.ts';
import type { Queryable } from '../../database/queryable.ts';
import type { HoldReason } from '../plan/hold-reason.ts';
import type { PreviousFields } from '../plan/unknown-fields.ts';
import type { ImportResult, ImportReport, RunFailure } from '../import-report.ts';
import { toFieldName } from '../plan/emptied-values.ts';
import { removeOldPlans } from './run-plan.ts';

/** One run in a list. */
export interface StoredRun {
  readonly id: number;
  readonly state: ImportRun['state'];
  readonly isDryRun: boolean;
  readonly today: string;
  readonly schoolYear: number | null;
  readonly phase: string;
  readonly startedAt: Temporal.Instant;
  readonly finishedAt: Temporal.Instant | null;
  readonly report: ImportReport | null;
  readonly failure: RunFailure | null;
}

const runColumns = `id, state, is_dry_run as "isDryRun", today, school_year as "schoolYear", phase,
  started_at as "startedAt", finished_at as "finishedAt", report, failure`;

/** Returns runs, latest first. */
export async function listRuns(
  db: Queryable,
  districtId: number,
  limit: number,
): Promise<StoredRun[]> {
  const { rows } = await db.query<StoredRun>(
    `select ${runColumns} from import_runs where district_id = $1
     order by started_at desc, id desc limit $2`,
    [districtId, limit],
  );
  return rows;
}

/**
 * Returns the school year of the last completed import, or of the last one before run `beforeRunId`. Used when statuses
 * are recalculated without Skyward.
 */
export async function findLastSchoolYear(
  db: Queryable,
  districtId: number,
  beforeRunId?: number,
): Promise<number | undefined> {
  const { rows } = await db.query<{ schoolYear: number }>(
    `select school_year as "schoolYear" from import_runs
     where district_id = $1 and state in ('published', 'unchanged') and school_year is not null
       and ($2::bigint is null or id < $2)
     order by started_at desc, id desc limit 1`,
    [districtId, beforeRunId ?? null],
  );
  return rows[0]?.schoolYear;
}

/** Returns the rows of each object in the last completed import that had permission for it; empty before the first. */
export async function findLastRowsByObject(
  db: Queryable,
  districtId: number,
): Promise<Readonly<Record<string, number>>> {
  const { rows } = await db.query<{ object: string; rows: number }>(
    `select distinct on (read.key) read.key as object, read.value::integer as rows
     from import_runs, jsonb_each_text(report -> 'rowsRead') as read
     where district_id = $1 and state in ('published', 'unchanged')
       and not exists (
         select from jsonb_array_elements(report -> 'missingPermissions') as entry
         where entry = jsonb_build_object('object', read.key, 'fields', '[]'::jsonb))
     order by read.key, started_at desc, id desc`,
    [districtId],
  );
  return Object.fromEntries(rows.map(({ object, rows: count }) => [object, count]));
}

/** Returns which fields were empty or retained in the last completed import; undefined before the first. */
export async function findPreviousFields(
  db: Queryable,
  districtId: number,
): Promise<PreviousFields | undefined> {
  const { rows } = await db.query<{ report: Partial<ImportReport> | null }>(
    `select report from import_runs
     where district_id = $1 and state in ('published', 'unchanged')
     order by started_at desc, id desc limit 1`,
    [districtId],
  );
  const {
    emptyFields,
    retainedFields = [],
    missingPermissions = [],
    rowsRead = {},
  } = rows[0]?.report ?? {};
  if (emptyFields === undefined) return undefined;
  return {
    empty: new Set(emptyFields),
    retained: new Set(retainedFields.map(toFieldName)),
    missing: missingPermissions,
    rowsRead,
  };
}

/** Returns why a run was held; undefined if it was not, or by a version that stored no list of reasons. */
export async function findHoldReasonsOf(
  db: Queryable,
  districtId: number,
  runId: number,
): Promise<readonly HoldReason[] | undefined> {
  const { rows } = await db.query<{ failure: RunFailure | null }>(
    'select failure from import_runs where district_id = $1 and id = $2',
    [districtId, runId],
  );
  return rows[0]?.failure?.reasons;
}

/** Returns how many rows the last completed import read, to estimate progress. */
export async function findLastRowsRead(
  db: Queryable,
  districtId: number,
): Promise<number | undefined> {
  const { rows } = await db.query<{ rows: number | null }>(
    `select (select sum(value::bigint) from jsonb_each_text(report -> 'rowsRead'))::bigint as rows
     from import_runs where district_id = $1 and state in ('published', 'unchanged')
     order by started_at desc, id desc limit 1`,
    [districtId],
  );
  return rows[0]?.rows ?? undefined;
}

/** Who requested a run. */
export interface RunRequest {
  readonly origin: ImportRun['origin'];
  /** The user's name. */
  readonly requestedBy?: string | undefined;
  /** The held run that was approved and is repeated by this run. */
  readonly approvedRunId?: number | undefined;
}

/** The run that a run undoes, and why. */
export interface UndoRequest {
  readonly undoesRunId: number;
  /** Null for a dry run. */
  readonly undoReason: string | null;
}

export interface NewRun extends RunRequest, Partial<UndoRequest> {
  readonly today: string;
  readonly isDryRun: boolean;
  readonly startedAt: Temporal.Instant;
}

/** Records the start of a run. The caller holds the import lock, so a run still marked as running has died. */
export async function startRun(db: Queryable, districtId: number, run: NewRun): Promise<number> {
  await db.query(
    `update import_runs set state = 'failed', finished_at = $2, failure = $3
     where district_id = $1 and state = 'running'`,
    [districtId, run.startedAt.toString(), JSON.stringify(interrupted)],
  );
  await removeOldPlans(db, districtId, run.startedAt);
  return insertRun(db, districtId, run);
}

/** Records a run that could not start, so that users can see why. */
export async function recordFailedStart(
  db: Queryable,
  districtId: number,
  run: NewRun,
  failure: RunFailure,
): Promise<number> {
  const runId = await insertRun(db, districtId, run);
  const finishedAt = run.startedAt;
  const result = { state: 'failed', schoolYear: null, finishedAt, report: null, failure } as const;
  await finishRun(db, districtId, runId, result);
  return runId;
}

async function insertRun(db: Queryable, districtId: number, run: NewRun): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into import_runs (district_id, state, is_dry_run, today, phase, started_at, origin,
       requested_by, releases_run_id, undoes_run_id, undo_reason)
     values ($1, 'running', $2, $3, 'connecting', $4, $5, $6, $7, $8, $9) returning id`,
    [
      districtId,
      run.isDryRun,
      run.today,
      run.startedAt.toString(),
      run.origin,
      run.requestedBy ?? null,
      run.approvedRunId ?? null,
      run.undoesRunId ?? null,
      run.undoReason ?? null,
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The run could not be recorded');
  return id;
}

/** Records a recalculation that changed statuses, and returns its run. */
export async function recordRecalculation(
  db: Queryable,
  districtId: number,
  recalculation: {
    readonly today: Temporal.PlainDate;
    readonly schoolYear: number;
    readonly changed: number;
    readonly at: Temporal.Instant;
  },
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into import_runs (district_id, state, is_dry_run, today, phase, started_at, finished_at, origin,
       school_year, report)
     values ($1, 'recalculated', false, $2, 'finished', $3, $3, 'date', $4, $5) returning id`,
    [
      districtId,
      recalculation.today.toString(),
      recalculation.at.toString(),
      recalculation.schoolYear,
      JSON.stringify({ changed: recalculation.changed }),
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The recalculation could not be recorded');
  return id;
}

/** The failure of a run whose process died. */
export const interrupted: RunFailure = {
  code: 'interrupted',
  message: 'The program stopped during this import.',
  advice: 'No data was changed. The next import starts over automatically.',
};

/** Records the result of a run. A published run stays published, even if something fails afterwards. */
export async function finishRun(
  db: Queryable,
  districtId: number,
  runId: number,
  result: {
    readonly state: ImportResult;
    readonly schoolYear: number | null;
    readonly finishedAt: Temporal.Instant;
    readonly report: ImportReport | null;
    readonly failure: RunFailure | null;
  },
): Promise<void> {
  await db.query(
    `update import_runs
     set state = $3, school_year = $4, finished_at = $5, report = $6, failure = $7, phase = 'finished'
     where district_id = $1 and id = $2 and state in ('running', 'held')`,
    [
      districtId,
      runId,
      result.state,
      result.schoolYear,
      result.finishedAt.toString(),
      result.report === null ? null : JSON.stringify(result.report),
      result.failure === null ? null : JSON.stringify(result.failure),
    ],
  );
}

/** One data problem of a run with its place in Skyward. Contains no personal data. */
export interface RecordedProblem {
  readonly runId: number;
  readonly kind: string;
  readonly object: string | null;
  readonly page: number | null;
  readonly row: number | null;
  readonly key: string | null;
  readonly field: string | null;
  readonly sisStudentId: number | null;
  readonly message: string;
}

/** Returns the problems of one run, or of the latest run that was not a dry run; at most 1,000 of a kind are recorded. */
export async function listProblems(
  db: Queryable,
  districtId: number,
  runId: number | undefined,
): Promise<RecordedProblem[]> {
  const { rows } = await db.query<RecordedProblem>(
    `select run_id as "runId", kind, object, page, row_number as row, record_key as key, field,
       skyward_student_id as "sisStudentId", message
     from import_problems
     where district_id = $1 and run_id = coalesce($2, ${selectLastRun(hasAllIssues)})
     order by kind, object, id`,
    [districtId, runId ?? null],
  );
  return rows;
}
