/** Brings a night's rows into temporary tables of the run: page by page, by COPY, memory flat. */
import type pg from 'pg';
import { copyRows, openCopy } from '../database/copy.ts';
import type { UnusableRow } from '../roster/row-problem.ts';
import { stagedTables } from '../roster/staged-rows.ts';
import type { RosterList, RosterSource } from './roster-source.ts';

/** How often one list is read from its start again before the night gives up. */
const readingsPerList = 3;

/** Rows that cannot be used are held in memory until their list ends; more than this is no list of students. */
const unusableLimit = 20_000;

const unusableColumns = {
  kind: 'text',
  staged_table: 'text',
  object: 'text',
  page: 'integer',
  row_number: 'integer',
  record_key: 'text',
  field: 'text',
  message: 'text',
  student_skyward_id: 'bigint',
  person_id: 'bigint',
  address_id: 'bigint',
  family_id: 'bigint',
} as const;

/** Told after every page: which list, and how many rows of it are staged so far. */
export type StagingProgress = (object: string, rows: number) => void;

/** Makes the empty staging tables, `staged_…`, in this session; they go with the connection. */
export async function createStagingTables(client: pg.ClientBase): Promise<void> {
  const tables = { ...stagedTables, unusable_rows: unusableColumns };
  for (const [index, [table, columns]] of Object.entries(tables).entries()) {
    const names = Object.keys(columns).join(', ');
    const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    // Hashed while the next page is read, when the server has time to spare; different in each table, so
    // that equal rows of two of them do not cancel each other out.
    definitions.push(
      `row_hash bigint generated always as (hash_record_extended(row(${names}), ${index})) stored`,
    );
    await client.query(`create temporary table staged_${table} (${definitions.join(', ')})`);
  }
}

/** What later steps look rows up by: the columns whose statistics they need. */
const lookedUp = /(^|_)(id|year)$/;

/**
 * Stages all lists one after the other and returns the rows read by object.
 * A list that turns out unstable is read again from its start; any other failure ends the staging.
 */
export async function stageRoster(
  client: pg.ClientBase,
  source: RosterSource,
  lists: readonly RosterList[],
  onProgress: StagingProgress,
): Promise<Record<string, number>> {
  const rowsByObject: Record<string, number> = {};
  for (const list of lists) {
    const rows = await stageWithRepeats(client, source, list, onProgress);
    rowsByObject[list.object] = (rowsByObject[list.object] ?? 0) + rows;
  }
  for (const [table, columns] of Object.entries(stagedTables)) {
    const names = Object.keys(columns).filter((column) => lookedUp.test(column));
    await client.query(`analyze staged_${table} (${names.join(', ')})`);
  }
  return rowsByObject;
}

async function stageWithRepeats(
  client: pg.ClientBase,
  source: RosterSource,
  list: RosterList,
  onProgress: StagingProgress,
): Promise<number> {
  for (let reading = 1; ; reading++) {
    try {
      return await stageList(client, list, onProgress);
    } catch (error) {
      if (reading === readingsPerList || !source.isWorthReadingAgain(error)) throw error;
    }
  }
}

/** One transaction for each list, so that a list read again leaves nothing of its first reading. */
async function stageList(
  client: pg.ClientBase,
  list: RosterList,
  onProgress: StagingProgress,
): Promise<number> {
  await client.query('begin');
  try {
    const { rows, unusable } = await copyPages(client, list, onProgress);
    if (unusable.length > 0) await stageUnusable(client, unusable);
    await client.query('commit');
    return rows;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function copyPages(client: pg.ClientBase, list: RosterList, onProgress: StagingProgress) {
  const columns = Object.keys(stagedTables[list.table]);
  const copy = openCopy(client, `staged_${list.table}`, columns);
  const unusable: UnusableRow[] = [];
  let rows = 0;
  try {
    for await (const page of list.pages()) {
      for (const row of page.rows) {
        const values = row as Readonly<Record<string, string | number | boolean | null>>;
        copy.write(columns.map((column) => values[column] ?? null));
      }
      unusable.push(...page.unusable);
      if (unusable.length > unusableLimit) throw new TooManyUnusableRows(list.object, unusable);
      rows += page.rows.length;
      await copy.flush();
      onProgress(list.object, rows);
    }
    await copy.end();
  } catch (error) {
    await copy.abort(error instanceof Error ? error : new Error('Reading ended', { cause: error }));
    throw error;
  }
  return { rows, unusable };
}

async function stageUnusable(client: pg.ClientBase, unusable: readonly UnusableRow[]) {
  const rows = unusable.map((row) => [
    row.kind,
    row.table,
    row.object,
    row.page,
    row.row,
    row.key,
    row.field,
    row.message,
    row.studentSkywardId,
    row.personId,
    row.addressId,
    row.familyId,
  ]);
  await copyRows(client, 'staged_unusable_rows', Object.keys(unusableColumns), [rows]);
}

/** So much of a list cannot be used that the list is not what it should be. */
class TooManyUnusableRows extends Error {
  override readonly name = 'TooManyUnusableRows';
  readonly code = 'too-many-unusable-rows';
  readonly advice =
    'The data in Skyward or the version of its API has changed in a way that Daybreak does not know. Nothing was published; send this message to support.';
  constructor(object: string, rows: readonly UnusableRow[]) {
    const first = rows[0];
    super(
      `${object}: more than ${unusableLimit} rows cannot be used, the first on page ${first?.page}, row ${first?.row}: ${first?.field} is ${first?.message}`,
    );
  }
}
