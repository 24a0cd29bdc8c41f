/** Brings a night's rows into temporary tables of the run: page by page, by COPY, memory flat. */
import type pg from 'pg';
import { copyRows, openCopy } from '../database/copy.ts';
import type { UnusableRow } from '../roster/row-problem.ts';
import { stagedTables } from '../roster/staged-rows.ts';
import { foldingOrder, RosterFingerprints, type TableFolding } from './fingerprints.ts';
import type { RosterList, RosterSource } from './roster-source.ts';

/**
 * Goes into every fingerprint. Raise it when the mapping or the assembly changes what is kept, so that
 * the next night looks at everybody again.
 */
const mappingVersion = 2;

type StagedValue = string | number | boolean | null;

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
  for (const [table, columns] of Object.entries(tables)) {
    const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    await client.query(`create temporary table staged_${table} (${definitions.join(', ')})`);
  }
  await client.query(
    'create temporary table student_fingerprints (student_skyward_id bigint, fingerprint bigint)',
  );
}

const placeOf = ({ table }: RosterList) => foldingOrder.indexOf(table);

/**
 * Stages all lists one after the other, with the fingerprint of every student, and returns the rows read by
 * object. A list that turns out unstable is read again from its start; any other failure ends the staging.
 */
export async function stageRoster(
  client: pg.ClientBase,
  source: RosterSource,
  lists: readonly RosterList[],
  onProgress: StagingProgress,
): Promise<Record<string, number>> {
  const rowsByObject: Record<string, number> = {};
  const fingerprints = new RosterFingerprints();
  for (const list of lists.toSorted((a, b) => placeOf(a) - placeOf(b))) {
    const rows = await stageWithRepeats(client, source, list, fingerprints, onProgress);
    rowsByObject[list.object] = (rowsByObject[list.object] ?? 0) + rows;
  }
  await stageFingerprints(client, fingerprints);
  return rowsByObject;
}

async function stageWithRepeats(
  client: pg.ClientBase,
  source: RosterSource,
  list: RosterList,
  fingerprints: RosterFingerprints,
  onProgress: StagingProgress,
): Promise<number> {
  for (let reading = 1; ; reading++) {
    try {
      return await stageList(client, list, fingerprints, onProgress);
    } catch (error) {
      if (reading === readingsPerList || !source.isWorthReadingAgain(error)) throw error;
    }
  }
}

/** One transaction for each list, so that a list read again leaves nothing of its first reading. */
async function stageList(
  client: pg.ClientBase,
  list: RosterList,
  fingerprints: RosterFingerprints,
  onProgress: StagingProgress,
): Promise<number> {
  const columns = Object.keys(stagedTables[list.table]);
  const folding = fingerprints.open(list.table, columns);
  await client.query('begin');
  try {
    const { rows, unusable } = await copyPages(client, list, columns, folding, onProgress);
    if (unusable.length > 0) await stageUnusable(client, unusable);
    await client.query('commit');
    return rows;
  } catch (error) {
    folding.undo();
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function copyPages(
  client: pg.ClientBase,
  list: RosterList,
  columns: readonly string[],
  folding: TableFolding,
  onProgress: StagingProgress,
) {
  const values: StagedValue[] = columns.map(() => null);
  const copy = openCopy(client, `staged_${list.table}`, columns);
  const unusable: UnusableRow[] = [];
  let rows = 0;
  try {
    for await (const page of list.pages()) {
      for (const row of page.rows) {
        const named = row as Readonly<Record<string, StagedValue>>;
        for (let index = 0; index < columns.length; index++)
          values[index] = named[columns[index] ?? ''] ?? null;
        copy.write(values);
        folding.add(values);
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

/** Rows encoded at a time. */
const fingerprintBatch = 2000;

async function stageFingerprints(client: pg.ClientBase, fingerprints: RosterFingerprints) {
  const copy = openCopy(client, 'student_fingerprints', ['student_skyward_id', 'fingerprint']);
  let written = 0;
  for (const row of fingerprints.results(mappingVersion)) {
    copy.write(row);
    if (++written % fingerprintBatch === 0) await copy.flush();
  }
  await copy.end();
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
