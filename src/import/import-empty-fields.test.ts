/** Fields that are null or absent for all students: retained and reported, and emptied only after a user accepts it. */
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
import { acceptEmptyField } from './plan/accepted-fields.ts';

const students = 30;

/** Students with guardians, phones and addresses. */
function wholeDistrict(count = students): FixedRows {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return mergeRows(
    withRows(createDistrictRows(count), 'Demographics/Name', () => ({ MiddleName: 'Q' })),
    {
      'Demographics/Name': numbers.map((n) => ({
        NameID: 200_000 + n,
        FirstName: 'Rosa',
        LastName: 'Lopez',
      })),
      'Family/StudentGuardian': numbers.map((n) => ({
        StudentGuardianID: n,
        StudentID: n,
        NameIDGuardian: 200_000 + n,
        RelationshipID: 1,
        IsCustodialGuardian: true,
      })),
      'Demographics/Relationship': [{ RelationshipID: 1, Code: 'M', Description: 'Mother' }],
      'Demographics/PhoneType': [{ PhoneTypeID: 1, Code: 'C', Description: 'Cell' }],
      'Demographics/NamePhone': numbers.map((n) => ({
        NamePhoneID: n,
        NameID: 100_000 + n,
        PhoneNumber: `512555${1000 + n}`,
        PhoneTypeID: 1,
        Rank: 1,
        IsConfidential: true,
      })),
      'Demographics/NameEmail': numbers.map((n) => ({
        NameEmailID: n,
        NameID: 100_000 + n,
        EmailAddress: `ana${n}@example.org`,
      })),
      'Demographics/NameAlias': numbers.map((n) => ({
        NameAliasID: n,
        NameID: 100_000 + n,
        FirstName: 'Annie',
      })),
      'Demographics/Zip': [{ ZipID: 1, ZipCode: '78701', City: 'Pecan Creek' }],
      'Demographics/Address': numbers.map((n) => ({
        AddressID: n,
        StreetNumberAndNameIncludeSecondaryUnit: `${n} N Oak St`,
        ZipID: 1,
      })),
      'Demographics/NameAddress': numbers.map((n) => ({
        NameAddressID: n,
        NameID: 100_000 + n,
        AddressID: n,
        IsMailing: true,
        IsPhysical: true,
      })),
    },
  );
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

const without = (delivery: FixedRows, object: string, ...fields: string[]): FixedRows => ({
  ...delivery,
  [object]: (delivery[object] ?? []).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([field]) => !fields.includes(field))),
  ),
});
const masked = (delivery: FixedRows, object: string, ...fields: string[]): FixedRows =>
  withRows(delivery, object, () => Object.fromEntries(fields.map((field) => [field, null])));

/** A field of each kind, with the published column that comes from it. */
const fields: readonly [object: string, field: string, value: string][] = [
  [
    'Demographics/Name',
    'BirthDate',
    'select count(birth_date)::integer as n from students where district_id = $1',
  ],
  [
    'Demographics/Name',
    'Gender',
    'select count(gender)::integer as n from students where district_id = $1',
  ],
  [
    'Demographics/Name',
    'MiddleName',
    'select count(middle_name)::integer as n from students where district_id = $1',
  ],
  [
    'Family/StudentGuardian',
    'RelationshipID',
    'select count(relationship)::integer as n from guardians where district_id = $1',
  ],
  [
    'Demographics/NamePhone',
    'PhoneTypeID',
    `select count(phones -> 0 ->> 'type')::integer as n from students where district_id = $1`,
  ],
  [
    'Demographics/NamePhone',
    'IsConfidential',
    `select count(*)::integer as n from students where district_id = $1 and phones @> '[{"isConfidential": true}]'`,
  ],
  ...(
    [
      ['NamePhone', 'PhoneNumber', 'phones'],
      ['NamePhone', 'NameID', 'phones'],
      ['NameEmail', 'EmailAddress', 'emails'],
      ['NameEmail', 'NameID', 'emails'],
      ['NameAlias', 'FirstName', 'other_names'],
      ['NameAlias', 'NameID', 'other_names'],
    ] as const
  ).map(([object, field, list]): [string, string, string] => [
    `Demographics/${object}`,
    field,
    `select count(*)::integer as n from students where district_id = $1 and ${list} <> '[]'`,
  ]),
  [
    'Demographics/Zip',
    'City',
    `select count(addresses -> 0 ->> 'city')::integer as n from students where district_id = $1`,
  ],
  [
    'Enrollment/EntryWithdrawal',
    'IsDefaultEntity',
    'select count(*) filter (where is_default_entity)::integer as n from enrollments where district_id = $1',
  ],
];

