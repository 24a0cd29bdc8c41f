/**
 * One import run of one district: read, plan, apply.
 *
 *   connecting -> reading -> comparing -> deciding -> assembling -> checking -> publishing -> finished
 *
 * Everything before `publishing` works on temporary tables of the run's connection, so a run that dies at any point
 * leaves the published data unchanged, and the next one starts over. A run that fails or is held still recalculates
 * expired statuses from the published enrollments, because statuses depend on the date.
 */
import type pg from 'pg';
import { toDatabaseError } from '../database/database-error.ts';
import { findAcceptedFields } from './plan/accepted-fields.ts';
import {
  addEnrollmentsOfOtherYears,
  assembleEnrollments,
  assembleRecords,
  assembleRecalculated,
} from './plan/assembly.ts';
import {
  findHoldReasons,
  findShrunkLists,
  isSuspiciouslyEmpty,
  joinReasons,
  type ListCounts,
} from './plan/safety-limits.ts';
import { findExceeded } from './plan/exceeded-limits.ts';
import { addSchoolNames, measureChanges } from './plan/measures.ts';
import { findUnapproved } from './plan/approved-reasons.ts';
import type { HoldReason } from './plan/hold-reason.ts';
import { listShares, readNormalShares } from './plan/normal-shares.ts';
import { compareWithPublished, countPlan } from './plan/comparison.ts';
import { recordRivalDefaults } from './plan/contradictions.ts';
import {
  EmptiedValues,
  findEmptiedIdentity,
  findEmptiedHoldReasons,
} from './plan/emptied-values.ts';
import { countStudentsOnHold, holdDateChanges } from './plan/date-holds.ts';
import { isListUnknown } from './plan/value-sources.ts';
import { toImportError, toFailure, ImportError } from './import-error.ts';
import type { ImportResult, ImportOutcome, ImportReport, RunFailure } from './import-report.ts';
import { withImportSession } from './runs/import-session.ts';
import type { ImportRunOptions, RunningOptions } from './import-options.ts';
import { readAndCompareRoster, type ComparedRoster } from './reading/roster-reading.ts';
import { recordNumbersUsedBefore } from './plan/duplicate-numbers.ts';
import { skipStudentsWithProblems } from './plan/problem-finding.ts';
import { countProblems } from './plan/recorded-problems.ts';
import { publishRun } from './publish/publication.ts';
import { recalculateStatuses } from './publish/recalculation.ts';
import { inactiveThreshold } from '../contract/safety-limits.ts';
import type { StagedPlace } from '../roster/qmlativ-sources.ts';
import type { Roster } from './reading/roster-source.ts';
import { determineFieldStatus, reportFields } from './plan/unknown-fields.ts';
import {
  findHoldReasonsOf,
  findPreviousFields,
  findLastRowsByObject,
  findLastSchoolYear,
  findLastRowsRead,
  finishRun,
  startRun,
} from './runs/run-store.ts';
import { createProgressRecorder, type ProgressRecorder } from './runs/run-progress.ts';
import { createPhases } from './runs/run-phases.ts';
import { findWaitingSince } from './runs/waiting-imports.ts';
import { decideStatuses, dropUncountedNewStudents } from './plan/status-decisions.ts';

/**
 * Runs one import and returns its outcome; an error becomes a `failed` outcome with code, message and advice. Throws
 * only when the run could not be started or recorded.
 */
export async function runImport(pool: pg.Pool, options: ImportRunOptions): Promise<ImportOutcome> {
  const work = async (client: pg.Client): Promise<ImportOutcome> => {
    if (!options.isDryRun) await requireNoWaiting(client, options.districtId);
    const runId = await startRun(pool, options.districtId, {
      ...(options.request ?? { origin: 'command' }),
      today: options.today.toString(),
      isDryRun: options.isDryRun,
      startedAt: options.now(),
    });
    options.onStarted?.(runId);
    const cancel = new AbortController();
    const signal = AbortSignal.any([cancel.signal, ...(options.signal ? [options.signal] : [])]);
    const rowsExpected = (await findLastRowsRead(pool, options.districtId)) ?? null;
    const progress = createProgressRecorder(
      pool,
      { districtId: options.districtId, runId, rowsExpected },
      {
        now: options.now,
        onCancelRequested: (person) => {
          const cancelError = createCancelError(
            `${person} canceled the import before anything was published.`,
          );
          cancel.abort(cancelError);
          options.onCancelRequested?.(cancelError);
        },
      },
    );
    try {
      const outcome = await importInto(client, pool, { ...options, signal }, { runId, progress });
      if (outcome.state !== 'held') return outcome;
      return await endWithoutPublishing(pool, options, outcome);
    } catch (error) {
      return await endWithoutPublishing(pool, options, {
        runId,
        state: 'failed',
        today: options.today.toString(),
        schoolYear: null,
        report: null,
        failure: toFailure(
          signal.aborted ? toCancelError(signal) : toImportError(toDatabaseError(error)),
        ),
        cause: error,
      });
    } finally {
      await progress.close();
    }
  };
  return withImportSession(pool, options.districtId, work, options.lockWaitMs);
}

