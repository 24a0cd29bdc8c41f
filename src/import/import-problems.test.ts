/** Bad data is reported with its place and advice, published values are retained, and the next import is correct. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/api/fault.ts';
import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';

let district: SandboxDistrict;
const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 80, seed: 21 });
  expect((await district.runImport()).state).toBe('published');
});
afterAll(() => district.close());

/** All published values, which a failed or held import must not change. */
async function published(): Promise<string> {
  const [row] = await district.rows<{ sum: string }>(
    `select md5(string_agg(text, '|' order by text)) as sum from (
       select to_jsonb(s)::text as text from students s where district_id = $1
       union all select to_jsonb(g)::text from guardians g where district_id = $1
       union all select to_jsonb(e)::text from enrollments e where district_id = $1) as rows`,
  );
  return row?.sum ?? '';
}

interface Problem {
  readonly kind: string;
  readonly object: string | null;
  readonly page: number | null;
  readonly row: number | null;
  readonly key: string | null;
  readonly field: string | null;
  readonly student: number | null;
  readonly message: string;
}

const problemsOf = (runId: number) =>
  district.rows<Problem>(
    `select kind, object, page, row_number as row, record_key as key, field,
       skyward_student_id as student, message
     from import_problems where district_id = $1 and run_id = $2 order by id`,
    [runId],
  );

/** Enrolled students by StudentID, each handed out once. */
const used = new Set<number>();
async function aStudent(): Promise<{ id: number; skyward: number; nameId: number }> {
  const rows = await district.rows<{ id: number; skyward: number }>(
    `select id, skyward_id as skyward from students
     where district_id = $1 and status = 'ENROLLED' order by id desc`,
  );
  const student = rows.find(({ id }) => !used.has(id));
  if (student === undefined) throw new Error('No enrolled student is left for this test');
  used.add(student.id);
  return { ...student, nameId: Number(rowsOf('Student/Student').get(student.skyward, 'NameID')) };
}

const valuesOf = async (id: number) => {
  const [row] = await district.rows<{ student: Record<string, unknown> }>(
    `select to_jsonb(s) - 'source_fingerprint' as student from students s
     where district_id = $1 and id = $2`,
    [id],
  );
  return row?.student ?? {};
};

