/** Code tables that are empty, incomplete, or have an unreadable row. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  mergeRows,
  createDistrictRows,
  openFixedRowsDistrict,
  withRows,
  type FixedRows,
  type FixedRowsDistrict,
  type FixedRow,
} from '../../tests/skyward/fixed-rows.ts';

/** Ten students, each with everything that an id of a code table gives, and a guardian. */
function wholeDistrict(students = 10): FixedRows {
  const base = createDistrictRows(students);
  const numbers = Array.from({ length: students }, (_, index) => index + 1);
  const ids = { NameSuffixID: 1, NameSuffixIDLegal: 1, FirstNameLegal: 'Ana', LastNameLegal: 'L' };
  const coded = [
    withRows(base, 'Student/Student', () => ({ LanguageIDNative: 1 })),
    ['Demographics/Name', () => ids],
    ['Enrollment/EntryWithdrawal', () => ({ CalendarID: 1 })],
    ['Enrollment/StudentEntityYear', () => ({ HomeroomID: 1, StaffIDAdvisor: 1 })],
  ] as const;
  const [first, ...rest] = coded;
  const changed = rest.reduce<FixedRows>(
    (all, [object, change]) => withRows(all, object, change),
    first,
  );
  const code = (key: string, Code: string, Description: string) => [
    { [key]: 1, Code, Description },
  ];
  return mergeRows(changed, {
    'SkySys/State': [{ StateID: 44, Code: 'TX' }],
    'Demographics/Zip': [
      { ZipID: 1, ZipCode: '78701', City: 'Pecan Creek', StateID: 44, CountryCode: 'USA' },
    ],
    'Demographics/County': [{ CountyID: 1, Name: 'Travis' }],
    'Demographics/Address': [
      {
        AddressID: 1,
        StreetNumberAndNameIncludeSecondaryUnit: '100 N Oak St',
        ZipID: 1,
        CountyID: 1,
      },
    ],
    'Demographics/NameAddress': numbers.map((n) => ({
      NameAddressID: n,
      NameID: 100_000 + n,
      AddressID: 1,
      IsMailing: true,
      IsPhysical: true,
    })),
    'Demographics/NamePhone': numbers.map((n) => ({
      NamePhoneID: n,
      NameID: 100_000 + n,
      PhoneNumber: `512555${1000 + n}`,
      PhoneTypeID: 1,
      Rank: 1,
    })),
    'Demographics/NameEmail': numbers.map((n) => ({
      NameEmailID: n,
      NameID: 100_000 + n,
      EmailAddress: `ana${n}@example.org`,
      EmailTypeID: 1,
      Rank: 1,
    })),
    'Demographics/NameAlias': numbers.map((n) => ({
      NameAliasID: n,
      NameID: 100_000 + n,
      FirstName: 'Anita',
      LastName: 'Lopez',
      NameSuffixID: 1,
    })),
    'Demographics/Name': [
      ...numbers.map((n) => ({ NameID: 200_000 + n, FirstName: 'Rosa', LastName: 'Lopez' })),
      { NameID: 900, FirstName: 'Tess', LastName: 'Teacher' },
    ],
    'Family/StudentGuardian': numbers.map((n) => ({
      StudentGuardianID: n,
      StudentID: n,
      NameIDGuardian: 200_000 + n,
      RelationshipID: 1,
      IsCustodialGuardian: true,
    })),
    'Family/Family': [{ FamilyID: 1, LanguageIDHome: 1 }],
    'Family/StudentFamily': numbers.map((n) => ({ StudentFamilyID: n, StudentID: n, FamilyID: 1 })),
    'Family/FamilyGuardian': numbers.map((n) => ({
      FamilyGuardianID: n,
      FamilyID: 1,
      NameID: 200_000 + n,
    })),
    'Demographics/NameSuffix': code('NameSuffixID', 'JR', 'Jr.'),
    'Demographics/Language': code('LanguageID', '98', 'English'),
    'Demographics/Relationship': code('RelationshipID', 'M', 'Mother'),
    'Demographics/PhoneType': code('PhoneTypeID', 'C', 'Cell'),
    'Demographics/EmailType': code('EmailTypeID', 'H', 'Home'),
    'Attendance/Calendar': [{ CalendarID: 1, SchoolYearID: 27, EndDate: '2027-05-27T00:00:00' }],
    'Enrollment/Homeroom': [{ HomeroomID: 1, Code: '12A', SchoolYearID: 27, StaffID: 1 }],
    'Staff/Staff': [{ StaffID: 1, NameID: 900 }],
  });
}

