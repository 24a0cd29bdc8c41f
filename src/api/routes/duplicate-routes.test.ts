import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  insertRun,
  insertStudent,
  type StudentInput,
} from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { duplicatesApi } from '../../contract/students/duplicates.ts';

let api: TestApi;
let runId = 0;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  await query('delete from removed_students where district_id = $1', [api.districtId]);
  await query('delete from students where district_id = $1', [api.districtId]);
  runId = await insertRun(api.database, api.districtId);
});
afterAll(() => api.close());

async function query<Row extends object>(
  sql: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await api.database.pool.query<Row>(sql, [...parameters]);
  return rows;
}

const user = { first_name: 'Zoë', last_name: 'Núñez', birth_date: '2014-03-02' };

/** A manual student with a manual status. */
async function createManual(student: StudentInput = {}): Promise<number> {
  const id = await insertStudent(api.database, api.districtId, {
    ...user,
    legal_first_name: 'Zoë',
    legal_last_name: 'Núñez',
    status: 'TRANSFERRED',
    status_rule: null,
    ...student,
  });
  await query(
    `insert into hand_set_statuses (district_id, student_id, reason, since, set_by_name)
     values ($1, $2, 'Moved', '2026-01-01', 'Sam Poe')`,
    [api.districtId, id],
  );
  return id;
}

let lastSisStudentId = 100;
const fromSkyward = (student: StudentInput = {}) =>
  insertStudent(api.database, api.districtId, {
    ...user,
    legal_first_name: 'Zoë',
    legal_last_name: 'Núñez',
    skyward_id: ++lastSisStudentId,
    ...student,
  });

async function missing(student: StudentInput = {}): Promise<number> {
  const id = await fromSkyward(student);
  await query('update students set missing_since_run_id = $1 where id = $2', [runId, id]);
  return id;
}

const staffValue = (id: number, field: string, value: string) =>
  query(
    `insert into student_staff_values (district_id, student_id, field, value, changed_by, changed_by_name)
     values ($1, $2, $3, $4, gen_random_uuid(), 'Sam Poe')`,
    [api.districtId, id, field, value],
  );

const list = async () =>
  parseResponse(
    duplicatesApi.listDuplicates.response,
    await api.askDistrict('administrator', '/duplicates'),
  );

const compare = async (first: number, second: number) =>
  parseResponse(
    duplicatesApi.compareStudents.response,
    await api.askDistrict('administrator', `/duplicates/${first}/${second}`),
  );

async function merge(kept: number, removed: number, take: readonly string[] = []) {
  const { versions } = await compare(kept, removed);
  return api.send('administrator', 'POST', '/duplicates/merge', {
    kept,
    removed,
    keptVersion: versions.first,
    removedVersion: versions.second,
    take,
  });
}

/** The whole of a record in every table, as text; without the moment of its last change. */
async function wholeRecord(id: number): Promise<string> {
  const [row] = await query<{ record: unknown }>(
    `select jsonb_build_array(
       (select to_jsonb(s) - 'updated_at' from students s where s.id = $1),
       (select jsonb_agg(to_jsonb(g) order by g.position) from guardians g where g.student_id = $1),
       (select jsonb_agg(to_jsonb(h)) from hand_set_statuses h where h.student_id = $1),
       (select jsonb_agg(to_jsonb(c) order by c.id) from student_changes c where c.student_id = $1),
       (select jsonb_agg(to_jsonb(v) order by v.field) from student_staff_values v where v.student_id = $1),
       (select jsonb_agg(to_jsonb(c) order by c.account_id) from caseload_students c where c.student_id = $1)
     ) as record`,
    [id],
  );
  return JSON.stringify(row?.record);
}

