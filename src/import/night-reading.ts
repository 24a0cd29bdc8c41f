/** The first half of a night: Skyward is read, and what is published beside it; then the two are compared. */
import type pg from 'pg';
import { createAssemblyTables } from './assembly.ts';
import { createCandidateTables, findCandidates, isFirstNight } from './candidates.ts';
import { createComparisonTable } from './comparison.ts';
import type { RunningOrder } from './import-order.ts';
import { createOwnReader, type ListReader } from './list-reader.ts';
import { createProblemTables } from './problem-finding.ts';
import { readPublishedState, type PublishedState } from './published-state.ts';
import { ReadingThread } from './reading-thread.ts';
import type { Roster } from './roster-source.ts';
import type { ProgressRecord } from './run-progress.ts';
import type { RunSteps } from './run-steps.ts';
import { createStagingTables, StagedRoster } from './staging.ts';
import { createDecisionTable, decidedUnder } from './status-decisions.ts';

/** What was read in a night, and who of it needs a closer look. */
export interface ReadNight {
  readonly roster: Roster;
  /** What decisions are made under tonight. */
  readonly rules: string;
  readonly rowsRead: Readonly<Record<string, number>>;
  readonly hasBirthDates: boolean;
  readonly published: PublishedState;
  readonly found: Awaited<ReturnType<typeof findCandidates>>;
}

/** Reads Skyward and, beside it, what is published; then compares the two. */
export async function readNight(
  client: pg.Client,
  pool: pg.Pool,
  order: RunningOrder,
  {
    today,
    since,
    rowsExpected,
    steps,
    progress,
  }: {
    today: string;
    since: Temporal.PlainDate;
    /** What the last good night read; null before the first. */
    rowsExpected: number | null;
    steps: RunSteps;
    progress: ProgressRecord;
  },
): Promise<ReadNight> {
  const { districtId } = order;
  await steps.begin('connecting');
  const isFirst = await isFirstNight(client, districtId);
  // It takes a while to get ready; Skyward's code tables are read meanwhile.
  const thread = isFirst ? undefined : startThread(order, rowsExpected);
  try {
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
    const staged = await StagedRoster.open(client, isFirst);
    try {
      await steps.begin('reading');
      await readRoster(order, { roster, staged, thread, progress });
      await steps.begin('comparing');
      const published = await reading;
      const found = await findCandidates(client, districtId, staged, published.fingerprints);
      const { rowsRead, hasBirthDates } = staged;
      return { roster, rules, rowsRead, hasBirthDates, published, found };
    } finally {
      await staged.close();
    }
  } finally {
    await thread?.close();
  }
}

/** With fewer rows than these a second thread has hardly begun when all is read. */
const fewestRowsForTwo = 50_000;

/** Starts the thread that reads a part of the lists, where it pays. */
function startThread(order: RunningOrder, rowsExpected: number | null): ReadingThread | undefined {
  const { threadModule } = order.source;
  const threads = order.threads ?? ((rowsExpected ?? 0) < fewestRowsForTwo ? 1 : 2);
  return threads === 1 || threadModule === undefined ? undefined : new ReadingThread(threadModule);
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
  to: {
    roster: Roster;
    staged: StagedRoster;
    thread: ReadingThread | undefined;
    progress: ProgressRecord;
  },
): Promise<void> {
  const { roster, staged, thread } = to;
  const readers: ListReader[] = [createOwnReader()];
  if (thread !== undefined && staged.takesTwoLists) {
    thread.open(order.source, roster);
    readers.push(thread);
  }
  const onProgress = (object: string, objectRows: number, rows: number): void => {
    order.signal.throwIfAborted();
    to.progress.read(object, objectRows, rows);
    order.onProgress({ phase: 'reading', object, objectRows, rows });
  };
  try {
    await staged.read(order.source, roster.lists, { readers, onProgress });
  } finally {
    await thread?.close();
  }
  await order.source.confirm(roster);
}
