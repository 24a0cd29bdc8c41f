/** What is backed up comes back as it was, and what is no whole backup changes nothing. */
import { mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { restoreBackup, writeBackup } from './backup.ts';
import type { Database } from './database.ts';

let district: SandboxDistrict;
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybreak-backup-'));
  file = join(folder, 'district.backup');
  district = await openSandboxDistrict({ students: 60, seed: 3 });
  await district.runImport();
  await district.database.pool.query(
    `update students set middle_name = E'two lines\\nand a tab\\t, a \\\\ and ''quotes'', \u2028, \r' where id = 1`,
  );
  await writeBackup(district.database.pool, file, Temporal.Instant.from('2026-11-24T05:00:00Z'));
});
afterAll(async () => {
  await district.close();
  await rm(folder, { recursive: true });
});

/** Every table's rows as one text, and the value of each sequence. */
async function contents({ pool }: Database): Promise<Record<string, string>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'schema_migrations'`,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ sum: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as sum from "${name}" t`,
    );
    found[name] = rows[0]?.sum ?? '';
  }
  const { rows } = await pool.query<{ name: string; value: string }>(
    `select sequencename as name, last_value::text as value from pg_sequences where schemaname = 'public'`,
  );
  for (const { name, value } of rows) found[name] = value;
  return found;
}

it('restores every row of every table and every sequence', async () => {
  const other = await openTestDatabase();
  try {
    const before = await contents(district.database);
    const { rows } = await restoreBackup(other.pool, file);
    expect(rows).toBeGreaterThan(500);
    expect(await contents(other)).toEqual(before);
    expect(before['students']).not.toMatch(/^0 /);
    const { rows: triggers } = await other.pool.query(
      `select tgname from pg_trigger where tgenabled = 'D'`,
    );
    expect(triggers).toEqual([]);
  } finally {
    await other.close();
  }
});

it('restores no session, neither current ones nor those of an older backup', async () => {
  const { pool } = district.database;
  await pool.query(
    `with account as (
       insert into accounts (email, name, role) values ('tess@vendor.example', 'Tess', 'technician') returning id)
     insert into account_sessions (account_id, token, expires_at)
     select id, 'planted-token', now() + interval '1 hour' from account`,
  );
  await pool.query(
    `insert into account_verifications (identifier, value, expires_at)
     values ('planted-identifier', 'planted-value', now() + interval '1 hour')`,
  );
  const later = join(folder, 'later.backup');
  await writeBackup(pool, later, Temporal.Instant.from('2026-11-24T06:00:00Z'));
  const text = gunzipSync(await readFile(later)).toString();
  expect(text).toContain('tess@vendor.example');
  expect(text).not.toMatch(/planted-(?:token|identifier)/);

  const columns = '{"table":"account_verifications","columns":["identifier","value","expires_at"]}';
  const older = text.replace(/\{"end":true,"rows":(\d+)\}/, (_, rows) =>
    [
      columns,
      'old\told\t2099-01-01T00:00:00Z',
      '\\.',
      `{"end":true,"rows":${Number(rows) + 1}}`,
    ].join('\n'),
  );
  await writeFile(later, gzipSync(older));
  const other = await openTestDatabase();
  try {
    await restoreBackup(other.pool, later);
    const { rows } = await other.pool.query('select from account_verifications');
    expect(rows).toEqual([]);
  } finally {
    await other.close();
  }
});

it('is readable only by its owner, and leaves no partial file', async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await expect(stat(`${file}.partial`)).rejects.toThrow('ENOENT');
});

it('closes and removes its file when the copy fails', async () => {
  const failed = join(folder, 'failed.backup');
  const { pool } = district.database;
  const blocker = await pool.connect();
  try {
    await blocker.query('begin; lock table students in access exclusive mode');
    const outcome = Promise.allSettled([writeBackup(pool, failed, Temporal.Now.instant())]);
    await expect
      .poll(
        async () => {
          const { rowCount } = await pool.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name = 'daybreak backup' and wait_event_type = 'Lock'`,
          );
          return rowCount;
        },
        { timeout: 30_000 },
      )
      .toBe(1);
    expect(await outcome).toMatchObject([{ status: 'rejected' }]);
    await blocker.query('rollback');
  } finally {
    blocker.release();
  }
  const openFiles = await Promise.all(
    (await readdir('/proc/self/fd')).map(async (name) =>
      readlink(`/proc/self/fd/${name}`).catch(() => ''),
    ),
  );
  expect(openFiles.filter((path) => path.startsWith(failed))).toEqual([]);
  await expect(stat(`${failed}.partial`)).rejects.toThrow('ENOENT');
});

it('rejects a database with districts', async () => {
  const before = await contents(district.database);
  await expect(restoreBackup(district.database.pool, file)).rejects.toMatchObject({
    code: 'database-not-empty',
  });
  expect(await contents(district.database)).toEqual(before);
});

it.each([
  ['is cut in the middle', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  [
    'lacks its last line',
    (bytes: Buffer) => {
      const lines = gunzipSync(bytes).toString().trimEnd().split('\n');
      return gzipSync(`${lines.slice(0, -1).join('\n')}\n`);
    },
  ],
  [
    'lost a row',
    (bytes: Buffer) => {
      const lines = gunzipSync(bytes).toString().split('\n');
      return gzipSync(
        lines.toSpliced(lines.findLastIndex((line) => line === '\\.') - 1, 1).join('\n'),
      );
    },
  ],
  ['is something else', () => gzipSync('{"format":"other"}\n')],
  ['is not compressed', () => Buffer.from('hello')],
])('keeps nothing of a file that %s', async (_, change) => {
  const other = await openTestDatabase();
  try {
    const before = await contents(other);
    const bad = join(folder, 'bad.backup');
    await writeFile(bad, change(await readFile(file)));
    await expect(restoreBackup(other.pool, bad)).rejects.toMatchObject({ code: 'backup-unusable' });
    expect(await contents(other)).toEqual(before);
  } finally {
    await other.close();
  }
});
