/** The first half of an import: reads Skyward and, at the same time, the published state, and compares them. */
import type pg from 'pg';
import { createAssemblyTables } from '../plan/assembly.ts';
import { createChangedStudentTables, findChangedStudents } from '../plan/changed-students.ts';
import { createComparisonTable } from '../plan/comparison.ts';
import { createEmptiedTables } from '../plan/emptied-values.ts';
import type { RunningOptions } from '../import-options.ts';
import { formatDecisionSettings } from '../../enrollment/decision-settings.ts';
import { firstSchoolYearRead } from '../../enrollment/school-year.ts';
import { createProblemTables } from '../plan/problem-finding.ts';
import { readPublishedState, type PublishedState } from '../plan/published-state.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import type { StagedPlace } from '../../roster/qmlativ-sources.ts';
import type { Roster, RowCounts } from './roster-source.ts';
import type { ProgressRecorder } from '../runs/run-progress.ts';
import type { RunPhases } from '../runs/run-phases.ts';
import { createStagingTables, StagedRoster, type UnusableRows } from './staging.ts';
import { createDateHoldTables } from '../plan/date-holds.ts';
import { createDecisionTable } from '../plan/status-decisions.ts';
import { isAvailableAgain, type PreviousFields } from '../plan/unknown-fields.ts';

/** What was read, and the changed students. */
export interface ComparedRoster {
  readonly roster: Roster;
  /** The settings on which this import's decisions are based. */
  readonly rules: string;
  readonly rowsRead: Readonly<Record<string, number>>;
  readonly hasBirthDates: boolean;
  /** Columns with too many unreadable values. */
  readonly unreadable: ReadonlySet<StagedPlace>;
  /** Unusable rows by table. */
  readonly unusable: ReadonlyMap<StagedTable, UnusableRows>;
  /** Rows with a dangling id, by table and field. */
  readonly unresolved: ReadonlyMap<StagedTable, RowCounts>;
  readonly published: PublishedState;
  readonly found: Awaited<ReturnType<typeof findChangedStudents>>;
}

/** Reads Skyward and the published state at the same time, then compares them. */
export async function readAndCompareRoster(
  client: pg.ClientBase,
  pool: pg.Pool,
  options: RunningOptions,
  {
    today,
    isInitial,
    previous,
    steps,
    progress,
  }: {
    today: string;
    isInitial: boolean;
    /** The fields of the last completed import. */
    previous: PreviousFields | undefined;
    steps: RunPhases;
    progress: ProgressRecorder;
  },
): Promise<ComparedRoster> {
  const { districtId } = options;
  await steps.begin('connecting');
  const opening = options.source.openRoster({
    today,
    firstSchoolYear: firstSchoolYearRead(options.today),
  });
  // The first request runs while tables are created. Reports the first rejection and ignores the other.
  opening.catch(() => undefined);
  await createTables(client);
  const roster = await opening;
  const rules = formatDecisionSettings({ schoolYear: roster.schoolYear, rules: options.rules });
  const reading = readPublishedState(pool, districtId, { today, rules });
  reading.catch(() => undefined);
  const staged = await StagedRoster.open(client, isInitial);
  try {
    await steps.begin('reading');
    await staged.read(options.source, roster.lists, {
      stop: () => options.source.close(),
      onProgress: (object, objectRows, rows) => {
        options.signal.throwIfAborted();
        progress.read(object, objectRows, rows);
        options.onProgress({ phase: 'reading', object, objectRows, rows });
      },
    });
    await options.source.confirm(roster);
    await steps.begin('comparing');
    const published = await reading;
    const mustCheckAll = isAvailableAgain(
      previous,
      options.source.missingPermissions(),
      options.source.emptyFields(),
    );
    const fingerprints = mustCheckAll
      ? published.fingerprints.withoutFingerprints()
      : published.fingerprints;
    const found = await findChangedStudents(client, districtId, staged, fingerprints);
    const { rowsRead, hasBirthDates, unreadable, unresolved, unusable } = staged;
    const rows = { rowsRead, hasBirthDates, unreadable, unresolved, unusable };
    return { roster, rules, ...rows, published, found };
  } finally {
    await staged.close();
  }
}

/** Creates the temporary tables of the run. */
async function createTables(client: pg.ClientBase): Promise<void> {
  for (const create of [
    createStagingTables,
    createChangedStudentTables,
    createProblemTables,
    createDecisionTable,
    createDateHoldTables,
    createAssemblyTables,
    createComparisonTable,
    createEmptiedTables,
  ]) {
    await create(client);
  }
}
