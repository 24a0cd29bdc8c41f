/** The benchmark of many districts: the gain of a second worker, and the cost of other districts in the database. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import type { Pool } from 'pg';

import type { Database } from '../src/database/database.ts';
import { newSealingKey } from '../src/districts/sealed-secret.ts';
import { openDaybreakProcesses } from '../tests/servers/daybreak-process.ts';
import { addFleet, startWorker, findMorningTimeZone } from '../tests/skyward/sandbox-fleet.ts';
import { runScript, type SandboxProcess, startSandboxProcess } from './child-process.ts';
import { median, verdict, type Verdict } from './measurement.ts';
import { type BenchServer, withBenchServer } from './bench-server.ts';
import type { StepResult } from './step-options.ts';

/** Time of N workers for the same districts. */
export interface WorkersResult {
  readonly workers: number;
  readonly seconds: number;
  /** The share of one processor that the sandbox used: far below 1, it was not the bottleneck. */
  readonly skywardBusy: number;
}

/** Import times of a district with N districts in the database. */
export interface NeighborsResult {
  readonly districts: number;
  readonly initialSeconds: number;
  readonly unchangedSeconds: number;
}

export interface FleetResult {
  readonly districts: number;
  readonly students: number;
  readonly delayMs: number;
  readonly workers: readonly WorkersResult[];
  readonly neighborStudents: number;
  readonly neighbors: readonly NeighborsResult[];
}

export interface FleetBenchOptions {
  readonly districts: number;
  readonly students: number;
  /** Milliseconds per response of the sandbox, as over a network. */
  readonly delayMs: number;
  readonly neighbors: readonly number[];
  readonly neighborStudents: number;
  /** How many districts are timed for each number of neighbors; the median counts. */
  readonly rounds: number;
  readonly onProgress: (sentence: string) => void;
}

/** Targets of the fleet (README.md). */
const targets = { secondWorker: 1.7, neighbors: 1.15 } as const;

export async function benchFleet(options: FleetBenchOptions): Promise<FleetResult> {
  const { districts, students, delayMs, neighborStudents } = options;
  const workers = await withBenchServer(async (server) => benchWorkers(server, options));
  const neighbors = await withBenchServer(async (server) => benchNeighbors(server, options));
  return { districts, students, delayMs, workers, neighborStudents, neighbors };
}

async function benchWorkers(
  { database, url }: BenchServer,
  { districts, students, delayMs, onProgress }: FleetBenchOptions,
): Promise<WorkersResult[]> {
  const { timeZone, today } = findMorningTimeZone(Temporal.Now.instant());
  const key = newSealingKey();
  onProgress(`Generating a sandbox district of ${students} students …`);
  const sandbox = await startSandboxProcess(students, today, delayMs);
  const daybreak = await openDaybreakProcesses(url, {
    DAYBREAK_SEALING_KEY: key.bytes.toString('base64'),
  });
  const results: WorkersResult[] = [];
  try {
    // One district first, so that the sandbox has rendered every page.
    for (const [workers, count] of [
      [1, 1],
      [1, districts],
      [2, districts],
    ] as const) {
      await database.pool.query('truncate districts cascade');
      await addFleet(database, { count, timeZone, key, skyward: sandbox.skyward });
      onProgress(`${workers} workers, ${count} districts …`);
      const busyBefore = sandbox.processorSeconds();
      const children = Array.from({ length: workers }, () => startWorker(daybreak, 1, workers));
      await waitUntilImported(database.pool, count);
      const busy = sandbox.processorSeconds() - busyBefore;
      for (const child of children) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      const seconds = await readRunSeconds(database);
      if (count > 1 || districts === 1) {
        results.push({ workers, seconds, skywardBusy: busy / seconds });
      }
    }
  } finally {
    await daybreak.remove();
    await sandbox.stop();
  }
  return results;
}

async function waitUntilImported(pool: Pool, expectedCount: number): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ ended: number; failed: number }>(
      `select count(*) filter (where state <> 'running')::integer as ended,
         count(*) filter (where state = 'failed')::integer as failed from import_runs`,
    );
    if ((rows[0]?.failed ?? 0) > 0) throw new Error('An import of the benchmark failed');
    if ((rows[0]?.ended ?? 0) >= expectedCount) return;
    await delay(250);
  }
}

/** Returns the seconds from the start of the first import to the end of the last. */
async function readRunSeconds({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ seconds: number }>(
    'select extract(epoch from max(finished_at) - min(started_at))::float8 as seconds from import_runs',
  );
  return rows[0]?.seconds ?? NaN;
}

