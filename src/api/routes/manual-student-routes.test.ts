import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { importLock } from '../../database/import-lock.ts';
import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  emailOf,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import {
  type ManualStudentValues,
  manualStudentsApi,
} from '../../contract/students/manual-students.ts';
import { studentHistoryApi } from '../../contract/students/student-history.ts';
import { statuses } from '../../contract/values.ts';

let api: TestApi;
let runId = 0;

beforeAll(async () => {
  api = await openTestApi();
  runId = await insertRun(api.database, api.districtId);
  await insertStudent(api.database, api.districtId, {
    skyward_id: 1,
    student_number: '5001',
    first_name: 'Zoë',
    last_name: 'Núñez',
    birth_date: '2014-03-02',
    entity_id: 402,
    school_name: 'Cedar Creek Middle',
  });
  await insertStudent(api.database, api.districtId, {
    entity_id: 401,
    school_name: 'Pine Elementary',
  });
});
afterAll(() => api.close());

const nameless = { first: 'Ann', middle: null, last: 'Lee', suffix: null };

/** What a person types; every call gives another number. */
let lastNumber = 9000;
const typed = (change: Partial<ManualStudentValues> = {}): ManualStudentValues => ({
  name: nameless,
  legalName: null,
  birthDate: '2015-05-17',
  studentNumber: String(++lastNumber),
  stateId: null,
  gender: null,
  grade: '05',
  school: null,
  homeLanguage: null,
  addresses: [],
  phones: [],
  emails: [],
  guardians: [],
  status: { value: 'ENROLLED', reason: null, since: '2026-01-05' },
  ...change,
});

const guardian: ManualStudentValues['guardians'][number] = {
  first: 'Kim',
  middle: null,
  last: 'Lee',
  suffix: null,
  relationship: 'Mother',
  language: 'Korean',
  isCustodial: true,
  livesWith: true,
  isEmergencyContact: false,
  allowsPickup: true,
  hasRestrictedAccess: false,
  addresses: [
    {
      uses: ['home'],
      street: '418 Juniper Lane',
      unit: 'Apt 6',
      city: 'Pine Ridge',
      state: 'TX',
      zip: '78000',
    },
  ],
  phones: [{ type: 'Cell', number: '(512) 555-0163', extension: null, isConfidential: false }],
  emails: [{ type: null, address: 'kim@mail.example' }],
};

async function send(
  method: string,
  path: string,
  body?: unknown,
  role: Parameters<TestApi['send']>[0] = 'administrator',
) {
  return api.send(role, method, path, body);
}

async function enter(change: Partial<ManualStudentValues> = {}): Promise<number> {
  const response = await send('POST', '/manual-students', typed(change));
  expect(await response.clone().text()).toContain('"id"');
  return (await parseResponse(manualStudentsApi.createManualStudent.response, response)).id;
}

const open = async (id: number) =>
  parseResponse(
    manualStudentsApi.getManualStudent.response,
    await api.askDistrict('staff', `/manual-students/${id}`),
  );

const auditOf = async (studentId: number) =>
  (
    await api.database.pool.query<{ action: string; detail: unknown; email: string }>(
      `select action, detail, account_email as email from audit_events
       where district_id = $1 and student_id = $2 order by id`,
      [api.districtId, studentId],
    )
  ).rows;

/** Runs `work` with the staff member bound to these schools. */
async function asStaffOf<Result>(schools: readonly number[], work: () => Promise<Result>) {
  const set = (value: readonly number[] | null) =>
    api.database.pool.query('update accounts set schools = $1 where email = $2', [
      value,
      emailOf('staff'),
    ]);
  await set(schools);
  try {
    return await work();
  } finally {
    await set(null);
  }
}

