import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { insertRun, insertStudent, type RunRow } from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  cookieOf,
  emailOf,
  errorOf,
  openTestApi,
  password,
  signIn,
  type TestApi,
  testDistrict,
} from '../../../tests/servers/test-api.ts';
import { importActionsApi } from '../../contract/imports/import-actions.ts';
import { importChangesApi } from '../../contract/imports/import-changes.ts';
import { studentListApi } from '../../contract/students/student-list.ts';
import { studentsApi } from '../../contract/students/students.ts';
import { importIssuesApi } from '../../contract/imports/import-issues.ts';
import { type ImportRunDetail, importReportApi } from '../../contract/imports/import-report.ts';
import { daysShown, importRunsApi } from '../../contract/imports/import-runs.ts';
import { listRunsByDay } from '../../import/runs/run-list.ts';
import { withImportSession } from '../../import/runs/import-session.ts';

let api: TestApi;
const report = {
  received: 10,
  added: 1,
  changed: 2,
  unchanged: 7,
  rowsRead: { 'Student/Student': 10 },
  seconds: { reading: 1.5 },
  problems: { 'name-missing': 2 },
  statusMoves: 'of an older form',
};

beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

/** A run as the screen of one asks for it. */
const detail = async (id: number): Promise<ImportRunDetail> =>
  parseResponse(
    importReportApi.getImport.response,
    await api.askDistrict('staff', `/imports/${id}`),
  );

/** A plan of three students, one of them unknown so far; the known ones go to schools 401 and 402. */
async function insertPlan(runId: number): Promise<void> {
  const { districtId, database } = api;
  const known = [
    await insertStudent(database, districtId, { last_name: 'Poe', entity_id: 401 }),
    await insertStudent(database, districtId, { last_name: "O'Brien", entity_id: 402 }),
  ];
  const plan = [
    [1, 'status', known[0], 'Poe', '0001', 'ENROLLED', 'INACTIVE'],
    [2, 'added', 9_000_001, 'New_man', '0002', null, 'ENROLLED'],
    [3, 'changed', known[1], "O'Brien", '0003', 'ENROLLED', 'ENROLLED'],
  ];
  for (const row of plan) {
    await database.pool.query(
      `insert into import_plan_changes (district_id, run_id, position, kind, student_id, first_name,
         last_name, student_number, status_before, status_after)
       values ($1, $2, $3, $4, $5, 'Ada', $6, $7, $8, $9)`,
      [districtId, runId, ...row],
    );
  }
}

/** A run with problems of a student of school 401, of one of 402, and of a student without a record. */
async function insertProblems(): Promise<{ runId: number; here: number }> {
  const { database, districtId } = api;
  const runId = await insertRun(database, districtId, {
    report: { problems: { 'name-missing': 3 } },
  });
  const of = async (skyward_id: number, entity_id: number) =>
    insertStudent(database, districtId, { skyward_id, entity_id });
  const here = await of(77, 401);
  await of(78, 402);
  await database.pool.query(
    `insert into import_problems (district_id, run_id, kind, object, page, row_number, record_key,
       field, skyward_student_id, message)
     values ($1, $2, 'name-missing', 'Demographics/Name', 3, 12, '500', 'LastName', 77, 'LastName: missing'),
       ($1, $2, 'name-missing', 'Demographics/Name', null, null, '501', 'LastName', 78, 'LastName: missing'),
       ($1, $2, 'name-missing', 'Demographics/Name', null, null, '502', 'LastName', null, 'LastName: missing')`,
    [districtId, runId],
  );
  return { runId, here };
}

const problemsOf = async (role: 'staff' | 'read-only', runId: number, more = '') =>
  parseResponse(
    importIssuesApi.listImportProblems.response,
    await api.askDistrict(role, `/imports/${runId}/problems?kind=name-missing${more}`),
  );