describe('an import that fails', () => {
  let before: string;
  beforeEach(async () => {
    before = await published();
  });

  /** Nothing of the import was published. */
  afterEach(async () => {
    district.skyward.sandbox.faults.clear();
    expect(await published()).toBe(before);
  });

  /** After all of them the next import goes as if they had not been. */
  afterAll(async () => {
    expect((await district.runImport()).state).toBe('unchanged');
  });

  it.each([
    ['a wrong secret', { clientSecret: 'wrong' }, 'wrong-credentials', /secret/],
    ['an unknown key', { clientKey: 'nobody' }, 'wrong-credentials', /key/],
    [
      'an address where nothing answers',
      { baseUrl: 'http://127.0.0.1:9/X' },
      'unreachable',
      /base URL/,
    ],
  ])('distinguishes %s', async (_, connection, code, advice) => {
    const run = await district.runImport({ connection });
    expect(run).toMatchObject({ state: 'failed', failure: { code } });
    expect(run.failure?.advice).toMatch(advice);
  });

  it.each([
    ['an access that has expired', { expirationDate: '2026-11-22' }],
    ['an access that is not active', { isActive: false }],
    ['an access that is not effective yet', { effectiveDate: '2026-11-24' }],
  ])('names the Integration Access for %s', async (_, change) => {
    const { accesses, clientKey } = district.skyward.sandbox;
    const access = accesses.find(clientKey) ?? {};
    accesses.change(clientKey, change);
    const run = await district.runImport();
    accesses.change(clientKey, access);
    expect(run).toMatchObject({ state: 'failed', failure: { code: 'access-denied' } });
    expect(run.failure?.advice).toMatch(/Integration Access/);
  });

  const faults: readonly [what: string, fault: Fault, code: string, place: RegExp][] = [
    [
      'an HTML page instead of JSON',
      { object: 'Demographics/NamePhone', page: 2, kind: 'html', times: 'ever' },
      'not-json',
      /Demographics\/NamePhone, page 2/,
    ],
    [
      'a cut body for ever',
      { object: 'Demographics/Name', page: 2, kind: 'cut-body', times: 'ever' },
      'unreachable',
      /Demographics\/Name, page 2/,
    ],
    [
      'a page that answers 500 for ever',
      { object: 'Family/StudentGuardian', page: 2, kind: 'status-500', times: 'ever' },
      'server-error',
      /Family\/StudentGuardian, page 2/,
    ],
    [
      'JSON that is no list',
      { object: 'Enrollment/EntryWithdrawal', page: 1, kind: 'wrong-json', times: 'ever' },
      'unexpected-response',
      /Enrollment\/EntryWithdrawal, page 1/,
    ],
    [
      'a page that stays short',
      { object: 'Demographics/NameEmail', page: 1, kind: 'short-page', times: 'ever' },
      'unstable-list',
      /Demographics\/NameEmail/,
    ],
    [
      'a page that repeats the one before for ever',
      { object: 'Demographics/NamePhone', page: 2, kind: 'duplicate-page', times: 'ever' },
      'unstable-list',
      /Demographics\/NamePhone/,
    ],
    [
      'an empty page in mid-list',
      { object: 'Demographics/Name', page: 2, kind: 'empty-page', times: 'ever' },
      'unstable-list',
      /Demographics\/Name/,
    ],
    [
      'a code table that answers 500 for ever',
      { object: 'Enrollment/WithdrawalCode', kind: 'status-500', times: 'ever' },
      'server-error',
      /Enrollment\/WithdrawalCode/,
    ],
  ];
  it.each(faults)('fails on %s and reports object and page', async (_, fault, code, place) => {
    district.skyward.sandbox.faults.add(fault);
    const run = await district.runImport();
    expect(run).toMatchObject({ state: 'failed', failure: { code } });
    expect(run.failure?.message).toMatch(place);
    expect(run.failure?.advice.length).toBeGreaterThan(20);
  });

  const passing: readonly Fault[] = [
    { object: 'Student/Student', page: 1, kind: 'status-500' },
    { object: 'Demographics/Name', page: 2, kind: 'cut-body' },
    { object: 'Demographics/NamePhone', page: 2, kind: 'expired-token' },
    { object: 'Demographics/NameEmail', page: 1, kind: 'short-page' },
    { object: 'Demographics/NamePhone', page: 2, kind: 'duplicate-page' },
  ];
  it.each(passing)('recovers from one $kind', async (fault) => {
    district.skyward.sandbox.faults.add(fault);
    expect((await district.runImport()).state).toBe('unchanged');
  });

  it.each(['Student/Student', 'Enrollment/EntryWithdrawal', 'Demographics/NamePhone'])(
    'is held when %s is empty all at once',
    async (object) => {
      district.skyward.sandbox.faults.add({ object, kind: 'empty-page', times: 'ever' });
      const run = await district.runImport();
      expect(run).toMatchObject({ state: 'held', failure: { code: 'empty-list' } });
      expect(run.failure?.advice).toMatch(/Integration Access/);
    },
  );
});

