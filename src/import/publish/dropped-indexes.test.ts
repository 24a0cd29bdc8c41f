/** The initial import of an installation rebuilds the indexes; in any case the schema is unchanged afterwards. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  addDistrict,
  openSandboxDistrict,
  runSandboxImport,
  type SandboxDistrict,
} from '../../../tests/skyward/sandbox-district.ts';
import { schemaText } from '../../database/schema-text.ts';
import { dropIndexes } from './dropped-indexes.ts';

let district: SandboxDistrict;

beforeEach(async () => {
  district = await openSandboxDistrict({ students: 1_100, seed: 23 });
});
afterEach(() => district.close());

/** The file of each index of the published tables, which changes when it is rebuilt. */
const indexFiles = async () => {
  const { rows } = await district.database.pool.query<{ name: string; file: number }>(
    `select indexrelid::regclass::text as name, pg_relation_filenode(indexrelid)::integer as file
     from pg_index where indisvalid
       and indrelid = any (array['students', 'guardians', 'enrollments']::regclass[]) order by 1`,
  );
  return new Map(rows.map(({ name, file }) => [name, file]));
};

const madeAnew = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>) =>
  [...after].filter(([name, file]) => before.get(name) !== file).map(([name]) => name);

const count = async (table: string) => {
  const [row] = await district.rows<{ count: number }>(
    `select count(*)::integer as count from ${table} where district_id = $1`,
  );
  return row?.count;
};

it('rebuilds the indexes after an initial import, and leaves the schema unchanged', async () => {
  const { pool } = district.database;
  const [schema, files] = [await schemaText(pool), await indexFiles()];
  const { state, report } = await district.runImport();
  expect(state).toBe('published');
  expect(report?.added).toBeGreaterThan(1_000);
  expect(await count('students')).toBe(report?.added);
  expect(await count('guardians')).toBeGreaterThan(1_000);
  expect(await schemaText(pool)).toBe(schema);
  const after = await indexFiles();
  expect([...after.keys()]).toEqual([...files.keys()]);
  expect(madeAnew(files, after)).toEqual(
    expect.arrayContaining(['guardians_by_words', 'students_by_name', 'students_by_words']),
  );
  const orphan = `insert into guardians (district_id, student_id, skyward_id, position)
    values ($1, -1, 1, 1)`;
  await expect(district.rows(orphan)).rejects.toThrow('foreign key');
});

it('leaves the indexes of others alone: the next district is added to them', async () => {
  const { pool } = district.database;
  await district.runImport();
  const [schema, files] = [await schemaText(pool), await indexFiles()];
  const second = await addDistrict(district.database, 'second.example');
  const { state } = await runSandboxImport(pool, district.skyward, second);
  expect(state).toBe('published');
  expect(madeAnew(files, await indexFiles())).toEqual([]);
  expect(await schemaText(pool)).toBe(schema);
});

it('drops no indexes while someone reads the tables', async () => {
  const files = await indexFiles();
  const reader = await district.database.pool.connect();
  try {
    await reader.query('begin');
    await reader.query('select from students');
    const { state, report } = await district.runImport();
    expect(state).toBe('published');
    expect(await count('students')).toBe(report?.added);
    expect(madeAnew(files, await indexFiles())).toEqual([]);
  } finally {
    await reader.query('rollback');
    reader.release();
  }
});

it('leaves the indexes unchanged when the import dies after dropping them', async () => {
  const { pool } = district.database;
  const [schema, files] = [await schemaText(pool), await indexFiles()];
  const client = await pool.connect();
  await client.query('begin');
  expect((await dropIndexes(client))?.restore.length).toBeGreaterThan(10);
  client.release(new Error('the import died'));
  expect(await schemaText(pool)).toBe(schema);
  expect(madeAnew(files, await indexFiles())).toEqual([]);
  expect((await district.runImport()).state).toBe('published');
});
