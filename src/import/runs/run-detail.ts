/** Reads one run in detail: its report, its progress, its plan and its review. */
import { z } from 'zod';

import type { ImportRunDetail } from '../../contract/imports/import-report.ts';
import type { ImportProgress, ImportRun } from '../../contract/imports/import-runs.ts';
import { PlanKind } from '../../contract/values.ts';
import type { Queryable } from '../../database/queryable.ts';

import { objectLabel, sourceFieldLabel } from '../../roster/source-labels.ts';
import { canBeAccepted } from '../plan/accepted-fields.ts';
import { describeMissingFields } from './missing-fields.ts';
import { countChanges, hasChanges } from './run-changes.ts';
import { summaryColumns, summaryOf, type SummaryRow } from './run-summary.ts';

const numbers = z.record(z.string(), z.number()).catch({});
const total = z.number().nullable().catch(null);

const fieldLists = z.array(z.object({ object: z.string(), fields: z.array(z.string()) })).catch([]);

/** The report as screens show it. A part stored by an older version in another form is empty. */
const Report = z.object({
  rowsRead: numbers,
  seconds: numbers,
  statusesBefore: numbers,
  statusesAfter: numbers,
  statusMoves: z
    .array(z.object({ from: z.string().nullable(), to: z.string(), count: z.number() }))
    .catch([]),
  changesByField: numbers,
  uncounted: numbers,
  notImported: numbers,
  problems: numbers,
  missingPermissions: fieldLists,
  neverFilled: fieldLists,
  emptyLists: z.array(z.string()).catch([]),
  skipped: total,
  missing: total,
  newlyMissing: total,
  onHold: total,
  recalculated: total,
});
export type RunReport = z.infer<typeof Report>;

/** The sentences of all reasons; a failure of another kind has none. */
const HoldReasons = z
  .object({ reasons: z.array(z.object({ message: z.string() })) })
  .transform(({ reasons }) => reasons.map(({ message }) => message))
  .catch([]);

const Progress = z
  .object({
    phase: z.string(),
    object: z.string().nullable(),
    objectRows: z.number().nullable(),
    rows: z.number().nullable(),
    rowsPerSecond: z.number().nullable(),
    rowsExpected: z.number().nullable(),
  })
  .nullable()
  .catch(null);

/** A run as in the API, with its report as stored and the missing fields that have values. */
export type RunDetail = Omit<ImportRunDetail, 'report'> & {
  report: (RunReport & Pick<ShownReport, 'missingFields'>) | null;
};

type ShownReport = NonNullable<ImportRunDetail['report']>;

interface DetailRow extends SummaryRow {
  readonly retainedFields: Omit<RunDetail['retainedFields'][number], 'label'>[];
  readonly schoolYear: number | null;
  readonly requests: number | null;
  readonly requestsFailed: number | null;
  readonly requestSeconds: number | null;
  readonly report: unknown;
  readonly progress: unknown;
  readonly isCancelling: boolean;
  readonly hasPlan: boolean;
  readonly isOvertaken: boolean;
  readonly repeatedByRunId: number | null;
  readonly approvedRunId: number | null;
}

