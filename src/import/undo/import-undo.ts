/** Undoes an import: restores what was published before it, and recalculates statuses for today. */
import type pg from 'pg';
import { toDatabaseError } from '../../database/database-error.ts';
import { inTransaction } from '../../database/transaction.ts';
import { formatDecisionSettings } from '../../enrollment/decision-settings.ts';
import type { StatusRules } from '../../enrollment/status-settings.ts';
import { toFailure, ImportError } from '../import-error.ts';
import type { ImportProgress } from '../import-options.ts';
import type { ImportOutcome, ImportReport, UndoReport } from '../import-report.ts';
import { assembleRecalculated, createAssemblyTables } from '../plan/assembly.ts';
import { createChangedStudentTables } from '../plan/changed-students.ts';
import { compareWithPublished, countPlan, createComparisonTable } from '../plan/comparison.ts';
import { createDateHoldTables, recordDateHold } from '../plan/date-holds.ts';
import { createDecisionTable, decideStatuses } from '../plan/status-decisions.ts';
import { publishPlan } from '../publish/publication.ts';
import { withImportSession } from '../runs/import-session.ts';
import { createPhases } from '../runs/run-phases.ts';
import { recordPlan } from '../runs/run-plan.ts';
import { createProgressRecorder } from '../runs/run-progress.ts';
import { findLastSchoolYear, finishRun, type RunRequest, startRun } from '../runs/run-store.ts';
import { createRestoredTables, restoredTables, restoreEarlierValues } from './earlier-values.ts';
import { findUndoTarget, type UndoneImport } from './undo-target.ts';

export interface UndoOptions {
  readonly districtId: number;
  /** The import to undo, together with all later ones. */
  readonly undoesRunId: number;
  /** The last import that the user knew would be undone, too; a newer one refuses the undo. */
  readonly lastRunId?: number | undefined;
  readonly reason: string | null;
  readonly request: RunRequest;
  /** Only shows what would change. */
  readonly isDryRun: boolean;
  /** Statuses are recalculated for this date. */
  readonly today: Temporal.PlainDate;
  readonly rules: StatusRules;
  readonly now: () => Temporal.Instant;
  readonly signal?: AbortSignal | undefined;
  readonly onStarted?: ((runId: number) => void) | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly lockWaitMs?: number;
}

/**
 * Undoes an import and all later ones, or with `isDryRun` records what that would change. Throws an `ImportError` if
 * that is not possible; any other error ends the run as failed, with nothing changed.
 */
export async function undoImport(pool: pg.Pool, options: UndoOptions): Promise<ImportOutcome> {
  const { districtId, now } = options;
  const work = async (client: pg.Client): Promise<ImportOutcome> => {
    const imports = await requireTarget(client, options);
    const today = options.today.toString();
    const runId = await startRun(pool, districtId, {
      ...options.request,
      today,
      isDryRun: options.isDryRun,
      startedAt: now(),
      undoesRunId: options.undoesRunId,
      undoReason: options.reason,
    });
    options.onStarted?.(runId);
    const cancel = new AbortController();
    const progress = createProgressRecorder(
      pool,
      { districtId, runId, rowsExpected: null },
      {
        now,
        onCancelRequested: (person) =>
          cancel.abort(
            new ImportError(
              'import-cancelled',
              `${person} canceled the undo before anything was changed.`,
              'No data was changed. Undo the import again when you want to.',
            ),
          ),
      },
    );
    const signal = AbortSignal.any([cancel.signal, ...(options.signal ? [options.signal] : [])]);
    const onProgress = options.onProgress ?? (() => undefined);
    const steps = createPhases({ now, signal, onProgress }, progress);
    try {
      return await undoIn(client, options, { runId, imports, steps });
    } catch (error) {
      const failure = toFailure(toDatabaseError(error));
      const failed = { state: 'failed', schoolYear: null, report: null, failure } as const;
      await finishRun(pool, districtId, runId, { ...failed, finishedAt: now() });
      return { runId, today, ...failed, cause: error };
    } finally {
      await progress.close();
      onProgress({ phase: 'finished' });
    }
  };
  return withImportSession(pool, districtId, work, options.lockWaitMs);
}

/** Returns the imports that are undone; throws if the import can't be undone, or if others came since. */
async function requireTarget(
  client: pg.ClientBase,
  { districtId, undoesRunId, lastRunId, now }: UndoOptions,
): Promise<readonly UndoneImport[]> {
  const target = await findUndoTarget(client, districtId, undoesRunId, now());
  if (target === undefined) {
    throw new ImportError(
      'undo-not-possible',
      'There is no such import.',
      'Import history lists all imports; `daybreak runs` prints their numbers.',
    );
  }
  if (target.state === 'blocked') {
    const { code, message, advice } = target.block;
    throw new ImportError(code, message, advice);
  }
  const newest = target.imports.at(-1)?.id;
  if (lastRunId !== undefined && newest !== lastRunId) {
    throw new ImportError(
      'undo-outdated',
      'Another import has been completed since you saw what undoing would change.',
      'Nothing was changed. Open the import again and look at what undoing would change now.',
    );
  }
  return target.imports;
}

