/** Later imports write exactly what changed, and nothing if nothing changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultStatusRules } from '../enrollment/status-settings.ts';
import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';

let district: SandboxDistrict;
const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 120, seed: 5 });
  expect((await district.runImport()).state).toBe('published');
});
afterAll(() => district.close());

interface StudentRow {
  readonly id: number;
  readonly skyward: number;
  readonly number: string;
  readonly status: string;
  readonly missing: number | null;
}

const studentColumns = `id, skyward_id as skyward, student_number as number, status,
  missing_since_run_id as missing`;

/** Students in the order of their ids, from the end, where histories are ordinary ones. */
const students = (where = 'true') =>
  district.rows<StudentRow>(
    `select ${studentColumns} from students where district_id = $1 and (${where}) order by id desc`,
  );

async function studentNow(id: number): Promise<StudentRow | undefined> {
  const [row] = await district.rows<StudentRow>(
    `select ${studentColumns} from students where district_id = $1 and id = $2`,
    [id],
  );
  return row;
}

/** An enrolled student whom no other test of this file uses. */
const used = new Set<number>();
async function anEnrolledStudent(): Promise<StudentRow> {
  const free = await students(
    "status = 'ENROLLED' and skyward_id is not null and missing_since_run_id is null",
  );
  const student = free.find(({ id }) => !used.has(id));
  if (student === undefined) throw new Error('No enrolled student is left for this test');
  used.add(student.id);
  return student;
}

/** What a run remembers, as `record field: old -> new` (with ids for parts). */
async function changesOf(runId: number) {
  return district.rows<{
    student: number;
    record: string;
    part: number | null;
    field: string | null;
    before: unknown;
    after: unknown;
  }>(
    `select student_id as student, record, record_id as part, field, old_value as before,
       new_value as after
     from student_changes where district_id = $1 and run_id = $2
     order by student_id, record, record_id, field`,
    [runId],
  );
}

/** The version of every published row: it changes whenever the row is written. */
const rowVersions = () =>
  district.rows<{ table: string; row: string; version: string }>(`
    select 'students' as table, id::text as row, xmin || ' ' || ctid as version
      from students where district_id = $1
    union all
    select 'guardians', skyward_id::text, xmin || ' ' || ctid from guardians where district_id = $1
    union all
    select 'enrollments', skyward_id::text, xmin || ' ' || ctid
      from enrollments where district_id = $1
    union all
    select 'changes', id::text, xmin || ' ' || ctid from student_changes where district_id = $1
    order by 1, 2`);

/** Published rows written between two readings of `rowVersions`, the history of changes aside. */
async function rowsWritten(before: Awaited<ReturnType<typeof rowVersions>>) {
  const known = new Map(before.map(({ table, row, version }) => [`${table} ${row}`, version]));
  const after = await rowVersions();
  return after
    .filter(({ table, row, version }) => known.get(`${table} ${row}`) !== version)
    .filter(({ table }) => table !== 'changes')
    .map(({ table, row }) => `${table} ${row}`);
}

const nameIdOf = (sisStudentId: number) =>
  Number(rowsOf('Student/Student').get(sisStudentId, 'NameID'));

describe('an import without changes', () => {
  it('writes no row', async () => {
    const before = await rowVersions();
    const run = await district.runImport();
    expect(run.state).toBe('unchanged');
    expect(run.report).toMatchObject({ added: 0, changed: 0, skipped: 0 });
    expect(await rowVersions()).toEqual(before);
  });
});

