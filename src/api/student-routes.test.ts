import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { insertRun, insertStudent } from '../../tests/record-builder.ts';
import { answerOf, errorOf, openTestApi, type TestApi } from '../../tests/test-api.ts';
import { getLatestImport } from '../contract/imports.ts';
import { getStudent, listStudents, type StudentPage } from '../contract/students.ts';

let api: TestApi;
let maria = 0;
let foreign = 0;
let runId = 0;

beforeAll(async () => {
  api = await openTestApi();
  const { database, districtId, otherDistrictId } = api;
  runId = await insertRun(database, districtId);
  const named = [
    ['García', 'Zoe', '1001'],
    ['Garcia López', 'Ana', '1002'],
    ["O'Brien", 'Finn', '1003'],
    ['Müller', 'Per%cent', '1004'],
    ['Nguyễn', 'Under_score', '1005'],
    ['Smith-Jones', 'Back\\slash', '1006'],
  ] as const;
  for (const [lastName, firstName, number] of named) {
    await insertStudent(database, districtId, {
      first_name: firstName,
      last_name: lastName,
      student_number: number,
      ...(number === '1003' ? { status: 'INACTIVE', status_rule: 'withdrawn' } : {}),
    });
  }
  maria = await insertStudent(database, districtId, {
    first_name: 'María',
    last_name: 'Zapata',
    student_number: '2001',
    state_id: '9140022871',
    birth_date: '2013-04-17',
    status: 'PRE_ENROLLED',
    status_rule: 'future-without-past',
    status_decided_by: 72,
    status_left_out: [{ id: 71, reason: 'cecs' }],
    status_changes_on: '2027-01-06',
    first_run_id: runId,
    phones: [
      { rank: 2, type: 'Cell', number: '555-0102', extension: null, isConfidential: true },
      { rank: 1, type: 'Home', number: '555-0101', extension: null, isConfidential: false },
    ],
    guardians: [
      { first_name: 'Lucía', last_name: 'Zapata', relationship: 'Mother' },
      { first_name: 'Andrés', last_name: 'Paz', has_restricted_access: true },
    ],
    enrollments: [
      { skyward_id: 71, withdrawal_code: 'CECS' },
      { skyward_id: 72, start_date: '2027-01-06' },
    ],
  });
  foreign = await insertStudent(database, otherDistrictId, { last_name: 'Elsewhere' });
});
afterAll(() => api.close());

async function list(query: string): Promise<StudentPage> {
  const response = await api.askDistrict('staff', `/students${query}`);
  expect(response.status).toBe(200);
  return answerOf(listStudents.response, response);
}

const lastNames = async (query: string) => (await list(query)).rows.map((row) => row.name.last);

describe('the list of students', () => {
  it('is in the order of last and first names, accents aside, the shorter last name first', async () => {
    expect(await lastNames('')).toEqual([
      'García',
      'Garcia López',
      'Müller',
      'Nguyễn',
      "O'Brien",
      'Smith-Jones',
      'Zapata',
    ]);
  });

  it('never shows a student of another district', async () => {
    expect(await lastNames('?search=elsewhere')).toEqual([]);
  });

  it.each([
    ['GARCIA', ['García', 'Garcia López']],
    ['gárcía lop', ['Garcia López']],
    ['ana garcia', ['Garcia López']],
    ['MULLER', ['Müller']],
    ['nguyen', ['Nguyễn']],
    ['obrien', ["O'Brien"]],
    ['o’brien', ["O'Brien"]],
    ['jones smith', ['Smith-Jones']],
    ['1005', ['Nguyễn']],
    ['22871', ['Zapata']],
    ['maria zapata', ['Zapata']],
    ['nobody', []],
  ])('finds by "%s"', async (search, expected) => {
    expect(await lastNames(`?${new URLSearchParams({ search }).toString()}`)).toEqual(expected);
  });

  it.each([
    ['%', ['Müller']],
    ['r%c', ['Müller']],
    ['k\\s', ['Smith-Jones']],
    ['_', []],
    ["' or 1=1 --", []],
  ])('takes the signs of SQL as they are: "%s"', async (search, expected) => {
    expect(await lastNames(`?${new URLSearchParams({ search }).toString()}`)).toEqual(expected);
  });

  it('takes a search of U+0000 for one of nothing', async () => {
    expect((await list('?search=%00')).total).toBe(7);
  });

  it('filters by status and still counts every status that fits the search', async () => {
    const page = await list('?status=INACTIVE');
    expect(page.rows.map((row) => row.name.last)).toEqual(["O'Brien"]);
    expect(page.total).toBe(1);
    expect(page.counts).toEqual({ ENROLLED: 5, INACTIVE: 1, PRE_ENROLLED: 1 });
  });

  it('says why a student is not enrolled', async () => {
    const [row] = (await list('?status=INACTIVE')).rows;
    expect(row?.statusReason).toMatch(/^Inactive, because /);
  });

  it('gives every student once, page by page', async () => {
    const seen: number[] = [];
    for (const page of [1, 2, 3, 4]) {
      const { rows, total } = await list(`?page=${page}&pageSize=2`);
      expect(total).toBe(7);
      seen.push(...rows.map((row) => row.id));
    }
    expect(seen.length).toBe(7);
    expect(new Set(seen).size).toBe(7);
  });

  it('has no rows past the last page', async () => {
    expect((await list('?page=9&pageSize=2')).rows).toEqual([]);
  });

  it.each([
    ['?serch=x', 'serch'],
    ['?search=a&search=b', 'search'],
    ['?status=AWAY', 'status'],
    ['?page=0', 'page'],
    ['?page=two', 'page'],
    ['?pageSize=101', 'pageSize'],
    [`?search=${'x'.repeat(101)}`, 'search'],
  ])('refuses %s and names the parameter', async (query, field) => {
    const response = await api.askDistrict('staff', `/students${query}`);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ code: 'bad-request', field });
  });
});

