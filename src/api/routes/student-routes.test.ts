import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { studentsApi } from '../../contract/students/students.ts';

let api: TestApi;
let maria = 0;
let foreign = 0;
let runId = 0;

beforeAll(async () => {
  api = await openTestApi();
  const { database, districtId, otherDistrictId } = api;
  runId = await insertRun(database, districtId);
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
      { rank: 1, type: 'Home', number: '555-0101', extension: null, isConfidential: false },
      { rank: 2, type: 'Cell', number: '555-0102', extension: null, isConfidential: true },
    ],
    guardians: [
      { first_name: 'Lucía', last_name: 'Zapata', relationship: 'Mother' },
      { first_name: 'Andrés', last_name: 'Paz', has_restricted_access: true },
    ],
    enrollments: [
      { skyward_id: 71, withdrawal_code: 'CECS' },
      { skyward_id: 72, start_date: '2027-01-06', school_name: 'Lakeview High' },
    ],
  });
  foreign = await insertStudent(database, otherDistrictId, { last_name: 'Elsewhere' });
});
afterAll(() => api.close());

const details = async () =>
  parseResponse(
    studentsApi.getStudent.response,
    await api.askDistrict('staff', `/students/${maria}`),
  );

describe("one student's Details", () => {
  it('holds the student, the status with its reason, and the day it changes', async () => {
    const student = await details();
    expect(student.name.first).toBe('María');
    expect(student.birthDate).toBe('2013-04-17');
    expect(student.status).toMatchObject({
      value: 'PRE_ENROLLED',
      rule: 'future-without-past',
      reason: 'Pre-Enrolled: starts Jan 6, 2027 at Lakeview High.',
      decidedBy: 72,
      enrollment: { schoolName: 'Lakeview High', startDate: '2027-01-06' },
      changesOn: '2027-01-06',
      nextStatus: 'ENROLLED',
      change: 'Pre-Enrolled → Enrolled on Jan 6, 2027.',
    });
  });

  it('has guardians in their order and phones by rank', async () => {
    const student = await details();
    expect(student.guardians.map((guardian) => guardian.name.first)).toEqual(['Lucía', 'Andrés']);
    expect(student.guardians[1]?.hasRestrictedAccess).toBe(true);
    expect(student.phones.map((phone) => phone.number)).toEqual(['555-0101', '555-0102']);
  });

  it('shows for each enrollment whether it determines the status, or why it is not counted (R36)', async () => {
    const { enrollments } = await details();
    const [deciding, ignored] = enrollments;
    expect(deciding).toMatchObject({ id: 72, decidesStatus: true, uncounted: null });
    expect(ignored).toMatchObject({ id: 71, decidesStatus: false, uncounted: { reason: 'cecs' } });
  });

  it('names the run that changed each part last, the first run where nothing has changed', async () => {
    const later = await insertRun(api.database, api.districtId, { today: '2026-11-24' });
    await api.database.pool.query(
      `insert into student_changes (district_id, student_id, run_id, record, field)
       values ($1, $2, $3, 'student', 'gender')`,
      [api.districtId, maria, later],
    );
    const { lastChanges } = await details();
    expect(lastChanges.student).toMatchObject({ id: later, importDate: '2026-11-24' });
    expect(lastChanges.guardians?.id).toBe(runId);
  });

  it('shows a status without a rule as manual', async () => {
    const id = await insertStudent(api.database, api.districtId, {
      last_name: 'Zz',
      status: 'TRANSFERRED',
      status_rule: null,
    });
    const response = await api.askDistrict('staff', `/students/${id}`);
    const student = await parseResponse(studentsApi.getStudent.response, response);
    expect(student.status.reason).toBe('Transferred: set manually.');
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
