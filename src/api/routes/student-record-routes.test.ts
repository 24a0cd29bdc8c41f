import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { enrollmentForecastApi } from '../../contract/students/enrollment-forecast.ts';
import { type StaffField, staffValuesApi } from '../../contract/students/staff-values.ts';
import { studentBasicsApi } from '../../contract/students/student-basics.ts';
import { type ChangeKind, studentHistoryApi } from '../../contract/students/student-history.ts';
import { studentsApi } from '../../contract/students/students.ts';
import type { Role } from '../../contract/endpoint.ts';

let api: TestApi;
let runs: readonly [number, number, number] = [0, 0, 0];

beforeAll(async () => {
  api = await openTestApi();
  const { database, districtId } = api;
  const addRun = async (day: string) =>
    insertRun(database, districtId, {
      today: day,
      started_at: `${day}T08:00:00Z`,
      finished_at: `${day}T08:05:00Z`,
    });
  runs = [await addRun('2026-11-20'), await addRun('2026-11-21'), await addRun('2026-11-22')];
});
afterAll(() => api.close());

const addStudent = async (more: Parameters<typeof insertStudent>[2] = {}) =>
  insertStudent(api.database, api.districtId, { first_run_id: runs[0], ...more });

/** A change as an import stores it. */
async function addChange(
  studentId: number,
  runId: number,
  change: {
    readonly record?: string;
    readonly recordId?: number;
    readonly field?: string;
    readonly from?: unknown;
    readonly to?: unknown;
  },
): Promise<void> {
  const { record = 'student', recordId = null, field = null, from, to } = change;
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await api.database.pool.query(
    `insert into student_changes (district_id, student_id, run_id, record, record_id, field, old_value, new_value)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [api.districtId, studentId, runId, record, recordId, field, json(from), json(to)],
  );
}

const staffValues = async (id: number, role: Role = 'staff') => {
  const { values } = await parseResponse(
    staffValuesApi.getStaffValues.response,
    await api.askDistrict(role, `/students/${id}/staff-values`),
  );
  return new Map(values.map((value) => [value.field, value]));
};

const save = async (
  id: number,
  field: StaffField,
  value: string | null,
  version = 0,
  role: Role = 'staff',
) => api.send(role, 'PUT', `/students/${id}/staff-values/${field}`, { value, version });

const history = async (id: number, query = '') =>
  parseResponse(
    studentHistoryApi.listStudentHistory.response,
    await api.askDistrict('staff', `/students/${id}/history${query}`),
  );

const changesOf = async (id: number, kind?: ChangeKind) =>
  (await history(id, kind === undefined ? '' : `?kind=${kind}`)).entries.map(
    ({ subject, label, from, to }) => [subject, label, from, to],
  );

describe('staff values of a student', () => {
  it('is empty at first, and then has the saved value, its author and the value before', async () => {
    const id = await addStudent();
    expect((await staffValues(id)).get('pronouns')).toEqual({
      field: 'pronouns',
      value: null,
      version: 0,
      lastChange: null,
    });
    const saved = await parseResponse(
      staffValuesApi.saveStaffValue.response,
      await save(id, 'pronouns', 'she/her'),
    );
    expect(saved).toMatchObject({ value: 'she/her', version: 1 });
    expect(saved.lastChange).toMatchObject({ by: 'Sam Poe', isOwn: true, from: null });
    expect((await save(id, 'pronouns', 'they/them', 1, 'administrator')).status).toBe(200);
    const now = (await staffValues(id)).get('pronouns');
    expect(now).toMatchObject({ value: 'they/them', version: 2 });
    expect(now?.lastChange).toMatchObject({ isOwn: false, from: 'she/her' });
  });

  it('is not overwritten by a save that has not seen the newer version', async () => {
    const id = await addStudent();
    await save(id, 'notes', 'First');
    await save(id, 'notes', 'Second', 1, 'administrator');
    for (const version of [0, 1]) {
      const late = await save(id, 'notes', 'Third', version);
      expect(late.status).toBe(409);
      expect((await errorOf(late)).code).toBe('conflict');
    }
    expect((await staffValues(id)).get('notes')?.value).toBe('Second');
  });

  it('treats a save of the current value as no change, whatever version it is based on', async () => {
    const id = await addStudent();
    await save(id, 'notes', 'Same');
    const again = await parseResponse(
      staffValuesApi.saveStaffValue.response,
      await save(id, 'notes', 'Same', 0),
    );
    expect(again.version).toBe(1);
  });

  it('may be emptied again; blanks alone are nothing', async () => {
    const id = await addStudent();
    await save(id, 'notes', 'Text');
    await save(id, 'notes', ' \n ', 1);
    expect((await staffValues(id)).get('notes')).toMatchObject({ value: null, version: 2 });
  });

  it.each([
    ['preferred-gender', 'Purple'],
    ['pronouns', 'x'.repeat(61)],
    ['notes', 'x'.repeat(10_001)],
    ['notes', 'a\0b'],
  ] as const)('refuses a %s that cannot be kept, and changes nothing', async (field, value) => {
    const id = await addStudent();
    const rejected = await save(id, field, value);
    expect(rejected.status).toBe(400);
    expect(await errorOf(rejected)).toMatchObject({ code: 'bad-request', field: 'value' });
    expect((await staffValues(id)).get(field)?.version).toBe(0);
  });

  it('is not for read-only people to write, nor for other schools and districts to see', async () => {
    const id = await addStudent();
    expect((await save(id, 'notes', 'No', 0, 'read-only')).status).toBe(404);
    expect((await staffValues(id, 'read-only')).get('notes')?.value).toBeNull();
    const foreign = await insertStudent(api.database, api.otherDistrictId);
    expect((await save(foreign, 'notes', 'No')).status).toBe(404);
    const { rows } = await api.database.pool.query(
      'select from student_staff_values where student_id = any ($1)',
      [[id, foreign]],
    );
    expect(rows).toEqual([]);
  });

  it('leaves a line in the audit trail that names the field and never the value', async () => {
    const id = await addStudent();
    await save(id, 'notes', 'Confidential words');
    const { rows } = await api.database.pool.query<{ detail: unknown }>(
      `select detail from audit_events where action = 'student-changed' and student_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ detail: { fields: 'notes' } }]);
  });

  it('keeps the saves of one person within ten minutes as one change, and none when all is undone', async () => {
    const id = await addStudent();
    await save(id, 'notes', 'A');
    await save(id, 'notes', 'A b', 1);
    await save(id, 'notes', 'A b c', 2);
    expect(await changesOf(id)).toEqual([[null, 'Notes', null, 'A b c']]);
    await save(id, 'notes', null, 3);
    expect(await changesOf(id)).toEqual([]);
    await save(id, 'notes', 'D', 4);
    await save(id, 'notes', 'E', 5, 'administrator');
    expect(await changesOf(id)).toEqual([
      [null, 'Notes', 'D', 'E'],
      [null, 'Notes', null, 'D'],
    ]);
  });

  it('begins a new change when ten minutes have passed', async () => {
    const id = await addStudent();
    await save(id, 'notes', 'A');
    await api.database.pool.query(
      `update student_staff_changes set began_at = began_at - interval '11 minutes' where student_id = $1`,
      [id],
    );
    await save(id, 'notes', 'B', 1);
    expect(await changesOf(id)).toHaveLength(2);
  });
});