describe('the list of duplicates', () => {
  it('lists a manual student with the name and birth date of another, ignoring accents and legal names', async () => {
    const hand = await createManual({
      student_number: 'H1',
      first_name: 'Zoe',
      last_name: 'NUNEZ',
    });
    const skyward = await fromSkyward({ student_number: '1' });
    await fromSkyward({ student_number: '2', first_name: 'Ana', legal_first_name: 'Ana' });
    await fromSkyward({ student_number: '3', birth_date: '2014-03-03' });
    const { pairs } = await list();
    expect(pairs).toMatchObject([
      {
        key: `students:${hand}-${skyward}`,
        reasons: ['same-name-and-birth-date'],
        first: { studentId: hand, origin: 'manual' },
        second: { studentId: skyward, origin: 'skyward' },
        mergeBlockedReason: null,
        notDuplicate: null,
      },
    ]);
  });

  it('lists a student missing from Skyward with the state ID or the whole first name of another', async () => {
    const gone = await missing({ student_number: '1', state_id: '77' });
    const sameName = await fromSkyward({ student_number: '2', state_id: '78' });
    const sameId = await fromSkyward({ student_number: '3', state_id: '77', first_name: 'Ana' });
    await fromSkyward({ student_number: '4', first_name: 'Zoëlle', legal_first_name: 'Zoëlle' });
    await fromSkyward({ student_number: '5', birth_date: '2014-03-03' });
    expect((await list()).pairs.map(({ key, reasons }) => [key, reasons])).toEqual([
      [`students:${gone}-${sameId}`, ['same-state-id']],
      [`students:${gone}-${sameName}`, ['same-name-and-birth-date']],
    ]);
  });

  it('does not list two students of one name who are both in Skyward', async () => {
    await fromSkyward();
    await fromSkyward();
    expect((await list()).pairs).toEqual([]);
  });

  it('lists students whom the last import skipped because of their number, known or not', async () => {
    const holder = await createManual({ student_number: '777' });
    const known = await fromSkyward({
      student_number: '776',
      birth_date: '2013-01-01',
      skyward_id: 41,
    });
    for (const sisStudentId of [41, 42]) {
      await query(
        `insert into number_clashes (district_id, run_id, skyward_student_id, student_number, first_name, last_name)
         values ($1, $2, $3, '777', 'Deliv', 'Ered')`,
        [api.districtId, runId, sisStudentId],
      );
    }
    const { pairs } = await list();
    expect(pairs.map(({ key, reasons }) => [key, reasons[0]])).toEqual([
      [`students:${holder}-${known}`, 'same-number'],
      [`mixed:${holder}-42`, 'same-number'],
      [`mixed:${known}-42`, 'same-number'],
    ]);
    expect(pairs[1]?.second).toMatchObject({
      origin: 'skipped',
      sisStudentId: 42,
      studentId: null,
    });
    expect(pairs[1]?.mergeBlockedReason).toMatch(/different number in Skyward/);
  });

  it('stores pairs that are not duplicates, and lists them again on request', async () => {
    await createManual();
    await createManual();
    const key = (await list()).pairs[0]?.key;
    const judge = (isNotDuplicate: boolean) =>
      api.send('administrator', 'PUT', '/duplicates/not-duplicates', { key, isNotDuplicate });
    expect((await judge(true)).status).toBe(200);
    expect((await list()).pairs[0]?.notDuplicate?.by).toBe('Sam Poe');
    expect((await judge(false)).status).toBe(200);
    expect((await list()).pairs[0]?.notDuplicate).toBeNull();
  });

  it('shows nothing of another district, and nothing to staff', async () => {
    await insertStudent(api.database, api.otherDistrictId, user);
    await createManual();
    expect((await list()).pairs).toEqual([]);
    expect((await api.askDistrict('staff', '/duplicates')).status).toBe(404);
  });
});

