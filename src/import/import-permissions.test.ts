/** What the access is not allowed: named once, never taken for empty, and back once it is allowed again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportOutcome } from './import-report.ts';
import { openSandboxDistrict, type SandboxDistrict } from '../../tests/skyward/sandbox-district.ts';

let district: SandboxDistrict;
const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 80, seed: 22, permissions: 'all' });
  expect((await district.runImport()).state).toBe('published');
});
afterAll(() => district.close());

/** Takes objects (no fields named) or fields out of the access while `work` runs. */
async function without<Result>(
  drops: Readonly<Record<string, readonly string[]>>,
  work: () => Promise<Result>,
): Promise<Result> {
  const { accesses, clientKey } = district.skyward.sandbox;
  const access = accesses.find(clientKey) ?? {};
  for (const [path, fields] of Object.entries(drops)) {
    accesses.dropFields(clientKey, path, fields.length === 0 ? undefined : fields);
  }
  try {
    return await work();
  } finally {
    accesses.change(clientKey, access);
  }
}

/** Published columns that hold something, with how many rows do: what there is to lose. */
async function filledColumns(table: string): Promise<Record<string, number>> {
  const rows = await district.rows<{ field: string; count: number }>(
    `select field, count(*)::integer as count from ${table} t, jsonb_each(to_jsonb(t)) as f (field, value)
     where district_id = $1 and value not in ('null', '[]') group by field`,
  );
  return Object.fromEntries(rows.map(({ field, count }) => [field, count]));
}

const valuesOf = async (table: string) => {
  const rows = await district.rows<{ row: object }>(
    `select to_jsonb(t) - array['source_fingerprint', 'updated_at', 'xmin'] as row
     from ${table} t where district_id = $1 order by 1`,
  );
  return rows.map(({ row }) => row);
};
const allValues = async () => [
  await valuesOf('students'),
  await valuesOf('guardians'),
  await valuesOf('enrollments'),
];

