/**
 * One night of one district: read, plan, apply.
 *
 *   connecting -> reading -> comparing -> deciding -> assembling -> checking -> publishing -> finished
 *
 * Everything before `publishing` works on temporary tables of this session. A run that dies at any
 * point leaves what was published untouched, and the next one starts over. A night that fails or is
 * held still derives every status anew from the last good rows, because statuses follow the date.
 */
import type pg from 'pg';
import { asDatabaseFault } from '../database/database-fault.ts';
import { schoolYearOf } from '../enrollment/school-year.ts';
import type { StatusRules } from '../enrollment/status-rules.ts';
import { assembleEnrollments, assembleRecords, createAssemblyTables } from './assembly.ts';
import { holdOf, type BrakeLimits, type ReadLists } from './brakes.ts';
import { createCandidateTables, findCandidates } from './candidates.ts';
import { compareWithPublished, countPlan, createComparisonTable } from './comparison.ts';
import { failureOf, ImportFault } from './import-fault.ts';
import type { ImportOutcome, ImportReport, RunFailure, RunState } from './import-report.ts';
import { withImportSession } from './import-session.ts';
import {
  countProblems,
  createProblemTables,
  recordProblems,
  setProblemsAside,
} from './problem-finding.ts';
import { publishPlan } from './publication.ts';
import { redecideStatuses } from './redecision.ts';
import type { Roster, RosterSource } from './roster-source.ts';
import {
  findLastRowsByObject,
  findLastSchoolYear,
  finishRun,
  notePhase,
  startRun,
} from './run-record.ts';
import { createStagingTables, stageRoster } from './staging.ts';
import {
  createDecisionTable,
  decidedUnder,
  decideStatuses,
  dropUncountedNewStudents,
} from './status-decisions.ts';

export type ImportPhase =
  | 'connecting'
  | 'reading'
  | 'comparing'
  | 'deciding'
  | 'assembling'
  | 'checking'
  | 'publishing'
  | 'finished';

/** What a run tells while it goes on. */
export interface ImportProgress {
  readonly phase: ImportPhase;
  /** While reading: the object being read and all rows staged so far. */
  readonly object?: string;
  readonly objectRows?: number;
  readonly rows?: number;
}

export interface ImportOrder {
  readonly districtId: number;
  readonly source: RosterSource;
  /** The district's own date. */
  readonly today: Temporal.PlainDate;
  readonly rules: StatusRules;
  readonly limits: BrakeLimits;
  /** Plan only: everything but the last step. */
  readonly isDryRun: boolean;
  /** A person has said that a mass change is meant: the brakes are off for this run. */
  readonly allowsMassChange: boolean;
  readonly now: () => Temporal.Instant;
  readonly onProgress: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
  /** How long to wait for another run of the district to end; 20 seconds when left out. */
  readonly lockWaitMs?: number;
}

/**
 * Runs one import and returns how it ended; faults of reading become a `failed` outcome with a code, a
 * sentence and an advice. Throws only when the run could not be started or recorded.
 */
export async function runImport(pool: pg.Pool, order: ImportOrder): Promise<ImportOutcome> {
  const work = async (client: pg.Client): Promise<ImportOutcome> => {
    const runId = await startRun(pool, order.districtId, {
      today: order.today.toString(),
      isDryRun: order.isDryRun,
      startedAt: order.now(),
    });
    try {
      const outcome = await importInto(client, pool, order, runId);
      if (outcome.state !== 'held') return outcome;
      return await endWithoutPublishing(pool, order, outcome);
    } catch (error) {
      return await endWithoutPublishing(pool, order, {
        runId,
        state: 'failed',
        today: order.today.toString(),
        schoolYear: null,
        report: null,
        failure: failureOf(asDatabaseFault(error)),
        cause: error,
      });
    }
  };
  return withImportSession(pool, order.districtId, work, order.lockWaitMs);
}

