import type { Hono } from 'hono';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import { sampleNow } from '../../../tests/builders/sample-district.ts';
import {
  fillSampleHistory,
  type SampleHistory,
  samplePassword,
  samplePeople,
} from '../../../tests/builders/sample-history.ts';
import { generousLimits } from '../../../tests/servers/generous-limits.ts';
import { cookieOf, parseResponse, signIn, withTwoFactor } from '../../../tests/servers/test-api.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import type { Role } from '../../contract/endpoint.ts';
import { homeApi } from '../../contract/home.ts';
import type { Database } from '../../database/database.ts';
import type { ApiEnvironment } from '../server/api-environment.ts';
import { createApi } from '../server/server.ts';

let database: Database;
let app: Hono<ApiEnvironment>;
let sample: SampleHistory;
const cookies = new Map<Role, string>();

beforeAll(async () => {
  database = await openTestDatabase();
  sample = await fillSampleHistory(database);
  app = createApi({
    database,
    accounts: sample.accounts,
    log: pino({ level: 'silent' }),
    now: () => sampleNow,
    rateLimits: generousLimits(),
  });
  for (const role of ['technician', 'administrator', 'staff', 'read-only'] as const) {
    const cookie = cookieOf(await signIn(app, samplePeople[role].email, samplePassword));
    cookies.set(role, role === 'technician' ? await withTwoFactor(app, cookie) : cookie);
  }
});
afterAll(() => database.close());

const ask = async (role: Role, path: string, domain = 'pineridge.example') =>
  app.request(`/api/districts/${domain}/home/${path}`, {
    headers: { cookie: cookies.get(role) ?? '' },
  });
const administratorHome = async (domain?: string) =>
  parseResponse(
    homeApi.getAdministratorHome.response,
    await ask('technician', 'administrator', domain),
  );
const staffHome = async (role: Role = 'staff') =>
  parseResponse(homeApi.getStaffHome.response, await ask(role, 'staff'));

it('has for administrators the last import in numbers, and what needs attention', async () => {
  expect(await administratorHome()).toMatchObject({
    status: { isConnected: true, lastCompleted: { importDate: '2026-11-23' } },
    lastCompleted: {
      runId: sample.runs.lastImport,
      added: 2,
      changed: 5,
      withdrawn: 2,
      issues: 4,
    },
    held: null,
    duplicates: 2,
    accessExpiresOn: '2026-12-08',
    documents: { overdue: 0, dueThisWeek: 0, changed: 1 },
  });
});

it('has the import on hold with its reason and what it would change', async () => {
  const { held } = await administratorHome('cedarhollow.example');
  expect(held).toMatchObject({
    runId: sample.runs.held,
    reason: expect.stringContaining('4 of 12'),
    changes: { missing: 4, status: 0, added: 0, changed: 0 },
  });
});

it('has for staff their own open documents, by due date', async () => {
  const ids = await database.pool.query<{ id: number }>(
    'select id from documents where district_id = $1 order by id',
    [sample.districtId],
  );
  const due = ['2026-11-22', '2026-11-29'];
  for (const [index, { id }] of ids.rows.entries()) {
    await database.pool.query('update documents set due_on = $2 where id = $1', [id, due[index]]);
  }
  const home = await staffHome();
  expect(home).toMatchObject({
    ownsDocuments: true,
    overdue: { total: 1, rows: [{ id: ids.rows[0]?.id, dueOn: '2026-11-22' }] },
    dueThisWeek: { total: 1, rows: [{ id: ids.rows[1]?.id, dueOn: '2026-11-29' }] },
    infoChanged: { total: 1, rows: [{ id: sample.documentId }] },
  });
  // Another user's documents.
  await database.pool.query(
    `update documents set created_by = (select id from accounts where email = $2) where district_id = $1`,
    [sample.districtId, samplePeople.administrator.email],
  );
  expect(await staffHome()).toMatchObject({ overdue: { total: 0, rows: [] } });
  expect(await staffHome('read-only')).toMatchObject({
    ownsDocuments: false,
    overdue: { total: 1 },
  });
});

