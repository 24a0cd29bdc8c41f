/** A manual student is matched with a received one by number and a second attribute. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';

let district: SandboxDistrict;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 33 });
  expect((await district.runImport()).state).toBe('published');
});
afterAll(() => district.close());

interface Student {
  readonly id: number;
  readonly skyward: number;
  readonly number: string;
  readonly first: string;
  readonly born: string;
}

/** An enrolled student whom no other test of this file uses. */
const used = new Set<number>();
async function anEnrolledStudent(): Promise<Student> {
  const rows = await district.rows<Student>(
    `select id, skyward_id as skyward, student_number as number, legal_first_name as first,
       birth_date as born from students
     where district_id = $1 and status = 'ENROLLED' and missing_since_run_id is null order by id desc`,
  );
  const student = rows.find(({ skyward }) => !used.has(skyward));
  if (student === undefined) throw new Error('No enrolled student is left for this test');
  used.add(student.skyward);
  return student;
}

/** Puts a manual student in the place of a published one, as if Skyward had not received it yet. */
async function addManual(number: string, instead?: Student): Promise<number> {
  if (instead !== undefined) {
    await district.rows('delete from students where district_id = $1 and id = $2', [instead.id]);
  }
  const [row] = await district.rows<{ id: number }>(
    `insert into students (district_id, student_number, first_name, last_name, legal_first_name,
       legal_last_name, birth_date, status)
     values ($1, $2, 'Typed', 'Byhand', $3, 'Byhand', $4, 'TRANSFERRED') returning id`,
    [number, instead?.first ?? 'Typed', instead?.born ?? '2015-01-01'],
  );
  const id = row?.id ?? 0;
  await district.rows(
    `insert into guardians (district_id, student_id, skyward_id, position, first_name)
     values ($1, $2, -1, 1, 'Typed')`,
    [id],
  );
  await district.rows(
    `insert into hand_set_statuses (district_id, student_id, reason, since, set_by_name)
     values ($1, $2, 'Moved', '2026-01-01', 'Sam Poe')`,
    [id],
  );
  await district.rows(
    `insert into student_staff_values (district_id, student_id, field, value, changed_by, changed_by_name)
     values ($1, $2, 'pronouns', 'they/them', gen_random_uuid(), 'Sam Poe')`,
    [id],
  );
  return id;
}

const recordOf = async (id: number) =>
  (
    await district.rows<Record<string, unknown>>(
      `select skyward_id as skyward, student_number as number, status, status_rule as rule,
         first_name as first, updated_at::text as updated,
         (select array_agg(g.skyward_id order by g.skyward_id) from guardians g
          where g.district_id = $1 and g.student_id = s.id) as guardians,
         (select v.value from student_staff_values v
          where v.district_id = $1 and v.student_id = s.id) as pronouns
       from students s where district_id = $1 and id = $2`,
      [id],
    )
  )[0];

it('matches by number, birth date and first name: same id, staff values retained, the rest overwritten', async () => {
  const skyward = await anEnrolledStudent();
  const id = await addManual(skyward.number, skyward);
  const run = await district.runImport();
  expect(run.state).toBe('published');

  const record = await recordOf(id);
  expect(record).toMatchObject({
    skyward: skyward.skyward,
    number: skyward.number,
    status: 'ENROLLED',
    rule: 'current-enrollment',
    pronouns: 'they/them',
  });
  expect(record?.['first']).not.toBe('Typed');
  expect(record?.['guardians']).not.toContain(-1);
  const twins = await district.rows(
    'select id from students where district_id = $1 and (student_number = $2 or skyward_id = $3)',
    [skyward.number, skyward.skyward],
  );
  expect(twins).toEqual([{ id }]);

  const changes = await district.rows(
    `select field, old_value as before, new_value as after from student_changes
     where district_id = $1 and run_id = $2 and student_id = $3 and record = 'student'
       and field in ('skyward_id', 'status', 'first_name') order by field`,
    [run.runId, id],
  );
  expect(changes).toMatchObject([
    { field: 'first_name', before: 'Typed' },
    { field: 'skyward_id', before: null, after: skyward.skyward },
    { field: 'status', before: 'TRANSFERRED', after: 'ENROLLED' },
  ]);
  expect((await district.runImport()).state).toBe('unchanged');
});

it('never changes a manual student whose number is not in Skyward', async () => {
  const id = await addManual('H-1');
  const before = await recordOf(id);
  await district.runImport();
  await district.runImport({ today: '2027-02-01' });
  await district.runImport();
  expect(await recordOf(id)).toEqual(before);
  const rows = await district.rows(
    'select * from student_changes where district_id = $1 and student_id = $2',
    [id],
  );
  expect(rows).toEqual([]);
});

it('retains a manual status while the student is missing, and determines it again once received', async () => {
  const student = await anEnrolledStudent();
  const rows = district.skyward.sandbox.rows('Student/Student');
  const row = rows.find(student.skyward) ?? {};
  rows.remove(student.skyward);
  await district.runImport();
  await district.rows(
    `update students set status = 'WITHDREW', status_rule = null,
    status_same_through = null, status_decided_on = null, status_decided_under = null
    where district_id = $1 and id = $2`,
    [student.id],
  );
  await district.rows(
    `insert into hand_set_statuses (district_id, student_id, since, set_by_name)
     values ($1, $2, '2026-11-23', 'Sam Poe')`,
    [student.id],
  );
  await district.runImport({ today: '2026-11-24' });
  await district.runImport({ connection: { clientSecret: 'wrong' }, today: '2026-11-25' });
  expect(await recordOf(student.id)).toMatchObject({ status: 'WITHDREW', rule: null });

  const newId = rows.insert({ StudentNumber: student.number, NameID: row['NameID'] ?? null });
  const enrollments = district.skyward.sandbox.rows('Enrollment/EntryWithdrawal');
  for (const enrollment of enrollments.where('StudentID', student.skyward)) {
    enrollments.update(enrollment, { StudentID: newId });
  }
  await district.runImport();
  expect(await recordOf(student.id)).toMatchObject({
    status: 'ENROLLED',
    rule: 'current-enrollment',
  });
});

it('records the data of students skipped because of their number', async () => {
  const [one, other] = [await anEnrolledStudent(), await anEnrolledStudent()];
  const rows = district.skyward.sandbox.rows('Student/Student');
  rows.update(other.skyward, { StudentNumber: one.number });
  const { runId } = await district.runImport();
  const clashes = await district.rows(
    `select skyward_student_id as skyward, student_number as number, first_name is not null as named
     from number_clashes where district_id = $1 and run_id = $2 order by skyward_student_id`,
    [runId],
  );
  // The other one is as published, and so has kept its number.
  expect(clashes).toEqual([{ skyward: other.skyward, number: one.number, named: true }]);
  rows.update(other.skyward, { StudentNumber: other.number });
});

it('does not match a manual student with another student who gets the same number', async () => {
  const student = await anEnrolledStudent();
  const id = await addManual('H-2');
  district.skyward.sandbox
    .rows('Student/Student')
    .update(student.skyward, { StudentNumber: 'H-2' });
  const { runId, report } = await district.runImport();
  expect(report).toMatchObject({ skipped: 0, problems: { 'number-used-before': 1 } });
  expect(await recordOf(id)).toMatchObject({ skyward: null, number: 'H-2', first: 'Typed' });
  expect(await recordOf(student.id)).toMatchObject({ number: 'H-2', skyward: student.skyward });
  const clashes = await district.rows(
    'select skyward_student_id as skyward from number_clashes where district_id = $1 and run_id = $2',
    [runId],
  );
  expect(clashes).toEqual([]);
});
