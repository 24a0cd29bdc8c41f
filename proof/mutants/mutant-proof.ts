/**
 * Proves imports from mutants. Each starts with a database in which the district was imported in the default forms;
 * then records change, Skyward responds in the mutant's forms, and an import runs. It must publish the same data as in
 * the default forms, or stop with the cause and change nothing. The same applies to an initial import.
 */
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import { openPool, type Database } from '../../src/database/database.ts';
import type { ImportOutcome } from '../../src/import/import-report.ts';
import {
  integrationTokenFor,
  unnamedVendor,
  type VendorIdentity,
} from '../../src/qmlativ/vendor-identity.ts';
import {
  cloneDatabase,
  dropDatabase,
  openClone,
  type Server,
} from '../../tests/servers/database-clone.ts';
import {
  addDistrict,
  sandboxDate,
  runSandboxImport,
} from '../../tests/skyward/sandbox-district.ts';
import { publishedData } from '../../tests/builders/published-data.ts';
import { changeDistrict } from './changed-district.ts';
import { findExpectedStop, type Mutant } from './mutants.ts';
import {
  expectedRecords,
  publishedRecords,
  recordDifferences,
  type PublishedRecords,
} from './published-records.ts';

export interface MutantResult {
  mutants: number;
  /** Mutants whose two imports had the expected outcome. */
  correct: number;
  imports: number;
  /** Imports that must yield the right data, and those that must stop. */
  expected: { data: number; stops: number };
  differences: string[];
}

export interface MutantOptions {
  /** The number of the first. */
  readonly from: number;
  /** Concurrent imports. */
  readonly workers: number;
  /** Whether to search for the smallest set of switches that still fails. */
  readonly shrinks: boolean;
}

/** Rows per page: small enough for several pages, and over 100, which some servers reject. */
const pageSize = 120;

/** Switches that change the district's data, and so the expected data. */
const dataSwitches: ReadonlySet<string> = new Set(['withdrawal-date', 'no-show']);

/** The state before a mutant. */
interface MutantStart {
  readonly server: Server;
  readonly template: string;
  readonly districtId: number;
  readonly before: PublishedRecords;
  /** Expected data, by the switches that change the data. */
  readonly references: Map<string, Promise<Reference>>;
}

interface Reference {
  readonly following: PublishedRecords;
  readonly initial: PublishedRecords;
}

/** Imports from each mutant and reports those with another outcome than expected. */
export async function proveMutants(
  server: Server,
  mutants: readonly Mutant[],
  { from, workers, shrinks }: MutantOptions,
  onProgress: (sentence: string) => void,
): Promise<MutantResult> {
  const result: MutantResult = {
    mutants: mutants.length,
    correct: 0,
    imports: 0,
    expected: { data: 0, stops: 0 },
    differences: [],
  };
  const start = await prepare(server);
  const queue = [...mutants.entries()];
  const causes: { readonly cause: Mutant; readonly messages: string }[] = [];
  const tryMutant = async (mutant: Mutant) => {
    result.imports += 2;
    return importFrom(start, mutant);
  };
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, mutant] = next;
      result.expected[findExpectedStop(mutant) === undefined ? 'data' : 'stops'] += 2;
      const problem = await tryMutant(mutant);
      if (problem === undefined) {
        result.correct += 1;
        continue;
      }
      const known = causes.find(
        ({ cause, messages }) =>
          isSubset(cause, mutant) && messages.slice(0, 60) === problem.slice(0, 60),
      );
      const cause = known?.cause ?? (shrinks ? await shrink(mutant, tryMutant) : mutant);
      const messages =
        known === undefined && shrinks ? ((await tryMutant(cause)) ?? problem) : problem;
      if (known === undefined) causes.push({ cause, messages });
      const sentence = `mutant ${from + index}: ${formatMutant(cause)}: expected ${findExpectedStop(cause) ?? 'the right data'}; ${messages}`;
      result.differences.push(sentence);
      onProgress(sentence);
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    await dropDatabase(server, start.template);
  }
  return result;
}

const openSkyward = (mutant: Mutant) =>
  startSandbox({
    port: 0,
    today: sandboxDate,
    students: 110,
    schools: 3,
    years: 3,
    seed: 5,
    switches: mutant,
  });

