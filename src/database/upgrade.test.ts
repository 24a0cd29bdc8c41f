/** A database of any earlier schema, with data in it, comes up to this version's, and keeps what it holds. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';
import { changeAllStudents } from '../../tests/builders/published-data.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { migrate } from './migrations.ts';
import { schemaText } from './schema-text.ts';

/** What a district of the first version had; tables that follow from these are filled by the database. */
const tables = [
  'districts',
  'import_runs',
  'students',
  'guardians',
  'enrollments',
  'student_changes',
] as const;

type Rows = readonly Readonly<Record<string, unknown>>[];

let district: SandboxDistrict;
const held = new Map<string, Rows>();

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 17 });
  await district.runImport();
  changeAllStudents(district.skyward.sandbox, 1);
  await district.runImport();
  for (const table of tables) {
    const { rows } = await district.database.pool.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${table} t`,
    );
    held.set(
      table,
      rows.map(({ row }) => row),
    );
  }
});
afterAll(() => district.close());

const folder = fileURLToPath(new URL('migrations', import.meta.url));
const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
const numbers = files.map((name) => Number(name.slice(0, 4)));

/** Migrations that change rows. */
const changesRows = await Promise.all(
  files.map(async (name) =>
    /^(?:update|insert into|delete from)\b/m.test(await readFile(join(folder, name), 'utf8')),
  ),
);

/**
 * The first schema, which takes every later migration, those before a migration that changes rows, and the newest
 * three; `npm run proof -- upgrades` starts from each.
 */
const earlier = numbers.slice(0, -1);
const tested =
  process.env['UPGRADE_FROM'] === 'all'
    ? earlier
    : earlier.filter(
        (_number, index) =>
          index === 0 || changesRows[index + 1] === true || index >= earlier.length - 3,
      );

it.each(tested)('from schema %i', async (from) => {
  const database = await openTestDatabase();
  const { pool } = database;
  try {
    await pool.query('drop schema public cascade; create schema public');
    await migrate(pool, { to: from });
    const columnsOf = new Map<string, string[]>();
    for (const table of tables) {
      const { rows } = await pool.query<{ name: string }>(
        `select attname as name from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
        [table],
      );
      const there = Object.keys(held.get(table)?.[0] ?? {});
      const columns = rows.map(({ name }) => name).filter((name) => there.includes(name));
      columnsOf.set(table, columns);
      const list = columns.map((name) => `"${name}"`).join(', ');
      await pool.query(
        `insert into ${table} (${list}) overriding system value
         select ${list} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
        [JSON.stringify(held.get(table))],
      );
    }
    // Before migration 40, an initial import that was killed left this schema.
    if (from < 40) {
      await pool.query('create schema night_7; create table night_7.staged_people (id bigint)');
    }
    const applied = await migrate(pool);
    expect((await pool.query("select to_regnamespace('night_7') as left")).rows).toEqual([
      { left: null },
    ]);
    expect(applied).toHaveLength(numbers.length - from);
    expect(await schemaText(pool)).toBe(await schemaText(district.database.pool));
    for (const table of tables) {
      const { rows } = await pool.query<{ row: Record<string, unknown> }>(
        `select to_jsonb(t) as row from ${table} t`,
      );
      const kept = (row: Readonly<Record<string, unknown>>) =>
        JSON.stringify((columnsOf.get(table) ?? []).map((name) => [name, row[name]]));
      expect(rows.map(({ row }) => kept(row)).toSorted()).toEqual(
        (held.get(table) ?? []).map(kept).toSorted(),
      );
    }
  } finally {
    await database.close();
  }
});