describe('entering a student', () => {
  it('stores all values, and returns them for editing', async () => {
    const values = typed({
      legalName: { ...nameless, first: 'Annabel' },
      school: { entityId: 401 },
      guardians: [guardian],
      phones: guardian.phones,
      status: { value: 'HISTORICAL_IDLE', reason: 'Left the state', since: '2025-12-01' },
    });
    const response = await send('POST', '/manual-students', values, 'staff');
    const { id } = await parseResponse(manualStudentsApi.createManualStudent.response, response);
    const found = await open(id);
    expect(found.values).toEqual(values);
    expect(found.dependents).toEqual([]);
    const { rows } = await api.database.pool.query(
      `select skyward_id, status, status_rule, school_name from students where id = $1`,
      [id],
    );
    expect(rows).toEqual([
      {
        skyward_id: null,
        status: 'HISTORICAL_IDLE',
        status_rule: null,
        school_name: 'Pine Elementary',
      },
    ]);
    expect(await auditOf(id)).toMatchObject([
      { action: 'student-entered', email: emailOf('staff') },
      { action: 'student-viewed' },
    ]);
  });

  it.each([
    ['a first name of blanks', { name: { ...nameless, first: '  ' } }, 'name.first', /first name/],
    ['a birth date in the future', { birthDate: '2099-01-01' }, 'birthDate', /future/],
    ['a birth date of long ago', { birthDate: '0201-01-01' }, 'birthDate', /1900/],
    ['a day that does not exist', { birthDate: '2015-02-30' }, 'birthDate', /birth date/],
    [
      'a status from tomorrow on',
      { status: { value: 'ENROLLED', reason: null, since: '2099-01-01' } },
      'status.since',
      /today/,
    ],
    ['a school that is none', { school: { entityId: 999 } }, 'school', /school/],
    ['a sign that cannot be printed', { stateId: 'a\u0000b' }, 'stateId', /unprintable/],
    [
      'a phone without digits',
      { phones: [{ ...guardian.phones[0], number: ' ' }] },
      'phones.0.number',
      /phone/,
    ],
    [
      'an e-mail without @',
      { emails: [{ type: null, address: 'kim' }] },
      'emails.0.address',
      /e-mail/,
    ],
  ] as const)('refuses %s and names the field', async (_, change, field, message) => {
    const response = await send('POST', '/manual-students', { ...typed(), ...change });
    expect(response.status).toBe(400);
    const error = await errorOf(response);
    expect(error).toMatchObject({ code: 'bad-request', field });
    expect(error.message).toMatch(message);
  });

  it('rejects a number that the district already has, from Skyward or entered manually', async () => {
    const response = await send('POST', '/manual-students', typed({ studentNumber: ' 5001 ' }));
    expect(response.status).toBe(409);
    expect(await errorOf(response)).toMatchObject({ code: 'number-taken', field: 'studentNumber' });
  });

  it('accepts a number that only a student has who is no longer in Skyward', async () => {
    const gone = await insertStudent(api.database, api.districtId, {
      skyward_id: 5090,
      student_number: '5090',
    });
    await api.database.pool.query('update students set missing_since_run_id = $1 where id = $2', [
      runId,
      gone,
    ]);
    const response = await send(
      'POST',
      '/manual-students',
      typed({ studentNumber: '5090', stateId: null }),
    );
    expect(response.status).toBe(200);
  });

  it('rejects one of two that are saved with one number at the same moment', async () => {
    const values = typed();
    const responses = await Promise.all([
      send('POST', '/manual-students', values),
      send('POST', '/manual-students', values),
    ]);
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 409]));
  });

  it('lets staff enter students of their schools only', async () => {
    await asStaffOf([401], async () => {
      for (const school of [null, { name: 'Elsewhere' }, { entityId: 402 }]) {
        const response = await send('POST', '/manual-students', typed({ school }), 'staff');
        expect([school, response.status]).toEqual([school, 400]);
        expect((await errorOf(response)).field).toBe('school');
      }
      const own = await send(
        'POST',
        '/manual-students',
        typed({ school: { entityId: 401 }, studentNumber: null }),
        'staff',
      );
      expect(own.status).toBe(200);
    });
  });

  it('responds to staff of one school the same for a number that is used elsewhere and for a free one', async () => {
    const school = { entityId: 401 };
    const id = await enter({ school, studentNumber: '6001' });
    await asStaffOf([401], async () => {
      const responses = [];
      for (const studentNumber of ['5001', '777777']) {
        const values = typed({ school, studentNumber });
        const { version } = await open(id);
        responses.push(
          await send('POST', '/manual-students', values, 'staff'),
          await send('PUT', `/manual-students/${id}`, { version, values }, 'staff'),
        );
      }
      const told = await Promise.all(responses.map(async (answer) => errorOf(answer)));
      expect(told[0]).toMatchObject({
        code: 'bad-request',
        field: 'studentNumber',
        message: expect.stringContaining('whole district'),
      });
      expect(told).toEqual(Array.from(told, () => told[0]));
    });
  });

  it('lets staff of one school keep or remove an existing number', async () => {
    const school = { entityId: 401 };
    const id = await enter({ school, studentNumber: '6002' });
    await asStaffOf([401], async () => {
      for (const studentNumber of ['6002', null]) {
        const { version, values } = await open(id);
        const changed = { ...values, grade: '07', studentNumber };
        const body = { version, values: changed };
        expect((await send('PUT', `/manual-students/${id}`, body, 'staff')).status).toBe(200);
      }
    });
  });

  it('is not found for read-only users', async () => {
    const response = await send('POST', '/manual-students', typed(), 'read-only');
    expect(response.status).toBe(404);
  });

  it('does not wait for a running import: nothing is saved', async () => {
    const client = await api.database.pool.connect();
    try {
      await client.query(`select pg_advisory_lock(${importLock('$1')})`, [api.districtId]);
      const response = await send('POST', '/manual-students', typed());
      expect(response.status).toBe(409);
      expect((await errorOf(response)).code).toBe('import-running');
    } finally {
      await client.query('select pg_advisory_unlock_all()');
      client.release();
    }
  });
});