describe('the history of a student', () => {
  it('formats every change of an import, with the names of guardians and enrollments', async () => {
    const id = await addStudent({
      guardians: [{ first_name: 'Lucía', last_name: 'Vega', relationship: 'Mother' }],
      enrollments: [{ skyward_id: 7, school_name: 'Lakeview High' }],
    });
    const [, run] = runs;
    const phone = { rank: 1, type: 'Home', number: '555-0101', extension: null };
    await addChange(id, run, { field: 'legal_first_name', from: 'Ana', to: 'Anna' });
    await addChange(id, run, { field: 'birth_date', from: null, to: '2013-04-17' });
    await addChange(id, run, {
      field: 'phones',
      from: [],
      to: [{ ...phone, isConfidential: true }],
    });
    await addChange(id, run, {
      record: 'guardian',
      recordId: id * 100,
      field: 'allows_pickup',
      from: false,
      to: true,
    });
    await addChange(id, run, {
      record: 'enrollment',
      recordId: 7,
      field: 'end_date',
      to: '2026-12-18',
    });
    await addChange(id, run, {
      record: 'guardian',
      recordId: 99,
      from: { first_name: 'Omar', last_name: 'Paz' },
    });
    expect(await changesOf(id)).toEqual([
      ['Omar Paz', 'Guardian no longer in Skyward', null, null],
      ['Lakeview High from Aug 12, 2026', 'End date', null, 'Dec 18, 2026'],
      ['Lucía Vega (Mother)', 'May pick up', 'no', 'yes'],
      [null, 'Phone numbers', null, '555-0101 (Home, confidential)'],
      [null, 'Date of birth', null, 'Apr 17, 2013'],
      [null, 'Legal first name', 'Ana', 'Anna'],
    ]);
    expect(await changesOf(id, 'contact')).toEqual([
      [null, 'Phone numbers', null, '555-0101 (Home, confidential)'],
    ]);
  });

  it('is filtered by field, of imports and users alike, and by source', async () => {
    const id = await addStudent();
    await addChange(id, runs[1], { field: 'grade', from: '06', to: '07' });
    await addChange(id, runs[1], { field: 'status', from: 'INACTIVE', to: 'ENROLLED' });
    await addChange(id, runs[1], { record: 'guardian', recordId: 99, to: { last_name: 'Paz' } });
    await save(id, 'notes', 'A');
    await api.database.pool.query(
      `insert into hand_changes (district_id, student_id, account_name, action, field, new_value)
       values ($1, $2, 'Jordan Avery', 'manual-status-set', 'status', '{"value":"TRANSFERRED"}')`,
      [api.districtId, id],
    );
    const labels = async (query: string) =>
      (await history(id, query)).entries.map(({ label }) => label);
    expect((await history(id)).fields).toEqual([
      'Grade',
      'Guardians added or removed',
      'Notes',
      'Status',
    ]);
    expect(await labels('?field=Status')).toEqual(['Status', 'Status']);
    expect(await labels('?field=Status&source=imports')).toEqual(['Status']);
    expect(await labels('?field=Guardians added or removed')).toEqual(['Guardian added']);
    expect((await labels('?source=users')).toSorted()).toEqual(['Notes', 'Status']);
    expect(await labels('?field=Weather')).toEqual([]);
  });

  it('R37 to R41: lists a status once, with its rule', async () => {
    const id = await addStudent();
    const [, run, later] = runs;
    await addChange(id, run, { field: 'status', from: 'ENROLLED', to: 'INACTIVE' });
    await addChange(id, run, {
      field: 'status_rule',
      from: 'current-enrollment',
      to: 'withdrawn',
    });
    await addChange(id, run, { field: 'status_decided_by', from: 7, to: 8 });
    await addChange(id, later, {
      field: 'status_rule',
      from: 'withdrawn',
      to: 'no-enrollment',
    });
    const { entries } = await history(id, '?kind=status');
    expect(
      entries.map(({ label, from, to }) => [label, from?.slice(0, 8), to?.slice(0, 8)]),
    ).toEqual([
      ['Status reason', 'Inactive', 'Inactive'],
      ['Status', 'Enrolled', 'Inactive'],
    ]);
    expect(entries[1]?.note).toMatch(/^Inactive: the last enrollment ended/);
    expect(entries[1]).toMatchObject({ importDate: '2026-11-21', runId: run, by: null });
  });

  it('says which import was undone, and by whom', async () => {
    const id = await addStudent();
    const undo = await insertRun(api.database, api.districtId, {
      state: 'restored',
      requested_by: 'Sam Poe',
      undoes_run_id: runs[1],
      undo_reason: 'Wrong data',
    });
    await addChange(id, undo, { field: 'first_name', from: 'Ana', to: 'Anna' });
    await addChange(id, undo, { record: 'guardian', recordId: 5, from: { first_name: 'Ada' } });
    await addChange(id, undo, { field: 'skyward_id', from: 7, to: 6 });
    const { entries } = await history(id);
    expect(entries.map(({ label }) => label)).toEqual([
      'Match by the import undone',
      'Guardian removed',
      'First name',
    ]);
    expect(entries[2]?.undo).toEqual({ importDate: '2026-11-21', by: 'Sam Poe' });
  });

  it('comes in pages, the latest first, each change once', async () => {
    const id = await addStudent();
    for (let count = 0; count < 60; count++) {
      await addChange(id, runs[1], { field: 'homeroom', from: `${count}`, to: `${count + 1}` });
    }
    const [first, second] = [await history(id), await history(id, '?page=2')];
    expect([first.total, first.entries.length, second.entries.length]).toEqual([60, 50, 10]);
    expect(first.entries[0]?.to).toBe('60');
    expect(second.entries.at(-1)?.from).toBe('0');
    expect((await history(id, '?page=3')).entries).toEqual([]);
    expect(first.firstImport?.importDate).toBe('2026-11-20');
  });

  it.each(['?page=0', '?kind=weather', '?kin=status'])('refuses %s', async (query) => {
    const id = await addStudent();
    expect((await api.askDistrict('staff', `/students/${id}/history${query}`)).status).toBe(400);
  });
});

