/** A bad value affects only itself: the published value is retained, and the problem is reported with its place. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';

let district: SandboxDistrict;
const rowsOf = (path: string) => district.skyward.sandbox.rows(path);
type Values = Record<string, string | number | boolean | null>;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 31, permissions: 'all' });
  expect((await district.runImport()).state).toBe('published');
});
afterAll(() => district.close());

const problemsOf = (runId: number) =>
  district.rows<Values>(
    `select kind, object, page, row_number as row, record_key as key, field,
       skyward_student_id as student, message
     from import_problems where district_id = $1 and run_id = $2 order by id`,
    [runId],
  );

const allRecords = async () =>
  district.rows<{ row: object }>(
    `select to_jsonb(s) - array['source_fingerprint', 'updated_at'] as row from students s
     where district_id = $1
     union all select to_jsonb(g) from guardians g where district_id = $1
     union all select to_jsonb(e) from enrollments e where district_id = $1 order by 1`,
  );

const published = async (skyward: number): Promise<Values> => {
  const [row] = await district.rows<{ student: Values }>(
    'select to_jsonb(s) as student from students s where district_id = $1 and skyward_id = $2',
    [skyward],
  );
  return row?.student ?? {};
};

const guardiansOf = (skyward: number) =>
  district.rows<Values>(
    `select g.* from guardians g join students s on s.district_id = g.district_id and s.id = g.student_id
     where g.district_id = $1 and s.skyward_id = $2 order by g.position`,
    [skyward],
  );

/** A student with an open enrollment, a guardian, an address and a suffix. */
async function someStudent() {
  const [row] = await district.rows<{ skyward: number; enrollment: number; year: number }>(
    `select s.skyward_id as skyward, s.status_decided_by as enrollment, e.school_year as year from students s
     join enrollments e on e.district_id = s.district_id and e.student_id = s.id
       and e.skyward_id = s.status_decided_by
     where s.district_id = $1 and s.status = 'ENROLLED' and s.graduation_year is not null
       and s.homeroom is not null and s.native_language is not null
       and s.grade is not null and s.home_language is not null and e.entry_code is not null
     order by s.id limit 1`,
  );
  const { skyward = 0, enrollment = 0 } = row ?? {};
  const nameId = Number(rowsOf('Student/Student').get(skyward, 'NameID'));
  const [link = 0] = rowsOf('Family/StudentGuardian').where('StudentID', skyward);
  const entity = rowsOf('Enrollment/EntryWithdrawal').get(enrollment, 'EntityID');
  const entityYear =
    rowsOf('Enrollment/StudentEntityYear')
      .where('StudentID', skyward)
      .findLast((id) => rowsOf('Enrollment/StudentEntityYear').get(id, 'EntityID') === entity) ?? 0;
  const [household = 0] = rowsOf('Family/StudentFamily').where('StudentID', skyward);
  const family = Number(rowsOf('Family/StudentFamily').get(household, 'FamilyID'));
  return { skyward, enrollment, nameId, link, entityYear, family };
}

/** Changes a row, runs an import, takes the change back and runs another. */
async function during<Result>(
  path: string,
  row: number,
  values: Values,
  look: (run: Awaited<ReturnType<SandboxDistrict['runImport']>>) => Promise<Result>,
): Promise<Result> {
  const rows = rowsOf(path);
  const good = rows.find(row) ?? {};
  rows.update(row, values);
  try {
    return await look(await district.runImport());
  } finally {
    rows.update(
      row,
      Object.fromEntries(Object.keys(values).map((field) => [field, good[field] ?? null])),
    );
    await district.runImport();
  }
}

