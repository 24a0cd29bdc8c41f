/** Migrations run once, in order, whole or not at all, and never on a schema they do not know. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from './database.ts';
import { migrate } from './migrations.ts';

let database: Database;
let folder: string;
beforeEach(async () => {
  database = await openTestDatabase();
  // The clone contains Daybreak's own record of migrations; these tests start without one.
  await database.pool.query('DROP TABLE IF EXISTS schema_migrations');
  folder = await mkdtemp(join(tmpdir(), 'daybreak-migrations-'));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const write = (name: string, sql: string) => writeFile(join(folder, name), sql);
const run = () => migrate(database.pool, { folder });
const applied = async () =>
  (await database.pool.query('SELECT number FROM schema_migrations ORDER BY number')).rows.length;

test('applies pending migrations in order, each once', async () => {
  await write('0001-first.sql', 'CREATE TABLE m_one (id integer)');
  expect(await run()).toEqual(['0001-first.sql']);
  await write('0002-second.sql', 'ALTER TABLE m_one ADD COLUMN name text');
  expect(await run()).toEqual(['0002-second.sql']);
  expect(await run()).toEqual([]);
});

test('four processes at the same time apply each file once', async () => {
  await write('0001-first.sql', 'CREATE TABLE m_one (id integer); SELECT pg_sleep(0.05)');
  await write('0002-second.sql', 'CREATE TABLE m_two (id integer)');
  const done = await Promise.all([run(), run(), run(), run()]);
  expect(done.flat().toSorted()).toEqual(['0001-first.sql', '0002-second.sql']);
});

test('a failed file is rolled back and named with its line; earlier ones stay applied', async () => {
  await write('0001-first.sql', 'CREATE TABLE m_one (id integer)');
  await write('0002-bad.sql', 'CREATE TABLE m_two (id integer);\nSELEC 1');
  await expect(run()).rejects.toMatchObject({
    code: 'database-migration-failed',
    message: expect.stringContaining('0002-bad.sql failed in line 2'),
  });
  expect(await applied()).toBe(1);
  const { rows } = await database.pool.query("SELECT to_regclass('m_two') AS found");
  expect(rows).toEqual([{ found: null }]);
});

test('rejects a changed migration, but not other line ends', async () => {
  await write('0001-first.sql', 'CREATE TABLE m_one (\nid integer)');
  await run();
  await write('0001-first.sql', 'CREATE TABLE m_one (\r\nid integer)');
  expect(await run()).toEqual([]);
  await write('0001-first.sql', 'CREATE TABLE m_one (\nid bigint)');
  await expect(run()).rejects.toMatchObject({ code: 'database-migration-changed' });
});

test('rejects a database of a newer version', async () => {
  await write('0001-first.sql', 'SELECT 1');
  await write('0002-second.sql', 'SELECT 1');
  await run();
  await rm(join(folder, '0002-second.sql'));
  await expect(run()).rejects.toMatchObject({ code: 'database-schema-newer' });
});

test.each([
  ['a gap', ['0001-a.sql', '0003-b.sql'], '0003-b.sql'],
  ['a number used twice', ['0001-a.sql', '0001-b.sql'], '0001-b.sql'],
  ['a name without a number', ['0001-a.sql', 'later.sql'], 'later.sql'],
])('%s among the files is refused before anything is applied', async (_, names, culprit) => {
  for (const name of names) await write(name, 'CREATE TABLE m_never (id integer)');
  await expect(run()).rejects.toMatchObject({
    code: 'database-migrations-unordered',
    message: expect.stringContaining(culprit),
  });
});