/** Returns the run with this id, or `undefined`. `now` is used for the elapsed time of a running one. */
export async function findRun(
  db: Queryable,
  districtId: number,
  runId: number,
  now: Temporal.Instant,
): Promise<RunDetail | undefined> {
  const { rows } = await db.query<DetailRow>(
    `select ${summaryColumns}, r.school_year as "schoolYear", r.report, r.progress,
       r.cancel_requested_at is not null as "isCancelling",
       r.requests, r.requests_failed as "requestsFailed", r.request_seconds as "requestSeconds", r.releases_run_id as "approvedRunId",
       exists (select from import_plan_changes p
         where p.district_id = r.district_id and p.run_id = r.id) as "hasPlan",
       exists (select from import_runs later where later.district_id = r.district_id
         and not later.is_dry_run and later.id > r.id
         and later.state in ('published', 'unchanged', 'held', 'undone')) as "isOvertaken",
       (select max(later.id) from import_runs later where later.district_id = r.district_id
         and later.releases_run_id = r.id) as "repeatedByRunId",
       (select coalesce(jsonb_agg(jsonb_build_object('object', k ->> 'object', 'field', k ->> 'field',
            'acceptedBy', a.accepted_by, 'canBeAccepted', a.id is null and ${canBeAccepted})), '[]')
         from jsonb_array_elements(r.report -> 'retainedFields') k
         left join accepted_fields a on a.district_id = $1 and a.run_id = r.id
           and a.object = k ->> 'object' and a.field = k ->> 'field') as "retainedFields"
     from import_runs r where r.district_id = $1 and r.id = $2`,
    [districtId, runId],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const summary = summaryOf(row);
  const isRunning = summary.state === 'running';
  const report = row.report === null ? null : Report.parse(row.report);
  return {
    ...summary,
    schoolYear: row.schoolYear,
    report: report && {
      ...report,
      missingFields: await describeMissingFields(db, districtId, report.missingPermissions),
    },
    progress: isRunning ? progressOf(row, now) : null,
    plan: await countStudents(db, districtId, runId, {
      state: summary.state,
      hasPlan: row.hasPlan,
    }),
    retainedFields: row.retainedFields.map((field) => ({
      ...field,
      label: sourceFieldLabel(field),
    })),
    holdReasons: HoldReasons.parse(row.failure),
    requests: toRequests(row),
    needsReview:
      summary.state === 'held' && !summary.isDryRun && summary.review === null && !row.isOvertaken,
    repeatedByRunId: row.repeatedByRunId,
    approvedRunId: row.approvedRunId,
  };
}

const toRequests = ({ requests, requestsFailed, requestSeconds }: DetailRow) =>
  requests === null
    ? null
    : { count: requests, failed: requestsFailed ?? 0, seconds: requestSeconds ?? 0 };

function progressOf(row: DetailRow, now: Temporal.Instant): ImportProgress {
  const known = Progress.parse(row.progress);
  const nothing = {
    phase: 'connecting',
    object: null,
    objectRows: null,
    rows: null,
    rowsPerSecond: null,
    rowsExpected: null,
  };
  return {
    ...(known ?? nothing),
    objectLabel: known?.object ? objectLabel(known.object) : null,
    elapsedSeconds: Math.max(0, now.since(row.startedAt).total('seconds')),
    isCancelling: row.isCancelling,
  };
}

/** Counts the students of the plan, or those whom the run changed; `null` without either. */
async function countStudents(
  db: Queryable,
  districtId: number,
  runId: number,
  { state, hasPlan }: { readonly state: ImportRun['state']; readonly hasPlan: boolean },
): Promise<ImportRunDetail['plan']> {
  if (hasChanges(state)) return countChanges(db, districtId, runId);
  const mayHavePlan = state === 'planned' || state === 'held';
  return mayHavePlan && hasPlan ? countPlanned(db, districtId, runId) : null;
}

async function countPlanned(
  db: Queryable,
  districtId: number,
  runId: number,
): Promise<Record<PlanKind, number>> {
  const { rows } = await db.query<{ kind: PlanKind; count: number }>(
    `select kind, count(*)::integer as count from import_plan_changes
     where district_id = $1 and run_id = $2 group by kind`,
    [districtId, runId],
  );
  const found = new Map(rows.map(({ kind, count }) => [kind, count]));
  return Object.fromEntries(PlanKind.options.map((kind) => [kind, found.get(kind) ?? 0])) as Record<
    PlanKind,
    number
  >;
}

/** Returns the state and progress of a run, which screens poll. */
export async function findProgress(
  db: Queryable,
  districtId: number,
  runId: number,
  now: Temporal.Instant,
): Promise<{ state: ImportRun['state']; progress: ImportProgress | null } | undefined> {
  const { rows } = await db.query<DetailRow>(
    `select ${summaryColumns}, r.progress, r.cancel_requested_at is not null as "isCancelling"
     from import_runs r where r.district_id = $1 and r.id = $2`,
    [districtId, runId],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { state } = summaryOf(row);
  return { state, progress: state === 'running' ? progressOf(row, now) : null };
}