describe('comparing', () => {
  it.each([
    ['manual', 'fromSkyward', ['second']],
    ['fromSkyward', 'manual', ['first']],
    ['missing', 'fromSkyward', ['second']],
    ['manual', 'missing', ['second']],
    ['manual', 'manual', ['first', 'second']],
    ['fromSkyward', 'fromSkyward', []],
  ] as const)('of %s and %s lets stay: %j', async (one, other, canKeep) => {
    const make = { manual: createManual, fromSkyward, missing };
    const comparison = await compare(await make[one](), await make[other]());
    expect(comparison.canKeep).toEqual(canKeep);
    expect(comparison.reason).not.toBe('');
  });

  it('lists each field and who owns it', async () => {
    const hand = await createManual({
      student_number: 'H1',
      grade: '05',
      guardians: [{ first_name: 'Kim' }],
    });
    const skyward = await fromSkyward({ student_number: '1', grade: '06' });
    await staffValue(hand, 'pronouns', 'she/her');
    const { fields } = await compare(hand, skyward);
    const field = (key: string) => fields.find((one) => one.key === key);
    expect(field('grade')).toMatchObject({
      owner: 'skyward',
      first: '5',
      second: '6',
      isSame: false,
    });
    expect(field('birthDate')).toMatchObject({ isSame: true });
    expect(field('guardians')).toMatchObject({ first: 'Kim', second: null });
    expect(field('staff:pronouns')).toMatchObject({
      owner: 'people',
      first: 'she/her',
      second: null,
    });
    expect(field('status')).toMatchObject({ owner: 'skyward', first: 'Transferred (Moved)' });
  });

  it('returns 404 for an unknown record', async () => {
    const hand = await createManual();
    const path = (second: number) => `/duplicates/${hand}/${second}`;
    expect((await api.askDistrict('administrator', path(999_999))).status).toBe(404);
    expect((await api.askDistrict('administrator', path(hand))).status).toBe(404);
  });
});