it('lists changed, new and leaving students of the schools of the user', async () => {
  const { districtId } = sample;
  const run = await insertRun(database, districtId, {
    started_at: '2026-11-23T09:00:00Z',
    finished_at: '2026-11-23T09:05:00Z',
    report: {
      statusMoves: [
        { from: 'ENROLLED', to: 'INACTIVE', count: 3 },
        { from: 'PRE_ENROLLED', to: 'ENROLLED', count: 5 },
        { from: null, to: 'INACTIVE', count: 7 },
      ],
    },
  });
  expect((await administratorHome()).lastCompleted).toMatchObject({ runId: run, withdrawn: 3 });
  const add = async (last_name: string, entity_id: number, status: 'ENROLLED' | 'INACTIVE') =>
    insertStudent(database, districtId, { last_name, entity_id, status });
  const [left, elsewhere] = [
    await add('Aaberg', 402, 'INACTIVE'),
    await add('Aaberg', 401, 'INACTIVE'),
  ];
  for (const student of [left, elsewhere]) {
    await database.pool.query(
      `insert into student_changes (district_id, student_id, run_id, record, record_id, field, old_value, new_value)
       values ($1, $2, $3, 'student', null, 'status', '"ENROLLED"', '"INACTIVE"'),
         ($1, $2, $3, 'guardian', 900, null, null, '{}')`,
      [districtId, student, run],
    );
  }
  const added = await insertStudent(database, districtId, {
    last_name: 'Zabel',
    entity_id: 402,
    first_run_id: run,
  });
  const home = await staffHome();
  // The last visit was on Nov 20.
  expect(home.changedSince).toBe('2026-11-20');
  expect(home.changedStudents).toMatchObject({
    // The other one is of the sample.
    total: 2,
    rows: [
      { student: { id: left }, importDate: '2026-11-23' },
      { student: { name: { last: 'Jackson' } } },
    ],
  });
  expect(home.changedStudents.rows[0]?.labels.toSorted()).toEqual(['Guardian added', 'Status']);
  const inSample = home.changedStudents.rows[1]?.student.id;
  // With students on the own list, only those.
  await database.pool.query(
    `insert into caseload_students (district_id, account_id, student_id)
     select $1, id, $3 from accounts where email = $2`,
    [districtId, samplePeople.staff.email, sample.studentId],
  );
  expect(await staffHome()).toMatchObject({ ownStudents: 1, changedStudents: { total: 0 } });
  await database.pool.query('delete from caseload_students');
  const moves = home.moves.rows.map(({ student, move }) => [student.id, move]);
  expect(moves).toEqual([
    [left, 'leaving'],
    [inSample, 'leaving'],
    [added, 'new'],
    [sample.studentId, 'returning'],
  ]);
  expect(home.recentStudents.map(({ id }) => id)).toEqual([sample.studentId]);
});

it('is recorded in the audit trail with the number of students', async () => {
  await staffHome();
  const { rows } = await database.pool.query<{ records: number }>(
    `select records from audit_events
     where district_id = $1 and action = 'home-viewed' and account_email = $2 order by id desc limit 1`,
    [sample.districtId, samplePeople.staff.email],
  );
  expect(rows[0]?.records).toBeGreaterThanOrEqual(4);
});

it('lists the students that the caller viewed last, and those of no one else', async () => {
  const recent = async (role: Role) => {
    const response = await app.request('/api/districts/pineridge.example/recent-students', {
      headers: { cookie: cookies.get(role) ?? '' },
    });
    const { students } = await parseResponse(homeApi.listRecentStudents.response, response);
    return students.map(({ id }) => id);
  };
  const view = async (role: Role, id: number) =>
    app.request(`/api/districts/pineridge.example/students/${id}`, {
      headers: { cookie: cookies.get(role) ?? '' },
    });
  await view('technician', sample.studentId);
  await view('technician', sample.manualStudentId);
  await view('administrator', sample.studentId);
  expect((await recent('technician')).slice(0, 2)).toEqual([
    sample.manualStudentId,
    sample.studentId,
  ]);
  expect((await recent('administrator'))[0]).toBe(sample.studentId);
});