describe('the Details', () => {
  it('name the last change of each field, the date of the data, and the problems of the last import', async () => {
    const id = await addStudent({ skyward_id: 4711 });
    await addChange(id, runs[1], { field: 'grade', from: '06', to: '07' });
    await addChange(id, runs[2], { field: 'grade', from: '07', to: '08' });
    for (const [run, message] of [
      [runs[1], 'Of an earlier import.'],
      [runs[2], 'The birth date is no day.'],
    ] as const) {
      await api.database.pool.query(
        `insert into import_problems (district_id, run_id, kind, skyward_student_id, message)
         values ($1, $2, 'bad-date', 4711, $3)`,
        [api.districtId, run, message],
      );
    }
    await api.database.pool.query('update import_runs set report = $2 where id = $1', [
      runs[2],
      { missingPermissions: [{ object: 'Demographics/Name', fields: ['Race'] }] },
    ]);
    const response = await api.askDistrict('staff', `/students/${id}`);
    const student = await parseResponse(studentsApi.getStudent.response, response);
    expect(student.fieldChanges).toEqual([
      {
        record: 'student',
        recordId: null,
        field: 'grade',
        importDate: '2026-11-22',
        from: '7',
        to: '8',
      },
    ]);
    expect(student.problems).toEqual([
      { importDate: '2026-11-22', kind: 'bad-date', message: 'The birth date is no day.' },
    ]);
    expect(student.lastImport).toEqual({
      importDate: '2026-11-22',
      finishedAt: '2026-11-22T08:05:00Z',
    });
    expect(student.notAvailable).toEqual({ student: ['race'], guardian: [], guardians: false });
  });
});