/** Throws while imports wait after an undo. */
async function requireNoWaiting(client: pg.ClientBase, districtId: number): Promise<void> {
  const waiting = await findWaitingSince(client, districtId);
  if (waiting === undefined) return;
  throw new ImportError(
    'imports-wait',
    'Imports wait, because an import was undone.',
    'Correct the data in Skyward, then let imports continue: on the page Import history, or with `daybreak import continue`.',
  );
}

/** Returns why the run was canceled, whatever error that caused in the current phase. */
const toCancelError = ({ reason }: AbortSignal): ImportError =>
  reason instanceof ImportError
    ? reason
    : createCancelError('The import was canceled before anything was published.');

const createCancelError = (message: string) =>
  new ImportError(
    'import-cancelled',
    message,
    'No data was changed. Start the import again when you want to.',
  );

async function importInto(
  client: pg.ClientBase,
  pool: pg.Pool,
  options: RunningOptions,
  run: { runId: number; progress: ProgressRecorder },
): Promise<ImportOutcome> {
  const { districtId } = options;
  const { runId, progress } = run;
  const steps = createPhases(options, progress);
  const today = options.today.toString();
  const isInitial = await isInitialImport(client, districtId);
  // Read first: a field that is accepted during this import applies to the next one.
  const accepted = await findAcceptedFields(pool, districtId);
  const previous = await findPreviousFields(pool, districtId);
  const read = await readAndCompareRoster(client, pool, options, {
    today,
    isInitial,
    previous,
    steps,
    progress,
  });
  const { roster, rules, rowsRead, published, found } = read;
  const missingPermissions = options.source.missingPermissions();
  const empty = options.source.emptyFields();
  const knowledge = determineFieldStatus({
    missingPermissions,
    empty,
    accepted,
    previous,
  });
  const missing = knowledge.missing.union(read.unreadable);
  const emptiedIdentity = isInitial
    ? []
    : await findEmptiedIdentity(client, districtId, { accepted, unreadable: read.unreadable });
  const { skipped, unknown } = await skipStudentsWithProblems(client, districtId, {
    ...read,
    today,
    unreadableCodes: options.source.unreadableCodes(),
    missingPermissions,
    missing: missing.union(new Set(emptiedIdentity)),
    accepted: knowledge.acceptedPlaces,
  });

  await steps.begin('deciding');
  const places = { missing, unknown, unresolved: read.unresolved };
  const emptied = new EmptiedValues(client, districtId, {
    retained: new Set(emptiedIdentity),
    accepted,
    absent: knowledge.absent,
    emptyPlaces: knowledge.emptyPlaces,
    schoolYears: roster.schoolYearsRead,
  });
  await assembleEnrollments(client, districtId, places, new Set(emptiedIdentity));
  if (!isInitial) await emptied.retain('enrollments');
  await addEnrollmentsOfOtherYears(client, districtId, roster.schoolYearsRead);
  const scope = { today: options.today, schoolYear: roster.schoolYear, rules: options.rules };
  await decideStatuses(client, districtId, { ...scope, expired: published.expired });
  const dateHold = await holdDateChanges(client, districtId, {
    ...scope,
    limits: inactiveThreshold(options.limits),
    // Who approves an import on hold has seen its changes, and none of those by the date alone.
    allowsDateChanges: options.allowsMassChange && options.request?.approvedRunId === undefined,
  });
  const notImported = await dropUncountedNewStudents(client);
  await recordNumbersUsedBefore(client, districtId);
  await recordRivalDefaults(client, districtId);

  await steps.begin('assembling');
  await assembleRecords(client, districtId, { today, rules }, places);
  if (!isInitial) {
    await emptied.retain('students', 'guardians');
    await emptied.markStudents();
  }
  await assembleRecalculated(client, districtId, { today, rules });

  await steps.begin('checking');
  await compareWithPublished(client, districtId);
  const plan = await countPlan(client, districtId, {
    received: found.received,
    uncountedBefore: published.uncounted,
  });
  const report: ImportReport = {
    ...plan,
    rowsRead,
    compared: found.changedStudents,
    skipped,
    notImported: { ...notImported, 'without-enrollment': found.withoutEnrollment },
    problems: await countProblems(client),
    onHold: await countStudentsOnHold(client, districtId),
    ...(await reportFields(client, districtId, {
      fieldStatus: knowledge,
      missingPermissions,
      emptied,
      rowsRead,
      unusable: new Set(read.unusable.keys()),
      isFirst: isInitial,
      previous,
    })),
    seconds: steps.seconds(),
  };
  const unknownPlaces = missing.union(knowledge.acceptedPlaces);
  const measured = await measureChanges(client, districtId, plan, {
    today,
    isInitial,
    accepted: knowledge.acceptedPlaces,
  });
  const exceeded = findExceeded(measured, options.limits, await readNormalShares(pool, districtId));
  const reasons = [
    ...findEmptiedHoldReasons(emptied),
    ...findHoldReasons(
      { ...plan, isInitial },
      await readLists(pool, options, roster, { ...read, unknownPlaces }),
      await addSchoolNames(client, districtId, exceeded),
    ),
  ];
  const holdReason = joinReasons(await keepUnapproved(pool, options, reasons));
  const finish = async (state: ImportResult, failure: RunFailure | null = null) => {
    const finished = { ...report, seconds: steps.seconds() };
    const outcome = { state, schoolYear: roster.schoolYear, report: finished, failure };
    await finishRun(client, districtId, runId, { ...outcome, finishedAt: options.now() });
    return { runId, today, ...outcome };
  };

  await steps.begin('publishing');
  const outcome = await publishRun(client, { districtId, runId }, plan, {
    isDryRun: options.isDryRun,
    dateHold,
    holdReason,
    accepted,
    shares: listShares(measured, options.limits),
    finish,
  });
  options.onProgress({ phase: 'finished' });
  return outcome;
}