describe('likely duplicates', () => {
  const likely = async (body: object, role: Parameters<TestApi['send']>[0] = 'staff') =>
    parseResponse(
      manualStudentsApi.findLikelyDuplicates.response,
      await send(
        'POST',
        '/manual-students/likely-duplicates',
        { studentNumber: null, first: null, last: null, birthDate: null, exceptId: null, ...body },
        role,
      ),
    );

  it('are found while typing: by number, or by name and birth date ignoring accents', async () => {
    const byNumber = await likely({ studentNumber: '5001' });
    expect(byNumber.students).toMatchObject([{ hasSameNumber: true, hasSameName: false }]);
    const byName = await likely({ first: 'zoe', last: 'NUNEZ', birthDate: '2014-03-02' });
    expect(byName.students).toMatchObject([{ hasSameName: true, studentNumber: '5001' }]);
    expect(
      (await likely({ first: 'Zoe', last: 'Nunez', birthDate: '2014-03-03' })).students,
    ).toEqual([]);
    expect(
      (await likely({ first: 'Zo', last: 'Nunez', birthDate: '2014-03-02' })).students,
    ).toEqual([]);
  });

  it('at schools of others are not revealed, not even that there are any', async () => {
    const described = { first: 'Zoe', last: 'Nunez', birthDate: '2014-03-02' };
    await asStaffOf([401], async () => {
      const nobody = { students: [], coversWholeDistrict: false };
      expect(await likely({ studentNumber: '5001' })).toEqual(nobody);
      expect(await likely({ studentNumber: '777777' })).toEqual(nobody);
      expect(await likely(described)).toEqual(nobody);
    });
    expect(await likely(described)).toMatchObject({ students: [{}], coversWholeDistrict: true });
  });
});

describe('changing a student', () => {
  it('saves the changes with their author, and returns the next version', async () => {
    const id = await enter({ guardians: [guardian] });
    const before = await open(id);
    const values = {
      ...before.values,
      grade: '06',
      guardians: [guardian, { ...guardian, first: 'Sam' }],
      status: { value: 'WITHDREW', reason: 'Moved', since: '2026-02-01' } as const,
    };
    const response = await send(
      'PUT',
      `/manual-students/${id}`,
      { version: before.version, values },
      'staff',
    );
    expect(response.status).toBe(200);
    const after = await open(id);
    expect(after.values).toEqual(values);
    expect(after.version).not.toBe(before.version);
    const { rows } = await api.database.pool.query(
      `select field, old_value, new_value, account_name from hand_changes
       where student_id = $1 and action = 'edited' order by field`,
      [id],
    );
    expect(rows.map((row) => [row.field, row.account_name])).toEqual([
      ['grade', 'Sam Poe'],
      ['guardians', 'Sam Poe'],
      ['status', 'Sam Poe'],
    ]);
    expect(rows[0]).toMatchObject({ old_value: '05', new_value: '06' });
    const audit = (await auditOf(id)).find(({ action }) => action === 'student-changed');
    expect(audit?.detail).toEqual({ fields: 'grade, guardians, status' });
  });

  it('rejects a save over a newer version, and changes nothing', async () => {
    const id = await enter();
    const { version, values } = await open(id);
    const save = (grade: string) =>
      send('PUT', `/manual-students/${id}`, { version, values: { ...values, grade } });
    expect((await save('07')).status).toBe(200);
    const late = await save('08');
    expect(late.status).toBe(409);
    expect((await errorOf(late)).code).toBe('conflict');
    expect((await open(id)).values.grade).toBe('07');
  });

  it('treats a save of the same values as no change', async () => {
    const id = await enter();
    const { version, values } = await open(id);
    await send('PUT', `/manual-students/${id}`, { version, values });
    expect((await open(id)).version).toBe(version);
  });

  it('does not find students of Skyward', async () => {
    const id = await insertStudent(api.database, api.districtId, { skyward_id: 77 });
    expect((await api.askDistrict('staff', `/manual-students/${id}`)).status).toBe(404);
    const response = await send('PUT', `/manual-students/${id}`, {
      version: '1',
      values: typed(),
    });
    expect(response.status).toBe(404);
  });

  it('does not find another district’s students', async () => {
    const id = await insertStudent(api.database, api.otherDistrictId, {});
    expect((await api.askDistrict('administrator', `/manual-students/${id}`)).status).toBe(404);
    expect((await send('DELETE', `/manual-students/${id}`)).status).toBe(404);
  });
});