describe('merging', () => {
  it('keeps Skyward’s values, takes values that only the other had or that were chosen, and moves the rest', async () => {
    const hand = await createManual({ student_number: 'H1', guardians: [{ first_name: 'Kim' }] });
    const skyward = await fromSkyward({ student_number: '1', guardians: [{ first_name: 'Lee' }] });
    await staffValue(hand, 'pronouns', 'she/her');
    await staffValue(hand, 'notes', 'By hand');
    await staffValue(skyward, 'notes', 'Of Skyward');
    await staffValue(hand, 'preferred-gender', 'Female');
    await staffValue(skyward, 'preferred-gender', 'Non-binary');
    await query(
      `create table sample_papers (district_id bigint, id bigint, student_id bigint,
         primary key (district_id, id), foreign key (district_id, student_id) references students (district_id, id))`,
      [],
    );
    await query('insert into sample_papers values ($1, 1, $2)', [api.districtId, hand]);
    const before = [await wholeRecord(hand), await wholeRecord(skyward)];

    const response = await merge(skyward, hand, ['staff:notes', 'name', 'status', 'guardians']);
    const { removalId } = await parseResponse(duplicatesApi.mergeStudents.response, response);
    const [record] = await query<object>(
      `select student_number as number, status, status_rule as rule,
         (select array_agg(first_name) from guardians g where g.student_id = s.id) as guardians,
         (select jsonb_object_agg(field, value) from student_staff_values v where v.student_id = s.id) as staff,
         (select array_agg(p.id) from sample_papers p where p.student_id = s.id) as papers
       from students s where id = $1`,
      [skyward],
    );
    expect(record).toEqual({
      number: '1',
      status: 'ENROLLED',
      rule: 'current-enrollment',
      guardians: ['Lee'],
      staff: { notes: 'By hand', pronouns: 'she/her', 'preferred-gender': 'Non-binary' },
      papers: [1],
    });
    expect((await api.askDistrict('administrator', `/students/${hand}`)).status).toBe(404);
    expect((await list()).merges).toMatchObject([
      { id: removalId, keptId: skyward, removedName: { first: 'Zoë' }, by: 'Sam Poe' },
    ]);
    const audit = await query<object>(
      `select detail from audit_events where district_id = $1 and action = 'students-merged' and student_id = $2`,
      [api.districtId, skyward],
    );
    expect(audit).toMatchObject([{ detail: { removedId: hand } }]);

    const undone = await api.send(
      'administrator',
      'POST',
      `/removed-students/${removalId}/restore`,
    );
    expect(undone.status).toBe(200);
    expect([await wholeRecord(hand), await wholeRecord(skyward)]).toEqual(before);
    const papers = await query<object>('select student_id as id from sample_papers', []);
    expect(papers).toEqual([{ id: hand }]);
    await query('drop table sample_papers', []);
  });

  it('of two manual students takes the chosen fields, and restores both when undone', async () => {
    const kept = await createManual({
      student_number: 'A',
      grade: '05',
      guardians: [{ first_name: 'Kim' }],
    });
    const removed = await createManual({
      student_number: 'B',
      first_name: 'Zoe',
      grade: '06',
      state_id: '99',
      status: 'WITHDREW',
      guardians: [{ first_name: 'Lee' }],
    });
    const before = [await wholeRecord(kept), await wholeRecord(removed)];
    const take = ['studentNumber', 'grade', 'guardians', 'status'];
    const { removalId } = await parseResponse(
      duplicatesApi.mergeStudents.response,
      await merge(kept, removed, take),
    );
    const [record] = await query<object>(
      `select student_number as number, grade, state_id as state, first_name as first, status,
         (select array_agg(first_name) from guardians g where g.student_id = s.id) as guardians
       from students s where id = $1`,
      [kept],
    );
    expect(record).toEqual({
      number: 'B',
      grade: '06',
      state: '99',
      first: 'Zoë',
      status: 'WITHDREW',
      guardians: ['Lee'],
    });
    const undone = await api.send(
      'administrator',
      'POST',
      `/removed-students/${removalId}/restore`,
    );
    expect(undone.status).toBe(200);
    expect([await wholeRecord(kept), await wholeRecord(removed)]).toEqual(before);
  });

  it('moves the student on the lists of users, and back when undone', async () => {
    const [hand, skyward] = [await createManual({ student_number: 'H1' }), await fromSkyward()];
    const { rows: accounts } = await api.database.pool.query<{ id: string }>(
      'select id from accounts where district_id = $1 order by id limit 2',
      [api.districtId],
    );
    const [both, handOnly] = accounts.map(({ id }) => id);
    const add = async (student: number, account: string | undefined) =>
      query(
        'insert into caseload_students (district_id, account_id, student_id) values ($1, $2, $3)',
        [api.districtId, account, student],
      );
    await add(hand, both);
    await add(skyward, both);
    await add(hand, handOnly);
    const before = [await wholeRecord(hand), await wholeRecord(skyward)];
    expect((await compare(hand, skyward)).linkedRecords).toEqual({ first: [], second: [] });

    const response = await merge(skyward, hand, []);
    const { removalId } = await parseResponse(duplicatesApi.mergeStudents.response, response);
    const listed = await query<{ account: string }>(
      'select account_id as account from caseload_students where student_id = $1',
      [skyward],
    );
    expect(new Set(listed.map(({ account }) => account))).toEqual(new Set([both, handOnly]));
    const restore = `/removed-students/${removalId}/restore`;
    expect((await api.send('administrator', 'POST', restore)).status).toBe(200);
    expect([await wholeRecord(hand), await wholeRecord(skyward)]).toEqual(before);
  });

  it('when undone keeps what users have changed since', async () => {
    const kept = await createManual({ student_number: 'A', grade: '05' });
    const removed = await createManual({ student_number: 'B', grade: '06' });
    const answer = await merge(kept, removed, ['grade', 'studentNumber']);
    const { removalId } = await parseResponse(duplicatesApi.mergeStudents.response, answer);
    await query(`update students set grade = '07' where id = $1`, [kept]);
    await api.send('administrator', 'POST', `/removed-students/${removalId}/restore`);
    const rows = await query<object>(
      'select id, grade, student_number as number from students where district_id = $1 order by id',
      [api.districtId],
    );
    expect(rows).toEqual([
      { id: kept, grade: '07', number: 'A' },
      { id: removed, grade: '06', number: 'B' },
    ]);
  });

  it('is rejected if both are in Skyward, or if the wrong one would remain', async () => {
    const [one, other, hand] = [await fromSkyward(), await fromSkyward(), await createManual()];
    expect((await merge(one, other)).status).toBe(400);
    const response = await merge(hand, one);
    expect(response.status).toBe(400);
    expect((await errorOf(response)).message).toMatch(/Skyward record is kept/);
  });

  it('is rejected if one of the two has changed since they were compared', async () => {
    const [kept, removed] = [await createManual(), await createManual()];
    const { versions } = await compare(kept, removed);
    await query('update students set updated_at = clock_timestamp() where id = $1', [removed]);
    const response = await api.send('administrator', 'POST', '/duplicates/merge', {
      kept,
      removed,
      keptVersion: versions.first,
      removedVersion: versions.second,
      take: [],
    });
    expect(response.status).toBe(409);
    expect((await errorOf(response)).code).toBe('conflict');
  });

  it('can’t be undone by staff, or after thirty days', async () => {
    const [kept, removed] = [await createManual(), await createManual()];
    const { removalId } = await parseResponse(
      duplicatesApi.mergeStudents.response,
      await merge(kept, removed),
    );
    const path = `/removed-students/${removalId}/restore`;
    expect((await api.send('staff', 'POST', path)).status).toBe(404);
    await query(
      `update removed_students set removed_at = now() - interval '31 days' where id = $1`,
      [removalId],
    );
    expect((await list()).merges).toEqual([]);
    expect((await api.send('administrator', 'POST', path)).status).toBe(404);
  });
});