describe('a field that comes null or absent for all students', () => {
  // Each case ends with everything received and published, as the next one needs it.
  let district: FixedRowsDistrict;
  const whole = wholeDistrict();
  beforeAll(async () => {
    district = await openFixedRowsDistrict();
    expect((await district.import(whole)).failure).toBeNull();
  });
  afterAll(async () => district[Symbol.asyncDispose]());

  it.each(fields)(
    'is kept and named on every import, and comes back: %s %s',
    async (object, field, count) => {
      const before = await values(district);
      const counted = async () => (await district.rows<{ n: number }>(count))[0]?.n;
      expect(await counted()).toBe(students);
      const empty = masked(whole, object, field);

      for (const delivery of [without(whole, object, field), empty]) {
        const run = await district.import(delivery);
        expect(run.failure).toBeNull();
        expect(run.report).toMatchObject({ skipped: 0, changesByField: {} });
        expect(run.report?.retainedFields).toContainEqual({ object, field });
        expect(run.report?.missingPermissions).toContainEqual({ object, fields: [field] });
        expect(await values(district)).toEqual(before);
      }

      const second = await district.import(empty);
      expect(second.state).toBe('unchanged');
      expect(second.report?.retainedFields).toContainEqual({ object, field });

      // One student alone changes: what is kept stays kept.
      const renamed = (delivery: FixedRows) =>
        withRows(delivery, 'Demographics/Name', (__, index) =>
          index === 0 ? { LastName: 'Newname' } : {},
        );
      const third = await district.import(renamed(empty));
      expect(third.report).toMatchObject({ skipped: 0, changed: 1 });
      expect(await counted()).toBe(students);

      const back = await district.import(whole);
      expect(back.report).toMatchObject({ retainedFields: [], missingPermissions: [] });
      expect(await values(district)).toEqual(before);
    },
  );

  // One of each kind: of a person, of a link, of a contact list, of a code table, of an enrollment.
  const ofEachKind = new Set([
    'BirthDate',
    'RelationshipID',
    'EmailAddress',
    'City',
    'IsDefaultEntity',
  ]);
  it.each(fields.filter(([, field]) => ofEachKind.has(field)))(
    'is empty once that is accepted: %s %s',
    async (object, field, count) => {
      const counted = async () => (await district.rows<{ n: number }>(count))[0]?.n;
      const empty = masked(whole, object, field);
      const again = await district.import(empty);
      const acceptance = { object, field, by: 'Ada Admin', reason: 'no longer kept' };
      const { pool } = district.database;
      expect(await acceptEmptyField(pool, district.districtId, again.runId, acceptance)).toBe(true);
      expect(await acceptEmptyField(pool, district.districtId, again.runId, acceptance)).toBe(
        false,
      );
      // Within the limits, although all students lose a value: a person has accepted that.
      const accepted = await district.import(empty, { limits: {} });
      expect(accepted).toMatchObject({ state: 'published', failure: null });
      expect(accepted.report?.retainedFields).toEqual([]);
      expect(await counted()).toBe(0);
      expect(await district.import(empty)).toMatchObject({
        state: 'unchanged',
        report: { retainedFields: [] },
      });
      expect((await district.import(whole)).failure).toBeNull();
      expect(await counted()).toBe(students);
    },
  );
});

describe('a field that comes again', () => {
  it.each([
    ['absent', without],
    ['null', masked],
  ] as const)('is empty where its value was deleted while it was %s', async (_, change) => {
    await using district = await openFixedRowsDistrict();
    const whole = wholeDistrict();
    await district.import(whole);
    await district.import(
      change(change(whole, 'Demographics/Name', 'Gender'), 'Demographics/NamePhone', 'PhoneNumber'),
    );
    const deleted = withRows(whole, 'Demographics/Name', (__, index) =>
      index === 0 ? { Gender: null } : {},
    );
    const phones = whole['Demographics/NamePhone']?.slice(1) ?? [];
    const run = await district.import({ ...deleted, 'Demographics/NamePhone': phones });
    expect(run.report).toMatchObject({ retainedFields: [] });
    const [row] = await district.rows<{ genders: number; phones: number }>(
      `select count(gender)::integer as genders,
         count(*) filter (where phones <> '[]')::integer as phones
       from students where district_id = $1`,
    );
    expect(row).toEqual({ genders: students - 1, phones: students - 1 });
  });
});