describe('deleting a student', () => {
  const remove = async (id: number) =>
    parseResponse(
      manualStudentsApi.deleteManualStudent.response,
      await send('DELETE', `/manual-students/${id}`, undefined, 'staff'),
    );

  it('can be undone completely', async () => {
    const id = await enter({ guardians: [guardian] });
    await api.database.pool.query(
      `insert into student_staff_values (district_id, student_id, field, value, changed_by, changed_by_name)
       values ($1, $2, 'pronouns', 'she/her', gen_random_uuid(), 'Sam Poe')`,
      [api.districtId, id],
    );
    // On the lists of two users, one of whom is removed meanwhile.
    await api.database.pool.query(
      `with leaver as (
         insert into accounts (district_id, name, email, role)
         values ($1, 'Lee', 'leaver@list.example', 'staff') returning id)
       insert into caseload_students (district_id, account_id, student_id)
       select $1::bigint, id, $2::bigint from leaver union all
       (select $1, id, $2 from accounts where district_id = $1 and role = 'staff' limit 1)`,
      [api.districtId, id],
    );
    const everything = async () => {
      const { rows } = await api.database.pool.query<{ record: unknown }>(
        `select jsonb_build_array(
           (select to_jsonb(s) from students s where s.id = $1),
           (select jsonb_agg(to_jsonb(g)) from guardians g where g.student_id = $1),
           (select jsonb_agg(to_jsonb(h)) from hand_set_statuses h where h.student_id = $1),
           (select jsonb_agg(to_jsonb(v)) from student_staff_values v where v.student_id = $1),
           (select jsonb_agg(to_jsonb(c)) from student_staff_changes c where c.student_id = $1),
           (select jsonb_agg(to_jsonb(c)) from caseload_students c
             join accounts a on a.id = c.account_id and a.email <> 'leaver@list.example'
             where c.student_id = $1)) as record`,
        [id],
      );
      return rows[0]?.record;
    };
    const before = await everything();
    const { removalId } = await remove(id);
    expect((await api.askDistrict('staff', `/students/${id}`)).status).toBe(404);
    await api.database.pool.query("delete from accounts where email = 'leaver@list.example'");
    const undone = await send('POST', `/removed-students/${removalId}/restore`, undefined, 'staff');
    expect(await parseResponse(manualStudentsApi.restoreStudent.response, undone)).toEqual({
      studentId: id,
    });
    expect(await everything()).toEqual(before);
    const again = await send('POST', `/removed-students/${removalId}/restore`);
    expect(again.status).toBe(404);
  });

  it('is rejected while anything else belongs to the student, and names it', async () => {
    const id = await enter();
    await api.database.pool.query(
      `create table sample_documents (district_id bigint, id bigint, student_id bigint,
         primary key (district_id, id), foreign key (district_id, student_id) references students (district_id, id));
       insert into sample_documents select district_id, 1, id from students where id = ${id}`,
    );
    const response = await send('DELETE', `/manual-students/${id}`);
    await api.database.pool.query('drop table sample_documents');
    expect(response.status).toBe(409);
    expect(await errorOf(response)).toMatchObject({
      code: 'still-needed',
      message: 'This student still has 1 sample documents.',
    });
  });

  it('is not undone by other staff, nor after the number was used for another student', async () => {
    const id = await enter();
    const { values } = await open(id);
    const answer = await send('DELETE', `/manual-students/${id}`);
    const { removalId } = await parseResponse(
      manualStudentsApi.deleteManualStudent.response,
      answer,
    );
    const path = `/removed-students/${removalId}/restore`;
    expect((await send('POST', path, undefined, 'staff')).status).toBe(404);
    await enter({ studentNumber: values.studentNumber });
    const response = await send('POST', path);
    expect(response.status).toBe(409);
    expect((await errorOf(response)).code).toBe('number-taken');
  });

  it('never deletes a student of Skyward, even one that is missing', async () => {
    const id = await insertStudent(api.database, api.districtId, { skyward_id: 78 });
    expect((await send('DELETE', `/manual-students/${id}`)).status).toBe(404);
  });
});