/** Returns the reasons that no person has approved; an approval covers what the held import showed. */
async function keepUnapproved(
  pool: pg.Pool,
  { districtId, allowsMassChange, request }: ImportRunOptions,
  reasons: readonly HoldReason[],
): Promise<readonly HoldReason[]> {
  if (!allowsMassChange || reasons.length === 0) return reasons;
  if (request?.approvedRunId === undefined) return [];
  const approved = await findHoldReasonsOf(pool, districtId, request.approvedRunId);
  return approved === undefined ? [] : findUnapproved(reasons, approved);
}

/** Returns whether no student from Skyward is published yet. */
async function isInitialImport(client: pg.ClientBase, districtId: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'select from students where district_id = $1 and skyward_id is not null limit 1',
    [districtId],
  );
  return rowCount === 0;
}

/** Compares the row counts of the lists with those of the last completed import. */
async function readLists(
  pool: pg.Pool,
  options: ImportRunOptions,
  roster: Roster,
  {
    rowsRead,
    unusable,
    unknownPlaces,
  }: Pick<ComparedRoster, 'rowsRead' | 'unusable'> & {
    /** Places that are unknown, or whose empty values were accepted. */
    readonly unknownPlaces: ReadonlySet<StagedPlace>;
  },
): Promise<ListCounts> {
  const before = await findLastRowsByObject(pool, options.districtId);
  const wasEmptied = ({ object, table }: Roster['lists'][number]) =>
    rowsRead[object] === 0 &&
    !isListUnknown(table, unknownPlaces) &&
    isSuspiciouslyEmpty(before[object] ?? 0);
  const enrollments = roster.lists.find((list) => list.table === 'enrollments');
  return {
    enrollments: rowsRead[enrollments?.object ?? ''] ?? 0,
    unusable: roster.lists.flatMap(({ table, object }) => {
      const unusableRows = unusable.get(table);
      const { rows, ...why } = unusableRows ?? { rows: 0, field: '', message: '' };
      return rows === 0
        ? []
        : [{ table, object, usable: rowsRead[object] ?? 0, unusable: rows, ...why }];
    }),
    emptied: roster.lists.filter(wasEmptied).map((list) => list.object),
    shrunk: findShrunkLists(
      roster.lists
        .filter(({ table }) => !isListUnknown(table, unknownPlaces))
        .map(({ object }) => ({
          object,
          before: before[object] ?? 0,
          now: rowsRead[object] ?? 0,
        })),
      options.limits,
    ),
  };
}

/** Finishes a run that published nothing, after recalculating expired statuses. */
async function endWithoutPublishing(
  pool: pg.Pool,
  options: ImportRunOptions,
  outcome: ImportOutcome,
): Promise<ImportOutcome> {
  let recalculated = 0;
  if (!options.isDryRun) {
    const schoolYear = await findLastSchoolYear(pool, options.districtId);
    if (schoolYear !== undefined) {
      const { districtId, today, rules, limits } = options;
      const runOf = async () => outcome.runId;
      const result = await recalculateStatuses(pool, {
        districtId,
        today,
        schoolYear,
        rules,
        limits,
        findRun: runOf,
      });
      recalculated = result.decided;
    }
  }
  const report = outcome.report === null ? null : { ...outcome.report, recalculated };
  const final = { ...outcome, report };
  await finishRun(pool, options.districtId, outcome.runId, { ...final, finishedAt: options.now() });
  options.onProgress({ phase: 'finished' });
  return final;
}