/** Imports the district once in the default forms, into a database that each mutant clones. */
async function prepare(server: Server): Promise<MutantStart> {
  const template = await cloneDatabase(server, server.database);
  const database = await openPool({ ...server, database: template }, { migrate: false }, () =>
    Promise.resolve(),
  );
  const skyward = await openSkyward({});
  try {
    const districtId = await addDistrict(database, 'mutants.example');
    requirePublished(await importInto(database, skyward, districtId, {}));
    const before = await publishedRecords(database.pool, districtId);
    return { server, template, districtId, before, references: new Map() };
  } finally {
    await skyward.close();
    await database.close();
  }
}

function importInto(
  database: Database,
  skyward: RunningSandbox,
  districtId: number,
  mutant: Mutant,
): Promise<ImportOutcome> {
  return runSandboxImport(database.pool, skyward, districtId, {
    connection: {
      pageSize,
      // As an administrator would configure it.
      entityId: mutant['system-metadata'] === 'refused' ? skyward.entityId : undefined,
      integrationToken: integrationTokenFor(createVendor(skyward), {
        baseUrl: skyward.baseUrl,
        integrationTokenName: null,
      }),
      // The default retries, without delays.
      retry: {},
      delay: () => Promise.resolve(),
    },
  });
}

/** Returns a vendor whose token may be sent to this machine. */
const createVendor = ({ sandbox, baseUrl }: RunningSandbox): VendorIdentity => ({
  ...unnamedVendor,
  integrationTokens: new Map([['', sandbox.integrationToken]]),
  integrationHosts: [new URL(baseUrl).hostname],
});

function requirePublished(outcome: ImportOutcome): void {
  if (outcome.state === 'published') return;
  throw new Error(
    `An import in the default forms is ${outcome.state}: ${outcome.failure?.message}`,
  );
}

/** Returns what is wrong with the imports from a mutant; undefined if nothing. */
async function importFrom(start: MutantStart, mutant: Mutant): Promise<string | undefined> {
  const reference = await getReference(start, mutant);
  return withChangedDistrict(start, mutant, async ({ skyward, database }) => {
    const { districtId, before } = start;
    const data = await publishedData(database.pool, districtId);
    const following = await importInto(database, skyward, districtId, mutant);
    const isUntouched = (await publishedData(database.pool, districtId)) === data;
    const followingProblem = findProblem(following, mutant, findExpectedStop(mutant), {
      isUntouched,
      messages: await readMessages(database, following),
      expected: expectedRecords(mutant, reference.following, before),
      found: await publishedRecords(database.pool, districtId),
    });
    if (followingProblem !== undefined) return `a later import ${followingProblem}`;
    const newDistrictId = await addDistrict(database, 'first.example');
    const initial = await importInto(database, skyward, newDistrictId, mutant);
    const found = await publishedRecords(database.pool, newDistrictId);
    const messages = await readMessages(database, initial);
    const initialProblem = isDecidedByHistory(mutant)
      ? findUnnamedStop(messages, mutant)
      : findProblem(initial, mutant, findExpectedStop(mutant), {
          isUntouched: found.size === 0,
          messages,
          expected: expectedRecords(mutant, reference.initial, undefined),
          found,
        });
    return initialProblem === undefined ? undefined : `an initial import ${initialProblem}`;
  });
}

interface MutantStage {
  readonly skyward: RunningSandbox;
  readonly database: Database;
}

/** Opens Skyward after the changes, in a mutant's forms, and a copy of the database before them. */
async function withChangedDistrict<Result>(
  { server, template }: MutantStart,
  mutant: Mutant,
  run: (stage: MutantStage) => Promise<Result>,
): Promise<Result> {
  const skyward = await openSkyward(mutant);
  try {
    changeDistrict(skyward.sandbox);
    const database = await openClone(server, template);
    try {
      return await run({ skyward, database });
    } finally {
      await database.close();
    }
  } finally {
    await skyward.close();
  }
}

/** Returns what imports publish in the default forms from the same data. */
function getReference(start: MutantStart, mutant: Mutant): Promise<Reference> {
  const dataMutant: Mutant = Object.fromEntries(
    Object.entries(mutant).filter(([name]) => dataSwitches.has(name)),
  );
  const key = formatMutant(dataMutant);
  const found = start.references.get(key) ?? readReference(start, dataMutant);
  start.references.set(key, found);
  return found;
}

