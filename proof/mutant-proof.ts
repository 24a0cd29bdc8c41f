/**
 * Imports from mutants. Each is a database in which the district was imported in the default forms; then something
 * changes in Skyward, Skyward begins to speak in the mutant's forms, and an import runs. It must bring the very data
 * that it brings in the default forms, or stop with the cause and change nothing. The same for a first import.
 */
import { startSandbox, type RunningSandbox } from '../sandbox/sandbox.ts';
import { openPool, type Database } from '../src/database/database.ts';
import type { ImportOutcome } from '../src/import/import-report.ts';
import {
  integrationTokenFor,
  unnamedVendor,
  type VendorIdentity,
} from '../src/qmlativ/vendor-identity.ts';
import {
  cloneDatabase,
  dropDatabase,
  openClone,
  type Server,
} from '../tests/servers/database-clone.ts';
import { addDistrict, sandboxDate, runSandboxImport } from '../tests/skyward/sandbox-district.ts';
import { publishedData } from '../tests/builders/published-data.ts';
import { changeDistrict } from './mutant-district.ts';
import { stopOf, type Mutant } from './mutants.ts';
import {
  expectedRecords,
  publishedRecords,
  recordDifferences,
  type PublishedRecords,
} from './published-records.ts';

export interface MutantFigures {
  mutants: number;
  /** Mutants from which both imports came out as written down. */
  right: number;
  imports: number;
  /** Imports that had to bring the right data, and that had to stop. */
  expected: { data: number; stops: number };
  differences: string[];
}

export interface MutantOptions {
  /** The number of the first. */
  readonly from: number;
  /** How many are imported from at once. */
  readonly workers: number;
  /** Whether the smallest set of switches that still fails is looked for. */
  readonly shrinks: boolean;
}

/** Rows on a page: small enough that the lists have several, and over 100, which some servers refuse. */
const pageSize = 120;

/** The switches that change the district's data, so that the right data are others too. */
const dataSwitches: ReadonlySet<string> = new Set(['withdrawal-date', 'no-show']);

/** What stands before a mutant comes. */
interface Start {
  readonly server: Server;
  readonly template: string;
  readonly districtId: number;
  readonly before: PublishedRecords;
  /** What is right, by the switches that change the data. */
  readonly references: Map<string, Promise<Reference>>;
}

interface Reference {
  readonly later: PublishedRecords;
  readonly first: PublishedRecords;
}

/** Imports from each mutant, and says what went wrong with which. */
export async function proveMutants(
  server: Server,
  mutants: readonly Mutant[],
  { from, workers, shrinks }: MutantOptions,
  tell: (sentence: string) => void,
): Promise<MutantFigures> {
  const figures: MutantFigures = {
    mutants: mutants.length,
    right: 0,
    imports: 0,
    expected: { data: 0, stops: 0 },
    differences: [],
  };
  const start = await prepare(server);
  const waiting = [...mutants.entries()];
  const causes: { readonly cause: Mutant; readonly told: string }[] = [];
  const tried = async (mutant: Mutant) => {
    figures.imports += 2;
    return importFrom(start, mutant);
  };
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, mutant] = next;
      figures.expected[stopOf(mutant) === undefined ? 'data' : 'stops'] += 2;
      const wrong = await tried(mutant);
      if (wrong === undefined) {
        figures.right += 1;
        continue;
      }
      const known = causes.find(
        ({ cause, told }) => isWithin(cause, mutant) && told.slice(0, 60) === wrong.slice(0, 60),
      );
      const cause = known?.cause ?? (shrinks ? await shrink(mutant, tried) : mutant);
      const told = known === undefined && shrinks ? ((await tried(cause)) ?? wrong) : wrong;
      if (known === undefined) causes.push({ cause, told });
      const sentence = `mutant ${from + index}: ${wordsOf(cause)}: expected ${stopOf(cause) ?? 'the right data'}; ${told}`;
      figures.differences.push(sentence);
      tell(sentence);
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    await dropDatabase(server, start.template);
  }
  return figures;
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