describe('a run', () => {
  it('is returned with its report; a part of another form is omitted instead of failing', async () => {
    const id = await insertRun(api.database, api.districtId, { report });
    const run = await detail(id);
    expect(run).toMatchObject({ state: 'published', seconds: 300, needsReview: false });
    expect(run.report).toMatchObject({
      rowsRead: [{ object: 'Student/Student', label: 'Students', count: 10 }],
      statusMoves: [],
    });
    expect(run.report?.problems).toEqual([
      {
        kind: 'name-missing',
        title: 'Name missing',
        count: 2,
        advice: expect.stringContaining('enter the name'),
      },
    ]);
  });

  it('whose process died is returned as interrupted, since its lock is free', async () => {
    const id = await insertRun(api.database, api.districtId, {
      state: 'running',
      finished_at: null,
    });
    expect(await detail(id)).toMatchObject({
      state: 'failed',
      progress: null,
      failure: { code: 'interrupted' },
    });
  });

  it('of another district, or of none, is not found', async () => {
    const theirs = await insertRun(api.database, api.otherDistrictId);
    for (const id of [theirs, 999_999]) {
      const response = await api.askDistrict('administrator', `/imports/${id}`);
      expect((await errorOf(response)).code).toBe('not-found');
    }
  });

  it('links a problem to its student', async () => {
    const { runId, here } = await insertProblems();
    const { rows, total, others } = await problemsOf('staff', runId);
    expect(total).toBe(3);
    expect(others).toBe(0);
    expect(rows[0]).toMatchObject({ page: 3, row: 12, key: '500', student: { id: here } });
    expect(rows[2]).toMatchObject({ key: '502', student: null });
    await api.database.pool.query('delete from students where skyward_id in (77, 78)');
  });

  it.each(['staff', 'read-only'] as const)(
    'tells %s of one school the problems of its students, and of all others only how many',
    async (role) => {
      const { runId, here } = await insertProblems();
      await api.database.pool.query('update accounts set schools = $2 where email = $1', [
        emailOf(role),
        [401],
      ]);
      const found = await problemsOf(role, runId);
      expect(found).toMatchObject({ total: 1, others: 2, page: 1 });
      expect(found.rows).toMatchObject([{ key: '500', student: { id: here } }]);
      expect(await problemsOf(role, runId, '&page=2')).toMatchObject({ rows: [], others: 2 });
      await api.database.pool.query('update accounts set schools = $2 where email = $1', [
        emailOf(role),
        [],
      ]);
      expect(await problemsOf(role, runId)).toMatchObject({ rows: [], total: 0, others: 3 });
      await api.database.pool.query('update accounts set schools = null');
      expect(await problemsOf(role, runId)).toMatchObject({ total: 3, others: 0 });
      await api.database.pool.query('delete from students where skyward_id in (77, 78)');
    },
  );
});

describe('the open import issues', () => {
  const ask = async (query = '') =>
    parseResponse(
      importIssuesApi.listOpenProblems.response,
      await api.askDistrict('administrator', `/import-issues${query}`),
    );

  it('are those of the last import that read all data, by kind, with fields in words', async () => {
    const { runId, here } = await insertProblems();
    const later = { started_at: '2026-11-23T20:00:00Z' };
    await insertRun(api.database, api.districtId, { ...later, state: 'failed' });
    const { run, kinds, rows, total } = await ask();
    expect(run?.id).toBe(runId);
    expect(kinds).toMatchObject([{ kind: 'name-missing', title: 'Name missing', count: 3 }]);
    expect(total).toBe(3);
    const row = rows.find(({ student }) => student?.id === here);
    // The list of students and the student's page say the same, although a later import failed.
    const listed = await api.askDistrict('administrator', '/students?problem=row');
    const page = parseResponse(studentListApi.listStudents.response, listed);
    expect((await page).rows.map(({ id }) => id)).toContain(here);
    const opened = await api.askDistrict('administrator', `/students/${here}`);
    const student = await parseResponse(studentsApi.getStudent.response, opened);
    expect(student.problems).toMatchObject([{ kind: 'name-missing' }]);
    expect(row).toMatchObject({ label: 'Last name', message: 'missing', field: 'LastName' });
    expect((await ask('?kind=number-shared')).rows).toEqual([]);
    await api.database.pool.query(
      `update students set last_name = null, legal_last_name = 'Zapata' where id = $1`,
      [here],
    );
    expect((await ask('?search=zapat')).rows).toMatchObject([
      { student: { id: here, lastName: 'Zapata' } },
    ]);
    await api.database.pool.query('delete from students where skyward_id in (77, 78)');
  });
});