describe('a field with only unreadable values', () => {
  it.each([
    ['BirthDate', '05-06-11 BCE'],
    ['BirthDate', { day: 6 }],
    ['MiddleName', { first: 'Q' }],
    ['FirstName', { first: 'Q' }],
  ])('is reported neither as empty nor as a missing permission: %s %j', async (field, value) => {
    await using district = await openFixedRowsDistrict();
    const whole = wholeDistrict();
    await district.import(whole);
    const before = await values(district);
    const odd = withRows(whole, 'Demographics/Name', () => ({ [field]: value }));
    const run = await district.import(odd);
    expect(run.report).toMatchObject({
      retainedFields: [],
      missingPermissions: [],
      problems: { 'field-unreadable': 2 * students },
    });
    expect(await values(district)).toEqual(before);
  });

  it('is not reported as never filled, nor as a list without rows, in an initial import', async () => {
    await using district = await openFixedRowsDistrict();
    const odd = withRows(wholeDistrict(), 'Enrollment/EntryWithdrawal', () => ({
      StartDate: '12-AUG-2026',
    }));
    const run = await district.import(odd);
    expect(run).toMatchObject({ state: 'held', failure: { code: 'unusable-rows' } });
    const named = run.report?.neverFilled.flatMap(({ fields: own }) => own);
    expect(named).not.toContain('StartDate');
    expect(run.report?.emptyLists).not.toContain('Enrollment/EntryWithdrawal');
  });
});

describe('the numbers', () => {
  const withNull = (count: number, of = students) =>
    withRows(wholeDistrict(of), 'Student/Student', (_, index) =>
      index < count ? { GradYear: null } : {},
    );
  const years = async (district: FixedRowsDistrict) =>
    (
      await district.rows<{ n: number }>(
        'select count(graduation_year)::integer as n from students where district_id = $1',
      )
    )[0]?.n;

  it.each([
    [4, 4, 0],
    [5, 5, 5],
    [18, 20, 2],
    [19, 20, 20],
    [20, 20, 20],
  ])('%i of %i rows that lost a value: %i retained', async (lost, of, left) => {
    await using district = await openFixedRowsDistrict();
    await district.import(wholeDistrict(of));
    await district.import(withNull(lost, of));
    expect(await years(district)).toBe(left);
    expect((await district.import(withNull(lost, of))).state).toBe('unchanged');
    expect(await years(district)).toBe(left);
  });

  it('count only rows received again, not those under new keys', async () => {
    await using district = await openFixedRowsDistrict();
    await district.import(wholeDistrict(6));
    const more = mergeRows(withNull(6, 6), {});
    const grown = Object.fromEntries(
      Object.entries(wholeDistrict(40)).map(([object, rows]): [string, FixedRow[]] => [
        object,
        object === 'Student/Student' ? [...(more[object] ?? []), ...rows.slice(6)] : rows,
      ]),
    );
    const run = await district.import(grown, { allowsMassChange: true });
    expect(run.report?.retainedFields).toEqual([{ object: 'Student/Student', field: 'GradYear' }]);
    expect(await years(district)).toBe(40);
  });

  it('treat a missing birth date of a few students as a problem of the row', async () => {
    await using district = await openFixedRowsDistrict();
    await district.import(wholeDistrict(4));
    const run = await district.import(masked(wholeDistrict(4), 'Demographics/Name', 'BirthDate'));
    expect(run.report).toMatchObject({ skipped: 4, problems: { 'birth-date-missing': 4 } });
    const [row] = await district.rows<{ n: number }>(
      'select count(birth_date)::integer as n from students where district_id = $1',
    );
    expect(row?.n).toBe(4);
  });
});

