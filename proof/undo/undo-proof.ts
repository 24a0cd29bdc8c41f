/** Random histories of small districts, each undone to a random import and compared with what was published then. */
import { createRandom, type Random } from '../../sandbox/random.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Database } from '../../src/database/database.ts';
import { writeInDistrict } from '../../src/database/district-and-school-scope.ts';
import { defaultStatusRules } from '../../src/enrollment/status-settings.ts';
import { runImport } from '../../src/import/import-run.ts';
import type { RosterSource } from '../../src/import/reading/roster-source.ts';
import { letImportsContinue } from '../../src/import/runs/waiting-imports.ts';
import { undoImport } from '../../src/import/undo/import-undo.ts';
import { createQmlativSource } from '../../src/qmlativ/lists/roster-source.ts';
import { addDistrict, sandboxDate } from '../../tests/skyward/sandbox-district.ts';
import {
  createMemorySource,
  listStudentIds,
  type MemoryRoster,
  readRoster,
} from './memory-roster.ts';
import { changeSkyward, listDelivered } from './roster-changes.ts';
import { type Expectations, changeByHand, createExpectations } from './manual-changes.ts';
import { compareStates, readState, type State } from './published-state.ts';

export interface UndoProofOptions {
  readonly histories: number;
  /** The number of the first history. */
  readonly from: number;
}

export interface UndoProofResult {
  histories: number;
  imports: number;
  /** Imports that were undone, the chosen ones and later ones. */
  undone: number;
  /** Values of students, guardians and enrollments compared. */
  compared: number;
  /** Values that the undo restored. */
  broughtBack: number;
  changes: Record<string, number>;
  differences: string[];
}

/** The number of sandbox districts from which the histories start. */
const districts = 5;

/** Runs the histories and reports progress every twenty-five. */
export async function proveUndo(
  database: Database,
  { histories, from }: UndoProofOptions,
  onProgress: (sentence: string) => void,
): Promise<UndoProofResult> {
  const rosters = new Map<number, MemoryRoster>();
  const result: UndoProofResult = {
    histories: 0,
    imports: 0,
    undone: 0,
    compared: 0,
    broughtBack: 0,
    changes: {},
    differences: [],
  };
  for (let number = from; number < from + histories; number += 1) {
    const seed = (number % districts) + 1;
    const roster = rosters.get(seed) ?? (await readSandbox(seed));
    rosters.set(seed, roster);
    await proveHistory(database, roster, number, result);
    result.histories += 1;
    if (result.histories % 25 === 0)
      onProgress(
        `${result.histories} histories, ${result.compared} values compared, ${result.differences.length} differences`,
      );
  }
  return result;
}

/** Reads everything of a small sandbox district once. */
async function readSandbox(seed: number): Promise<MemoryRoster> {
  const skyward = await startSandbox({ port: 0, students: 16, seed, today: sandboxDate });
  const source = createQmlativSource({
    baseUrl: skyward.baseUrl,
    clientKey: skyward.clientKey,
    clientSecret: skyward.clientSecret,
    entityId: skyward.entityId,
    allowPrivateAddresses: true,
  });
  try {
    return await readRoster(source, sandboxDate);
  } finally {
    await source.close();
    await skyward.close();
  }
}

interface History {
  readonly database: Database;
  readonly districtId: number;
  readonly random: Random;
  readonly roster: MemoryRoster;
  readonly expectations: Expectations;
}

/** What was published before an import. */
interface Moment {
  readonly runId: number;
  readonly before: State;
}