describe('a student with an unusable row', () => {
  /** The latest enrollment that is published of a student. */
  async function publishedEnrollment(id: number): Promise<number> {
    const [row] = await district.rows<{ enrollment: number }>(
      `select skyward_id as enrollment from enrollments where district_id = $1 and student_id = $2
       order by skyward_id desc`,
      [id],
    );
    return row?.enrollment ?? 0;
  }

  /** Corrupts a row, imports, expects an unchanged student and an otherwise complete import, then fixes the row and imports. */
  async function importWithCorruptRow(
    words: { path: string; row: number; values: Record<string, string | number | null> },
    studentId: number,
  ) {
    const rows = rowsOf(words.path);
    const good = rows.find(words.row) ?? {};
    const before = await published();
    const values = await valuesOf(studentId);
    rows.update(words.row, words.values);
    const run = await district.runImport();
    expect(run.state).toBe('unchanged');
    expect(run.report).toMatchObject({ missing: 0 });
    expect(await valuesOf(studentId)).toEqual(values);
    expect(await published()).toBe(before);
    rows.update(
      words.row,
      Object.fromEntries(Object.keys(words.values).map((field) => [field, good[field] ?? null])),
    );
    expect((await district.runImport()).report).toMatchObject({ skipped: 0, problems: {} });
    expect(await published()).toBe(before);
    return problemsOf(run.runId);
  }

  it('is not updated without a name', async () => {
    const { id, skyward, nameId } = await aStudent();
    const problems = await importWithCorruptRow(
      {
        path: 'Demographics/Name',
        row: nameId,
        values: { FirstName: null, LastName: null, FirstNameLegal: null, LastNameLegal: null },
      },
      id,
    );
    expect(problems).toMatchObject([
      { kind: 'name-missing', object: 'Demographics/Name', field: 'FirstName', student: skyward },
      { kind: 'name-missing', object: 'Demographics/Name', field: 'LastName', student: skyward },
    ]);
  });

  it('is not updated with a birth date in 1753', async () => {
    const { id, skyward, nameId } = await aStudent();
    const problems = await importWithCorruptRow(
      { path: 'Demographics/Name', row: nameId, values: { BirthDate: '1753-01-01T00:00:00' } },
      id,
    );
    expect(problems).toMatchObject([
      { kind: 'birth-date-implausible', field: 'BirthDate', student: skyward },
    ]);
    expect(problems[0]?.message).not.toContain('1753');
  });

  it('is not updated with a birth date that is not a date', async () => {
    const { id, skyward, nameId } = await aStudent();
    const problems = await importWithCorruptRow(
      { path: 'Demographics/Name', row: nameId, values: { BirthDate: '2015-02-30T00:00:00' } },
      id,
    );
    expect(problems).toMatchObject([
      {
        kind: 'field-unreadable',
        object: 'Demographics/Name',
        field: 'BirthDate',
        student: skyward,
      },
    ]);
    expect(problems[0]?.page).toBeGreaterThan(0);
    expect(problems[0]?.row).toBeGreaterThan(0);
  });

  it('is not updated with a name of 2 MB, which is not quoted anywhere', async () => {
    const { id, skyward, nameId } = await aStudent();
    const problems = await importWithCorruptRow(
      { path: 'Demographics/Name', row: nameId, values: { LastName: 'Q'.repeat(2_000_000) } },
      id,
    );
    expect(problems).toMatchObject([
      {
        kind: 'field-unreadable',
        object: 'Demographics/Name',
        field: 'LastName',
        student: skyward,
      },
    ]);
    expect(problems[0]?.message.length).toBeLessThan(300);
  });

  it('is not updated, but is not missing, with an unreadable number', async () => {
    const { id, skyward } = await aStudent();
    const problems = await importWithCorruptRow(
      { path: 'Student/Student', row: skyward, values: { StudentNumber: '7'.repeat(20_000) } },
      id,
    );
    expect(problems).toMatchObject([
      {
        kind: 'field-unreadable',
        object: 'Student/Student',
        field: 'StudentNumber',
        student: skyward,
      },
    ]);
  });

  it('is not updated without a name record', async () => {
    const { id, skyward } = await aStudent();
    const problems = await importWithCorruptRow(
      { path: 'Student/Student', row: skyward, values: { NameID: 2_000_000_000 } },
      id,
    );
    expect(problems).toMatchObject([
      { kind: 'person-missing', object: 'Student/Student', field: 'NameID', student: skyward },
    ]);
  });

  it('retains phones when one of them is unreadable', async () => {
    const { id, skyward, nameId } = await aStudent();
    const [phone] = rowsOf('Demographics/NamePhone').where('NameID', nameId);
    const row =
      phone ??
      rowsOf('Demographics/NamePhone').insert({ NameID: nameId, PhoneNumber: '5125550111' });
    if (phone === undefined) await district.runImport();
    const problems = await importWithCorruptRow(
      { path: 'Demographics/NamePhone', row, values: { Rank: 1.5 } },
      id,
    );
    expect(problems).toMatchObject([
      {
        kind: 'field-unreadable',
        object: 'Demographics/NamePhone',
        field: 'Rank',
        student: skyward,
      },
    ]);
  });

  it('retains a guardian whose name record is gone', async () => {
    const { id, skyward } = await aStudent();
    const [link = 0] = rowsOf('Family/StudentGuardian').where('StudentID', skyward);
    const rows = rowsOf('Family/StudentGuardian');
    const person = rows.get(link, 'NameIDGuardian');
    rows.update(link, { NameIDGuardian: 2_000_000_000 });
    const before = await valuesOf(id);
    const guardians = () =>
      district.rows(
        `select skyward_id, first_name, last_name, phones from guardians
         where district_id = $1 and student_id = $2 order by position`,
        [id],
      );
    const known = await guardians();
    const run = await district.runImport();
    expect(await guardians()).toEqual(known);
    expect(await valuesOf(id)).toMatchObject({ phones: before['phones'], status: 'ENROLLED' });
    expect(await problemsOf(run.runId)).toMatchObject([
      {
        kind: 'person-missing',
        object: 'Family/StudentGuardian',
        key: String(link),
        student: skyward,
      },
    ]);
    rows.update(link, { NameIDGuardian: person });
    await district.runImport();
    expect(await guardians()).toEqual(known);
  });

  it('never treats a dangling withdrawal code as no code', async () => {
    const { id, skyward } = await aStudent();
    const enrollment = await publishedEnrollment(id);
    const problems = await importWithCorruptRow(
      {
        path: 'Enrollment/EntryWithdrawal',
        row: enrollment,
        values: { WithdrawalCodeID: 999_999_999, EndDate: '2026-11-02T00:00:00' },
      },
      id,
    );
    expect(problems).toMatchObject([
      {
        kind: 'code-unknown',
        object: 'Enrollment/EntryWithdrawal',
        field: 'WithdrawalCodeID',
        key: String(enrollment),
        student: skyward,
      },
    ]);
  });

  it('retains an enrollment with an unreadable student id', async () => {
    const { id, skyward } = await aStudent();
    const enrollment = await publishedEnrollment(id);
    const problems = await importWithCorruptRow(
      { path: 'Enrollment/EntryWithdrawal', row: enrollment, values: { StudentID: 1.5 } },
      id,
    );
    expect(problems).toContainEqual(
      expect.objectContaining({ kind: 'field-unreadable', field: 'StudentID', student: skyward }),
    );
  });

  it('imports neither of two new students with one number, and reports it', async () => {
    const [one, other] = [await aStudent(), await aStudent()];
    const all = rowsOf('Student/Student');
    const problems = await importWithCorruptRow(
      {
        path: 'Student/Student',
        row: one.skyward,
        values: { StudentNumber: String(all.get(other.skyward, 'StudentNumber')) },
      },
      one.id,
    );
    expect(problems).toMatchObject([
      { kind: 'number-shared', field: 'StudentNumber', student: one.skyward },
    ]);
  });

  it('reports an enrollment of a student who was not received', async () => {
    const enrollments = rowsOf('Enrollment/EntryWithdrawal');
    const { id } = await aStudent();
    const { EntryWithdrawalID: _, ...values } =
      enrollments.find(await publishedEnrollment(id)) ?? {};
    const stray = enrollments.insert({ ...values, StudentID: 2_000_000_000 });
    const run = await district.runImport();
    enrollments.remove(stray);
    expect(run).toMatchObject({
      state: 'unchanged',
      report: { problems: { 'student-unknown': 1 } },
    });
    expect(await problemsOf(run.runId)).toMatchObject([
      { kind: 'student-unknown', key: String(stray), field: 'StudentID', student: 2_000_000_000 },
    ]);
  });
});

