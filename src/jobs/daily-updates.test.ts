import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { importLock } from '../database/import-lock.ts';
import {
  addDistrict,
  openSandboxDistrict,
  runSandboxImport,
  type SandboxDistrict,
} from '../../tests/skyward/sandbox-district.ts';
import { runDailyUpdates } from './daily-updates.ts';

const log = pino({ level: 'silent' });
let district: SandboxDistrict;
/** A district on the same Skyward that runs an import on each date tested. */
let imported: number;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 400, seed: 11, cacheResponses: true });
  imported = await addDistrict(district.database, 'visited.example');
  expect((await district.runImport()).state).toBe('published');
  expect((await runSandboxImport(district.database.pool, district.skyward, imported)).state).toBe(
    'published',
  );
});
afterAll(() => district.close());

/** Runs the daily updates at this Chicago local time. */
const updateAt = async (dateTime: string) =>
  runDailyUpdates({
    pool: district.database.pool,
    log,
    now: () => Temporal.PlainDateTime.from(dateTime).toZonedDateTime('America/Chicago').toInstant(),
  });

const asOf = async () => {
  const [row] = await district.rows<{ date: string }>(
    'select statuses_as_of as date from districts where id = $1',
  );
  return row?.date;
};

const statusesOf = async (districtId: number) => {
  const { rows } = await district.database.pool.query<{ id: number; status: string }>(
    `select skyward_id as id, status, status_rule as rule, status_changes_on as "changesOn"
     from students where district_id = $1 order by skyward_id`,
    [districtId],
  );
  return rows;
};

const dateRuns = async () =>
  district.rows<{ today: string; changed: number; kept: number }>(
    `select today, (report -> 'changed')::integer as changed,
       (select count(distinct student_id) from student_changes c
        where c.district_id = $1 and c.run_id = r.id)::integer as kept
     from import_runs r where district_id = $1 and state = 'recalculated' order by id`,
  );

it('R37 to R41: at midnight statuses become what an import of that date would decide, without Skyward', async () => {
  await district.rows('update districts set nights_paused = true where id = $1');
  for (const date of ['2026-11-24', '2026-12-19', '2027-01-30', '2027-04-02', '2027-06-30']) {
    await updateAt(`${date}T00:00:30`);
    expect(await asOf()).toBe(date);
    const { pool } = district.database;
    await runSandboxImport(pool, district.skyward, imported, {
      today: date,
      allowsMassChange: true,
    });
    expect(await statusesOf(district.districtId)).toEqual(await statusesOf(imported));
  }
  const runs = await dateRuns();
  expect(runs.length).toBeGreaterThan(0);
  for (const run of runs) expect(run.kept).toBe(run.changed);
});

it('updates once per date, and not before midnight in the district', async () => {
  await updateAt('2027-07-01T00:00');
  const runs = await dateRuns();
  expect(await updateAt('2027-07-01T23:59:59')).toBe(0);
  expect(await asOf()).toBe('2027-07-01');
  expect(await dateRuns()).toEqual(runs);
  // Both: the district with imports has not had its midnight update yet that day.
  expect(await updateAt('2027-07-02T00:00')).toBe(2);
});

it('skips a district while its import is running, and updates it later', async () => {
  const { pool } = district.database;
  const client = await pool.connect();
  const lock = importLock('$1');
  await client.query(`select pg_advisory_lock(${lock})`, [district.districtId]);
  expect(await updateAt('2027-07-03T00:01')).toBe(1);
  expect(await asOf()).toBe('2027-07-02');
  await client.query(`select pg_advisory_unlock(${lock})`, [district.districtId]);
  client.release();
  expect(await updateAt('2027-07-03T00:02')).toBe(1);
  expect(await asOf()).toBe('2027-07-03');
});

it('records no run for a district that has never completed an import', async () => {
  const fresh = await addDistrict(district.database, 'fresh.example');
  await updateAt('2027-07-04T00:01');
  const { rows } = await district.database.pool.query(
    'select id from import_runs where district_id = $1',
    [fresh],
  );
  expect(rows).toEqual([]);
});

it('erases records removed more than 30 days ago, even without other removals', async () => {
  await insertRemoval(31);
  await insertRemoval(29);
  await updateAt('2027-07-05T00:01');
  const kept = await district.rows<{ isKept: boolean }>(
    `select record is not null as "isKept" from removed_students where district_id = $1
     order by removed_at`,
  );
  expect(kept).toEqual([{ isKept: false }, { isKept: true }]);
});

async function insertRemoval(daysAgo: number): Promise<void> {
  await district.rows(
    `insert into removed_students (district_id, removed_id, removed_by_name, removed_at, record)
     values ($1, $2::integer, 'Deleted User', now() - make_interval(days => $2::integer), '{}')`,
    [daysAgo],
  );
}