describe('the changes of a completed import', () => {
  it('are listed by student in the form of a plan, with the status of that time', async () => {
    const { database, districtId } = api;
    const id = await insertRun(database, districtId);
    const student = async (last_name: string, more: object) =>
      insertStudent(database, districtId, { last_name, status: 'INACTIVE', ...more });
    const changed = await student('Abel', {});
    const added = await student('Bell', { first_run_id: id });
    const missing = await student('Cole', {});
    await database.pool.query('update students set missing_since_run_id = $2 where id = $1', [
      missing,
      id,
    ]);
    const change = async (
      studentId: number,
      runId: number,
      field: string,
      from: string,
      to: string,
    ) =>
      database.pool.query(
        `insert into student_changes (district_id, student_id, run_id, record, field, old_value, new_value)
         values ($1, $2, $3, 'student', $4, $5, $6)`,
        [districtId, studentId, runId, field, JSON.stringify(from), JSON.stringify(to)],
      );
    await change(changed, id, 'homeroom', 'B12', 'C4');
    const later = await insertRun(database, districtId);
    await change(added, later, 'status', 'ENROLLED', 'INACTIVE');
    const page = await parseResponse(
      importChangesApi.listImportPlan.response,
      await api.askDistrict('staff', `/imports/${id}/plan`),
    );
    expect(page.rows).toMatchObject([
      { kind: 'missing', lastName: 'Cole', statusAfter: 'INACTIVE', changes: [] },
      { kind: 'added', lastName: 'Bell', statusBefore: null, statusAfter: 'ENROLLED' },
      {
        kind: 'changed',
        lastName: 'Abel',
        changes: [{ label: 'Homeroom', from: 'B12', to: 'C4' }],
      },
    ]);
    expect((await detail(id)).plan).toEqual({ status: 0, missing: 1, added: 1, changed: 1 });
    const statuses = await parseResponse(
      importChangesApi.listImportPlan.response,
      await api.askDistrict('staff', `/imports/${later}/plan?kind=status&search=bel`),
    );
    expect(statuses.rows).toMatchObject([{ statusBefore: 'ENROLLED', statusAfter: 'INACTIVE' }]);
  });
});

describe('the list', () => {
  it('has the latest run first and pages through older ones', async () => {
    const ask = async (query: string) =>
      parseResponse(
        importRunsApi.listImports.response,
        await api.askDistrict('read-only', `/imports${query}`),
      );
    for (let day = 1; day <= 25; day += 1) {
      const at = `2026-09-${String(day).padStart(2, '0')}T08:00:00Z`;
      await insertRun(api.database, api.districtId, { started_at: at, finished_at: at });
    }
    const { total, runs } = await ask('');
    expect(runs).toHaveLength(20);
    const second = await ask('?page=2');
    expect(second.runs).toHaveLength(total - 20);
    expect((second.runs[0]?.startedAt ?? '') <= (runs.at(-1)?.startedAt ?? '')).toBe(true);
    expect(second).toMatchObject({ page: 2, running: null, waiting: null });
  });

  describe('by day', () => {
    const now = Temporal.Instant.from('2025-11-23T18:00:00Z');
    /** Returns the days of a district that has these runs only. */
    const listDays = async (...runs: readonly RunRow[]) => {
      const { database, otherDistrictId: districtId } = api;
      const { pool } = database;
      await pool.query('delete from import_runs where district_id = $1', [districtId]);
      const ids: number[] = [];
      for (const run of runs) ids.push(await insertRun(database, districtId, run));
      const today = now.toZonedDateTimeISO('America/Chicago').toPlainDate();
      return { ids, days: await listRunsByDay(pool, districtId, today, daysShown) };
    };
    const at = (day: string, hour: string, state: string, more: RunRow = {}): RunRow => ({
      today: day,
      started_at: `${day}T${hour}:00:00Z`,
      state,
      ...more,
    });

    it('has at most 90 days, and fewer after the first import', async () => {
      const { days } = await listDays(
        at('2025-07-01', '08', 'published'),
        at('2025-11-22', '08', 'published'),
      );
      expect(days).toHaveLength(90);
      expect(days[0]?.day).toBe('2025-08-26');
      expect(days.at(-1)).toEqual({ day: '2025-11-23', run: null, runs: 0, completed: 0 });
      const { days: young } = await listDays(at('2025-11-21', '08', 'published'));
      expect(young.map(({ day }) => day)).toEqual(['2025-11-21', '2025-11-22', '2025-11-23']);
      expect((await listDays()).days).toEqual([]);
      expect(
        (await listDays(at('2025-11-21', '08', 'planned', { is_dry_run: true }))).days,
      ).toEqual([]);
    });

    it('shows a failed import until another one has completed', async () => {
      const runs = [
        at('2025-11-22', '08', 'unchanged'),
        at('2025-11-22', '09', 'published'),
        at('2025-11-22', '18', 'failed', { failure: { code: 'unreachable' } }),
      ];
      const { ids, days } = await listDays(...runs);
      expect(days[0]).toMatchObject({
        run: { id: ids[2], state: 'failed' },
        runs: 3,
        completed: 2,
      });
      const later = await listDays(...runs, at('2025-11-23', '08', 'unchanged'));
      expect(later.days[0]).toMatchObject({ run: { id: later.ids[1] }, runs: 3, completed: 2 });
    });

    it('keeps showing a day without a completed import as failed, and an import on hold first', async () => {
      const { ids, days } = await listDays(
        at('2025-11-21', '08', 'failed', { failure: { code: 'unreachable' } }),
        at('2025-11-21', '09', 'failed', { failure: { code: 'import-cancelled' } }),
        at('2025-11-22', '08', 'published'),
        at('2025-11-23', '08', 'held'),
        at('2025-11-23', '09', 'failed', { failure: { code: 'unreachable' } }),
      );
      expect(days.map(({ run }) => run?.id)).toEqual([ids[0], ids[2], ids[3]]);
    });
  });
});