function readReference(start: MutantStart, dataMutant: Mutant): Promise<Reference> {
  return withChangedDistrict(start, dataMutant, async ({ skyward, database }) => {
    requirePublished(await importInto(database, skyward, start.districtId, {}));
    const newDistrictId = await addDistrict(database, 'first.example');
    requirePublished(await importInto(database, skyward, newDistrictId, {}));
    return {
      following: await publishedRecords(database.pool, start.districtId),
      initial: await publishedRecords(database.pool, newDistrictId),
    };
  });
}

interface ImportObservation {
  readonly isUntouched: boolean;
  /** The report and its problems as text. */
  readonly messages: string;
  readonly expected: PublishedRecords;
  readonly found: PublishedRecords;
}

function findProblem(
  outcome: ImportOutcome,
  mutant: Mutant,
  stop: string | undefined,
  { isUntouched, messages, expected, found }: ImportObservation,
): string | undefined {
  if (stop !== undefined) {
    if (outcome.state !== 'failed' && outcome.state !== 'held') return `is ${outcome.state}`;
    if (!isUntouched) return 'changed what was published';
    return formatFailure(outcome).includes(stop) ? undefined : `says: ${formatFailure(outcome)}`;
  }
  if (outcome.state !== 'published') return `is ${outcome.state}: ${formatFailure(outcome)}`;
  const differences = recordDifferences(expected, found);
  if (differences.length > 0)
    return `publishes other data: ${differences.slice(0, 3).join('; ')} (${differences.length} in all)`;
  return findUnreported(messages, mutant);
}

/** Returns the failure with its details for support, which name Skyward's objects. */
const formatFailure = ({ failure }: ImportOutcome) =>
  [failure?.message, failure?.advice, failure?.details].filter(Boolean).join(' ');

/** Returns the report and problems of an import as text, without row counts. */
async function readMessages({ pool }: Database, outcome: ImportOutcome): Promise<string> {
  const { rows } = await pool.query(
    'select distinct kind, object, field, message from import_problems where run_id = $1',
    [outcome.runId],
  );
  const report = { ...outcome.report, rowsRead: undefined, seconds: undefined };
  return `${formatFailure(outcome)} ${JSON.stringify(report)} ${JSON.stringify(rows)}`;
}

/** What a report must name if permission for it is missing. */
const reportedNames = {
  'list-not-granted': 'Demographics/NameEmail',
  'table-not-granted': 'Demographics/Relationship',
  'field-not-granted': 'MiddleName',
} as const;

function findUnreported(messages: string, mutant: Mutant): string | undefined {
  for (const [name, what] of Object.entries(reportedNames)) {
    const value = mutant[name as keyof typeof reportedNames];
    if (value !== undefined && !messages.includes(what)) return `does not report ${what}`;
  }
  return undefined;
}

/**
 * Returns whether the outcome depends on earlier imports: an empty list stops a later import, while in an initial import
 * it may really be empty. The same applies to a field in no row if the metadata do not show permissions.
 */
const isDecidedByHistory = (mutant: Mutant) =>
  mutant['list-not-granted'] === 'empty-list' ||
  mutant['required-field-not-granted'] === 'null-for-all' ||
  (mutant['required-field-not-granted'] === 'absent' && mutant['field-metadata'] === 'refused');

/** An initial import may publish or stop, but must name what was empty. */
function findUnnamedStop(messages: string, mutant: Mutant): string | undefined {
  const what = findExpectedStop(mutant) ?? '';
  return messages.includes(what) ? undefined : `does not name ${what}`;
}

/** Finds the fewest switches that still fail, by resetting smaller and smaller groups to their defaults. */
async function shrink(
  mutant: Mutant,
  findProblemWith: (mutant: Mutant) => Promise<string | undefined>,
): Promise<Mutant> {
  let remaining = Object.entries(mutant);
  for (
    let size = Math.ceil(remaining.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let start = 0; start < remaining.length;) {
      const rest = remaining.toSpliced(start, size);
      if (rest.length > 0 && (await findProblemWith(Object.fromEntries(rest))) !== undefined)
        remaining = rest;
      else start += size;
    }
  }
  return Object.fromEntries(remaining);
}

function isSubset(part: Mutant, whole: Mutant): boolean {
  const values = Object.entries(whole).map((pair) => pair.join('='));
  return Object.entries(part).every((pair) => values.includes(pair.join('=')));
}

const formatMutant = (mutant: Mutant) =>
  Object.entries(mutant)
    .map((pair) => pair.join('='))
    .join(' ') || 'nothing';