describe('a match by an import', () => {
  it('is shown on Basics and in the history, with the import date', async () => {
    const id = await insertStudent(api.database, api.districtId, { skyward_id: 81 });
    await api.database.pool.query(
      `insert into student_changes (district_id, student_id, run_id, record, field, new_value)
       values ($1, $2, $3, 'student', 'skyward_id', '81')`,
      [api.districtId, id, runId],
    );
    const response = await api.askDistrict('administrator', `/students/${id}/manual-status`);
    expect(
      (await parseResponse(manualStudentsApi.getManualStatus.response, response)).matchedBy,
    ).toEqual({
      runId,
      importDate: '2026-11-23',
    });
    const history = await api.askDistrict('staff', `/students/${id}/history`);
    const { entries } = await parseResponse(studentHistoryApi.listStudentHistory.response, history);
    expect(entries).toMatchObject([
      {
        label: 'Matched to Skyward by the import',
        from: 'Added manually',
        importDate: '2026-11-23',
        runId,
      },
    ]);
  });
});

describe('a manual status (R42)', () => {
  const statusOf = async (id: number) =>
    parseResponse(
      manualStudentsApi.getManualStatus.response,
      await api.askDistrict('administrator', `/students/${id}/manual-status`),
    );
  const set = async (id: number, version: string, value: string, since = '2026-03-01') =>
    send('PUT', `/students/${id}/manual-status`, {
      version,
      status: { value, reason: 'As the school says', since },
    });

  it.each(statuses)('may be %s for a manual student', async (value) => {
    const id = await enter();
    const response = await set(id, (await statusOf(id)).version, value);
    expect(response.status).toBe(200);
    expect((await statusOf(id)).current).toMatchObject({
      value,
      reason: 'As the school says',
      since: '2026-03-01',
      setBy: 'Sam Poe',
    });
  });

  it('can be set and cleared for a student who is no longer in Skyward', async () => {
    const id = await insertStudent(api.database, api.districtId, { skyward_id: 79 });
    await api.database.pool.query('update students set missing_since_run_id = $1 where id = $2', [
      runId,
      id,
    ]);
    expect((await set(id, (await statusOf(id)).version, 'TRANSFERRED')).status).toBe(200);
    expect((await statusOf(id)).current?.value).toBe('TRANSFERRED');
    expect((await send('DELETE', `/students/${id}/manual-status`)).status).toBe(200);
    expect((await statusOf(id)).current).toBeNull();
  });

  it('is never set for a student in Skyward; the reason is returned', async () => {
    const id = await insertStudent(api.database, api.districtId, { skyward_id: 80 });
    const { version, canBeSet, blockedReason } = await statusOf(id);
    expect(canBeSet).toBe(false);
    expect(blockedReason).toMatch(/recalculated every night/);
    const response = await set(id, version, 'GRADUATED');
    expect(response.status).toBe(409);
    expect((await errorOf(response)).code).toBe('covered-by-skyward');
  });

  it('rejects an older version, a future day, and users who are not administrators', async () => {
    const id = await enter();
    const { version } = await statusOf(id);
    expect((await errorOf(await set(id, version, 'INACTIVE', '2099-01-01'))).field).toBe(
      'status.since',
    );
    expect((await set(id, version, 'INACTIVE')).status).toBe(200);
    expect((await set(id, version, 'WITHDREW')).status).toBe(409);
    expect((await api.askDistrict('staff', `/students/${id}/manual-status`)).status).toBe(404);
  });
});