async function benchNeighbors(
  { database, url, folder }: BenchServer,
  { students, neighbors, neighborStudents, rounds, onProgress }: FleetBenchOptions,
): Promise<NeighborsResult[]> {
  const { pool } = database;
  const today = '2026-11-23';
  const measured = await startSandboxProcess(students, today);
  const other = await startSandboxProcess(neighborStudents, today);
  const runImport = async ({ skyward }: SandboxProcess, districtId: number) =>
    runScript<StepResult>(
      'import-step.ts',
      { step: 'import', skyward, today, databaseUrl: url, folder, round: 1, districtId },
      [],
    );
  const results: NeighborsResult[] = [];
  try {
    const templateDistrict = await addEmptyDistrict(pool, 'pattern.example');
    await runImport(other, templateDistrict);
    // Warm-up: renders every page and touches every table.
    await runImport(measured, await addEmptyDistrict(pool, 'warm-up.example'));
    for (const districts of neighbors) {
      onProgress(`Filling the database up to ${districts} districts …`);
      await copyDistrict(pool, templateDistrict, districts);
      await pool.query('vacuum (analyze)');
      const times: { initial: number; unchanged: number }[] = [];
      for (let round = 1; round <= rounds; round++) {
        onProgress(`Imports with ${districts} districts: ${round} of ${rounds} …`);
        const id = await addEmptyDistrict(pool, `measured-${districts}-${round}.example`);
        const initial = await runImport(measured, id);
        const unchanged = await runImport(measured, id);
        times.push({ initial: initial.seconds, unchanged: unchanged.seconds });
        await pool.query('delete from districts where id = $1', [id]);
      }
      results.push({
        districts,
        initialSeconds: median(times.map(({ initial }) => initial)),
        unchangedSeconds: median(times.map(({ unchanged }) => unchanged)),
      });
    }
  } finally {
    await measured.stop();
    await other.stop();
  }
  return results;
}

async function addEmptyDistrict(pool: Pool, domain: string): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into districts (domain, name, time_zone) values ($1, 'Bench', 'America/Chicago') returning id`,
    [domain],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The district could not be created');
  return id;
}

/** Tables that an import fills, each after those that it refers to. */
const copiedTables = ['import_runs', 'students', 'guardians', 'enrollments', 'student_changes'];

/** Copies the template until there are N districts. Ids stay as they are, since keys begin with the district. */
async function copyDistrict(
  pool: Pool,
  templateDistrict: number,
  districts: number,
): Promise<void> {
  const { rows: added } = await pool.query<{ id: number }>(
    `insert into districts (domain, name, time_zone)
     select 'neighbor-' || n || '.example', 'Bench', 'America/Chicago'
     from generate_series((select count(*) from districts) + 1, $1) n returning id`,
    [districts],
  );
  const ids = added.map(({ id }) => id);
  for (const table of copiedTables) {
    const { rows } = await pool.query<{ column: string }>(
      `select quote_ident(attname) as column from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''
         and attname <> 'district_id'`,
      [table],
    );
    const columns = rows.map(({ column }) => column).join(', ');
    await pool.query(
      `insert into ${table} (district_id, ${columns}) overriding system value
       select d.id, ${columns.replaceAll(/[^, ]+/g, 't.$&')} from unnest($2::bigint[]) d(id)
       cross join ${table} t where t.district_id = $1`,
      [templateDistrict, ids],
    );
  }
}

/** Compares the result with the targets. */
export function judgeFleet({ workers, neighbors, districts }: FleetResult): Verdict[] {
  const [one, two] = workers;
  const [fewNeighbors, manyNeighbors] = [neighbors[0], neighbors.at(-1)];
  if (
    one === undefined ||
    two === undefined ||
    fewNeighbors === undefined ||
    manyNeighbors === undefined
  )
    return [];
  const ratio = (name: string, key: 'initialSeconds' | 'unchangedSeconds') =>
    verdict(
      `${key === 'initialSeconds' ? 'initial' : 'unchanged'}-import-with-${manyNeighbors.districts}-districts`,
      `${name} with ${manyNeighbors.districts} districts / with ${fewNeighbors.districts}`,
      manyNeighbors[key] / fewNeighbors[key],
      targets.neighbors,
    );
  return [
    verdict(
      'second-worker',
      `time of 2 workers / of 1 for ${districts} districts (at most 1 / ${targets.secondWorker})`,
      two.seconds / one.seconds,
      1 / targets.secondWorker,
    ),
    ratio('initial import', 'initialSeconds'),
    ratio('unchanged import', 'unchangedSeconds'),
  ];
}