/** The district imported once in the default forms, in a database that is cloned from then on. */
async function prepare(server: Server): Promise<Start> {
  const template = await cloneDatabase(server, server.database);
  const database = await openPool({ ...server, database: template }, { migrate: false }, () =>
    Promise.resolve(),
  );
  const skyward = await openSkyward({});
  try {
    const districtId = await addDistrict(database, 'mutants.example');
    mustPublish(await importInto(database, skyward, districtId, {}));
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
      // As a person would have configured it.
      entityId: mutant['system-metadata'] === 'refused' ? skyward.entityId : undefined,
      integrationToken: integrationTokenFor(vendorOf(skyward), {
        baseUrl: skyward.baseUrl,
        integrationTokenName: null,
      }),
      // The product's own repeats, without the time between them.
      retry: {},
      delay: () => Promise.resolve(),
    },
  });
}

/** A vendor whose token may go to this machine. */
const vendorOf = ({ sandbox, baseUrl }: RunningSandbox): VendorIdentity => ({
  ...unnamedVendor,
  integrationTokens: new Map([['', sandbox.integrationToken]]),
  integrationHosts: [new URL(baseUrl).hostname],
});

function mustPublish(outcome: ImportOutcome): void {
  if (outcome.state === 'published') return;
  throw new Error(
    `An import in the default forms is ${outcome.state}: ${outcome.failure?.message}`,
  );
}

/** What is wrong with the imports from a mutant; undefined when they are as they must be. */
async function importFrom(start: Start, mutant: Mutant): Promise<string | undefined> {
  const reference = await referenceOf(start, mutant);
  return withChangedDistrict(start, mutant, async ({ skyward, database }) => {
    const { districtId, before } = start;
    const data = await publishedData(database.pool, districtId);
    const later = await importInto(database, skyward, districtId, mutant);
    const isUntouched = (await publishedData(database.pool, districtId)) === data;
    const wrongLater = wrongWith(later, mutant, stopOf(mutant), {
      isUntouched,
      told: await toldOf(database, later),
      expected: expectedRecords(mutant, reference.later, before),
      found: await publishedRecords(database.pool, districtId),
    });
    if (wrongLater !== undefined) return `a later import ${wrongLater}`;
    const newcomer = await addDistrict(database, 'first.example');
    const first = await importInto(database, skyward, newcomer, mutant);
    const found = await publishedRecords(database.pool, newcomer);
    const told = await toldOf(database, first);
    const wrongFirst = isDecidedByHistory(mutant)
      ? wrongWithoutHistory(told, mutant)
      : wrongWith(first, mutant, stopOf(mutant), {
          isUntouched: found.size === 0,
          told,
          expected: expectedRecords(mutant, reference.first, undefined),
          found,
        });
    return wrongFirst === undefined ? undefined : `a first import ${wrongFirst}`;
  });
}

interface Stage {
  readonly skyward: RunningSandbox;
  readonly database: Database;
}