const values = async (district: FixedRowsDistrict) =>
  Promise.all(
    ['students', 'guardians', 'enrollments'].map((table) =>
      district.rows(
        `select to_jsonb(t) - array['source_fingerprint', 'updated_at', 'changed_run_id'] as row
         from ${table} t where district_id = $1 order by t.skyward_id, 1`,
      ),
    ),
  );

const problems = (district: FixedRowsDistrict, runId: number) =>
  district.rows<{ kind: string; object: string; message: string; field: string | null }>(
    `select kind, object, message, field from import_problems
     where district_id = $1 and run_id = $2 order by object, field`,
    [runId],
  );

/** Each table with the problem reported for rows that reference it. */
const tables: readonly [table: string, rows: string][] = [
  ['Demographics/Zip', '1 row of Demographics/Address (by ZipID)'],
  ['SkySys/State', '1 row of Demographics/Address (by Demographics/Zip StateID)'],
  ['Demographics/County', '1 row of Demographics/Address (by CountyID)'],
  ['Demographics/PhoneType', '10 rows of Demographics/NamePhone (by PhoneTypeID)'],
  ['Demographics/EmailType', '10 rows of Demographics/NameEmail (by EmailTypeID)'],
  ['Demographics/Language', '10 rows of Student/Student (by LanguageIDNative)'],
  ['Demographics/Relationship', '10 rows of Family/StudentGuardian (by RelationshipID)'],
  ['Demographics/NameSuffix', '10 rows of Demographics/Name (by NameSuffixID)'],
  ['Enrollment/EntryCode', '10 rows of Enrollment/EntryWithdrawal (by EntryCodeID)'],
  ['Attendance/Calendar', '10 rows of Enrollment/EntryWithdrawal (by CalendarID)'],
  ['Enrollment/Homeroom', '10 rows of Enrollment/StudentEntityYear (by HomeroomID)'],
  ['Staff/Staff', '10 rows of Enrollment/StudentEntityYear (by Enrollment/Homeroom StaffID)'],
  ['Enrollment/School', '10 rows of Enrollment/EntryWithdrawal (by SchoolID)'],
  ['District/Entity', '10 rows of Enrollment/EntryWithdrawal (by EntityID)'],
];

/** A row that nothing points to, so that a table is short rather than empty. */
const otherRows: Readonly<Record<string, object>> = {
  'Enrollment/School': { SchoolID: 99, SchoolYearID: 27, Code: '9', Name: 'Elsewhere' },
  'District/Entity': { EntityID: 99, Code: '9', Name: 'Elsewhere' },
};