/** R37 to R41: an unreadable contact does not delay a status. */
describe('a student with an unreadable contact or guardian', () => {
  interface Shown {
    readonly status: string;
    readonly addresses: unknown;
    readonly phones: unknown;
    readonly emails: unknown;
    readonly other_names: unknown;
    readonly guardians: unknown;
  }
  const shown = async (id: number): Promise<Shown> => {
    const [row] = await district.rows<Shown>(
      `select status, addresses, phones, emails, other_names,
         (select jsonb_agg(to_jsonb(g) order by g.skyward_id) from guardians g
          where g.district_id = s.district_id and g.student_id = s.id) as guardians
       from students s where district_id = $1 and id = $2`,
      [id],
    );
    if (row === undefined) throw new Error('The student is not published');
    return row;
  };

  const enrollments = () => rowsOf('Enrollment/EntryWithdrawal');

  /** Ends every open enrollment of a student and gives what undoes it. */
  function withdraw(skyward: number): () => void {
    const undone = enrollments()
      .where('StudentID', skyward)
      .filter((enrollment) => enrollments().get(enrollment, 'EndDate') === null);
    for (const enrollment of undone)
      enrollments().update(enrollment, { EndDate: '2026-11-20T00:00:00' });
    return () => {
      for (const enrollment of undone) enrollments().update(enrollment, { EndDate: null });
    };
  }

  /** A student with a row of each kind, and one guardian with a phone. */
  async function aWholeStudent() {
    const student = await aStudent();
    const { skyward, nameId } = student;
    const [link = 0] = rowsOf('Family/StudentGuardian').where('StudentID', skyward);
    const guardian = Number(rowsOf('Family/StudentGuardian').get(link, 'NameIDGuardian'));
    const rows = {
      phone: rowsOf('Demographics/NamePhone').insert({ NameID: nameId, PhoneNumber: '5125550111' }),
      email: rowsOf('Demographics/NameEmail').insert({
        NameID: nameId,
        EmailAddress: 'a@demo.example',
      }),
      alias: rowsOf('Demographics/NameAlias').insert({
        NameID: nameId,
        FirstName: 'Avery',
        LastName: 'Quill',
      }),
      guardianPhone: rowsOf('Demographics/NamePhone').insert({
        NameID: guardian,
        PhoneNumber: '5125550112',
      }),
      personAddress: rowsOf('Demographics/NameAddress').where('NameID', nameId)[0] ?? 0,
      address: 0,
      link,
      family: rowsOf('Family/StudentFamily').where('StudentID', skyward)[0] ?? 0,
      guardian,
    };
    rows.address = Number(rowsOf('Demographics/NameAddress').get(rows.personAddress, 'AddressID'));
    await district.runImport();
    return { ...student, rows };
  }

  type RowName = keyof Awaited<ReturnType<typeof aWholeStudent>>['rows'];
  const faults: readonly [string, string, RowName, Record<string, string | number>][] = [
    ['a phone', 'Demographics/NamePhone', 'phone', { Rank: 1.5 }],
    ['an e-mail', 'Demographics/NameEmail', 'email', { Rank: 1.5 }],
    ['another name', 'Demographics/NameAlias', 'alias', { Rank: 1.5 }],
    ['an address', 'Demographics/Address', 'address', { AddressLine2: 'Q'.repeat(20_000) }],
    ['the use of an address', 'Demographics/NameAddress', 'personAddress', { IsMailing: 'maybe' }],
    ["a guardian's phone", 'Demographics/NamePhone', 'guardianPhone', { Rank: 1.5 }],
    ["a guardian's name", 'Demographics/Name', 'guardian', { LastName: 'Q'.repeat(20_000) }],
    ['a guardian', 'Family/StudentGuardian', 'link', { Rank: 1.5 }],
    ['the place in the family', 'Family/StudentFamily', 'family', { Rank: 1.5 }],
  ];
  it.each(faults)('gets a new status anyway: %s', async (_what, path, name, values) => {
    const { id, skyward, rows } = await aWholeStudent();
    const before = await shown(id);
    expect(before.status).toBe('ENROLLED');
    const row = rows[name];
    const good = rowsOf(path).find(row) ?? {};
    const enroll = withdraw(skyward);
    rowsOf(path).update(row, values);

    const run = await district.runImport();
    expect(run.report).toMatchObject({ skipped: 0, missing: 0 });
    expect(await shown(id)).toEqual({ ...before, status: 'INACTIVE' });
    expect(await problemsOf(run.runId)).toContainEqual(
      expect.objectContaining({ kind: 'field-unreadable', object: path, student: skyward }),
    );
    expect((await district.runImport()).state).toBe('unchanged');

    // Back to what it was before both: nothing of the import in between stays.
    enroll();
    const fixed = Object.keys(values).map((field) => [field, good[field] ?? null]);
    rowsOf(path).update(row, Object.fromEntries(fixed));
    expect((await district.runImport()).report).toMatchObject({ problems: {} });
    expect(await shown(id)).toEqual(before);
  });

  it('loses the phone once the row is deleted in Skyward', async () => {
    const { id, skyward, rows } = await aWholeStudent();
    const phones = rowsOf('Demographics/NamePhone');
    phones.update(rows.phone, { Rank: 1.5 });
    const enroll = withdraw(skyward);
    await district.runImport();
    const { phones: kept } = await shown(id);
    expect(JSON.stringify(kept)).toContain('555-0111');
    phones.remove(rows.phone);
    await district.runImport();
    expect(JSON.stringify((await shown(id)).phones)).not.toContain('555-0111');
    enroll();
    await district.runImport();
  });

  it('records a change of only a guardian, and its reversal', async () => {
    const { id, rows } = await aWholeStudent();
    const before = await shown(id);
    const links = rowsOf('Family/StudentGuardian');
    const isCustodial = links.get(rows.link, 'IsCustodialGuardian') ?? null;
    links.update(rows.link, { IsCustodialGuardian: isCustodial !== true });
    rowsOf('Demographics/NamePhone').update(rows.phone, { Rank: 1.5 });
    await district.runImport();
    expect((await shown(id)).guardians).not.toEqual(before.guardians);
    links.update(rows.link, { IsCustodialGuardian: isCustodial });
    rowsOf('Demographics/NamePhone').update(rows.phone, { Rank: null });
    await district.runImport();
    expect(await shown(id)).toEqual(before);
  });

  it('retains the name of a teacher with an unreadable record', async () => {
    const [row] = await district.rows<{
      id: number;
      skyward: number;
      teacher: string;
      year: number;
    }>(
      `select id, skyward_id as skyward, homeroom_teacher as teacher from students
       where district_id = $1 and status = 'ENROLLED' and homeroom_teacher is not null order by id`,
    );
    const [first = '', ...last] = (row?.teacher ?? '').split(' ');
    const names = rowsOf('Demographics/Name');
    const teacher = [...names.ids()].find(
      (name) =>
        names.get(name, 'FirstName') === first && names.get(name, 'LastName') === last.join(' '),
    );
    const lastName = names.get(teacher ?? 0, 'LastName') ?? null;
    names.update(teacher ?? 0, { LastName: 'Q'.repeat(20_000) });
    const enroll = withdraw(row?.skyward ?? 0);
    await district.runImport();
    expect(await valuesOf(row?.id ?? 0)).toMatchObject({
      homeroom_teacher: row?.teacher,
      status: 'INACTIVE',
    });
    names.update(teacher ?? 0, { LastName: lastName });
    enroll();
    await district.runImport();
    expect(await valuesOf(row?.id ?? 0)).toMatchObject({ status: 'ENROLLED' });
  });
});