describe('a permission that was removed', () => {
  /** Whole objects, code tables, and fields, with published columns that would be lost. */
  const cases: readonly [
    what: string,
    drops: Readonly<Record<string, readonly string[]>>,
    columns: readonly [table: string, column: string][],
  ][] = [
    [
      'objects',
      {
        'Demographics/NamePhone': [],
        'Demographics/NameEmail': [],
        'Demographics/NameAlias': [],
        'Demographics/NameAddress': [],
        'Family/Family': [],
        'Staff/Staff': [],
        'Attendance/Calendar': [],
        'Enrollment/EntryCode': [],
      },
      [
        ['students', 'phones'],
        ['guardians', 'emails'],
        ['students', 'other_names'],
        ['guardians', 'addresses'],
        ['students', 'home_language'],
        ['guardians', 'language'],
        ['students', 'homeroom_teacher'],
        ['enrollments', 'advisor'],
        ['enrollments', 'calendar_end_date'],
        ['enrollments', 'entry_code'],
      ],
    ],
    [
      'code tables',
      {
        'Demographics/PhoneType': [],
        'Demographics/EmailType': [],
        'Demographics/Zip': [],
        'Demographics/County': [],
        'Demographics/Language': [],
        'Demographics/Relationship': [],
        'Demographics/NameSuffix': [],
        'Enrollment/Homeroom': [],
        'Family/StudentFamily': [],
      },
      [
        ['students', 'native_language'],
        ['students', 'suffix'],
        ['guardians', 'relationship'],
        ['guardians', 'lives_with'],
        ['students', 'homeroom'],
      ],
    ],
    [
      'fields',
      {
        'Demographics/Name': ['BirthDate', 'FirstNameLegal', 'LastNameLegal', 'MiddleName', 'Race'],
        'Demographics/NamePhone': ['IsConfidential', 'PhoneTypeID', 'Extension', 'Rank'],
        'Demographics/NameAddress': ['IsMailing'],
        'Demographics/Address': ['StreetNumberAndNameIncludeSecondaryUnit', 'CountyID'],
        'Student/Student': ['CalculatedStudentStateID', 'GradYear', 'Grade', 'LanguageIDNative'],
        'Family/StudentGuardian': [
          'RelationshipID',
          'IsCustodialGuardian',
          'HasActiveRestrictedAccess',
          'Rank',
        ],
        'Enrollment/StudentEntityYear': ['Grade', 'HomeroomID', 'StaffIDAdvisor'],
        'Enrollment/EntryWithdrawal': ['IsDefaultEntity', 'EntryCodeID', 'SchoolID'],
      },
      [
        ['students', 'birth_date'],
        ['students', 'legal_first_name'],
        ['students', 'middle_name'],
        ['students', 'state_id'],
        ['students', 'graduation_year'],
        ['guardians', 'is_custodial'],
        ['enrollments', 'school_name'],
      ],
    ],
  ];

  it.each(cases)('retains published values (%s)', async (_, drops, columns) => {
    const before = await allValues();
    for (const [table, column] of columns) {
      expect((await filledColumns(table))[column], `${table}.${column}`).toBeGreaterThan(0);
    }
    const first = await without(drops, () => district.runImport());
    expect(first.failure).toBeNull();
    expect(first.report).toMatchObject({ skipped: 0, changesByField: {} });
    expect(await allValues()).toEqual(before);
    expect(namesEachOnce(first, drops)).toBe(true);

    const second = await without(drops, () => district.runImport());
    expect(second.state).toBe('unchanged');

    const back = await district.runImport();
    expect(back.report).toMatchObject({ changesByField: {} });
    expect(await allValues()).toEqual(before);
  });

  /** Whether the report names every object that was taken out once, with its fields. */
  function namesEachOnce(run: ImportOutcome, drops: Readonly<Record<string, readonly string[]>>) {
    const named = run.report?.missingPermissions ?? [];
    return Object.entries(drops).every(([path, fields]) => {
      const entries = named.filter(({ object }) => object === path);
      return entries.length === 1 && fields.every((field) => entries[0]?.fields.includes(field));
    });
  }

  it('affects nothing else, and yields a new value once it is allowed again', async () => {
    const [student] = await district.rows<{ id: number; skyward: number }>(
      `select id, skyward_id as skyward from students where district_id = $1 and status = 'ENROLLED'
       order by id desc limit 1`,
    );
    const nameId = Number(rowsOf('Student/Student').get(student?.skyward ?? 0, 'NameID'));
    rowsOf('Demographics/Name').update(nameId, {
      FirstName: 'Ottilie',
      BirthDate: '2015-05-06T00:00:00',
    });
    const now = async () => {
      const [row] = await district.rows<{ first_name: string; birth_date: string }>(
        `select first_name, birth_date::text from students where district_id = $1 and id = $2`,
        [student?.id],
      );
      return row;
    };
    const before = await now();
    await without({ 'Demographics/Name': ['BirthDate'] }, () => district.runImport());
    expect(await now()).toEqual({ first_name: 'Ottilie', birth_date: before?.birth_date });
    await district.runImport();
    expect(await now()).toEqual({ first_name: 'Ottilie', birth_date: '2015-05-06' });
  });

  it('omits an optional object if one of its required fields is rejected', async () => {
    const before = await allValues();
    const drops = { 'Demographics/NamePhone': ['PhoneNumber'] };
    const first = await without(drops, () => district.runImport());
    expect(first.failure).toBeNull();
    expect(first.report?.missingPermissions).toContainEqual({
      object: 'Demographics/NamePhone',
      fields: [],
    });
    expect(await allValues()).toEqual(before);
  });

  it('is compared with the last import that read it, not with imports without permission', async () => {
    const object = 'Demographics/NamePhone';
    await without({ [object]: [] }, () => district.runImport());
    const { faults } = district.skyward.sandbox;
    faults.add({ object, kind: 'empty-page', times: 'ever' });
    const emptied = await district.runImport();
    faults.clear();
    expect(emptied).toMatchObject({ state: 'held', failure: { code: 'empty-list' } });
    expect(emptied.failure?.details).toContain(object);
  });
});

describe('a required permission', () => {
  it.each([
    ['Enrollment/EntryWithdrawal', ['WithdrawalCodeID'], 'no-field-permission'],
    ['Student/Student', ['StudentNumber'], 'no-field-permission'],
    ['Demographics/Name', [], 'no-object-permission'],
    ['Enrollment/WithdrawalCode', [], 'no-object-permission'],
  ])('ends it, named with the next step (%s %j)', async (path, fields, code) => {
    const before = await allValues();
    const run = await without({ [path]: fields }, () => district.runImport());
    expect(run).toMatchObject({ state: 'failed', failure: { code } });
    for (const part of [path, ...fields]) expect(run.failure?.message).toContain(part);
    expect(run.failure?.advice).toMatch(/approve/);
    expect(await allValues()).toEqual(before);
  });
});