describe('a dangling id', () => {
  describe('retains the published value, is reported once per table, and yields the value once the entry is back', () => {
    const whole = wholeDistrict();
    let district: FixedRowsDistrict;
    let before: unknown;
    beforeAll(async () => {
      district = await openFixedRowsDistrict();
      expect(await district.import(whole)).toMatchObject({ state: 'published', failure: null });
      before = await values(district);
      expect(JSON.stringify(before)).toMatch(/Pecan Creek.*TX.*78701/);
    });
    afterAll(() => district[Symbol.asyncDispose]());

    it.each(tables)('%s', async (table, rows) => {
      const other = otherRows[table];
      const short = { ...whole, [table]: other === undefined ? [] : [{ ...other }] };
      const run = await district.import(short);
      expect(run.failure).toBeNull();
      expect(run.report).toMatchObject({
        skipped: 0,
        changesByField: {},
        problems: { 'code-missing': 1 },
      });
      expect(await values(district)).toEqual(before);
      const [problem, ...more] = await problems(district, run.runId);
      expect(more).toEqual([]);
      expect(problem).toMatchObject({ kind: 'code-missing', object: table });
      expect(problem?.message).toContain(rows);
      expect((await district.import(short)).state).toBe('unchanged');
      expect((await district.import(whole)).report).toMatchObject({
        changesByField: {},
        problems: {},
      });
      expect(await values(district)).toEqual(before);
    });
  });

  it('retains only the value of its own row, and not one that was removed in Skyward', async () => {
    await using district = await openFixedRowsDistrict();
    const whole = wholeDistrict();
    await district.import(whole);
    const odd = withRows(whole, 'Demographics/NamePhone', (_, index) =>
      index === 0 ? { PhoneTypeID: 77 } : index === 1 ? { PhoneTypeID: null } : {},
    );
    const types = () =>
      district.rows<{ type: string | null }>(
        `select phones -> 0 ->> 'type' as type from students where district_id = $1 order by skyward_id limit 3`,
      );
    await district.import(odd);
    expect(await types()).toEqual([{ type: 'Cell' }, { type: null }, { type: 'Cell' }]);
    const neither = withRows(whole, 'Demographics/NamePhone', (_, index) =>
      index < 2 ? { PhoneTypeID: null } : {},
    );
    await district.import(neither);
    expect(await types()).toEqual([{ type: null }, { type: null }, { type: 'Cell' }]);
  });

  it('is unknown for a new student, until the entry is back', async () => {
    await using district = await openFixedRowsDistrict();
    const whole = wholeDistrict(3);
    const run = await district.import({
      ...whole,
      'Demographics/Zip': [],
      'Demographics/Language': [],
    });
    expect(run).toMatchObject({
      state: 'published',
      report: { added: 3, problems: { 'code-missing': 2 } },
    });
    const shown = () =>
      district.rows(
        `select native_language, addresses -> 0 ->> 'city' as city from students where district_id = $1 limit 1`,
      );
    expect(await shown()).toEqual([{ native_language: null, city: null }]);
    await district.import(whole);
    expect(await shown()).toEqual([{ native_language: 'English', city: 'Pecan Creek' }]);
  });

  it('skips the row if it determines the status', async () => {
    await using district = await openFixedRowsDistrict();
    const whole = wholeDistrict();
    await district.import(whole);
    const left = withRows(whole, 'Enrollment/EntryWithdrawal', (_, index) =>
      index === 0
        ? { EndDate: '2026-11-20', WithdrawalDate: '2026-11-21', WithdrawalCodeID: 999 }
        : {},
    );
    const run = await district.import(left);
    expect(run.report).toMatchObject({ skipped: 1, problems: { 'code-unknown': 1 } });
  });
});

describe('a required code table', () => {
  it.each([
    'District/Entity',
    'Enrollment/School',
    'District/SchoolYear',
    'Enrollment/WithdrawalCode',
  ])('fails the import when it is empty: %s', async (table) => {
    await using district = await openFixedRowsDistrict();
    await district.import(createDistrictRows(5));
    const before = await values(district);
    const run = await district.import({ ...createDistrictRows(5), [table]: [] });
    expect(run).toMatchObject({ state: 'failed', failure: { code: 'empty-table' } });
    expect(run.failure?.message).toBe(`${table}: has no rows`);
    expect(await values(district)).toEqual(before);
  });

  it('may be empty in one school year', async () => {
    await using district = await openFixedRowsDistrict();
    const whole = createDistrictRows(5);
    const schools = whole['Enrollment/School']?.filter((row) => row['SchoolYearID'] === 27) ?? [];
    expect(await district.import({ ...whole, 'Enrollment/School': schools })).toMatchObject({
      state: 'published',
    });
  });

  it('fails the import with an unreadable row', async () => {
    await using district = await openFixedRowsDistrict();
    const odd = { WithdrawalCodeID: 999, SchoolYearID: 27, Code: { no: 'text' } };
    const whole = mergeRows(createDistrictRows(3), { 'Enrollment/WithdrawalCode': [odd] });
    expect((await district.import(whole)).failure).toMatchObject({
      code: 'unreadable-row',
      message: expect.stringMatching(/Enrollment\/WithdrawalCode, page 1, row 4, field Code/),
    });
  });
});