describe('an unreadable value', () => {
  type RowName = keyof Awaited<ReturnType<typeof someStudent>>;
  it.each<[path: string, row: RowName, field: string, value: string | number | boolean]>([
    ['Student/Student', 'skyward', 'GradYear', 20302030203],
    ['Student/Student', 'skyward', 'GradYear', 2147483648],
    ['Student/Student', 'skyward', 'GradYear', 2147483647],
    ['Student/Student', 'skyward', 'GradYear', 'N/A'],
    ['Student/Student', 'skyward', 'Grade', 'Q'.repeat(201)],
    ['Student/Student', 'skyward', 'LanguageIDNative', 'English'],
    ['Demographics/Name', 'nameId', 'BirthDate', '12-AUG-2014'],
    ['Demographics/Name', 'nameId', 'MiddleName', 'Q'.repeat(201)],
    ['Demographics/Name', 'nameId', 'NameSuffixID', 1.5],
    ['Demographics/Name', 'nameId', 'Gender', false],
    ['Family/StudentGuardian', 'link', 'Rank', 2147483648],
    ['Family/StudentGuardian', 'link', 'IsCustodialGuardian', 'maybe'],
    ['Family/StudentGuardian', 'link', 'RelationshipID', 'Mother'],
    ['Family/Family', 'family', 'LanguageIDHome', 1.5],
    ['Enrollment/StudentEntityYear', 'entityYear', 'Grade', 'Q'.repeat(201)],
    ['Enrollment/StudentEntityYear', 'entityYear', 'HomeroomID', 'none'],
    ['Enrollment/EntryWithdrawal', 'enrollment', 'EntryCodeID', 1.5],
    ['Enrollment/EntryWithdrawal', 'enrollment', 'SchoolID', 'none'],
    ['Enrollment/EntryWithdrawal', 'enrollment', 'IsDefaultEntity', 'maybe'],
    ['Enrollment/EntryWithdrawal', 'enrollment', 'CalendarID', 2 ** 60],
  ])('%s, %s: %s = %s is retained', async (path, row, field, value) => {
    const student = await someStudent();
    const before = await allRecords();
    await during(path, student[row], { [field]: value }, async (run) => {
      expect(run).toMatchObject({ state: 'unchanged', failure: null, report: { skipped: 0 } });
      expect(await allRecords()).toEqual(before);
      const problems = await problemsOf(run.runId);
      expect(problems).toContainEqual(
        expect.objectContaining({
          kind: 'field-unreadable',
          object: path,
          page: expect.any(Number),
          row: expect.any(Number),
          key: String(student[row]),
          field,
          student: student.skyward,
        }),
      );
      for (const { message } of problems) expect(message).not.toContain(String(value));
    });
    expect(await allRecords()).toEqual(before);
  });

  it('does not affect other values of the student', async () => {
    const { skyward, nameId } = await someStudent();
    const before = await published(skyward);
    await during('Student/Student', skyward, { GradYear: 'N/A', Grade: 'XX' }, async () => {
      await during('Demographics/Name', nameId, { MiddleName: 'Quill' }, async () => {
        expect(await published(skyward)).toMatchObject({
          graduation_year: before['graduation_year'],
          middle_name: 'Quill',
        });
      });
    });
  });

  it('is reported in every import until corrected', async () => {
    const { skyward } = await someStudent();
    await during('Student/Student', skyward, { GradYear: 'N/A' }, async () => {
      const again = await district.runImport();
      expect(again.report?.problems).toEqual({ 'field-unreadable': 1 });
    });
    expect((await district.runImport()).report?.problems).toEqual({});
  });
});

/** Enters a new student with an open enrollment and a guardian. */
function enter(
  name: Values = {},
  student: Values = {},
): { nameId: number; skyward: number; guardian: number; link: number } {
  const nameId = rowsOf('Demographics/Name').insert({
    FirstName: 'Ilse',
    LastName: 'Moravec',
    BirthDate: '2014-03-09T00:00:00',
    ...name,
  });
  const skyward = rowsOf('Student/Student').insert({
    NameID: nameId,
    StudentNumber: `NEW-${nameId}`,
    ...student,
  });
  const enrollments = rowsOf('Enrollment/EntryWithdrawal');
  const open = [...enrollments.ids()].find((id) => enrollments.get(id, 'EndDate') === null) ?? 0;
  const { EntryWithdrawalID: _, ...enrollment } = enrollments.find(open) ?? {};
  enrollments.insert({ ...enrollment, StudentID: skyward, WithdrawalCodeID: null });
  const guardian = rowsOf('Demographics/Name').insert({ FirstName: 'Vera', LastName: 'Moravec' });
  const link = rowsOf('Family/StudentGuardian').insert({
    StudentID: skyward,
    NameIDGuardian: guardian,
    Rank: 1,
  });
  return { nameId, skyward, guardian, link };
}

