/**
 * The copy step: COPY of the rows that an import stages into bare tables (logged, without keys, indexes or
 * constraints).
 *
 * Only encoding the rows and COPY are timed. The rows are first read from Skyward and written to a file, one page
 * per line; then they are read back and copied in batches, and the clock runs during the copies alone.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import type { Pool } from 'pg';
import { copyRows, type CopyValue } from '../src/database/copy.ts';
import { firstSchoolYearRead } from '../src/enrollment/school-year.ts';
import { createQmlativSource } from '../src/qmlativ/lists/roster-source.ts';
import { stagedTables, type StagedTable } from '../src/roster/staged-rows.ts';
import { clientOptions, type StepResult, type StepOptions } from './step-options.ts';

/** Rows per COPY: enough that starting it costs next to nothing. */
const batchRows = 20_000;

interface StagedPage {
  readonly table: StagedTable;
  readonly rows: readonly (readonly CopyValue[])[];
}

export async function timeCopy(
  pool: Pool,
  options: StepOptions,
): Promise<Omit<StepResult, 'peakBytes'>> {
  const file = join(options.folder, 'staged-rows.jsonl');
  await writeStagedRows(options, file);
  await createBareTables(pool);
  try {
    return await timeReplay(pool, file);
  } finally {
    await pool.query('drop schema bench cascade');
    await rm(file);
  }
}

async function writeStagedRows(options: StepOptions, file: string): Promise<void> {
  const source = createQmlativSource(clientOptions(options));
  const output = createWriteStream(file);
  try {
    const roster = await source.openRoster({
      today: options.today,
      firstSchoolYear: firstSchoolYearRead(Temporal.PlainDate.from(options.today)),
    });
    for (const list of roster.lists) {
      const columns = Object.keys(stagedTables[list.table]);
      for await (const page of list.pages()) {
        const rows = page.rows.map((row) => {
          const values = row as Readonly<Record<string, CopyValue>>;
          return columns.map((column) => values[column] ?? null);
        });
        const line = `${JSON.stringify({ table: list.table, rows } satisfies StagedPage)}\n`;
        if (!output.write(line)) await new Promise((resolve) => output.once('drain', resolve));
      }
    }
  } finally {
    await source.close();
    output.end();
    await finished(output);
  }
}

async function createBareTables(pool: Pool): Promise<void> {
  await pool.query('drop schema if exists bench cascade; create schema bench');
  for (const [table, columns] of Object.entries(stagedTables)) {
    const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    await pool.query(`create table bench.${table} (${definitions.join(', ')})`);
  }
}

async function timeReplay(pool: Pool, file: string): Promise<Omit<StepResult, 'peakBytes'>> {
  const client = await pool.connect();
  let milliseconds = 0;
  let rows = 0;
  let batch: StagedPage[] = [];
  const copyBatch = async () => {
    const table = batch[0]?.table;
    if (table === undefined) return;
    const pages = batch.map((page) => page.rows);
    const start = performance.now();
    rows += await copyRows(client, ['bench', table], Object.keys(stagedTables[table]), pages);
    milliseconds += performance.now() - start;
    batch = [];
  };
  try {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const page = JSON.parse(line) as StagedPage;
      const bufferedRows = batch.reduce((sum, one) => sum + one.rows.length, 0);
      if (bufferedRows >= batchRows || (batch[0] !== undefined && batch[0].table !== page.table))
        await copyBatch();
      batch.push(page);
    }
    await copyBatch();
  } finally {
    client.release();
  }
  return { seconds: milliseconds / 1000, rows, requests: 0, outcome: null, phases: {} };
}
