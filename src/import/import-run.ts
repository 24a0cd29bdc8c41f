/**
 * One night of one district: read, plan, apply.
 *
 *   connecting -> reading -> comparing -> deciding -> assembling -> checking -> publishing -> finished
 *
 * Everything before `publishing` works on tables of the night alone (night-tables.ts). A run that dies at any
 * point leaves what was published untouched, and the next one starts over. A night that fails or is
 * held still derives every status anew from the last good rows, because statuses follow the date.
 */
import type pg from 'pg';
import { toDatabaseError } from '../database/database-error.ts';
import { inTransaction } from '../database/transaction.ts';
import { closeAcceptances, findAcceptedFields } from './accepted-fields.ts';
import {
  addEnrollmentsOfOtherYears,
  assembleEnrollments,
  assembleRecords,
  assembleRedecided,
} from './assembly.ts';
import { holdOf, shrunkLists, type ReadLists } from './brakes.ts';
import { compareWithPublished, countPlan } from './comparison.ts';
import { noteRivalDefaults } from './contradictions.ts';
import { EmptiedValues, findEmptiedIdentity, holdOfEmptied } from './emptied-values.ts';
import { isListUntold } from './kept-values.ts';
import { asValueRefused, failureOf, ImportFault } from './import-fault.ts';
import type { ImportEnd, ImportOutcome, ImportReport, RunFailure } from './import-report.ts';
import { withImportSession } from './import-session.ts';
import type { ImportOrder, RunningOrder } from './import-order.ts';
import { readNight, type ReadNight } from './night-reading.ts';
import { withNightTables, type NightConnections } from './night-tables.ts';
import { noteNumbersUsedBefore, recordNumberClashes } from './number-clashes.ts';
import { countProblems, recordProblems, setProblemsAside } from './problem-finding.ts';
import { publishPlan } from './publication.ts';
import { redecideStatuses } from './redecision.ts';
import type { StagedPlace } from '../roster/qmlativ-sources.ts';
import type { Roster } from './roster-source.ts';
import { fieldKnowledge, reportFields } from './unknown-fields.ts';
import {
  findFieldMemory,
  findLastRowsByObject,
  findLastSchoolYear,
  findLastRowsRead,
  finishRun,
  startRun,
} from './run-record.ts';
import { recordPlan } from './run-plan.ts';
import { createProgressRecord, type ProgressRecord } from './run-progress.ts';
import { createSteps } from './run-steps.ts';
import { decideStatuses, dropUncountedNewStudents } from './status-decisions.ts';

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
      const outcome = await withNightTables(client, pool, order.districtId, (night) =>
        importInto(night, pool, { ...order, signal }, { runId, rowsExpected, progress }),
      );
      if (outcome.state !== 'held') return outcome;
      return await endWithoutPublishing(pool, order, outcome);
    } catch (error) {
      return await endWithoutPublishing(pool, order, {
        runId,
        state: 'failed',
        today: order.today.toString(),
        schoolYear: null,
        report: null,
        failure: failureOf(
          signal.aborted ? stopFaultOf(signal) : asValueRefused(toDatabaseError(error)),
        ),
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

async function importInto(
  night: NightConnections,
  pool: pg.Pool,
  order: RunningOrder,
  run: { runId: number; rowsExpected: number | null; progress: ProgressRecord },
): Promise<ImportOutcome> {
  const { districtId } = order;
  const { client } = night;
  const { runId, rowsExpected, progress } = run;
  const steps = createSteps(order, progress);
  const today = order.today.toString();
  // Before the reading: whoever accepts a field meanwhile means the next import.
  const accepted = await findAcceptedFields(pool, districtId);
  const read = await readNight(night, pool, order, {
    today,
    rowsExpected,
    steps,
    progress,
  });
  const { roster, rules, rowsRead, published, found, contacts } = read;
  const memory = await findFieldMemory(pool, districtId);
  const refused = order.source.notGranted();
  const empty = order.source.emptyFields();
  const knowledge = fieldKnowledge({ notGranted: refused, empty, accepted, memory });
  const leftOut = knowledge.leftOut.union(read.unreadable);
  const emptiedIdentity = night.isFirstNight
    ? []
    : await findEmptiedIdentity(client, districtId, { accepted, unreadable: read.unreadable });
  const { setAside, unknown } = await setProblemsAside(client, districtId, {
    ...read,
    today,
    unreadableCodes: order.source.unreadableCodes(),
    notGranted: refused,
    kept: leftOut.union(new Set(emptiedIdentity)),
    accepted: knowledge.acceptedPlaces,
  });

  await steps.begin('deciding');
  const places = { leftOut, unknown, unresolved: read.unresolved };
  const emptied = new EmptiedValues(client, districtId, {
    kept: new Set(emptiedIdentity),
    accepted,
    absent: knowledge.absent,
    schoolYears: roster.schoolYearsRead,
  });
  await assembleEnrollments(client, districtId, places, new Set(emptiedIdentity));
  if (!night.isFirstNight) await emptied.keep('enrollments');
  await addEnrollmentsOfOtherYears(client, districtId, roster.schoolYearsRead);
  const scope = { today: order.today, schoolYear: roster.schoolYear, rules: order.rules };
  await decideStatuses(client, districtId, { ...scope, expired: published.expired });
  const notCreated = await dropUncountedNewStudents(client);
  await noteNumbersUsedBefore(client, districtId);
  await noteRivalDefaults(client, districtId);

  await steps.begin('assembling');
  await assembleRecords(night, districtId, { today, rules }, { ...places, contacts });
  if (!night.isFirstNight) {
    await emptied.keep('students', 'guardians');
    await emptied.markStudents();
  }
  await assembleRedecided(client, districtId, { today, rules });

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
    ...(await reportFields(client, districtId, {
      knowledge,
      refused,
      emptied,
      rowsRead,
      unusable: new Set(read.unusable.keys()),
      isFirst: night.isFirstNight,
      memory,
    })),
    seconds: steps.seconds(),
  };
  const untold = leftOut.union(knowledge.acceptedPlaces);
  const hold = order.allowsMassChange
    ? undefined
    : (holdOfEmptied(emptied) ??
      holdOf(plan, await readLists(pool, order, roster, { ...read, untold }), order.limits));
  const end = async (state: ImportEnd, failure: RunFailure | null = null) => {
    const finished = { ...report, seconds: steps.seconds() };
    const outcome = { state, schoolYear: roster.schoolYear, report: finished, failure };
    await finishRun(client, districtId, runId, { ...outcome, finishedAt: order.now() });
    return { runId, today, ...outcome };
  };

  await steps.begin('publishing');
  const outcome = await inTransaction(client, async () => {
    await recordProblems(client, districtId, runId);
    await recordNumberClashes(client, districtId, runId);
    if (order.isDryRun || hold) await recordPlan(client, districtId, runId);
    if (order.isDryRun) return end('planned', hold ?? null);
    if (hold) return end('held', hold);
    const writes = await publishPlan(client, districtId, runId, plan);
    await closeAcceptances(client, districtId, runId, accepted);
    return end(writes === 0 ? 'unchanged' : 'published');
  });
  order.onProgress({ phase: 'finished' });
  return outcome;
}

/** How full the lists are, compared with the last good night. */
async function readLists(
  pool: pg.Pool,
  order: ImportOrder,
  roster: Roster,
  {
    rowsRead,
    unusable,
    untold,
  }: Pick<ReadNight, 'rowsRead' | 'unusable'> & {
    /** Places that say nothing, or whose empty values were accepted. */
    readonly untold: ReadonlySet<StagedPlace>;
  },
): Promise<ReadLists> {
  const before = await findLastRowsByObject(pool, order.districtId);
  const isEmptied = ({ object, table }: Roster['lists'][number]) =>
    rowsRead[object] === 0 &&
    !isListUntold(table, untold) &&
    (before[object] ?? 0) >= Math.max(1, order.limits.minimum);
  const enrollments = roster.lists.find((list) => list.table === 'enrollments');
  return {
    enrollments: rowsRead[enrollments?.object ?? ''] ?? 0,
    unusable: roster.lists.flatMap(({ table, object }) => {
      const lost = unusable.get(table);
      const { rows, ...why } = lost ?? { rows: 0, field: '', message: '' };
      return rows === 0
        ? []
        : [{ table, object, usable: rowsRead[object] ?? 0, unusable: rows, ...why }];
    }),
    emptied: roster.lists.filter(isEmptied).map((list) => list.object),
    shrunk: shrunkLists(
      roster.lists
        .filter(({ table }) => !isListUntold(table, untold))
        .map(({ object }) => ({
          object,
          before: before[object] ?? 0,
          now: rowsRead[object] ?? 0,
        })),
      order.limits,
    ),
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