async function proveHistory(
  database: Database,
  original: MemoryRoster,
  number: number,
  result: UndoProofResult,
): Promise<void> {
  const random = createRandom(number + 1);
  const districtId = await addDistrict(database, `undo-${number}.example`);
  const roster: MemoryRoster = structuredClone(original);
  const history: History = {
    database,
    districtId,
    random,
    roster,
    expectations: createExpectations(),
  };
  const count = (kind: string) => {
    result.changes[kind] = (result.changes[kind] ?? 0) + 1;
  };
  // Half of the histories pass day by day; then statuses may differ from those of that day.
  const passesDays = number % 2 === 1;
  const day = (index: number) =>
    passesDays
      ? Temporal.PlainDate.from(sandboxDate).add({ days: index * 3 })
      : Temporal.PlainDate.from(sandboxDate);
  for (const id of listStudentIds(roster).slice(0, 4)) roster.hidden.add(id);
  await importOnce(history, day(0));
  const moments: Moment[] = [];
  const imports = random.between(2, 5);
  for (let index = 1; index <= imports; index += 1) {
    for (let change = random.between(1, 6); change > 0; change -= 1)
      count(changeSkyward(roster, random));
    const before = await readState(database, districtId);
    const { runId, state } = await importOnce(history, day(index));
    result.imports += 1;
    if (state === 'published') moments.push({ runId, before });
    for (let change = random.below(3); change > 0; change -= 1)
      count(await changeByHand(history, runId));
  }
  const chosen = moments[random.below(moments.length)];
  if (chosen === undefined) return;
  const present = await readState(database, districtId);
  const kept = await countKept(database, districtId);
  const outcome = await undoImport(database.pool, {
    districtId,
    undoesRunId: chosen.runId,
    reason: 'Wrong data',
    request: { origin: 'command' },
    isDryRun: false,
    today: day(imports),
    rules: defaultStatusRules,
    now: () => Temporal.Now.instant(),
  });
  const add = (difference: string) => result.differences.push(`history ${number}: ${difference}`);
  if (outcome.state !== 'restored') {
    add(`the undo is ${outcome.state}: ${outcome.failure?.message} ${String(outcome.cause)}`);
    return;
  }
  result.undone += outcome.report?.undo?.imports.length ?? 0;
  result.broughtBack += Object.values(outcome.report?.changesByField ?? {}).reduce(
    (a, b) => a + b,
    0,
  );
  const expected = history.expectations.after(chosen, present, outcome.runId);
  const found = await readState(database, districtId);
  const comparison = compareStates(expected, found, { withStatus: !passesDays });
  result.compared += comparison.compared;
  const allowed = outcome.report?.undo?.keptIds ?? 0;
  const differences = comparison.differences.filter((one) => !one.includes(' skyward_id '));
  differences.forEach(add);
  if (comparison.differences.length - differences.length > allowed)
    add(`${comparison.differences.length} records have another Skyward ID`);
  if (JSON.stringify(await countKept(database, districtId)) !== JSON.stringify(kept))
    add('notes, documents or manual changes were lost');
  await letImportsContinue(database.pool, districtId, 'Sam Poe');
  const again = await importOnce(history, day(imports));
  if (again.state !== 'published' && again.state !== 'unchanged')
    add(`the next import is ${again.state}: ${again.failure?.message}`);
  // All that Skyward delivers is as it was before the undo. A student who has another Skyward ID and another number
  // since is not recognized any more.
  const delivered = listDelivered(roster);
  const received = new Map(
    [...present].filter(
      ([id, { student }]) =>
        delivered.has(Number(student['skyward_id'])) &&
        (found.get(id)?.student['skyward_id'] === student['skyward_id'] ||
          found.get(id)?.student['student_number'] === student['student_number']),
    ),
  );
  const afterwards = compareStates(received, await readState(database, districtId), {
    withStatus: true,
    isWhole: false,
  });
  afterwards.differences.forEach((one) => add(`after the next import: ${one}`));
  result.compared += afterwards.compared;
}

async function importOnce({ database, districtId, roster }: History, today: Temporal.PlainDate) {
  const source: RosterSource = createMemorySource(roster);
  return runImport(database.pool, {
    districtId,
    source,
    today,
    rules: defaultStatusRules,
    limits: { inactive: { district: { share: 1, minimum: 1_000 } } },
    isDryRun: false,
    allowsMassChange: true,
    now: () => Temporal.Now.instant(),
    onProgress: () => undefined,
  });
}

/** What users own, in rows. */
const ownTables = [
  'documents',
  'document_versions',
  'student_staff_values',
  'hand_changes',
  'hand_set_statuses',
  'kept_apart',
  'removed_students',
];

async function countKept(database: Database, districtId: number): Promise<readonly string[]> {
  return writeInDistrict(database.pool, { districtId, schools: null }, async () => {
    const lists: string[] = [];
    for (const table of ownTables) {
      const { rows } = await database.pool.query<{ list: string }>(
        `select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as list from ${table} t where district_id = $1`,
        [districtId],
      );
      lists.push(rows[0]?.list ?? '');
    }
    return lists;
  });
}