describe('a plan', () => {
  let runId = 0;
  const ask = async (query: string) =>
    parseResponse(
      importChangesApi.listImportPlan.response,
      await api.askDistrict('staff', `/imports/${runId}/plan${query}`),
    );
  const names = async (query: string) => (await ask(query)).rows.map((row) => row.lastName);

  beforeAll(async () => {
    runId = await insertRun(api.database, api.districtId, { state: 'planned', is_dry_run: true });
    await insertPlan(runId);
  });

  it('is listed in order, by kind and by search', async () => {
    expect(await names('')).toEqual(['Poe', 'New_man', "O'Brien"]);
    expect(await names('?kind=added')).toEqual(['New_man']);
    expect(await names("?search=o'b")).toEqual(["O'Brien"]);
    expect(await names('?search=poe, ada')).toEqual(['Poe']);
    expect(await names('?search=0002')).toEqual(['New_man']);
    // What LIKE takes for any letter is meant literally.
    expect(await names('?search=w_m')).toEqual(['New_man']);
    expect(await names('?search=_oe')).toEqual([]);
    expect((await ask('')).counts).toEqual({ status: 1, missing: 0, added: 1, changed: 1 });
    expect((await detail(runId)).plan).toEqual({ status: 1, missing: 0, added: 1, changed: 1 });
  });

  it('shows users of one school the students of their school only', async () => {
    await api.database.pool.query('update accounts set schools = $2 where email = $1', [
      emailOf('staff'),
      [402],
    ]);
    expect(await names('')).toEqual(["O'Brien"]);
    await api.database.pool.query('update accounts set schools = null');
  });
});

describe('a field that is empty for all students', () => {
  const kept = { object: 'Demographics/Name', field: 'Race' };
  const insertKeeping = () =>
    insertRun(api.database, api.districtId, {
      started_at: '2027-01-01T08:00:00Z',
      report: JSON.stringify({ retainedFields: [kept] }),
    });
  const accept = (id: number, body: unknown, role: 'administrator' | 'staff' = 'administrator') =>
    api.send(role, 'POST', `/imports/${id}/accepted-fields`, body);

  it('is accepted with a reason, once, and the audit trail has both', async () => {
    const id = await insertKeeping();
    expect((await detail(id)).retainedFields).toEqual([
      { ...kept, label: 'Race', acceptedBy: null, canBeAccepted: true },
    ]);
    const reason = 'We no longer keep it';
    expect((await accept(id, { ...kept, reason: ' ' })).status).toBe(400);
    expect((await accept(id, { ...kept, reason }, 'staff')).status).toBe(404);
    expect((await accept(id, { ...kept, field: 'Gender', reason })).status).toBe(409);
    expect((await accept(id, { ...kept, reason })).status).toBe(200);
    expect((await detail(id)).retainedFields).toEqual([
      { ...kept, label: 'Race', acceptedBy: 'Sam Poe', canBeAccepted: false },
    ]);
    expect((await errorOf(await accept(id, { ...kept, reason }))).code).toBe('conflict');
    const { rows } = await api.database.pool.query(
      `select detail from audit_events where action = 'empty-field-accepted'`,
    );
    expect(rows).toEqual([{ detail: { runId: id, field: 'Demographics/Name.Race', reason } }]);
    await api.database.pool.query('delete from accepted_fields');
  });

  it('cannot be accepted after a later import was published', async () => {
    const id = await insertKeeping();
    const later = await insertKeeping();
    expect((await accept(id, { ...kept, reason: 'Meant so' })).status).toBe(409);
    await api.database.pool.query('delete from import_runs where id = any($1)', [[id, later]]);
  });
});