describe('the Basics', () => {
  it('show administrators and technicians how the status was decided; for others they are not there', async () => {
    const id = await addStudent({ skyward_id: 4712, state_id: '914' });
    await api.database.pool.query(
      `update students set status_decided_on = '2026-11-22',
         status_decided_under = '[2027,"01","CECS",false]' where id = $1`,
      [id],
    );
    for (const role of ['administrator', 'technician'] as const) {
      const response = await api.askDistrict(role, `/students/${id}/basics`);
      expect(
        await parseResponse(studentBasicsApi.getStudentBasics.response, response),
      ).toMatchObject({
        stateId: '914',
        status: { decidedOn: '2026-11-22', staleNote: 'Status as of Nov 22, 2026.' },
        decisionSettings: { schoolYear: 2027, graduationCode: '01', ignoredCode: 'CECS' },
        firstImport: { importDate: '2026-11-20' },
      });
    }
    // A status that no date has changed is of today, whenever it was determined.
    await api.database.pool.query(
      `update students set status_same_through = 'infinity' where id = $1`,
      [id],
    );
    const later = await api.askDistrict('administrator', `/students/${id}/basics`);
    expect(await parseResponse(studentBasicsApi.getStudentBasics.response, later)).toMatchObject({
      status: { staleNote: null },
    });
    for (const role of ['staff', 'read-only'] as const) {
      expect((await api.askDistrict(role, `/students/${id}/basics`)).status).toBe(404);
    }
  });
});

describe('the forecast', () => {
  it('predicts no change of a manual status', async () => {
    const id = await addStudent({ status: 'TRANSFERRED', status_rule: null });
    const response = await api.askDistrict('staff', `/students/${id}/enrollment`);
    const forecast = await parseResponse(
      enrollmentForecastApi.getEnrollmentForecast.response,
      response,
    );
    expect(forecast.published).toMatchObject({
      value: 'TRANSFERRED',
      decidedOn: null,
      changesOn: null,
      nextStatus: null,
      change: 'No change is scheduled.',
    });
    expect(forecast.periods).toEqual([]);
  });
});

it.each(['', '/basics', '/enrollment', '/history', '/staff-values'])(
  "another district's student is as if there were none: /students/{id}%s",
  async (part) => {
    const foreign = await insertStudent(api.database, api.otherDistrictId);
    const responses = [foreign, 999_999].map(async (id) =>
      api.askDistrict('administrator', `/students/${id}${part}`),
    );
    const [theirs, none] = await Promise.all(responses);
    expect([theirs?.status, none?.status]).toEqual([404, 404]);
    expect(await theirs?.text()).toBe(await none?.text());
  },
);
