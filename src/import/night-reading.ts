/** The first half of a night: Skyward is read, and what is published beside it; then the two are compared. */
import type pg from 'pg';
import { createAssemblyTables } from './assembly.ts';
import { analyzeLookedUp, createCandidateTables, findCandidates } from './candidates.ts';
import { createComparisonTable } from './comparison.ts';
import { assembleEverybodysContacts, contactSources } from './contacts.ts';
import { createEmptiedTables } from './emptied-values.ts';
import type { RunningOrder } from './import-order.ts';
import { leaveUntidied, type NightConnections, type TableKind } from './night-tables.ts';
import { firstSchoolYearRead } from '../enrollment/school-year.ts';
import type { ListReader } from './list-reader.ts';
import { manyRows, manyStudents, NightReaders } from './night-readers.ts';
import { createProblemTables } from './problem-finding.ts';
import { readPublishedState, type PublishedState } from './published-state.ts';
import type { StagedTable } from '../roster/staged-rows.ts';
import type { StagedPlace } from '../roster/qmlativ-sources.ts';
import type { Roster, RosterList, RowCounts } from './roster-source.ts';
import type { ProgressRecord } from './run-progress.ts';
import type { RunSteps } from './run-steps.ts';
import { createStagingTables, StagedRoster, type UnusableRows } from './staging.ts';
import { createDecisionTable, decidedUnder } from './status-decisions.ts';

/** What was read in a night, and who of it needs a closer look. */
export interface ReadNight {
  readonly roster: Roster;
  /** What decisions are made under tonight. */
  readonly rules: string;
  readonly rowsRead: Readonly<Record<string, number>>;
  readonly hasBirthDates: boolean;
  /** Columns with too many values that cannot be read. */
  readonly unreadable: ReadonlySet<StagedPlace>;
  /** Rows that came and could not be used, by table. */
  readonly unusable: ReadonlyMap<StagedTable, UnusableRows>;
  /** Rows with an id that leads nowhere, by the table and the field that holds the id. */
  readonly unresolved: ReadonlyMap<StagedTable, RowCounts>;
  readonly published: PublishedState;
  readonly found: Awaited<ReturnType<typeof findCandidates>>;
  /** Everybody's contacts, which a second connection puts together meanwhile. */
  readonly contacts: Promise<void> | undefined;
}

/** Reads Skyward and, beside it, what is published; then compares the two. */
export async function readNight(
  night: NightConnections,
  pool: pg.Pool,
  order: RunningOrder,
  {
    today,
    rowsExpected,
    steps,
    progress,
  }: {
    today: string;
    /** What the last good night read; null before the first. */
    rowsExpected: number | null;
    steps: RunSteps;
    progress: ProgressRecord;
  },
): Promise<ReadNight> {
  const { districtId } = order;
  const { client, beside, tables } = night;
  await steps.begin('connecting');
  const readers = new NightReaders(order);
  // A thread takes a while to get ready; Skyward's code tables are read meanwhile.
  if (rowsExpected !== null && rowsExpected >= manyRows) readers.startSecond();
  try {
    const opening = order.source.openRoster({
      today,
      firstSchoolYear: firstSchoolYearRead(order.today),
    });
    // Skyward answers while the tables are made. Whichever fails first is told; of the other nobody asks any more.
    opening.catch(() => undefined);
    await createTables(client, tables);
    const roster = await opening;
    const rules = decidedUnder(roster.schoolYear, order.rules);
    const reading = readPublishedState(pool, districtId, { today, rules });
    reading.catch(() => undefined);
    const staged = await StagedRoster.open(night);
    try {
      await steps.begin('reading');
      await readRoster(order, { roster, staged, readers, progress });
      const contacts = beside && putContactsTogether(beside);
      contacts?.catch(() => undefined);
      await steps.begin('comparing');
      const published = await reading;
      const found = await findCandidates(client, districtId, staged, published.fingerprints);
      const { rowsRead, hasBirthDates, unreadable, unresolved, unusable } = staged;
      const rows = { rowsRead, hasBirthDates, unreadable, unresolved, unusable };
      return { roster, rules, ...rows, published, found, contacts };
    } finally {
      await staged.close();
    }
  } finally {
    await readers.close();
  }
}

async function putContactsTogether(client: pg.ClientBase): Promise<void> {
  await analyzeLookedUp(client, contactSources);
  await assembleEverybodysContacts(client);
}

/** Makes the tables that the night works on. */
async function createTables(client: pg.ClientBase, kind: TableKind): Promise<void> {
  for (const create of [
    createStagingTables,
    createCandidateTables,
    createProblemTables,
    createDecisionTable,
    createAssemblyTables,
    createComparisonTable,
    createEmptiedTables,
  ]) {
    await create(client, kind);
  }
  if (kind === 'unlogged') await leaveUntidied(client);
}

const isOfStudents = ({ table }: RosterList) => table === 'students';

/** Reads all lists, telling how far that is. */
async function readRoster(
  order: RunningOrder,
  to: {
    roster: Roster;
    staged: StagedRoster;
    readers: NightReaders;
    progress: ProgressRecord;
  },
): Promise<void> {
  const { roster, staged, readers } = to;
  const onProgress = (object: string, objectRows: number, rows: number): void => {
    order.signal.throwIfAborted();
    to.progress.read(object, objectRows, rows);
    order.onProgress({ phase: 'reading', object, objectRows, rows });
  };
  const read = async (lists: readonly RosterList[], by: readonly ListReader[]) =>
    staged.read(order.source, lists, { readers: by, onProgress });
  try {
    let lists = roster.lists;
    if (!readers.hasSecond) {
      // How large the district is, its students tell when no night before does.
      await read(lists.filter(isOfStudents), [readers.own]);
      lists = lists.filter((list) => !isOfStudents(list));
      if (staged.takesTwoLists && staged.delivered >= manyStudents) readers.startSecond();
    }
    await read(lists, staged.takesTwoLists ? readers.open(roster) : [readers.own]);
  } finally {
    await readers.close();
  }
  await order.source.confirm(roster);
}