describe('a field on which statuses depend', () => {
  const withdrawn = (delivery: FixedRows): FixedRows =>
    withRows(delivery, 'Enrollment/EntryWithdrawal', (_, index) =>
      index < 6
        ? { EndDate: '2026-11-20', WithdrawalDate: '2026-11-23', WithdrawalCodeID: 272 }
        : {},
    );

  describe.each([
    ['null', masked],
    ['absent', without],
  ] as const)('holds the import when it is %s for all students', (_, change) => {
    it.each([
      ['EndDate', 'end date'],
      ['WithdrawalDate', 'withdrawal date'],
      ['WithdrawalCodeID', 'withdrawal code'],
    ])('%s', async (field, label) => {
      await using district = await openFixedRowsDistrict();
      const whole = withdrawn(wholeDistrict());
      await district.import(whole);
      const before = await values(district);
      const empty = change(whole, 'Enrollment/EntryWithdrawal', field);
      const held = await district.import(empty);
      expect(held).toMatchObject({ state: 'held', failure: { code: 'emptied-fields' } });
      expect(held.failure).toMatchObject({
        message: `Enrollment ${label}: 6 of 6 records lost their value.`,
        details: `Enrollment/EntryWithdrawal, field ${field}`,
      });
      expect(await values(district)).toEqual(before);
      const released = await district.import(empty, { allowsMassChange: true });
      expect(released.state).toBe('published');
      expect((await district.import(empty)).state).toBe('unchanged');
    });
  });

  it('is accepted as empty if no row with a value was received again', async () => {
    await using district = await openFixedRowsDistrict();
    const whole = withdrawn(wholeDistrict());
    await district.import(whole);
    const gone = {
      ...without(
        whole,
        'Enrollment/EntryWithdrawal',
        'WithdrawalDate',
        'EndDate',
        'WithdrawalCodeID',
      ),
    };
    const rows = gone['Enrollment/EntryWithdrawal'] ?? [];
    gone['Enrollment/EntryWithdrawal'] = rows.map((row, index) =>
      index < 6 ? { ...row, EntryWithdrawalID: 9000 + index } : row,
    );
    expect((await district.import(gone)).failure).toBeNull();
  });
});

describe('the first import', () => {
  it('reports optional fields without any value, and lists without rows', async () => {
    await using district = await openFixedRowsDistrict();
    const whole = masked(wholeDistrict(5), 'Demographics/Name', 'BirthDate');
    const run = await district.import({
      ...without(whole, 'Student/Student', 'GradYear'),
      'Demographics/NamePhone': [],
    });
    expect(run).toMatchObject({
      state: 'published',
      report: { added: 5, skipped: 0, missingPermissions: [] },
    });
    const named = run.report?.neverFilled ?? [];
    const of = (object: string) => named.find((one) => one.object === object)?.fields;
    expect(of('Demographics/Name')).toContain('BirthDate');
    expect(of('Student/Student')).toContain('GradYear');
    expect(run.report?.emptyLists).toEqual(
      expect.arrayContaining(['Demographics/NamePhone', 'Family/Family']),
    );
    expect(run.report?.emptyLists).not.toContain('Student/Student');
  });
});

describe('a part of the name that is empty for all students', () => {
  const staffed = (): FixedRows =>
    mergeRows(
      withRows(wholeDistrict(10), 'Enrollment/StudentEntityYear', () => ({
        StaffIDAdvisor: 1,
        HomeroomID: 1,
      })),
      {
        'Enrollment/Homeroom': [{ HomeroomID: 1, Code: 'H1', SchoolYearID: 27, StaffID: 2 }],
        'Staff/Staff': [1, 2].map((n) => ({ StaffID: n, NameID: 900_000 + n })),
        'Demographics/Name': [1, 2].map((n) => ({
          NameID: 900_000 + n,
          FirstName: 'Tia',
          LastName: `Teach${n}`,
        })),
      },
    );

  it.each([
    ['null', masked, 'FirstName'],
    ['null', masked, 'LastName'],
    ['absent', without, 'FirstName'],
    ['absent', without, 'LastName'],
  ] as const)(
    'stays with students, guardians and staff, and is named each time: %s',
    async (_, change, field) => {
      await using district = await openFixedRowsDistrict();
      const whole = staffed();
      await district.import(whole);
      const before = await values(district);
      const empty = change(whole, 'Demographics/Name', field);
      for (let repeat = 0; repeat < 2; repeat++) {
        const run = await district.import(empty);
        expect(run.report).toMatchObject({ skipped: 0, changesByField: {} });
        expect(run.report?.missingPermissions).toEqual([
          { object: 'Demographics/Name', fields: [field] },
        ]);
        expect(await values(district)).toEqual(before);
      }
      expect((await district.import(whole)).report).toMatchObject({ missingPermissions: [] });
      expect(await values(district)).toEqual(before);
    },
  );
});