describe('a new student', () => {
  it('is imported without an implausible graduation year', async () => {
    const { skyward } = enter({}, { GradYear: 20302030203 });
    expect(await district.runImport()).toMatchObject({
      state: 'published',
      report: { added: 1, problems: { 'field-unreadable': 1 } },
    });
    expect(await published(skyward)).toMatchObject({ graduation_year: null, status: 'ENROLLED' });
    rowsOf('Student/Student').update(skyward, { GradYear: 2030 });
    await district.runImport();
    expect(await published(skyward)).toMatchObject({ graduation_year: 2030 });
  });

  it.each([
    ['0001-01-01T00:00:00', 'a placeholder'],
    ['1949-12-31T00:00:00', 'before 1950'],
    ['2026-11-24T00:00:00', 'to come'],
  ])('is imported without the birth date %s, %s', async (BirthDate) => {
    const { skyward, nameId } = enter({ BirthDate });
    const run = await district.runImport();
    expect(run.report).toMatchObject({ added: 1 });
    expect(await problemsOf(run.runId)).toMatchObject([
      { kind: 'birth-date-implausible', field: 'BirthDate', student: skyward },
    ]);
    expect(await published(skyward)).toMatchObject({ birth_date: null });
    expect((await district.runImport()).report?.problems).toEqual({ 'birth-date-implausible': 1 });
    rowsOf('Demographics/Name').update(nameId, { BirthDate: '2014-03-09T00:00:00' });
    await district.runImport();
    expect(await published(skyward)).toMatchObject({ birth_date: '2014-03-09' });
  });

  it('is imported with one name, and it is reported', async () => {
    const { skyward, nameId } = enter({ FirstName: null, LastName: 'Suharto' });
    const run = await district.runImport();
    expect(run.report).toMatchObject({ added: 1, skipped: 0 });
    expect(await problemsOf(run.runId)).toMatchObject([
      { kind: 'name-incomplete', field: 'FirstName', student: skyward },
    ]);
    expect(await published(skyward)).toMatchObject({
      first_name: null,
      last_name: 'Suharto',
      legal_first_name: null,
      legal_last_name: 'Suharto',
    });
    rowsOf('Demographics/Name').update(nameId, { FirstName: 'Raden' });
    await district.runImport();
    expect(await published(skyward)).toMatchObject({ first_name: 'Raden', last_name: 'Suharto' });
    // A name that was there is not taken away.
    rowsOf('Demographics/Name').update(nameId, { FirstName: '\u200b', LastName: 'Soeharto' });
    await district.runImport();
    expect(await published(skyward)).toMatchObject({ first_name: 'Raden', last_name: 'Soeharto' });
    rowsOf('Demographics/Name').update(nameId, { FirstName: 'Raden' });
    await district.runImport();
  });

  it('has no invisible characters in number and names', async () => {
    const { skyward } = enter(
      { FirstName: 'Ana\tMaria\u202e', LastName: '\u200bMoravec\r\n' },
      { StudentNumber: '77001\u200b' },
    );
    await district.runImport();
    expect(await published(skyward)).toMatchObject({
      student_number: '77001',
      first_name: 'Ana Maria',
      last_name: 'Moravec',
    });
  });

  it('is found by name with or without a joiner, which is kept', async () => {
    const joined = '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647';
    const { skyward } = enter({ LastName: joined });
    await district.runImport();
    expect(await published(skyward)).toMatchObject({ last_name: joined });
    const found = await district.rows(
      `select from students where district_id = $1 and skyward_id = $2
         and starts_with(name_key, search_form($3)) and starts_with(name_key, search_form($4))`,
      [skyward, joined, joined.replace('\u200c', '')],
    );
    expect(found).toHaveLength(1);
  });

  it('may have names of the maximum length', async () => {
    const long = Array.from({ length: 200 }, (_, index) =>
      String.fromCharCode(0x4e00 + ((index * 7919) % 20_000)),
    ).join('');
    const { skyward } = enter(
      { FirstName: long, MiddleName: long, LastName: long, FirstNameLegal: long },
      { StudentNumber: long, StudentStateID: long, Grade: long },
    );
    expect(await district.runImport()).toMatchObject({ state: 'published', report: { added: 1 } });
    expect(await published(skyward)).toMatchObject({ last_name: long, student_number: long });
  });

  it('does not get the number of another student by an invisible character', async () => {
    const { skyward } = await someStudent();
    const { student_number: number } = await published(skyward);
    const other = enter({}, { StudentNumber: `${String(number)}\u200b` });
    const run = await district.runImport();
    expect(run.report).toMatchObject({ added: 0 });
    expect(await problemsOf(run.runId)).toContainEqual(
      expect.objectContaining({ kind: 'number-shared', student: other.skyward }),
    );
    rowsOf('Student/Student').update(other.skyward, { StudentNumber: 'NEW-1' });
    await district.runImport();
  });
});

