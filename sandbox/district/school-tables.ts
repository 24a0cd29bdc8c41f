/** Tables of the district's structure: years, entities, schools, calendars, codes, homerooms, staff. */
import { firstGradeLevelId, gradeCodes, smallTable } from './code-tables.ts';
import type { Value } from './columns.ts';
import { createDayWriter, toDay } from '../day.ts';
import {
  districtEntityId,
  districtId,
  firstSchoolYearId,
  systemEntityId,
  type School,
  type SchoolPlan,
} from './school-plan.ts';
import type { TableBase } from './table.ts';

type Rows = Readonly<Record<string, Value>>[];

export const firstSchoolId = 101;
export const firstCalendarId = 301;
export const firstEntryCodeId = 601;
export const firstWithdrawalCodeId = 801;
export const firstGradeReferenceId = 401;
export const firstHomeroomId = 2001;
export const firstStaffId = 5001;

export const entryCodes = ['E1', 'E2', 'E3', 'SC', 'CE'];
const entryTexts = [
  'New to the district',
  'Returning',
  'From another campus',
  'Status change',
  'Cross-entity course',
];

export const withdrawalCodes = ['01', '24', '33', '60', '80', '81', '82', '98', 'NS', 'TR', 'CECS'];
const withdrawalTexts = [
  'Graduated',
  'College',
  'Status change',
  'Home schooling',
  'Public school in this state',
  'Private school in this state',
  'School in another state or country',
  'Other',
  'No show',
  'To another campus',
  'Cross-entity course enrollment',
];

/** Returns the key of a row that exists once per school year and school, such as a calendar. */
function yearlyId(first: number, year: number, perYear: number, index: number): number {
  return first + year * perYear + index;
}

/** Returns the first homeroom of each school within a school year, and the number of homerooms. */
export function countHomerooms(plan: SchoolPlan): { starts: number[]; perYear: number } {
  const starts: number[] = [];
  let perYear = 0;
  for (const school of plan.schools) {
    starts.push(perYear);
    perYear += (school.high - school.low + 1) * school.sections;
  }
  return { starts, perYear };
}

/** Returns the number of staff: a teacher for every homeroom, then a principal for every school. */
export function staffCount(plan: SchoolPlan): number {
  return countHomerooms(plan).perYear + plan.schools.length;
}

/** Returns all tables of the structure. `firstStaffNameId` is the name of the first staff member. */
export function schoolTables(plan: SchoolPlan, firstStaffNameId: number): [string, TableBase][] {
  const write = createDayWriter();
  return [
    [
      'District/District',
      smallTable(districtId, [
        {
          Name: 'Larkspur Springs ISD',
          DistrictNumber: '999901',
          StateDistrictCode: '999901',
          CodeName: '999901 - Larkspur Springs ISD',
          IsCurrentlySelected: true,
          PhoneNumber: '8065550100',
          FormattedPhoneNumber: '(806) 555-0100',
        },
      ]),
    ],
    ['District/SchoolYear', smallTable(firstSchoolYearId, yearRows(plan))],
    [
      'District/DistrictSchoolYear',
      smallTable(
        1,
        plan.years.map((_, year) => ({
          DistrictID: districtId,
          SchoolYearID: firstSchoolYearId + year,
        })),
      ),
    ],
    [
      'District/ConfigEntityYear',
      smallTable(
        1,
        rowsPerYear(plan, ({ entityId }, _, year) => ({
          EntityID: entityId,
          SchoolYearID: firstSchoolYearId + year,
        })),
      ),
    ],
    [
      'District/CalendarYear',
      smallTable(
        1,
        plan.years.map(({ numericYear }) => ({
          NumericYear: numericYear,
          Description: String(numericYear),
        })),
      ),
    ],
    ['Enrollment/GradeReference', smallTable(firstGradeReferenceId, gradeReferenceRows(plan))],
    ['District/FiscalYear', smallTable(firstSchoolYearId, fiscalYearRows(plan, write))],
    ['District/Entity', smallTable(systemEntityId, entityRows(plan))],
    ['Enrollment/School', smallTable(firstSchoolId, schoolRows(plan))],
    [
      'Enrollment/EntitySchool',
      smallTable(
        151,
        rowsPerYear(plan, (school, index, year) => entitySchoolRow(plan, school, index, year)),
      ),
    ],
    [
      'Attendance/Calendar',
      smallTable(
        firstCalendarId,
        rowsPerYear(plan, (school, index, year) => calendarRow(plan, write, school, index, year)),
      ),
    ],
    ['Enrollment/EntryCode', smallTable(firstEntryCodeId, codeRows(plan, entryCodes, entryTexts))],
    [
      'Enrollment/WithdrawalCode',
      smallTable(firstWithdrawalCodeId, codeRows(plan, withdrawalCodes, withdrawalTexts)),
    ],
    ['Enrollment/Homeroom', homeroomTable(plan)],
    ['Staff/Staff', staffTable(plan, firstStaffNameId)],
    ['Security/User', userTable(firstStaffNameId)],
  ];
}

