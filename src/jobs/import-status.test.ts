import { afterAll, beforeAll, expect, it } from 'vitest';

import { insertDistrict, insertRun, type RunRow } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from '../database/database.ts';
import { readInDistrict } from '../database/district-and-school-scope.ts';
import { setConnection } from '../districts/district.ts';
import { newSealingKey } from '../districts/sealed-secret.ts';
import { withImportSession } from '../import/runs/import-session.ts';
import { readImportStatus } from './import-status.ts';

const now = Temporal.Instant.from('2026-11-24T15:00:00Z');
let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

let districts = 0;
/** Adds a connected district with these runs; returns its id and theirs. */
async function addDistrict(...runs: readonly RunRow[]) {
  districts += 1;
  const districtId = await insertDistrict(database, { domain: `d${districts}.example` });
  const connection = {
    baseUrl: 'https://skyward.example/API',
    clientKey: 'key',
    clientSecret: 'secret',
    entityId: null,
    allowPrivateAddress: false,
  };
  await setConnection(database.pool, districtId, connection, newSealingKey());
  const ids: number[] = [];
  for (const run of runs) ids.push(await insertRun(database, districtId, run));
  return { districtId, ids };
}

const statusOf = async (districtId: number) =>
  readInDistrict(database.web.pool, { districtId, schools: null }, async (scoped) =>
    readImportStatus(scoped, now),
  );

const nightly = (date: string, more: RunRow = {}): RunRow => ({
  today: date,
  started_at: `${date}T08:00:00Z`,
  finished_at: `${date}T08:05:00Z`,
  origin: 'schedule',
  ...more,
});
const failed = {
  state: 'failed',
  failure: { code: 'unreachable', message: 'No.', advice: 'Wait.' },
};

it('has the last completed import, not a dry run or a daily status update', async () => {
  const { districtId, ids } = await addDistrict(
    nightly('2026-11-22'),
    nightly('2026-11-23', { state: 'unchanged' }),
    nightly('2026-11-24', { is_dry_run: true }),
    nightly('2026-11-24', { state: 'recalculated', origin: 'date' }),
  );
  expect(await statusOf(districtId)).toMatchObject({
    isConnected: true,
    isPaused: false,
    lastCompleted: { runId: ids[1], at: '2026-11-23T08:05:00Z', importDate: '2026-11-23' },
    heldRunId: null,
    failed: null,
    missedByFailure: false,
    running: null,
  });
});

it('keeps a failed manual import apart from a failed nightly one', async () => {
  const manual = { ...failed, origin: 'person', requested_by: 'Jordan Avery' };
  const { districtId, ids } = await addDistrict(
    nightly('2026-11-23'),
    nightly('2026-11-23', { ...manual, started_at: '2026-11-23T17:00:00Z' }),
  );
  const status = await statusOf(districtId);
  expect(status).toMatchObject({
    missedByFailure: false,
    failed: { runId: ids[1], code: 'unreachable', origin: 'person', requestedBy: 'Jordan Avery' },
  });
  await insertRun(database, districtId, nightly('2026-11-24', failed));
  expect(await statusOf(districtId)).toMatchObject({
    missedByFailure: true,
    failed: { origin: 'schedule' },
  });
});

it('forgets what failed or was on hold before the last completed import, and canceled runs', async () => {
  const { districtId } = await addDistrict(
    nightly('2026-11-21', failed),
    nightly('2026-11-22', { state: 'held' }),
    nightly('2026-11-23'),
    nightly('2026-11-24', { ...failed, failure: { code: 'import-cancelled' } }),
  );
  const status = await statusOf(districtId);
  expect(status).toMatchObject({ heldRunId: null, failed: null, missedByFailure: false });
});

it('has the import on hold until it is reviewed, also after a failed one', async () => {
  const { districtId, ids } = await addDistrict(
    nightly('2026-11-22'),
    nightly('2026-11-23', { state: 'held' }),
    nightly('2026-11-24', failed),
  );
  expect((await statusOf(districtId)).heldRunId).toBe(ids[1]);
  await database.pool.query(
    `update import_runs set decision = 'discarded', decided_at = now(), decided_by = 'Jordan Avery',
       decision_reason = 'Rollover' where district_id = $1 and id = $2`,
    [districtId, ids[1]],
  );
  expect((await statusOf(districtId)).heldRunId).toBeNull();
});

it('takes a run for running while its process is alive, and for failed when it has died', async () => {
  const { districtId, ids } = await addDistrict(
    nightly('2026-11-23'),
    nightly('2026-11-24', { state: 'running', finished_at: null }),
  );
  expect(await statusOf(districtId)).toMatchObject({
    running: null,
    failed: { runId: ids[1], code: 'interrupted' },
  });
  await withImportSession(database.pool, districtId, async () => {
    expect(await statusOf(districtId)).toMatchObject({ running: { runId: ids[1] }, failed: null });
  });
});

it('has no schedule before the connection and while paused', async () => {
  const unconnected = await insertDistrict(database, { domain: 'unconnected.example' });
  const none = { nextAt: null, lateAt: null, overdueAt: null };
  expect(await statusOf(unconnected)).toMatchObject({ isConnected: false, ...none });
  const { districtId } = await addDistrict(nightly('2026-11-23'));
  expect((await statusOf(districtId)).lateAt).not.toBeNull();
  await database.pool.query('update districts set nights_paused = true where id = $1', [
    districtId,
  ]);
  expect(await statusOf(districtId)).toMatchObject({ isPaused: true, ...none });
});