describe('an import with a change', () => {
  it('records the old and new phone number, and writes only that student', async () => {
    const student = await anEnrolledStudent();
    const phoneId = rowsOf('Demographics/NamePhone').insert({
      NameID: nameIdOf(student.skyward),
      PhoneNumber: '5125550100',
      Rank: 9,
      PhoneTypeID: null,
    });
    const before = await rowVersions();
    const added = await district.runImport();
    expect(await changesOf(added.runId)).toMatchObject([
      { student: student.id, record: 'student', part: null, field: 'phones' },
    ]);
    expect(await rowsWritten(before)).toEqual([`students ${student.id}`]);
    rowsOf('Demographics/NamePhone').remove(phoneId);
    const removed = await district.runImport();
    const [there, back] = [await changesOf(added.runId), await changesOf(removed.runId)];
    expect(back[0]?.before).toEqual(there[0]?.after);
    expect(back[0]?.after).toEqual(there[0]?.before);
  });

  it('records a new legal name field by field', async () => {
    const student = await anEnrolledStudent();
    const name = nameIdOf(student.skyward);
    const last = rowsOf('Demographics/Name').get(name, 'LastName');
    rowsOf('Demographics/Name').update(name, {
      FirstNameLegal: 'Zoé',
      LastNameLegal: last,
      LastName: 'Ngata',
    });
    const run = await district.runImport();
    const changes = await changesOf(run.runId);
    const own = changes.filter(
      (change) => change.student === student.id && change.record === 'student',
    );
    expect(own.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['last_name', 'legal_first_name']),
    );
    expect(own.find(({ field }) => field === 'last_name')).toMatchObject({
      before: last,
      after: 'Ngata',
    });
    expect(own.find(({ field }) => field === 'legal_first_name')).toMatchObject({ after: 'Zoé' });
  });

  it('changes a guardian for every student they belong to', async () => {
    const links = rowsOf('Family/StudentGuardian');
    const student = await anEnrolledStudent();
    const [link] = links.where('StudentID', student.skyward);
    const person = Number(links.get(link ?? 0, 'NameIDGuardian'));
    rowsOf('Demographics/Name').update(person, { FirstName: 'Marguerite' });
    const ofThePerson = links.where('NameIDGuardian', person);
    const received = await district.rows<{ id: number }>(
      'select skyward_id as id from guardians where district_id = $1 and skyward_id = any($2)',
      [ofThePerson],
    );
    const run = await district.runImport();
    const changes = await changesOf(run.runId);
    expect(new Set(changes.map(({ part }) => part))).toEqual(new Set(received.map(({ id }) => id)));
    expect(changes).toHaveLength(received.length);
    expect(
      new Set(changes.map((one) => `${one.record} ${one.field} ${String(one.after)}`)),
    ).toEqual(new Set(['guardian first_name Marguerite']));
  });

  it('removes a deleted guardian and adds a new one', async () => {
    const links = rowsOf('Family/StudentGuardian');
    const student = await anEnrolledStudent();
    const [link = 0] = links.where('StudentID', student.skyward);
    const kept = links.find(link) ?? {};
    links.remove(link);
    const without = await changesOf((await district.runImport()).runId);
    expect(without.filter((one) => one.part === link)).toMatchObject([
      { student: student.id, record: 'guardian', field: null, after: null },
    ]);
    const added = links.insert({
      StudentID: student.skyward,
      NameIDGuardian: kept['NameIDGuardian'] ?? null,
      RelationshipID: kept['RelationshipID'] ?? null,
      Rank: 1,
    });
    const back = await changesOf((await district.runImport()).runId);
    expect(back.filter((one) => one.part === added)).toMatchObject([
      { student: student.id, record: 'guardian', field: null, before: null },
    ]);
  });

  it('R37 R41: makes a student inactive the day after they withdraw, and records both', async () => {
    const student = await anEnrolledStudent();
    const enrollments = rowsOf('Enrollment/EntryWithdrawal');
    for (const enrollment of enrollments.where('StudentID', student.skyward)) {
      enrollments.update(enrollment, {
        EndDate: '2026-11-20T00:00:00',
        WithdrawalDate: '2026-11-21T00:00:00',
      });
    }
    const run = await district.runImport();
    expect(await studentNow(student.id)).toMatchObject({ status: 'INACTIVE' });
    const changes = await changesOf(run.runId);
    expect(changes).toContainEqual(
      expect.objectContaining({
        record: 'student',
        field: 'status',
        before: 'ENROLLED',
        after: 'INACTIVE',
      }),
    );
    expect(changes).toContainEqual(
      expect.objectContaining({ record: 'enrollment', field: 'end_date', after: '2026-11-20' }),
    );
    expect(new Set(changes.map((one) => one.student))).toEqual(new Set([student.id]));
  });
});