const details = async () =>
  answerOf(getStudent.response, await api.askDistrict('staff', `/students/${maria}`));

describe("one student's Details", () => {
  it('holds the student, the status with its reason, and the day it changes', async () => {
    const student = await details();
    expect(student.name.first).toBe('María');
    expect(student.birthDate).toBe('2013-04-17');
    expect(student.status).toMatchObject({
      value: 'PRE_ENROLLED',
      rule: 'future-without-past',
      decidedBy: 72,
      changesOn: '2027-01-06',
    });
  });

  it('has guardians in their order and phones by rank', async () => {
    const student = await details();
    expect(student.guardians.map((guardian) => guardian.name.first)).toEqual(['Lucía', 'Andrés']);
    expect(student.guardians[1]?.hasRestrictedAccess).toBe(true);
    expect(student.phones.map((phone) => phone.number)).toEqual(['555-0101', '555-0102']);
  });

  it('says of each enrollment whether it decided, and why it was left out (R36)', async () => {
    const { enrollments } = await details();
    const [deciding, ignored] = enrollments;
    expect(deciding).toMatchObject({ id: 72, decidesStatus: true, leftOut: null });
    expect(ignored).toMatchObject({ id: 71, decidesStatus: false, leftOut: { reason: 'cecs' } });
  });

  it('names the run that changed each part last, the first run where nothing has changed', async () => {
    const later = await insertRun(api.database, api.districtId, { today: '2026-11-24' });
    await api.database.pool.query(
      `insert into student_changes (district_id, student_id, run_id, record, field)
       values ($1, $2, $3, 'student', 'gender')`,
      [api.districtId, maria, later],
    );
    const { lastChanges } = await details();
    expect(lastChanges.student).toMatchObject({ id: later, night: '2026-11-24' });
    expect(lastChanges.guardians?.id).toBe(runId);
  });

  it('shows a status without a rule as set by hand (Q29)', async () => {
    const id = await insertStudent(api.database, api.districtId, {
      last_name: 'Zz',
      status: 'TRANSFERRED',
      status_rule: null,
    });
    const response = await api.askDistrict('staff', `/students/${id}`);
    const student = await answerOf(getStudent.response, response);
    expect(student.status.reason).toBe('Transferred, set by hand.');
  });

  it.each(['999999', '9007199254740991'])('answers 404 for unknown student %s', async (id) => {
    const response = await api.askDistrict('staff', `/students/${id}`);
    expect(response.status).toBe(404);
    expect((await errorOf(response)).code).toBe('not-found');
  });

  it("answers for another district's student as if there were none", async () => {
    const response = await api.askDistrict('administrator', `/students/${foreign}`);
    const unknown = await api.askDistrict('administrator', '/students/999999');
    expect(response.status).toBe(404);
    expect(await response.text()).toBe(await unknown.text());
  });

  it.each(['abc', '-1', '1.5', '1e3', '99999999999999999999', '%00'])(
    'refuses %s as the number of a student',
    async (id) => {
      const response = await api.askDistrict('staff', `/students/${id}`);
      expect(response.status).toBe(400);
      expect(await errorOf(response)).toMatchObject({ code: 'bad-request', field: 'id' });
    },
  );
});

describe('the latest import', () => {
  it('is the one that started last, dry runs and other districts aside', async () => {
    const { database, districtId, otherDistrictId } = api;
    const failed = await insertRun(database, districtId, {
      state: 'failed',
      started_at: '2026-11-25T08:00:00Z',
      report: { delivered: 7, added: 1, changed: 2, unchanged: 4 },
      failure: { code: 'x', message: 'It failed.', advice: 'Do this.' },
    });
    await insertRun(database, districtId, { is_dry_run: true, started_at: '2026-11-26T08:00:00Z' });
    await insertRun(database, otherDistrictId, { started_at: '2026-11-27T08:00:00Z' });
    const response = await api.askDistrict('technician', '/imports/latest');
    const { run } = await answerOf(getLatestImport.response, response);
    expect(run).toMatchObject({
      id: failed,
      state: 'failed',
      counts: { delivered: 7, added: 1, changed: 2, unchanged: 4 },
      failure: { message: 'It failed.' },
    });
  });
});