function yearRows(plan: SchoolPlan): Rows {
  return plan.years.map(({ numericYear }, index) => ({
    NumericYear: numericYear,
    NextNumericYear: numericYear + 1,
    PreviousNumericYear: numericYear - 1,
    Description: `${numericYear - 1}-${numericYear}`,
    IsCurrentYearForProvidedEntity: index === plan.current,
    IsUpcomingYearForProvidedEntity: index === plan.current + 1,
  }));
}

function fiscalYearRows(plan: SchoolPlan, write: (day: number) => string): Rows {
  return plan.years.map(({ numericYear }, index) => ({
    NumericYear: numericYear,
    Description: `${numericYear - 1}-${numericYear}`,
    DistrictID: districtId,
    StartDate: write(toDay(numericYear - 1, 7, 1)),
    EndDate: write(toDay(numericYear, 6, 30)),
    IsClosed: index < plan.current,
  }));
}

function entityRows(plan: SchoolPlan): Rows {
  const row = (Code: string, Name: string, marks: Readonly<Record<string, Value>>) => ({
    Code,
    Name,
    CodeName: `${Code} - ${Name}`,
    DistrictCodeEntityCode: `999901-${Code}`,
    CampusID: null,
    DistrictID: districtId,
    IsDistrictWide: false,
    IsSystemWide: false,
    IsCurrentlySelected: false,
    SchoolYearIDCurrent: firstSchoolYearId + plan.current,
    ...marks,
  });
  return [
    row('SYS', 'System', { IsSystemWide: true, DistrictID: null }),
    row('000', 'Larkspur Springs ISD', { IsDistrictWide: true, IsCurrentlySelected: true }),
    ...plan.schools.map(({ code, name }) => row(code, name, { CampusID: `999901${code}` })),
  ];
}

/** Returns rows by year and, within a year, by school; see `yearlyId`. */
function rowsPerYear(
  plan: SchoolPlan,
  createRow: (school: School, index: number, year: number) => Readonly<Record<string, Value>>,
): Rows {
  return plan.years.flatMap((_, year) =>
    plan.schools.map((school, index) => createRow(school, index, year)),
  );
}

function schoolRows(plan: SchoolPlan): Rows {
  const count = plan.schools.length;
  const teachers = countHomerooms(plan).perYear;
  return rowsPerYear(plan, (school, index, year) => ({
    Code: school.code,
    Name: school.name,
    CodeName: `${school.code} - ${school.name}`,
    DistrictID: districtId,
    SchoolYearID: firstSchoolYearId + year,
    SchoolIDClonedFrom: year === 0 ? null : yearlyId(firstSchoolId, year - 1, count, index),
    StateAssignedID: `999901${school.code}`,
    GradeLevelIDLow: firstGradeLevelId + school.low,
    GradeLevelIDHigh: firstGradeLevelId + school.high,
    StaffIDPrincipal: firstStaffId + teachers + index,
    PhoneNumber: `806555${String(110 + (index % 80)).padStart(4, '0')}`,
    Type: school.isCareerCenter ? 'Vocational' : 'Regular',
    TypeCode: school.isCareerCenter ? 'V' : 'R',
  }));
}

