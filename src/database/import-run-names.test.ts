/** Runs stored by an earlier version are read with today's names. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from './migrations.ts';
import type { Database } from './database.ts';
import { insertDistrict, insertRun } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { findRun } from '../import/runs/run-detail.ts';
import { findPreviousFields } from '../import/runs/run-store.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('reads a run that was stored before reports, states, reviews and error codes were renamed', async () => {
  const { pool } = database;
  await pool.query('drop schema public cascade; create schema public');
  await migrate(pool, { to: 43 });
  const districtId = await insertDistrict(database);
  const grade = { object: 'Student/Student', field: 'GradeID' };
  const fields = [{ object: 'Family/Family', fields: ['LanguageID'] }];
  const report = {
    delivered: 10,
    leftOut: { cecs: 2 },
    notCreated: { cecs: 1 },
    notGranted: fields,
    neverHeld: fields,
    setAside: 3,
    keptFields: [grade],
    emptyFields: [],
    redecided: 4,
  };
  const published = await insertRun(database, districtId, { report });
  const held = await insertRun(database, districtId, { state: 'held' });
  await pool.query(
    `update import_runs set decision = 'released', decided_at = now(), decided_by = 'Ann Poe',
       decision_reason = 'A school closed' where id = $1`,
    [held],
  );
  const failure = { code: 'server-trouble', message: 'HTTP 503', advice: 'Wait.' };
  const failed = await insertRun(database, districtId, { state: 'failed', failure });
  const daily = await insertRun(database, districtId, { state: 'redecided', report: {} });

  await migrate(pool);

  const now = Temporal.Instant.from('2026-11-23T16:00:00Z');
  const read = (id: number) => findRun(pool, districtId, id, now);
  expect(await read(published)).toMatchObject({
    counts: { received: 10 },
    report: {
      uncounted: { cecs: 2 },
      notImported: { cecs: 1 },
      missingPermissions: fields,
      neverFilled: fields,
      skipped: 3,
      recalculated: 4,
    },
    retainedFields: [grade],
  });
  const retained = new Set(['Student/Student.GradeID']);
  expect(await findPreviousFields(pool, districtId)).toMatchObject({ retained });
  expect(await read(held)).toMatchObject({ review: { outcome: 'approved', by: 'Ann Poe' } });
  expect(await read(failed)).toMatchObject({
    failure: {
      ...failure,
      code: 'server-error',
      message: 'Skyward had an error.',
      details: failure.message,
    },
  });
  expect(await read(daily)).toMatchObject({
    state: 'recalculated',
    report: { recalculated: null },
  });
});
