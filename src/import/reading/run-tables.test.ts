/** A first night's tables are there for its two connections, and gone afterwards, however it ends. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { publishedData } from '../../../tests/published-data.ts';
import {
  addDistrict,
  openSandboxDistrict,
  runSandboxImport,
  type SandboxDistrict,
} from '../../../tests/sandbox-district.ts';
import type { ImportProgress } from '../import-options.ts';
import { withImportSession } from '../runs/import-session.ts';

let district: SandboxDistrict;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 29 });
});
afterAll(() => district.close());

const schemas = async () => {
  const { rows } = await district.database.pool.query<{ name: string }>(
    "select nspname as name from pg_namespace where nspname like 'import\\_%' order by 1",
  );
  return rows.map(({ name }) => name);
};

const firstNight = async (domain: string, words = {}) => {
  const { pool } = district.database;
  const districtId = await addDistrict(district.database, domain);
  const outcome = await runSandboxImport(pool, district.skyward, districtId, words);
  return { districtId, state: outcome.state };
};

it('leaves no schema behind, whether it publishes, plans or fails', async () => {
  const seen = new Set<string>();
  const look = {
    onProgress: () => void schemas().then((names) => names.forEach((n) => seen.add(n))),
  };
  const { districtId, state } = await firstNight('published.example', look);
  expect(state).toBe('published');
  expect([...seen]).toEqual([`import_${districtId}`]);
  expect((await firstNight('planned.example', { isDryRun: true })).state).toBe('planned');
  const wrong = { connection: { clientSecret: 'wrong' } };
  expect((await firstNight('failed.example', wrong)).state).toBe('failed');
  expect(await schemas()).toEqual([]);
});

it('has tables that the server does not tidy up while they are in use', async () => {
  const { pool } = district.database;
  const seen = new Map<string, boolean>();
  const look = async () => {
    const { rows } = await pool.query<{ name: string; untidied: boolean }>(`
      select relname as name, coalesce('autovacuum_enabled=off' = any (reloptions), false) as untidied
      from pg_class where relnamespace::regnamespace::text like 'import\\_%' and relkind in ('r', 't')`);
    for (const { name, untidied } of rows) seen.set(name, untidied);
  };
  const looks: Promise<void>[] = [];
  const words = {
    onProgress: ({ phase }: ImportProgress) => {
      if (phase !== 'connecting') looks.push(look());
    },
  };
  expect((await firstNight('untidied.example', words)).state).toBe('published');
  await Promise.all(looks);
  expect([...seen.keys()]).toEqual(expect.arrayContaining(['staged_people', 'next_students']));
  expect([...seen].filter(([, untidied]) => !untidied)).toEqual([]);
});

it('removes what nights that died left, and nothing of one that is under way', async () => {
  const { pool } = district.database;
  const dead = await addDistrict(district.database, 'dead.example');
  const alive = await addDistrict(district.database, 'alive.example');
  for (const id of [dead, alive, 987_654]) {
    await pool.query(
      `create schema import_${id}; create table import_${id}.staged_people (id bigint)`,
    );
  }
  await withImportSession(pool, alive, async () => {
    const { state } = await runSandboxImport(pool, district.skyward, dead);
    expect(state).toBe('published');
    expect(await schemas()).toEqual([`import_${alive}`]);
  });
  await firstNight('next.example');
  expect(await schemas()).toEqual([]);
});

it('fails without a trace when its second connection is lost, and the next night publishes', async () => {
  const { pool } = district.database;
  const districtId = await addDistrict(district.database, 'lost.example');
  let ended: Promise<unknown> | undefined;
  const endSecond = () => {
    ended ??= pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'daybreak import, second connection'
         and datname = current_database()`,
    );
  };
  const failed = await runSandboxImport(pool, district.skyward, districtId, {
    onProgress: endSecond,
  });
  expect((await ended) as { rowCount: number }).toMatchObject({ rowCount: 1 });
  expect(failed).toMatchObject({ state: 'failed', failure: { code: 'database-connection-lost' } });
  expect(await schemas()).toEqual([]);
  expect((await runSandboxImport(pool, district.skyward, districtId)).state).toBe('published');
});

it('publishes the same on one connection where no schema may be made', async () => {
  const { pool } = district.database;
  const withTwo = await firstNight('two.example');
  const { rows } = await pool.query<{ name: string }>('select current_database() as name');
  const database = `database "${rows[0]?.name}"`;
  await pool.query(`revoke create on ${database} from current_user, public`);
  try {
    const { rows: may } = await pool.query(
      "select has_database_privilege(current_database(), 'create') as may",
    );
    expect(may).toEqual([{ may: false }]);
    const withOne = await firstNight('one.example');
    expect(withOne.state).toBe('published');
    expect(await publishedData(pool, withOne.districtId)).toEqual(
      await publishedData(pool, withTwo.districtId),
    );
  } finally {
    await pool.query(`grant create on ${database} to current_user`);
  }
});