describe('a new student', () => {
  /** Enters a student with an open enrollment and returns the ids. */
  function enter(name: Record<string, string | null> = {}) {
    const nameId = rowsOf('Demographics/Name').insert({
      FirstName: 'Ilse',
      LastName: 'Moravec',
      BirthDate: '2014-03-09T00:00:00',
      ...name,
    });
    const all = rowsOf('Student/Student');
    const skyward = all.insert({ NameID: nameId, StudentNumber: `NEW-${nameId}` });
    const enrollments = rowsOf('Enrollment/EntryWithdrawal');
    const open = [...enrollments.ids()].find((id) => enrollments.get(id, 'EndDate') === null) ?? 0;
    const { EntryWithdrawalID: _, ...enrollment } = enrollments.find(open) ?? {};
    enrollments.insert({ ...enrollment, StudentID: skyward, WithdrawalCodeID: null });
    return { nameId, skyward };
  }
  const found = (skyward: number) =>
    district.rows<{ phones: unknown[] }>(
      'select phones from students where district_id = $1 and skyward_id = $2',
      [skyward],
    );

  it('is imported only once there is a birth date', async () => {
    const { nameId, skyward } = enter({ BirthDate: null });
    const run = await district.runImport();
    expect(run.report).toMatchObject({ added: 0, problems: { 'birth-date-missing': 1 } });
    expect(await found(skyward)).toEqual([]);
    rowsOf('Demographics/Name').update(nameId, { BirthDate: '2014-03-09T00:00:00' });
    expect((await district.runImport()).report).toMatchObject({ added: 1, problems: {} });
    expect(await found(skyward)).toHaveLength(1);
  });

  it('is imported without an unreadable phone, and gets it once it is readable', async () => {
    const { nameId, skyward } = enter();
    const phones = rowsOf('Demographics/NamePhone');
    const phone = phones.insert({ NameID: nameId, PhoneNumber: '5'.repeat(300) });
    const run = await district.runImport();
    expect(run.report).toMatchObject({ added: 1, problems: { 'field-unreadable': 1 } });
    expect(await found(skyward)).toMatchObject([{ phones: [] }]);
    phones.update(phone, { PhoneNumber: '5125550123' });
    await district.runImport();
    expect(await found(skyward)).toMatchObject([{ phones: [{ rank: 1 }] }]);
  });

  it('gets a phone with one unreadable value', async () => {
    const { nameId, skyward } = enter();
    const phones = rowsOf('Demographics/NamePhone');
    const phone = phones.insert({ NameID: nameId, PhoneNumber: '5125550123', Rank: 1.5 });
    const run = await district.runImport();
    expect(run.report).toMatchObject({ added: 1, problems: { 'field-unreadable': 1 } });
    expect(await found(skyward)).toMatchObject([
      { phones: [{ number: '(512) 555-0123', rank: 1 }] },
    ]);
    phones.update(phone, { Rank: 2 });
    await district.runImport();
    expect(await found(skyward)).toMatchObject([{ phones: [{ rank: 2 }] }]);
  });
});