describe('a match by student number', () => {
  it('is listed and can be undone by administrators only, once', async () => {
    const id = await fromSkyward({ skyward_id: 71 });
    await query(
      `insert into record_takeovers (district_id, run_id, record_id, former_skyward_id, skyward_id, sign)
       values ($1, $2, $3, 70, 71, 'state-id')`,
      [api.districtId, runId, id],
    );
    await query(
      `insert into student_changes (district_id, student_id, run_id, record, field, old_value, new_value)
       values ($1, $2, $3, 'student', 'skyward_id', '70', '71')`,
      [api.districtId, id, runId],
    );
    expect((await list()).numberMatches).toMatchObject([
      { runId, recordId: id, formerly: 'missing', evidence: 'state-id', name: { first: 'Zoë' } },
    ]);
    const path = `/duplicates/number-matches/${runId}/${id}/undo`;
    expect((await api.send('staff', 'POST', path)).status).toBe(404);
    expect((await api.send('administrator', 'POST', path)).status).toBe(200);
    expect((await api.send('administrator', 'POST', path)).status).toBe(404);
    const rows = await query<object>(
      'select skyward_id as skyward, missing_since_run_id as missing from students where id = $1',
      [id],
    );
    expect(rows).toEqual([{ skyward: 70, missing: runId }]);
    expect((await list()).numberMatches).toEqual([]);
    const history = await api.askDistrict('staff', `/students/${id}/history`);
    expect(JSON.stringify(await history.json())).toMatch(/Matched to a new Skyward ID/);
  });

  it('is confirmed after an identity changed, and the confirmation withdrawn', async () => {
    const id = await fromSkyward({ skyward_id: 72, birth_date: '2012-02-02' });
    await query(
      `insert into number_clashes (district_id, run_id, skyward_student_id, student_number, first_name, kind)
       values ($1, $2, 72, '99', 'Ivo', 'identity-changed')`,
      [api.districtId, runId],
    );
    const confirm = (sisStudentId: number, isSame: boolean, role: 'administrator' | 'staff') =>
      api.send(role, 'PUT', '/duplicates/same-student', { sisStudentId, isSame });
    expect((await list()).pairs).toMatchObject([
      { key: `mixed:${id}-72`, reasons: ['identity-changed'], confirmed: null },
    ]);
    expect((await confirm(72, true, 'staff')).status).toBe(404);
    expect((await confirm(73, true, 'administrator')).status).toBe(404);
    expect((await confirm(72, true, 'administrator')).status).toBe(200);
    expect((await list()).pairs[0]?.confirmed?.by).toBe('Sam Poe');
    expect((await confirm(72, false, 'administrator')).status).toBe(200);
    expect((await list()).pairs[0]?.confirmed).toBeNull();
  });
});