describe('matching', () => {
  it('updates a student whose number changed', async () => {
    const student = await anEnrolledStudent();
    rowsOf('Student/Student').update(student.skyward, { StudentNumber: 'N-77001' });
    const run = await district.runImport();
    expect(run.report).toMatchObject({ added: 0, changed: 1 });
    expect(await studentNow(student.id)).toMatchObject({
      number: 'N-77001',
      skyward: student.skyward,
    });
  });

  it('matches a student who was entered again under another id', async () => {
    const student = await anEnrolledStudent();
    const newId = renewInSkyward(student.skyward);
    const run = await district.runImport();
    expect(run.report).toMatchObject({ added: 0, changed: 1, newlyMissing: 0 });
    expect(await studentNow(student.id)).toMatchObject({ skyward: newId, status: 'ENROLLED' });
    expect((await district.runImport()).state).toBe('unchanged');
  });

  it('matches a manual student by number', async () => {
    const student = await anEnrolledStudent();
    await district.rows(
      `update students set skyward_id = null, source_fingerprint = null, first_name = 'Handwritten'
       where district_id = $1 and id = $2`,
      [student.id],
    );
    const run = await district.runImport();
    expect(run.report).toMatchObject({ added: 0, missing: 0 });
    expect(await students(`student_number = '${student.number}'`)).toMatchObject([
      { id: student.id, skyward: student.skyward },
    ]);
    expect(await changesOf(run.runId)).toContainEqual(
      expect.objectContaining({ student: student.id, field: 'first_name', before: 'Handwritten' }),
    );
  });

  it('does not change a manual student whose number is not in Skyward', async () => {
    await district.rows(
      `insert into students (district_id, student_number, first_name, last_name, status)
       values ($1, 'HAND-1', 'Ada', 'Quist', 'ENROLLED')`,
    );
    const [before] = await students("student_number = 'HAND-1'");
    const run = await district.runImport({ today: '2026-11-24' });
    expect(run.report?.missing).toBe(0);
    expect(await students("student_number = 'HAND-1'")).toEqual([before]);
  });

  it('lets two students swap their numbers in one import', async () => {
    const [one, other] = [await anEnrolledStudent(), await anEnrolledStudent()];
    rowsOf('Student/Student').update(one.skyward, { StudentNumber: other.number });
    rowsOf('Student/Student').update(other.skyward, { StudentNumber: one.number });
    const run = await district.runImport();
    expect(run).toMatchObject({ state: 'published', report: { skipped: 0 } });
    expect(await studentNow(one.id)).toMatchObject({ number: other.number });
    expect(await studentNow(other.id)).toMatchObject({ number: one.number });
  });

  it('skips both of two students who swap numbers if one cannot be imported', async () => {
    const [one, other] = [await anEnrolledStudent(), await anEnrolledStudent()];
    const name = nameIdOf(other.skyward);
    const born = rowsOf('Demographics/Name').get(name, 'BirthDate');
    rowsOf('Student/Student').update(one.skyward, { StudentNumber: other.number });
    rowsOf('Student/Student').update(other.skyward, { StudentNumber: one.number });
    rowsOf('Demographics/Name').update(name, { BirthDate: null });
    const run = await district.runImport();
    expect(run.report).toMatchObject({
      skipped: 2,
      problems: { 'number-shared': 1, 'birth-date-missing': 1 },
    });
    expect(await studentNow(one.id)).toEqual(one);
    rowsOf('Demographics/Name').update(name, { BirthDate: born });
    expect((await district.runImport()).report).toMatchObject({ skipped: 0, changed: 2 });
    expect(await studentNow(one.id)).toMatchObject({ number: other.number });
  });
});

it('skips a chain of students when the new number of the last one is not free', async () => {
  const [one, two, three] = [
    await anEnrolledStudent(),
    await anEnrolledStudent(),
    await anEnrolledStudent(),
  ];
  const all = rowsOf('Student/Student');
  const name = nameIdOf(three.skyward);
  const born = rowsOf('Demographics/Name').get(name, 'BirthDate');
  all.update(one.skyward, { StudentNumber: two.number });
  all.update(two.skyward, { StudentNumber: three.number });
  all.update(three.skyward, { StudentNumber: one.number });
  rowsOf('Demographics/Name').update(name, { BirthDate: null });
  const run = await district.runImport();
  expect(run).toMatchObject({ state: 'unchanged', report: { skipped: 3 } });
  rowsOf('Demographics/Name').update(name, { BirthDate: born });
  expect((await district.runImport()).report).toMatchObject({ skipped: 0, changed: 3 });
  expect(await studentNow(one.id)).toMatchObject({ number: two.number });
});

/** Deletes a student in Skyward and enters them again under another StudentID. */
function renewInSkyward(sisStudentId: number): number {
  const all = rowsOf('Student/Student');
  const { StudentNumber, NameID, Grade, GradYear } = all.find(sisStudentId) ?? {};
  all.remove(sisStudentId);
  const newId = all.insert({
    StudentNumber: StudentNumber ?? null,
    NameID: NameID ?? null,
    Grade: Grade ?? null,
    GradYear: GradYear ?? null,
  });
  for (const path of [
    'Enrollment/EntryWithdrawal',
    'Enrollment/StudentEntityYear',
    'Family/StudentGuardian',
    'Family/StudentFamily',
  ]) {
    for (const row of rowsOf(path).where('StudentID', sisStudentId)) {
      rowsOf(path).update(row, { StudentID: newId });
    }
  }
  return newId;
}