describe('guardians', () => {
  it('are imported once, however often they are linked', async () => {
    const { skyward, guardian, link } = enter();
    const links = rowsOf('Family/StudentGuardian');
    const second = links.insert({ StudentID: skyward, NameIDGuardian: guardian, Rank: 2 });
    const run = await district.runImport();
    expect(await guardiansOf(skyward)).toMatchObject([{ skyward_id: link, position: 1 }]);
    expect(await problemsOf(run.runId)).toMatchObject([
      { kind: 'guardian-linked-twice', key: String(second), student: skyward },
    ]);
    // The one that is published stays, whatever the ranks say later.
    links.update(second, { Rank: 0 });
    await district.runImport();
    expect(await guardiansOf(skyward)).toMatchObject([{ skyward_id: link }]);
    links.remove(link);
    expect((await district.runImport()).report?.problems).toEqual({});
    expect(await guardiansOf(skyward)).toMatchObject([{ skyward_id: second }]);
  });

  it('without a name are reported: a new one is skipped, a known one retains the name', async () => {
    const { skyward, guardian } = enter();
    const names = rowsOf('Demographics/Name');
    names.update(guardian, { FirstName: null, LastName: ' ' });
    const run = await district.runImport();
    expect(run.report).toMatchObject({ added: 1 });
    expect(await problemsOf(run.runId)).toMatchObject([
      { kind: 'guardian-name-missing', object: 'Demographics/Name', student: skyward },
    ]);
    expect(await guardiansOf(skyward)).toEqual([]);
    names.update(guardian, { FirstName: 'Vera', LastName: null });
    expect((await district.runImport()).report?.problems).toEqual({});
    expect(await guardiansOf(skyward)).toMatchObject([{ first_name: 'Vera', last_name: null }]);
    names.update(guardian, { FirstName: null });
    await district.runImport();
    expect(await guardiansOf(skyward)).toMatchObject([{ first_name: 'Vera', last_name: null }]);
    names.update(guardian, { FirstName: 'Vera' });
    await district.runImport();
  });
});

describe('parts without permission', () => {
  async function without<Result>(path: string, fields: string[], work: () => Promise<Result>) {
    const { accesses, clientKey } = district.skyward.sandbox;
    const access = accesses.find(clientKey) ?? {};
    accesses.dropFields(clientKey, path, fields);
    try {
      return await work();
    } finally {
      accesses.change(clientKey, access);
    }
  }

  it.each([
    ['its parts', ['StreetNumberAndNameIncludeSecondaryUnit', 'FormattedFullAddress']],
    ['the whole address', ['StreetNumberAndNameIncludeSecondaryUnit', 'StreetID']],
  ])('get the street from %s', async (_, fields) => {
    const { skyward, nameId } = enter();
    const links = rowsOf('Demographics/NameAddress');
    const [example] = await district.rows<{ address: number; lines: string[] }>(
      `select (a.value -> 'lines') as lines, s.skyward_id as address from students s,
         jsonb_array_elements(s.addresses) a
       where district_id = $1 and a.value ->> 'text' ~ '^[0-9]+ ' order by s.id limit 1`,
    );
    const neighbor = rowsOf('Student/Student').get(example?.address ?? 0, 'NameID');
    const [home = 0] = links.where('NameID', Number(neighbor));
    links.insert({
      NameID: nameId,
      AddressID: Number(links.get(home, 'AddressID')),
      IsPhysical: true,
      IsMailing: true,
    });
    await without('Demographics/Address', fields, () => district.runImport());
    expect(await published(skyward)).toMatchObject({ addresses: [{ lines: example?.lines }] });
    const { addresses } = await published(skyward);
    await district.runImport();
    expect((await published(skyward))['addresses']).toEqual(addresses);
  });

  it('get the state ID from the other field', async () => {
    const { skyward } = enter({}, { StudentStateID: '9912345678' });
    await without('Student/Student', ['CalculatedStudentStateID'], () => district.runImport());
    expect(await published(skyward)).toMatchObject({ state_id: '9912345678' });
  });
});

describe('texts of code tables', () => {
  it('are normalized like names: spaces change nothing, and an empty country is none', async () => {
    const before = await allRecords();
    const types = rowsOf('Demographics/PhoneType');
    const [type = 0] = types.ids();
    await during(
      'Demographics/PhoneType',
      type,
      { Description: `${String(types.get(type, 'Description'))}  \u200b` },
      async (run) => {
        expect(run.state).toBe('unchanged');
        expect(await allRecords()).toEqual(before);
      },
    );
  });

  it('use the country code if there is no country name', async () => {
    const { skyward, nameId } = enter();
    const zip = rowsOf('Demographics/Zip').insert({
      ZipCode: '25000',
      City: 'Saltillo',
      StateID: null,
      CountryCode: 'MX',
      FreeFormState: ' ',
      FreeFormCountry: '',
    });
    const address = rowsOf('Demographics/Address').insert({
      FreeformAddress: 'Calle 5\r\nCentro ',
      ZipID: zip,
    });
    rowsOf('Demographics/NameAddress').insert({
      NameID: nameId,
      AddressID: address,
      IsPhysical: true,
    });
    await district.runImport();
    expect(await published(skyward)).toMatchObject({
      addresses: [
        {
          lines: ['Calle 5', 'Centro'],
          state: null,
          country: 'MX',
          text: 'Calle 5, Centro, Saltillo, 25000, MX',
        },
      ],
    });
  });
});
