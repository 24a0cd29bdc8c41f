/** An import of a district without students works on temporary tables of its connection: nothing of them is left. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';

let district: SandboxDistrict;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 29 });
});
afterAll(() => district.close());

/** Schemas other than those of the server and of Daybreak, and tables that runs work on. */
const leftBehind = async () => {
  const { rows } = await district.database.pool.query<{ name: string }>(`
    select nspname as name from pg_namespace where nspname !~ '^(pg_|information_schema$|public$|pgboss)'
    union all
    select oid::regclass::text from pg_class where relkind = 'r' and relname ~ '^(staged_|next_)'`);
  return rows.map(({ name }) => name);
};

it('leaves neither a schema nor tables behind when publishing fails', async () => {
  const { pool } = district.database;
  await pool.query(`
    create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'no room'; end $$;
    create trigger refuse before insert on students for each statement execute function refuse()`);
  expect((await district.runImport()).state).toBe('failed');
  // The server drops temporary tables as a session ends, a moment after its client has gone.
  await expect.poll(leftBehind, { timeout: 30_000 }).toEqual([]);
  await pool.query('drop trigger refuse on students');
  expect((await district.runImport()).state).toBe('published');
  await expect.poll(leftBehind, { timeout: 30_000 }).toEqual([]);
});