describe('a student who is no longer in Skyward', () => {
  it('is retained, marked once, updated by date, and comes back as the same student', async () => {
    const student = await anEnrolledStudent();
    const all = rowsOf('Student/Student');
    const enrollments = rowsOf('Enrollment/EntryWithdrawal');
    for (const enrollment of enrollments.where('StudentID', student.skyward)) {
      enrollments.update(enrollment, {
        EndDate: '2026-11-27T00:00:00',
        WithdrawalDate: '2026-11-28T00:00:00',
      });
    }
    await district.runImport();
    const row = all.find(student.skyward) ?? {};
    all.remove(student.skyward);

    const first = await district.runImport();
    expect(first.report).toMatchObject({ missing: 1, newlyMissing: 1 });
    expect(await studentNow(student.id)).toMatchObject({
      status: 'ENROLLED',
      missing: first.runId,
    });

    const second = await district.runImport();
    expect(second).toMatchObject({ state: 'unchanged', report: { missing: 1, newlyMissing: 0 } });
    expect(await studentNow(student.id)).toMatchObject({ missing: first.runId });

    await district.runImport({ today: '2026-11-28' });
    expect(await studentNow(student.id)).toMatchObject({
      status: 'INACTIVE',
      missing: first.runId,
    });

    const newId = all.insert({ StudentNumber: student.number, NameID: row['NameID'] ?? null });
    for (const path of ['Enrollment/EntryWithdrawal', 'Family/StudentGuardian']) {
      for (const id of rowsOf(path).where('StudentID', student.skyward)) {
        rowsOf(path).update(id, { StudentID: newId });
      }
    }
    const back = await district.runImport();
    expect(back.report).toMatchObject({ added: 0, missing: 0 });
    expect(await studentNow(student.id)).toMatchObject({ status: 'ENROLLED', missing: null });
  });
});

describe('the date and the settings', () => {
  /** A student who leaves on 15 December, known since in this import. */
  async function aStudentLeavingOn15December(): Promise<StudentRow> {
    const student = await anEnrolledStudent();
    const enrollments = rowsOf('Enrollment/EntryWithdrawal');
    for (const enrollment of enrollments.where('StudentID', student.skyward)) {
      enrollments.update(enrollment, {
        EndDate: '2026-12-15T00:00:00',
        WithdrawalDate: '2026-12-16T00:00:00',
      });
    }
    await district.runImport();
    return student;
  }

  it('R37: change statuses without new data from Skyward, and back', async () => {
    const student = await aStudentLeavingOn15December();
    await district.runImport({ today: '2026-12-15' });
    expect(await studentNow(student.id)).toMatchObject({ status: 'ENROLLED' });
    const run = await district.runImport({ today: '2026-12-16' });
    expect(run.state).toBe('published');
    expect(await studentNow(student.id)).toMatchObject({ status: 'INACTIVE' });
    await district.runImport();
    expect(await studentNow(student.id)).toMatchObject({ status: 'ENROLLED' });
  });

  it('change statuses from the published enrollments when Skyward is down', async () => {
    const student = await aStudentLeavingOn15December();
    const connection = { baseUrl: 'http://127.0.0.1:9/NobodyStuAPI' };
    const run = await district.runImport({ today: '2026-12-16', connection });
    expect(run).toMatchObject({ state: 'failed', failure: { code: 'unreachable' } });
    expect(await studentNow(student.id)).toMatchObject({ status: 'INACTIVE' });
    expect(await changesOf(run.runId)).toContainEqual(
      expect.objectContaining({ student: student.id, field: 'status', after: 'INACTIVE' }),
    );
    const before = await rowVersions();
    await district.runImport({ today: '2026-12-16', connection });
    expect(await rowVersions()).toEqual(before);
    await district.runImport();
  });

  it('R40: determine all statuses again after the graduation code changes', async () => {
    const graduated = (await students("status = 'GRADUATED'")).map(({ id }) => id);
    expect(graduated.length).toBeGreaterThan(0);
    const rules = { ...defaultStatusRules, graduationCode: '99' };
    await district.runImport({ rules });
    expect(await students("status = 'GRADUATED'")).toEqual([]);
    await district.runImport();
    expect((await students("status = 'GRADUATED'")).map(({ id }) => id)).toEqual(graduated);
  });

  it('retain upcoming enrollments that are no longer read', async () => {
    const upcoming = () =>
      district.rows('select * from enrollments where district_id = $1 and school_year = 2028');
    const rules = { ...defaultStatusRules, nextSchoolYear: 'all' as const };
    await district.runImport({ rules });
    const found = await upcoming();
    expect(found.length).toBeGreaterThan(0);
    await district.runImport();
    expect(await upcoming()).toEqual(found);
  });
});