describe('an unreadable row of an optional table', () => {
  it.each<[table: string, row: object, field: string]>([
    ['Staff/Staff', { StaffID: 2, NameID: null }, 'NameID'],
    ['Attendance/Calendar', { CalendarID: 2, SchoolYearID: 27, EndDate: 'May' }, 'EndDate'],
    ['Demographics/Zip', { ZipID: 2, StateID: 'TX' }, 'StateID'],
    [
      'Enrollment/Homeroom',
      { HomeroomID: 2, Code: '1', SchoolYearID: 27, StaffID: 'T' },
      'StaffID',
    ],
    ['Demographics/Language', { LanguageID: 2, Code: { no: 'text' } }, 'Code'],
  ])('affects only that row: %s %j', async (table, row, field) => {
    await using district = await openFixedRowsDistrict();
    const run = await district.import(mergeRows(wholeDistrict(3), { [table]: [{ ...row }] }));
    expect(run).toMatchObject({ state: 'published', report: { added: 3, skipped: 0 } });
    const [problem, ...more] = await problems(district, run.runId);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ kind: 'field-unreadable', object: table, field });
  });

  it('retains the published values of rows that reference it', async () => {
    await using district = await openFixedRowsDistrict();
    const whole = wholeDistrict(3);
    await district.import(whole);
    const before = await values(district);
    const vacant = { ...whole, 'Staff/Staff': [{ StaffID: 1, NameID: null }] };
    const run = await district.import(vacant);
    expect(run.report).toMatchObject({
      changesByField: {},
      problems: { 'field-unreadable': 1, 'code-missing': 1 },
    });
    expect(await values(district)).toEqual(before);
  });
});

