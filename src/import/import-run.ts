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
import { holdOf, shrunkLists, type BrakeLimits, type ReadLists } from './brakes.ts';
import { createCandidateTables, findCandidates, isFirstNight } from './candidates.ts';
import { compareWithPublished, countPlan, createComparisonTable } from './comparison.ts';
import { failureOf, ImportFault } from './import-fault.ts';
import type { ImportEnd, ImportOutcome, ImportReport, RunFailure } from './import-report.ts';
import { withImportSession } from './import-session.ts';
import { recordNumberClashes } from './number-clashes.ts';
import {
  countProblems,
  createProblemTables,
  recordProblems,
  setProblemsAside,
} from './problem-finding.ts';
import { publishPlan } from './publication.ts';
import { readPublishedState, type PublishedState } from './published-state.ts';
import { redecideStatuses } from './redecision.ts';
import type { Roster, RosterSource } from './roster-source.ts';
import {
  findLastRowsByObject,
  findLastSchoolYear,
  findLastRowsRead,
  finishRun,
  startRun,
  type RunRequest,
} from './run-record.ts';
import { recordPlan } from './run-plan.ts';
import { createProgressRecord, type ProgressRecord } from './run-progress.ts';
import { createStagingTables, StagedRoster } from './staging.ts';
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
  /** Who asked for it; a command when left out. */
  readonly request?: RunRequest;
  /** Told the run's number as soon as it has one. */
  readonly onStarted?: ((runId: number) => void) | undefined;
  readonly now: () => Temporal.Instant;
  readonly onProgress: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
  /** Told when a person asks on the screen for this run to stop; what waits for the source can end then. */
  readonly onStopWish?: (fault: ImportFault) => void;
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
      ...(order.request ?? { origin: 'command' }),
      today: order.today.toString(),
      isDryRun: order.isDryRun,
      startedAt: order.now(),
    });
    order.onStarted?.(runId);
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, ...(order.signal ? [order.signal] : [])]);
    const rowsExpected = (await findLastRowsRead(pool, order.districtId)) ?? null;
    const progress = createProgressRecord(
      pool,
      { districtId: order.districtId, runId, rowsExpected },
      {
        now: order.now,
        onStopWish: (person) => {
          const fault = stoppedFault(`${person} stopped the import before it published anything.`);
          stop.abort(fault);
          order.onStopWish?.(fault);
        },
      },
    );
    try {
      const outcome = await importInto(client, pool, { ...order, signal }, runId, progress);
      if (outcome.state !== 'held') return outcome;
      return await endWithoutPublishing(pool, order, outcome);
    } catch (error) {
      return await endWithoutPublishing(pool, order, {
        runId,
        state: 'failed',
        today: order.today.toString(),
        schoolYear: null,
        report: null,
        failure: failureOf(signal.aborted ? stopFaultOf(signal) : asDatabaseFault(error)),
        cause: error,
      });
    } finally {
      await progress.close();
    }
  };
  return withImportSession(pool, order.districtId, work, order.lockWaitMs);
}

/** Why the run was stopped, whatever the step that it was in made of that. */
const stopFaultOf = ({ reason }: AbortSignal): ImportFault =>
  reason instanceof ImportFault
    ? reason
    : stoppedFault('The import was stopped before it published anything.');

const stoppedFault = (message: string) =>
  new ImportFault(
    'import-cancelled',
    message,
    'What was published stays as it is; start the import again when wanted.',
  );

type RunningOrder = ImportOrder & { readonly signal: AbortSignal };