async function importInto(
  client: pg.Client,
  pool: pg.Pool,
  order: ImportOrder,
  runId: number,
): Promise<ImportOutcome> {
  const { districtId } = order;
  const steps = createSteps(pool, order, runId);
  await steps.begin('connecting');
  for (const create of [
    createStagingTables,
    createCandidateTables,
    createProblemTables,
    createDecisionTable,
    createAssemblyTables,
    createComparisonTable,
  ]) {
    await create(client);
  }
  const today = order.today.toString();
  const since = order.today.subtract({ years: 1 });
  const roster = await order.source.openRoster({
    today,
    since: since.toString(),
    includeUpcomingSchoolYear: order.rules.includeUpcomingSchoolYear,
  });

  await steps.begin('reading');
  let finishedRows = 0;
  let current = { object: '', rows: 0 };
  const rowsRead = await stageRoster(client, order.source, roster.lists, (object, rows) => {
    order.signal?.throwIfAborted();
    if (object !== current.object || rows < current.rows) finishedRows += current.rows;
    current = { object, rows };
    order.onProgress({ phase: 'reading', object, objectRows: rows, rows: finishedRows + rows });
  });

  await steps.begin('comparing');
  const found = await findCandidates(client, districtId);
  const { setAside } = await setProblemsAside(client, districtId);

  await steps.begin('deciding');
  const leftOut = order.source.leftOut();
  await assembleEnrollments(client, districtId, {
    firstSchoolYear: schoolYearOf(since),
    lastSchoolYear: roster.schoolYear + (order.rules.includeUpcomingSchoolYear ? 1 : 0),
    leftOut,
  });
  const scope = { today: order.today, schoolYear: roster.schoolYear, rules: order.rules };
  await decideStatuses(client, districtId, { ...scope, hasCandidates: true });
  const notCreated = await dropUncountedNewStudents(client);

  await steps.begin('assembling');
  const rules = decidedUnder(roster.schoolYear, order.rules);
  await assembleRecords(client, districtId, { today, rules }, leftOut);

  await steps.begin('checking');
  await compareWithPublished(client, districtId);
  const plan = await countPlan(client, districtId, found.delivered);
  const report: ImportReport = {
    ...plan,
    rowsRead,
    compared: found.candidates,
    setAside,
    notCreated: { ...notCreated, 'without-enrollment': found.withoutEnrollment },
    problems: await countProblems(client),
    notGranted: order.source.notGranted(),
    seconds: steps.seconds(),
  };
  const hold = order.allowsMassChange
    ? undefined
    : holdOf(plan, await readLists(pool, order, roster, rowsRead), order.limits);
  const end = async (state: Exclude<RunState, 'running'>, failure: RunFailure | null = null) => {
    const finished = { ...report, seconds: steps.seconds() };
    const outcome = { state, schoolYear: roster.schoolYear, report: finished, failure };
    await finishRun(client, districtId, runId, { ...outcome, finishedAt: order.now() });
    return { runId, today, ...outcome };
  };
  order.signal?.throwIfAborted();

  await steps.begin('publishing');
  await client.query('begin');
  await recordProblems(client, districtId, runId);
  let outcome: ImportOutcome;
  if (order.isDryRun) outcome = await end('planned', hold ?? null);
  else if (hold) outcome = await end('held', hold);
  else {
    const writes = await publishPlan(client, districtId, runId);
    outcome = await end(writes === 0 ? 'unchanged' : 'published');
  }
  await client.query('commit');
  order.onProgress({ phase: 'finished' });
  return outcome;
}

/** How full the lists are, compared with the last good night. */
async function readLists(
  pool: pg.Pool,
  order: ImportOrder,
  roster: Roster,
  rowsRead: Readonly<Record<string, number>>,
): Promise<ReadLists> {
  const before = await findLastRowsByObject(pool, order.districtId);
  const leftOut = order.source.leftOut();
  const isEmptied = ({ object, table }: Roster['lists'][number]) =>
    rowsRead[object] === 0 &&
    !leftOut.has(table) &&
    (before[object] ?? 0) >= Math.max(1, order.limits.minimum);
  const enrollments = roster.lists.find((list) => list.table === 'enrollments');
  return {
    enrollments: rowsRead[enrollments?.object ?? ''] ?? 0,
    emptied: roster.lists.filter(isEmptied).map((list) => list.object),
  };
}

/** Tells the phases as they begin and keeps the time that each took. */
function createSteps(pool: pg.Pool, order: ImportOrder, runId: number) {
  const seconds: Record<string, number> = {};
  let phase: ImportPhase | undefined;
  let since = order.now();
  const close = () => {
    const now = order.now();
    if (phase !== undefined) seconds[phase] = now.since(since).total('seconds');
    since = now;
  };
  return {
    async begin(next: ImportPhase): Promise<void> {
      if (order.signal?.aborted) {
        throw new ImportFault(
          'import-cancelled',
          'The import was stopped before it published anything.',
          'What was published stays as it is; start the import again when wanted.',
        );
      }
      close();
      phase = next;
      order.onProgress({ phase: next });
      await notePhase(pool, order.districtId, runId, next);
    },
    seconds(): Record<string, number> {
      close();
      return { ...seconds };
    },
  };
}

/** Ends a run that published nothing: statuses are still brought up to the date. */
async function endWithoutPublishing(
  pool: pg.Pool,
  order: ImportOrder,
  outcome: ImportOutcome,
): Promise<ImportOutcome> {
  let redecided = 0;
  if (!order.isDryRun) {
    const schoolYear = await findLastSchoolYear(pool, order.districtId);
    if (schoolYear !== undefined) {
      redecided = await redecideStatuses(pool, {
        districtId: order.districtId,
        runId: outcome.runId,
        today: order.today,
        schoolYear,
        rules: order.rules,
      });
    }
  }
  const report = outcome.report === null ? null : { ...outcome.report, redecided };
  const ended = { ...outcome, report };
  await finishRun(pool, order.districtId, outcome.runId, { ...ended, finishedAt: order.now() });
  order.onProgress({ phase: 'finished' });
  return ended;
}