describe('a held run', () => {
  const insertHeld = () =>
    insertRun(api.database, api.districtId, { state: 'held', started_at: '2026-12-01T08:00:00Z' });
  const decide = (id: number, body: unknown, role: 'administrator' | 'staff' = 'administrator') =>
    api.send(role, 'POST', `/imports/${id}/review`, body);

  it('is rejected with a reason, once, and the audit trail has both', async () => {
    const id = await insertHeld();
    expect((await detail(id)).needsReview).toBe(true);
    expect((await decide(id, { outcome: 'discarded', reason: ' ' })).status).toBe(400);
    expect((await decide(id, { outcome: 'discarded', reason: 'Meant' }, 'staff')).status).toBe(404);
    expect((await decide(id, { outcome: 'discarded', reason: 'Roll-over' })).status).toBe(200);
    expect((await detail(id)).review).toMatchObject({
      outcome: 'discarded',
      by: 'Sam Poe',
      reason: 'Roll-over',
    });
    const again = await decide(id, { outcome: 'approved', reason: 'Meant' });
    expect((await errorOf(again)).code).toBe('conflict');
    const { rows } = await api.database.pool.query(
      `select detail from audit_events where action = 'import-discarded'`,
    );
    expect(rows).toEqual([{ detail: { runId: id, reason: 'Roll-over' } }]);
  });

  it('needs no review when a later import has superseded it', async () => {
    const id = await insertHeld();
    await insertRun(api.database, api.districtId, { started_at: '2026-12-02T08:00:00Z' });
    expect((await detail(id)).needsReview).toBe(false);
    expect((await decide(id, { outcome: 'discarded', reason: 'Meant' })).status).toBe(409);
  });

  it('stays in review if no import can be started to approve it', async () => {
    const id = await insertHeld();
    const response = await decide(id, { outcome: 'approved', reason: 'A school closed' });
    expect((await errorOf(response)).code).toBe('queue-unavailable');
    expect(await detail(id)).toMatchObject({ review: null, needsReview: true });
  });
});

describe('starting an import', () => {
  it('fails with advice for a district that is not connected', async () => {
    const response = await api.send('administrator', 'POST', '/imports', { isDryRun: true });
    expect(await errorOf(response)).toMatchObject({
      code: 'conflict',
      message: 'This district is not connected to Skyward yet.',
    });
  });

  it.each(['staff', 'read-only'] as const)('is not for %s', async (role) => {
    const response = await api.send(role, 'POST', '/imports', { isDryRun: false });
    expect(response.status).toBe(404);
  });

  it('rejects members that the contract does not have', async () => {
    const body = { isDryRun: false, allowsMassChange: true };
    const response = await api.send('administrator', 'POST', '/imports', body);
    expect(response.status).toBe(400);
    expect(importActionsApi.startImport.body.safeParse(body).success).toBe(false);
  });
});

describe('the events of a run', () => {
  it('end immediately for a finished run', async () => {
    const id = await insertRun(api.database, api.districtId);
    const response = await api.askDistrict('read-only', `/imports/${id}/events`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(await response.text()).toContain(
      'event: ended\ndata: {"state":"published","progress":null}',
    );
  });

  it('are not found for an unknown run', async () => {
    expect((await api.askDistrict('read-only', '/imports/999999/events')).status).toBe(404);
  });

  it.each([
    ['the session ends', 'delete from account_sessions where account_id = $1'],
    ['the account is locked', 'update accounts set locked_at = now() where id = $1'],
    ['the role changes', `update accounts set role = 'staff' where id = $1`],
    ['the schools change', `update accounts set schools = '{401}' where id = $1`],
    [
      'the session gets too old',
      `update account_sessions set created_at = now() - interval '7 days' where account_id = $1`,
    ],
  ])('end when %s while the run goes on', async (_, change) => {
    const { pool } = api.database;
    const email = emailOf('read-only');
    const { rows } = await pool.query<{ id: string }>('select id from accounts where email = $1', [
      email,
    ]);
    const cookie = cookieOf(await signIn(api.app, email, password));
    const id = await insertRun(api.database, api.districtId, {
      state: 'running',
      finished_at: null,
    });
    const told = await withImportSession(pool, api.districtId, async () => {
      const headers = { cookie };
      const response = await api.app.request(`${testDistrict}/imports/${id}/events`, { headers });
      await pool.query(change, [rows[0]?.id]);
      return response.text();
    });
    await pool.query(
      `update accounts set locked_at = null, role = 'read-only', schools = null where id = $1`,
      [rows[0]?.id],
    );
    await pool.query('delete from import_runs where id = $1', [id]);
    expect(told).toContain('event: progress');
    expect(told).not.toContain('event: ended');
  });
});
