/** The import benchmark: the steps of one or more sizes, each in its own process, against one embedded PostgreSQL. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { runScript, startSandboxProcess } from './child-process.ts';
import {
  importSteps,
  medianMeasurement,
  type ImportStep,
  type Measurement,
  type SizeResult,
} from './measurement.ts';
import { withBenchServer } from './bench-server.ts';
import type { StepResult, StepOptions } from './step-options.ts';

export interface ImportBenchOptions {
  readonly sizes: readonly number[];
  /** How many times each step is measured; the median counts. */
  readonly repeat: number;
  readonly pageSize?: number | undefined;
  readonly concurrency?: number | undefined;
  /** Folder for a CPU profile of each step. */
  readonly profileFolder?: string | undefined;
  readonly onProgress: (sentence: string) => void;
}

/** The district's date in the benchmark: a fixed day, so that every run imports the same. */
export const benchDay = '2026-11-23';

const publishedTables = ['students', 'guardians', 'enrollments', 'student_changes'];

/** Measures all steps for each size and returns the medians. */
export async function benchImport(options: ImportBenchOptions): Promise<SizeResult[]> {
  return withBenchServer(async ({ database, url, folder }) => {
    const results: SizeResult[] = [];
    for (const students of options.sizes) {
      results.push(await benchSize(database.pool, url, folder, students, options));
    }
    return results;
  });
}

async function benchSize(
  pool: Pool,
  databaseUrl: string,
  folder: string,
  students: number,
  options: ImportBenchOptions,
): Promise<SizeResult> {
  options.onProgress(`Generating a sandbox district of ${students} students …`);
  const sandbox = await startSandboxProcess(students, benchDay);
  const runs = new Map<ImportStep, Measurement[]>(importSteps.map((step) => [step, []]));
  const commonOptions = {
    skyward: sandbox.skyward,
    today: benchDay,
    databaseUrl,
    folder,
    pageSize: options.pageSize,
    concurrency: options.concurrency,
  };
  try {
    for (let round = 1; round <= options.repeat; round++) {
      const districtId = await createEmptyDistrict(pool);
      const stepOptions = { ...commonOptions, districtId, round };
      options.onProgress(`Round ${round} of ${options.repeat}: rendering the responses …`);
      await runScript('import-step.ts', { ...stepOptions, step: 'drain' }, []);
      for (const step of importSteps) {
        if (step === 'changed') {
          options.onProgress('Changing 1 % of the students, rendering the responses again …');
          await runScript('import-step.ts', { ...stepOptions, step: 'change' }, []);
          await runScript('import-step.ts', { ...stepOptions, step: 'drain' }, []);
        }
        options.onProgress(`Measuring: ${step} …`);
        const kind = step === 'drain' || step === 'copy' ? step : 'import';
        const measured = await measure(
          pool,
          { ...stepOptions, step: kind },
          step,
          options.profileFolder,
        );
        runs.get(step)?.push(measured);
      }
    }
  } finally {
    await sandbox.stop();
  }
  const steps = Object.fromEntries(
    [...runs].map(([step, measured]) => [step, medianMeasurement(measured)]),
  ) as Record<ImportStep, Measurement>;
  return { students, steps };
}

async function measure(
  pool: Pool,
  options: StepOptions,
  step: ImportStep,
  profileFolder: string | undefined,
): Promise<Measurement> {
  await vacuumTables(pool);
  const before = await readServerCounts(pool);
  const nodeOptions =
    profileFolder === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${step}.cpuprofile`];
  const result = await runScript<StepResult>('import-step.ts', options, nodeOptions);
  await waitForSessionsToEnd(pool);
  const after = await readServerCounts(pool);
  return {
    ...result,
    walBytes: after.wal - before.wal,
    rowsWritten: after.rows - before.rows,
  };
}

/** Deletes the districts of earlier rounds and creates one without students. */
export async function createEmptyDistrict(pool: Pool): Promise<number> {
  await pool.query('truncate districts cascade');
  const { rows } = await pool.query<{ id: number }>(
    `insert into districts (domain, name, time_zone)
     values ('bench.example', 'Bench', 'America/Chicago') returning id`,
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The district could not be created');
  return id;
}

/** Vacuums the published tables: between two nightly imports, autovacuum has done so. */
async function vacuumTables(pool: Pool): Promise<void> {
  for (const table of publishedTables) await pool.query(`vacuum (analyze) ${table}`);
}

/** Waits until all other sessions have ended, since a backend flushes its statistics when it exits. */
async function waitForSessionsToEnd(pool: Pool): Promise<void> {
  for (let wait = 0; wait < 100; wait++) {
    const { rows } = await pool.query(
      `select from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    if (rows.length === 0) return;
    await delay(100);
  }
  throw new Error('A step did not close its database session');
}

async function readServerCounts(pool: Pool): Promise<{ wal: number; rows: number }> {
  await pool.query('select pg_stat_force_next_flush()');
  const { rows } = await pool.query<{ wal: number; rows: number }>(
    `select (pg_current_wal_insert_lsn() - '0/0')::float8 as wal,
       (select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables
        where relname = any($1))::float8 as rows`,
    [publishedTables],
  );
  return rows[0] ?? { wal: 0, rows: 0 };
}