describe('a dangling id in another list', () => {
  const count = 4;
  const whole = (): FixedRows =>
    mergeRows(
      withRows(createDistrictRows(count), 'Enrollment/StudentEntityYear', () => ({
        StaffIDAdvisor: 1,
        HomeroomID: 1,
      })),
      {
        'Demographics/Language': [{ LanguageID: 1, Code: '98', Description: 'English' }],
        'Enrollment/Homeroom': [{ HomeroomID: 1, Code: 'H1', SchoolYearID: 27, StaffID: 2 }],
        'Staff/Staff': [1, 2].map((n) => ({ StaffID: n, NameID: 900_000 + n })),
        'Demographics/Name': [1, 2].map((n) => ({
          NameID: 900_000 + n,
          FirstName: 'Tia',
          LastName: `Teach${n}`,
        })),
      },
      ...Array.from({ length: count }, (_, index) => index + 1).map((n): FixedRows => ({
        'Family/StudentGuardian': [
          { StudentGuardianID: n, StudentID: n, NameIDGuardian: 200_000 + n },
        ],
        'Demographics/Name': [{ NameID: 200_000 + n, FirstName: 'Rosa', LastName: 'Lopez' }],
        'Demographics/Address': [
          { AddressID: n, StreetNumberAndNameIncludeSecondaryUnit: `${n} N Oak St` },
        ],
        'Demographics/NameAddress': [100_000, 200_000].map((from) => ({
          NameAddressID: from + n,
          NameID: from + n,
          AddressID: n,
        })),
        'Family/Family': [{ FamilyID: n, LanguageIDHome: 1 }],
        'Family/StudentFamily': [{ StudentFamilyID: n, StudentID: n, FamilyID: n }],
        'Family/FamilyGuardian': [{ FamilyGuardianID: n, FamilyID: n, NameID: 200_000 + n }],
      })),
    );
  const lost = (delivery: FixedRows, object: string, isLost: (row: FixedRow) => boolean) => ({
    ...delivery,
    [object]: (delivery[object] ?? []).filter((row) => !isLost(row)),
  });

  it.each<[what: string, object: string, isLost: (row: FixedRow) => boolean, problem: object]>([
    [
      'an address',
      'Demographics/Address',
      (row) => row['AddressID'] === 1,
      { kind: 'code-missing', object: 'Demographics/Address' },
    ],
    [
      'all addresses',
      'Demographics/Address',
      () => true,
      { kind: 'code-missing', object: 'Demographics/Address' },
    ],
    [
      'a family',
      'Family/Family',
      (row) => row['FamilyID'] === 2,
      { kind: 'code-missing', object: 'Family/Family' },
    ],
    [
      'all families',
      'Family/Family',
      () => true,
      { kind: 'code-missing', object: 'Family/Family' },
    ],
    [
      'the name of an advisor',
      'Demographics/Name',
      (row) => row['NameID'] === 900_001,
      { kind: 'person-missing', object: 'Demographics/Name' },
    ],
    [
      'the name of a homeroom teacher',
      'Demographics/Name',
      (row) => row['NameID'] === 900_002,
      { kind: 'person-missing', object: 'Demographics/Name' },
    ],
  ])(
    'keeps what is published and is named on every import: %s',
    async (_, object, isLost, problem) => {
      await using district = await openFixedRowsDistrict();
      expect((await district.import(whole())).failure).toBeNull();
      const before = await values(district);
      const messages: unknown[] = [];
      for (let repeat = 0; repeat < 2; repeat++) {
        const run = await district.import(lost(whole(), object, isLost));
        expect(run.failure).toBeNull();
        expect(await values(district)).toEqual(before);
        const named = await problems(district, run.runId);
        expect(named).toEqual([expect.objectContaining(problem)]);
        messages.push(named[0]?.message);
      }
      expect(messages[1]).toBe(messages[0]);

      const back = await district.import(whole());
      expect(back.report?.problems).toEqual({});
      expect(await values(district)).toEqual(before);
    },
  );

  it('keeps a street assembled with a direction that is missing', async () => {
    await using district = await openFixedRowsDistrict();
    const inParts = mergeRows(
      withRows(whole(), 'Demographics/Address', () => ({
        StreetNumberAndNameIncludeSecondaryUnit: null,
        StreetNumber: '100',
        StreetID: 1,
      })),
      {
        'Demographics/Street': [{ StreetID: 1, Name: 'Oak St', DirectionalID: 1 }],
        'Demographics/Directional': [{ DirectionalID: 1, Code: 'N', Description: 'North' }],
      },
    );
    await district.import(inParts);
    const before = await values(district);
    expect(JSON.stringify(before)).toContain('100 N Oak St');
    for (let repeat = 0; repeat < 2; repeat++) {
      const run = await district.import({ ...inParts, 'Demographics/Directional': [] });
      expect(await values(district)).toEqual(before);
      expect(await problems(district, run.runId)).toEqual([
        expect.objectContaining({ kind: 'code-missing', object: 'Demographics/Street' }),
      ]);
    }
  });

  it('removes the value when the referencing row was deleted, too', async () => {
    await using district = await openFixedRowsDistrict();
    await district.import(whole());
    const gone = lost(
      lost(whole(), 'Demographics/Address', (row) => row['AddressID'] === 1),
      'Demographics/NameAddress',
      (row) => row['AddressID'] === 1,
    );
    expect((await district.import(gone)).report?.problems).toEqual({});
    expect(
      await district.rows(
        `select addresses from students where district_id = $1 and skyward_id = 1`,
      ),
    ).toEqual([{ addresses: [] }]);
  });
});