async function undoIn(
  client: pg.ClientBase,
  options: UndoOptions,
  run: {
    readonly runId: number;
    readonly imports: readonly UndoneImport[];
    readonly steps: ReturnType<typeof createPhases>;
  },
): Promise<ImportOutcome> {
  const { districtId, today, rules, undoesRunId, now } = options;
  const { runId, imports, steps } = run;
  const schoolYear = await findSchoolYearBefore(client, districtId, undoesRunId);
  const scope = { today, schoolYear, rules };
  const basis = { today: today.toString(), rules: formatDecisionSettings(scope) };

  await steps.begin('comparing');
  await createChangedStudentTables(client);
  await createDecisionTable(client);
  await createAssemblyTables(client);
  await createComparisonTable(client);
  await createDateHoldTables(client);
  await createRestoredTables(client);
  await restoreEarlierValues(client, districtId, undoesRunId, basis);

  await steps.begin('deciding');
  await decideStatuses(client, districtId, { ...scope, tables: restoredTables });
  await client.query(keepOnHold);
  await assembleRecalculated(client, districtId, basis, restoredTables);
  for (const statement of completePlan) await client.query(statement, [districtId]);

  await steps.begin('checking');
  await compareWithPublished(client, districtId);
  const plan = await countPlan(client, districtId, { received: 0, uncountedBefore: {} });
  const report: ImportReport = {
    ...plan,
    ...nothingRead,
    undo: {
      ...(await countUndo(client, districtId)),
      imports: imports.map(({ id }) => id),
    },
    seconds: steps.seconds(),
  };

  await steps.begin('publishing');
  return inTransaction(client, async () => {
    if (options.isDryRun) await recordPlan(client, districtId, runId);
    else {
      await publishPlan(client, districtId, runId, { added: 0 });
      for (const statement of restoreMissing) await client.query(statement, [districtId, runId]);
      await recordDateHold(client, districtId, { today, decidedHoldId: null, isAllowed: false });
      await client.query(markUndone, [districtId, undoesRunId, runId]);
    }
    const outcome = {
      state: options.isDryRun ? 'planned' : 'restored',
      schoolYear,
      report: { ...report, seconds: steps.seconds() },
      failure: null,
    } as const;
    await finishRun(client, districtId, runId, { ...outcome, finishedAt: now() });
    return { runId, today: basis.today, ...outcome };
  });
}

/** Statuses are decided for the school year that was known then, as if the undone imports had not been. */
async function findSchoolYearBefore(
  client: pg.ClientBase,
  districtId: number,
  runId: number,
): Promise<number> {
  const schoolYear = await findLastSchoolYear(client, districtId, runId);
  if (schoolYear === undefined)
    throw new Error('No import before the undone one has a school year');
  return schoolYear;
}

/**
 * Completes the plan: students whose status is not decided, and those whom the undone imports had created. A student's
 * own id stands for the Skyward ID, which a manual student does not have.
 */
const completePlan = [
  `insert into next_students select r.*, false from restored_students r
   where r.district_id = $1 and r.id not in (select student_id from decisions)`,
  `insert into decisions (student_id, is_changed) select n.id, false from next_students n
   where n.district_id = $1 and n.id not in (select student_id from decisions)`,
  `insert into changed_students (skyward_id, student_id, is_new)
   select id, id, false from next_students where district_id = $1`,
  `insert into missing_students
   select s.id, true from created_students c join students s on s.district_id = $1 and s.id = c.student_id
   where s.missing_since_run_id is null`,
];

/** Who is on hold because of the date stays on hold: an undo decides nothing about that. */
const keepOnHold = `
  update decisions d set on_hold = d.status, on_hold_since = r.status_on_hold_since, status = r.status,
    rule = r.status_rule, decided_by = r.status_decided_by, left_out = r.status_left_out
  from restored_students r
  where r.id = d.student_id and r.status_on_hold is not null and r.status_rule is not null and d.status <> r.status`;

/** Whether students are in Skyward, as before. The records of this are kept, so that an earlier import can be undone, too. */
const restoreMissing = [
  `insert into missing_changes (district_id, student_id, run_id, former_run_id)
   select $1, s.id, $2, s.missing_since_run_id from restored_students r
   join students s on s.district_id = $1 and s.id = r.id
   where s.missing_since_run_id is distinct from r.missing_since_run_id`,
  `update students s set missing_since_run_id = r.missing_since_run_id
   from restored_students r
   where s.district_id = $1 and s.id = r.id and $2::bigint is not null
     and s.missing_since_run_id is distinct from r.missing_since_run_id`,
];

const markUndone = `
  update import_runs set state = 'undone', undone_by_run_id = $3
  where district_id = $1 and id >= $2 and not is_dry_run and state in ('published', 'unchanged')`;

/** What a report of an import says about Skyward's answers. */
const nothingRead = {
  rowsRead: {},
  compared: 0,
  skipped: 0,
  notImported: {},
  problems: {},
  missingPermissions: [],
  neverFilled: [],
  emptyFields: [],
  retainedFields: [],
  emptyLists: [],
} as const satisfies Partial<ImportReport>;

async function countUndo(
  client: pg.ClientBase,
  districtId: number,
): Promise<Omit<UndoReport, 'imports'>> {
  const { rows } = await client.query<Omit<UndoReport, 'imports'>>(
    `select
       (select count(distinct (student_id, record_id)) from planned_changes where record = 'guardian')::integer as guardians,
       (select count(distinct (student_id, record_id)) from planned_changes where record = 'enrollment')::integer as enrollments,
       (select count(*) from created_students)::integer as created,
       (select count(*) from restored_students r join students s on s.district_id = $1 and s.id = r.id
         where s.missing_since_run_id is distinct from r.missing_since_run_id)::integer as "missingMarks",
       (select count(*) from documents d where d.district_id = $1 and d.deleted_at is null and d.student_id in (
         select student_id from planned_changes union select student_id from created_students))::integer as documents,
       (select count(*) from restored_students r join earlier_values v on v.student_id = r.id and v.record = 'student'
         where v.fields ? 'skyward_id' and (v.fields ->> 'skyward_id')::bigint is distinct from r.skyward_id)::integer as "keptIds"`,
    [districtId],
  );
  if (rows[0] === undefined) throw new Error('The query returned no row');
  return rows[0];
}
