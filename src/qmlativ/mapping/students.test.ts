/** How Skyward's students, guardians and enrollments become staged rows. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCodes } from '../../../tests/qmlativ/code-tables.ts';
import {
  enrollmentRemarks,
  stagedEnrollment as stagedEnrollmentOn,
  stagedEntityYear,
  stagedFamilyGuardian,
  stagedFamilyStudent,
  stagedGuardianLink,
  stagedStudent,
} from './students.ts';

const codes = createCodes();
const asked = { today: '2026-11-23', schoolYear: 2027 };
const stagedEnrollment = (
  ...[row, tables]: [Parameters<typeof stagedEnrollmentOn>[0], typeof codes]
) => stagedEnrollmentOn(row, tables, asked);
const enrollment = {
  EntryWithdrawalID: 9,
  StudentID: 2,
  EntityID: 401,
  SchoolYearID: 7,
  StartDate: '2026-08-12',
};

describe('stagedEnrollment', () => {
  it('resolves codes to their texts, as they are in Skyward', () => {
    const row = { ...enrollment, WithdrawalCodeID: 1, EntryCodeID: 1, SchoolID: 1, CalendarID: 1 };
    expect(stagedEnrollment({ ...row, IsDefaultEntity: true }, codes)).toMatchObject({
      school_year: 2027,
      entity_name: 'Cedar High',
      school_name: 'Cedar High School',
      school_state_id: '101001',
      withdrawal_code: '01',
      withdrawal_reason: 'Graduated',
      entry_code: 'E',
      entry_reason: 'Entered',
      is_default_entity: true,
      calendar_end_date: '2027-05-27',
    });
  });

  it('R36: never takes a withdrawal code that no table holds for no code', () => {
    expect(stagedEnrollment({ ...enrollment, WithdrawalCodeID: 44 }, codes)).toEqual({
      unknownReference: 'WithdrawalCodeID',
    });
    expect(stagedEnrollment({ ...enrollment, WithdrawalCodeID: 0 }, codes)).toEqual({
      unknownReference: 'WithdrawalCodeID',
    });
    const nameless = createCodes({
      withdrawalCodes: new Map([[1, { code: null, description: '?' }]]),
    });
    expect(stagedEnrollment({ ...enrollment, WithdrawalCodeID: 1 }, nameless)).toEqual({
      unknownReference: 'WithdrawalCodeID',
    });
    expect(stagedEnrollment({ ...enrollment, WithdrawalCodeID: null }, codes)).toMatchObject({
      withdrawal_code: null,
    });
  });

  it('reports an entry code, school or calendar that is in no table, and goes on without it', () => {
    const row = { ...enrollment, EntryCodeID: 44, SchoolID: 44, CalendarID: 44 };
    expect(stagedEnrollment(row, codes)).toMatchObject({
      entry_code: null,
      school_name: 'Cedar High',
      unresolved: 'SchoolID,EntryCodeID,CalendarID',
      calendar_end_date: null,
    });
  });

  it('cannot place a row of a school year that is not known', () => {
    const unknown = { unknownReference: 'SchoolYearID' };
    expect(stagedEnrollment({ ...enrollment, SchoolYearID: 8 }, codes)).toEqual(unknown);
    const year = { StudentEntityYearID: 1, StudentID: 2, EntityID: 401, SchoolYearID: 8 };
    expect(stagedEntityYear(year, codes)).toEqual(unknown);
  });

  it.each([
    ['0001-01-01', null],
    ['1979-12-31', null],
    ['1980-01-01', '1980-01-01'],
    ['2900-12-31', '2900-12-31'],
    ['9999-12-31', null],
    [null, null],
  ])('takes the date %s for %s', (date, kept) => {
    const row = { ...enrollment, StartDate: date, EndDate: date, WithdrawalDate: date };
    expect(stagedEnrollment(row, codes)).toMatchObject({
      start_date: kept,
      end_date: kept,
      withdrawal_date: kept,
    });
    const calendars = createCodes({ calendarEndDates: new Map([[1, date ?? '0001-01-01']]) });
    expect(stagedEnrollment({ ...enrollment, CalendarID: 1 }, calendars)).toMatchObject({
      calendar_end_date: kept,
    });
  });

  it.each([
    [{ IsNoShow: true }, true, null],
    [{ IsNoShow: false }, null, null],
    [{ EnrolledAtLeastOneDay: true, EndDate: '2026-11-20' }, null, null],
    [{ EnrolledAtLeastOneDay: false, EndDate: '2026-11-22' }, null, false],
    [
      { EnrolledAtLeastOneDay: false, EndDate: '2027-05-27', WithdrawalDate: '2026-11-23' },
      null,
      false,
    ],
    [{ EnrolledAtLeastOneDay: false, EndDate: '2026-11-23' }, null, null],
    [{ EnrolledAtLeastOneDay: false, WithdrawalDate: '2026-11-24' }, null, null],
    [{ EnrolledAtLeastOneDay: false }, null, null],
    [{ EnrolledAtLeastOneDay: false, StartDate: '2027-01-05', EndDate: '2027-02-01' }, null, null],
    [{ EnrolledAtLeastOneDay: false, SchoolYearID: 6 }, null, false],
    [{ EnrolledAtLeastOneDay: false, StartDate: null }, null, null],
  ])('keeps of %j only what takes the row out', (words, isNoShow, enrolledAtLeastOneDay) => {
    const tables = createCodes({
      schoolYears: new Map([
        [6, 2026],
        [7, 2027],
      ]),
    });
    expect(
      stagedEnrollment({ ...enrollment, StartDate: '2025-08-13', ...words }, tables),
    ).toMatchObject({
      is_no_show: isNoShow,
      enrolled_at_least_one_day: enrolledAtLeastOneDay,
    });
  });

  it('is never half a row: whole for known references, a named gap for others', () => {
    const ref = fc.option(fc.integer({ min: -1, max: 8 }), { nil: undefined });
    const day = fc.option(fc.constantFrom('2026-08-12', '2027-05-27'));
    fc.assert(
      fc.property(
        fc.record({
          EntryWithdrawalID: fc.nat(),
          StudentID: fc.nat(),
          EntityID: fc.constantFrom(401, 402),
          SchoolYearID: fc.constantFrom(6, 7, 8),
          StartDate: fc.constant('2026-08-12'),
          EndDate: day,
          WithdrawalDate: day,
          WithdrawalCodeID: ref,
          EntryCodeID: ref,
          SchoolID: ref,
          CalendarID: ref,
        }),
        (row) => {
          const code = row.WithdrawalCodeID;
          const isKnown = row.SchoolYearID === 7 && (code === undefined || code === 1);
          expect('unknownReference' in stagedEnrollment(row, codes)).toBe(!isKnown);
        },
      ),
    );
  });
});

describe('enrollmentRemarks', () => {
  it.each([
    [{}, []],
    [{ EndDate: '2026-11-20', WithdrawalDate: '2026-11-23' }, []],
    [{ EndDate: '2026-11-20', WithdrawalDate: '2026-11-20' }, []],
    [{ EndDate: '9999-12-31', WithdrawalDate: '2026-11-20' }, []],
    [{ EndDate: '2026-11-20', WithdrawalDate: '0001-01-01' }, []],
    [{ EndDate: '2027-05-27', WithdrawalDate: '2026-10-02' }, ['withdrawn-before-end EndDate']],
    [{ StartDate: null }, ['start-date-unreadable StartDate']],
    [{ StartDate: '1753-01-01' }, ['start-date-unreadable StartDate']],
  ])('of %j: %j', (words, expected) => {
    expect(
      enrollmentRemarks({ ...enrollment, ...words }).map(({ kind, field }) => `${kind} ${field}`),
    ).toEqual(expected);
  });
});

describe('stagedEntityYear', () => {
  const year = { StudentEntityYearID: 1, StudentID: 2, EntityID: 401, SchoolYearID: 7 };

  it('finds the homeroom’s teacher and the advisor by their name records', () => {
    const row = { ...year, Grade: '09', HomeroomID: 1, StaffIDAdvisor: 5 };
    expect(stagedEntityYear(row, codes)).toMatchObject({
      grade: '09',
      homeroom: '12A',
      homeroom_teacher_person_id: 900,
      advisor_person_id: 900,
    });
  });

  it('is empty where Skyward has no one, or an unknown person', () => {
    expect(stagedEntityYear({ ...year, HomeroomID: 2, StaffIDAdvisor: 6 }, codes)).toMatchObject({
      homeroom: null,
      homeroom_teacher_person_id: null,
      advisor_person_id: null,
    });
  });
});

describe('students, guardians and families', () => {
  it('take the state id from the first field that has one', () => {
    const stateId = (words: object) =>
      stagedStudent({ StudentID: 2, NameID: 3, ...words }, codes).state_id;
    expect(stateId({ CalculatedStudentStateID: 'S1', StudentStateID: 'S2' })).toBe('S1');
    expect(stateId({ CalculatedStudentStateID: null, StudentStateID: 'S2' })).toBe('S2');
    expect(stateId({})).toBeNull();
  });

  it('tell a right that is not given from one that is not known', () => {
    const link = { StudentGuardianID: 4, StudentID: 2, NameIDGuardian: 5 };
    expect(
      stagedGuardianLink({ ...link, IsCustodialGuardian: false, RelationshipID: 1 }, codes),
    ).toMatchObject({
      is_custodial: false,
      allows_pickup: null,
      relationship: 'Mother',
      rank: null,
    });
  });

  it('put a family without a rank after all ranked ones', () => {
    const places = [
      stagedFamilyStudent({ StudentFamilyID: 1, StudentID: 2, FamilyID: 3 }),
      stagedFamilyGuardian({ FamilyGuardianID: 1, NameID: 2, FamilyID: 3 }),
    ];
    for (const { rank } of places) expect(rank).toBeGreaterThan(1000);
  });
});