async function importInto(
  client: pg.Client,
  pool: pg.Pool,
  order: RunningOrder,
  runId: number,
  progress: ProgressRecord,
): Promise<ImportOutcome> {
  const { districtId } = order;
  const steps = createSteps(order, progress);
  const today = order.today.toString();
  const since = order.today.subtract({ years: 1 });
  const night = await readNight(client, pool, order, { today, since, steps, progress });
  const { roster, rules, rowsRead, published, found } = night;
  const { setAside } = await setProblemsAside(client, districtId, night);

  await steps.begin('deciding');
  const leftOut = order.source.leftOut();
  await assembleEnrollments(client, districtId, {
    firstSchoolYear: schoolYearOf(since),
    lastSchoolYear: roster.schoolYear + (order.rules.includeUpcomingSchoolYear ? 1 : 0),
    leftOut,
  });
  const scope = { today: order.today, schoolYear: roster.schoolYear, rules: order.rules };
  await decideStatuses(client, districtId, { ...scope, expired: published.expired });
  const notCreated = await dropUncountedNewStudents(client);

  await steps.begin('assembling');
  await assembleRecords(client, districtId, { today, rules }, leftOut);

  await steps.begin('checking');
  await compareWithPublished(client, districtId);
  const plan = await countPlan(client, districtId, {
    delivered: found.delivered,
    leftOutBefore: published.leftOut,
  });
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
  const end = async (state: ImportEnd, failure: RunFailure | null = null) => {
    const finished = { ...report, seconds: steps.seconds() };
    const outcome = { state, schoolYear: roster.schoolYear, report: finished, failure };
    await finishRun(client, districtId, runId, { ...outcome, finishedAt: order.now() });
    return { runId, today, ...outcome };
  };

  await steps.begin('publishing');
  await client.query('begin');
  await recordProblems(client, districtId, runId);
  await recordNumberClashes(client, districtId, runId);
  if (order.isDryRun || hold) await recordPlan(client, districtId, runId);
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

/** What was read in a night, and who of it needs a closer look. */
interface ReadNight {
  readonly roster: Roster;
  /** What decisions are made under tonight. */
  readonly rules: string;
  readonly rowsRead: Readonly<Record<string, number>>;
  readonly hasBirthDates: boolean;
  readonly published: PublishedState;
  readonly found: Awaited<ReturnType<typeof findCandidates>>;
}

/** Reads Skyward and, beside it, what is published; then compares the two. */
async function readNight(
  client: pg.Client,
  pool: pg.Pool,
  order: RunningOrder,
  {
    today,
    since,
    steps,
    progress,
  }: { today: string; since: Temporal.PlainDate; steps: Steps; progress: ProgressRecord },
): Promise<ReadNight> {
  const { districtId } = order;
  await steps.begin('connecting');
  const opening = order.source.openRoster({
    today,
    since: since.toString(),
    includeUpcomingSchoolYear: order.rules.includeUpcomingSchoolYear,
  });
  // Skyward answers while the tables are made. Whichever fails first is told; of the other nobody asks any more.
  opening.catch(() => undefined);
  await createTables(client);
  const roster = await opening;
  const rules = decidedUnder(roster.schoolYear, order.rules);
  const reading = readPublishedState(pool, districtId, { today, rules });
  reading.catch(() => undefined);
  const staged = await StagedRoster.open(client, await isFirstNight(client, districtId));
  try {
    await steps.begin('reading');
    await readRoster(order, { roster, staged, progress });
    await steps.begin('comparing');
    const published = await reading;
    const found = await findCandidates(client, districtId, staged, published.fingerprints);
    const { rowsRead, hasBirthDates } = staged;
    return { roster, rules, rowsRead, hasBirthDates, published, found };
  } finally {
    await staged.close();
  }
}

/** Makes the run's temporary tables. */
async function createTables(client: pg.Client): Promise<void> {
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
}

/** Reads all lists, telling how far that is. */
async function readRoster(
  order: RunningOrder,
  to: { roster: Roster; staged: StagedRoster; progress: ProgressRecord },
): Promise<void> {
  let finishedRows = 0;
  let current = { object: '', rows: 0 };
  await to.staged.read(order.source, to.roster.lists, (object, rows) => {
    order.signal.throwIfAborted();
    if (object !== current.object || rows < current.rows) finishedRows += current.rows;
    current = { object, rows };
    to.progress.read(object, rows, finishedRows + rows);
    order.onProgress({ phase: 'reading', object, objectRows: rows, rows: finishedRows + rows });
  });
  await order.source.confirm(to.roster);
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
    shrunk: shrunkLists(
      roster.lists
        .filter(({ table }) => !leftOut.has(table))
        .map(({ object }) => ({
          object,
          before: before[object] ?? 0,
          now: rowsRead[object] ?? 0,
        })),
      order.limits,
    ),
  };
}

type Steps = ReturnType<typeof createSteps>;

/** Tells the phases as they begin and keeps the time that each took. */
function createSteps(order: RunningOrder, progress: ProgressRecord) {
  const seconds: Record<string, number> = {};
  let phase: ImportPhase | undefined;
  let since = order.now();
  const close = () => {
    const now = order.now();
    if (phase !== undefined) {
      seconds[phase] = (seconds[phase] ?? 0) + now.since(since).total('seconds');
    }
    since = now;
  };
  return {
    async begin(next: ImportPhase): Promise<void> {
      order.signal.throwIfAborted();
      close();
      phase = next;
      order.onProgress({ phase: next });
      await progress.begin(next);
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
      const { districtId, today, rules } = order;
      const runOf = async () => outcome.runId;
      const done = await redecideStatuses(pool, { districtId, today, schoolYear, rules, runOf });
      redecided = done.decided;
    }
  }
  const report = outcome.report === null ? null : { ...outcome.report, redecided };
  const ended = { ...outcome, report };
  await finishRun(pool, order.districtId, outcome.runId, { ...ended, finishedAt: order.now() });
  order.onProgress({ phase: 'finished' });
  return ended;
}