/** Skyward after the changes, in a mutant's forms, and a copy of the database from before them. */
async function withChangedDistrict<Result>(
  { server, template }: Start,
  mutant: Mutant,
  run: (stage: Stage) => Promise<Result>,
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

/** What the default forms bring from the same data. */
function referenceOf(start: Start, mutant: Mutant): Promise<Reference> {
  const turned: Mutant = Object.fromEntries(
    Object.entries(mutant).filter(([name]) => dataSwitches.has(name)),
  );
  const key = wordsOf(turned);
  const found = start.references.get(key) ?? readReference(start, turned);
  start.references.set(key, found);
  return found;
}

function readReference(start: Start, turned: Mutant): Promise<Reference> {
  return withChangedDistrict(start, turned, async ({ skyward, database }) => {
    mustPublish(await importInto(database, skyward, start.districtId, {}));
    const newcomer = await addDistrict(database, 'first.example');
    mustPublish(await importInto(database, skyward, newcomer, {}));
    return {
      later: await publishedRecords(database.pool, start.districtId),
      first: await publishedRecords(database.pool, newcomer),
    };
  });
}

interface Seen {
  readonly isUntouched: boolean;
  /** Everything that the report and its problems say. */
  readonly told: string;
  readonly expected: PublishedRecords;
  readonly found: PublishedRecords;
}

function wrongWith(
  outcome: ImportOutcome,
  mutant: Mutant,
  stop: string | undefined,
  { isUntouched, told, expected, found }: Seen,
): string | undefined {
  if (stop !== undefined) {
    if (outcome.state !== 'failed' && outcome.state !== 'held') return `is ${outcome.state}`;
    if (!isUntouched) return 'has changed what was published';
    return wordsFor(outcome).includes(stop) ? undefined : `says: ${wordsFor(outcome)}`;
  }
  if (outcome.state !== 'published') return `is ${outcome.state}: ${wordsFor(outcome)}`;
  const differences = recordDifferences(expected, found);
  if (differences.length > 0)
    return `brings other data: ${differences.slice(0, 3).join('; ')} (${differences.length} in all)`;
  return unreported(told, mutant);
}

const wordsFor = ({ failure }: ImportOutcome) =>
  `${failure?.message ?? ''} ${failure?.advice ?? ''}`;

/** What a person is told of an import, numbers of rows left aside. */
async function toldOf({ pool }: Database, outcome: ImportOutcome): Promise<string> {
  const { rows } = await pool.query(
    'select distinct kind, object, field, message from import_problems where run_id = $1',
    [outcome.runId],
  );
  const report = { ...outcome.report, rowsRead: undefined, seconds: undefined };
  return `${wordsFor(outcome)} ${JSON.stringify(report)} ${JSON.stringify(rows)}`;
}

/** What a report has to name where it was not granted. */
const names = {
  'list-not-granted': 'Demographics/NameEmail',
  'table-not-granted': 'Demographics/Relationship',
  'field-not-granted': 'MiddleName',
} as const;

function unreported(told: string, mutant: Mutant): string | undefined {
  for (const [name, what] of Object.entries(names)) {
    const value = mutant[name as keyof typeof names];
    if (value !== undefined && !told.includes(what)) return `does not report ${what}`;
  }
  return undefined;
}

/**
 * Empty where something was published before is a stop; in a first import it may just as well be empty. So may a field
 * that is in no row, where the metadata of the object do not tell whether it was granted.
 */
const isDecidedByHistory = (mutant: Mutant) =>
  mutant['list-not-granted'] === 'empty-list' ||
  mutant['required-field-not-granted'] === 'null-for-all' ||
  (mutant['required-field-not-granted'] === 'absent' && mutant['field-metadata'] === 'refused');

/** A first import may bring what came, or stop, but has to name what was empty. */
function wrongWithoutHistory(told: string, mutant: Mutant): string | undefined {
  const what = stopOf(mutant) ?? '';
  return told.includes(what) ? undefined : `does not name ${what}`;
}

/** The fewest switches of a mutant that still fail, found by setting back ever smaller parts. */
async function shrink(
  mutant: Mutant,
  wrongWithOne: (mutant: Mutant) => Promise<string | undefined>,
): Promise<Mutant> {
  let left = Object.entries(mutant);
  for (
    let size = Math.ceil(left.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let start = 0; start < left.length;) {
      const rest = left.toSpliced(start, size);
      if (rest.length > 0 && (await wrongWithOne(Object.fromEntries(rest))) !== undefined)
        left = rest;
      else start += size;
    }
  }
  return Object.fromEntries(left);
}

function isWithin(part: Mutant, whole: Mutant): boolean {
  const values = Object.entries(whole).map((pair) => pair.join('='));
  return Object.entries(part).every((pair) => values.includes(pair.join('=')));
}

const wordsOf = (mutant: Mutant) =>
  Object.entries(mutant)
    .map((pair) => pair.join('='))
    .join(' ') || 'nothing';
