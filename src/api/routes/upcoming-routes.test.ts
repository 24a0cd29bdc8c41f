/** Upcoming changes, status changes on hold and the setting of the next school year over the API. */
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import { openTestApi, parseResponse, type TestApi } from '../../../tests/servers/test-api.ts';
import { upcomingChangesApi } from '../../contract/imports/upcoming-changes.ts';
import { runDailyUpdates } from '../../jobs/daily-updates.ts';
import { runForecastUpdates } from '../../jobs/forecast-updates.ts';

let api: TestApi;

/** Students who all finish the year on May 28; of one of four Skyward knows the next enrollment. */
beforeAll(async () => {
  api = await openTestApi();
  const run = await insertRun(api.database, api.districtId);
  for (let number = 1; number <= 60; number += 1) {
    const next = {
      skyward_id: number * 10 + 2,
      school_year: 2028,
      start_date: '2027-08-11',
    };
    await insertStudent(api.database, api.districtId, {
      skyward_id: number,
      student_number: `${number}`,
      entity_id: 401 + (number % 2),
      school_name: number % 2 === 0 ? 'Lakeview' : 'Cedar Ridge',
      first_run_id: run,
      status_decided_by: number * 10 + 1,
      status_rule: 'current-enrollment',
      enrollments: [
        {
          skyward_id: number * 10 + 1,
          school_year: 2027,
          start_date: '2026-08-12',
          end_date: '2027-05-28',
        },
        ...(number % 4 === 0 ? [next] : []),
      ],
    });
  }
  await api.database.pool.query('update import_runs set school_year = 2027');
  await api.database.pool.query(
    `update students set status = 'ENROLLED', status_decided_on = '2027-05-01',
       status_same_through = '2027-05-28', status_decided_under = '[2027,"01","CECS","current"]'`,
  );
});
afterAll(() => api.close());

const work = (day: string) => ({
  pool: api.database.pool,
  log: pino({ level: 'silent' }),
  now: () => Temporal.Instant.from(`${day}T15:00:00Z`),
});

const upcoming = async () =>
  parseResponse(
    upcomingChangesApi.getUpcomingChanges.response,
    await api.askDistrict('administrator', '/upcoming-changes'),
  );

const dateHold = async () =>
  parseResponse(
    upcomingChangesApi.getDateHold.response,
    await api.askDistrict('administrator', '/date-hold'),
  );

const statuses = async () => {
  const { rows } = await api.database.pool.query<{ status: string; students: number }>(
    'select status, count(*)::integer as students from students group by 1 order by 1',
  );
  return Object.fromEntries(rows.map(({ status, students }) => [status, students]));
};

it('has no forecast before it was computed', async () => {
  expect(await upcoming()).toEqual({ hold: null, forecast: null });
});

it('tells the day on which a mass of statuses will change, by school, and what each setting gives', async () => {
  expect(await runForecastUpdates(work('2027-05-10'))).toBe(1);
  // Nothing is new.
  expect(await runForecastUpdates(work('2027-05-10'))).toBe(0);
  const { forecast } = await upcoming();
  expect(forecast?.days).toMatchObject([
    {
      on: '2027-05-29',
      onHold: 60,
      changes: [
        {
          from: 'ENROLLED',
          to: 'INACTIVE',
          students: 45,
          reason: 'The last enrollment ends.',
          schools: [
            { school: 'Cedar Ridge', students: 30 },
            { school: 'Lakeview', students: 15 },
          ],
        },
        { students: 15, reason: expect.stringContaining('2027–28') as string },
      ],
    },
    { on: '2027-08-11', onHold: 0, changes: [{ to: 'ENROLLED', students: 15 }] },
  ]);
  expect((await dateHold()).ahead).toEqual({ on: '2027-05-29', students: 60 });
  expect(forecast?.settings).toEqual([
    { setting: 'current', isPresent: true, isProposed: false, today: 0, inactive: 60 },
    { setting: 'returning', isPresent: false, isProposed: true, today: 0, inactive: 45 },
    { setting: 'all', isPresent: false, isProposed: false, today: 0, inactive: 45 },
  ]);
});

it('rejects decisions about what is not on hold', async () => {
  const body = { choice: 'applied', reason: 'It is so' };
  const response = await api.send('administrator', 'POST', '/date-holds/7/decision', body);
  expect(response.status).toBe(409);
});

it('shows a hold, and counts next year’s enrollments once', async () => {
  expect(await runDailyUpdates(work('2027-05-29'))).toBeGreaterThan(0);
  expect(await statuses()).toEqual({ ENROLLED: 60 });
  const { hold, proposal } = await dateHold();
  expect(hold).toMatchObject({ since: '2027-05-29', students: 60, decision: null });
  expect(hold?.sentence).toContain('60 students (Enrolled → Inactive)');
  expect(proposal).toBe('returning');
  expect((await dateHold()).keptByProposal).toBeNull();
  expect(await runForecastUpdates(work('2027-05-29'))).toBe(1);
  expect(await dateHold()).toMatchObject({ keptByProposal: 15, ahead: null });

  const path = `/date-holds/${hold?.id}/decision`;
  const body = { choice: 'next-year-counted', reason: 'They are prepared' };
  expect((await api.send('staff', 'POST', path, body)).status).toBe(404);
  const both = await Promise.all([
    api.send('administrator', 'POST', path, body),
    api.send('technician', 'POST', path, { ...body, choice: 'applied' }),
  ]);
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
});

it('carries the decision out: who has a next enrollment stays Enrolled', async () => {
  await api.database.pool.query(`update date_holds set decision = 'next-year-counted'`);
  await api.send('administrator', 'POST', '/next-school-year', { setting: 'returning' });
  await runDailyUpdates(work('2027-05-29'));
  // Without one are 45 of 60, still a mass: a new hold.
  expect(await statuses()).toEqual({ ENROLLED: 60 });
  const { hold } = await dateHold();
  expect(hold).toMatchObject({ students: 45, decision: null });
  await api.send('administrator', 'POST', `/date-holds/${hold?.id}/decision`, {
    choice: 'applied',
    reason: 'They have left',
  });
  expect((await dateHold()).hold?.decision).toMatchObject({ choice: 'applied', by: 'Sam Poe' });
  await runDailyUpdates(work('2027-05-29'));
  expect(await statuses()).toEqual({ ENROLLED: 15, INACTIVE: 45 });
  expect((await dateHold()).hold).toBeNull();
});

it('sets the setting back, and records both in the audit trail', async () => {
  const response = await api.send('administrator', 'POST', '/next-school-year', {
    setting: 'current',
  });
  expect(await response.json()).toEqual({ setting: 'current', before: 'returning' });
  const { rows } = await api.database.pool.query<{ action: string }>(
    `select distinct action from audit_events
     where action in ('next-year-set', 'next-year-counted', 'status-hold-applied') order by 1`,
  );
  expect(rows.map(({ action }) => action)).toContain('next-year-set');
  expect(rows.map(({ action }) => action)).toContain('status-hold-applied');
});