function entitySchoolRow(plan: SchoolPlan, school: School, index: number, year: number) {
  return {
    EntityID: school.entityId,
    SchoolID: yearlyId(firstSchoolId, year, plan.schools.length, index),
    IsDefaultEntityForSchool: true,
    IsDefaultSchoolForEntity: true,
    IsOnlySchoolInEntity: true,
  };
}

function calendarRow(
  plan: SchoolPlan,
  write: (day: number) => string,
  school: School,
  index: number,
  year: number,
) {
  const days = plan.years[year];
  return {
    Code: school.code,
    Description: `${school.name} calendar`,
    EntityID: school.entityId,
    SchoolYearID: firstSchoolYearId + year,
    StartDate: days === undefined ? null : write(days.first),
    EndDate: days === undefined ? null : write(days.last),
    IsDefault: true,
    DefaultDayLengthMinutes: 420,
    CalendarIDClonedFrom:
      year === 0 ? null : yearlyId(firstCalendarId, year - 1, plan.schools.length, index),
  };
}

function codeRows(plan: SchoolPlan, codes: readonly string[], texts: readonly string[]): Rows {
  return plan.years.flatMap((_, year) =>
    codes.map((code, index) => ({
      // The oldest year was typed manually, with small differences in spelling.
      Code: year === 0 && code === 'CECS' && plan.current > 0 ? 'cecs ' : code,
      Description: texts[index] ?? code,
      DistrictID: districtId,
      SchoolYearID: firstSchoolYearId + year,
      IsCrossEntityCourseEnrollment: code === 'CECS' || code === 'CE',
    })),
  );
}

/** Returns one row for each grade of a school year, by the year of graduation. */
function gradeReferenceRows(plan: SchoolPlan): Rows {
  return plan.years.flatMap(({ numericYear }, year) =>
    gradeCodes.map((_, grade) => ({
      SchoolYearID: firstSchoolYearId + year,
      GradeLevelID: firstGradeLevelId + grade,
      GradYear: graduationYear(numericYear, grade),
    })),
  );
}

/** Returns the year in which students of a grade graduate. */
export function graduationYear(numericYear: number, grade: number): number {
  return numericYear + gradeCodes.length - 1 - grade;
}

function homeroomTable(plan: SchoolPlan): TableBase {
  const { starts, perYear: count } = countHomerooms(plan);
  const getSchool = (index: number): number => starts.findLastIndex((start) => start <= index);
  return {
    firstId: firstHomeroomId,
    count: count * plan.years.length,
    readers: {
      Code: (row) => `HR${String((row % count) + 1).padStart(3, '0')}`,
      EntityID: (row) => plan.schools[getSchool(row % count)]?.entityId ?? null,
      SchoolYearID: (row) => firstSchoolYearId + Math.floor(row / count),
      // One homeroom in 29 has no teacher.
      StaffID: (row) => ((row % count) % 29 === 11 ? null : firstStaffId + (row % count)),
      HomeroomIDClonedFrom: (row) => (row < count ? null : firstHomeroomId + row - count),
    },
  };
}

function staffTable(plan: SchoolPlan, firstStaffNameId: number): TableBase {
  return {
    firstId: firstStaffId,
    count: staffCount(plan),
    readers: {
      DistrictID: () => districtId,
      NameID: (row) => firstStaffNameId + row,
      StaffNumber: (row) => `S${String(row + 1).padStart(5, '0')}`,
      IsActiveForDistrict: () => true,
      IsCurrentStaffEntityYear: () => true,
    },
  };
}

function userTable(firstStaffNameId: number): TableBase {
  return smallTable(
    1,
    ['api.sandbox', 'front.office', 'registrar'].map((Username, index) => ({
      Username,
      NameID: firstStaffNameId + index,
      IsActive: true,
      IsDeleted: false,
      EntityIDCurrent: districtEntityId,
    })),
  );
}
