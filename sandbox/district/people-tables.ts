/** Tables of names and students over the columns, and all tables of people together. */
import { firstLanguageId, firstSuffixId, gradeCodes } from './code-tables.ts';
import { contactTables } from './contact-tables.ts';
import { createDayWriter } from '../day.ts';
import { historyKinds, type HistoryKind } from './enrollment-history.ts';
import { enrollmentTables } from './enrollment-tables.ts';
import { familyTables } from './family-tables.ts';
import {
  bitReader,
  dayReader,
  firstNameId,
  firstStudentId,
  races,
  roles,
  type PeopleColumns,
} from './people-columns.ts';
import { districtId } from './school-plan.ts';
import type { TableBase } from './table.ts';

/** Returns the tables over the columns. */
export function peopleTables(columns: PeopleColumns): [string, TableBase][] {
  return [
    ['Demographics/Name', nameTable(columns)],
    ['Demographics/NameAlias', aliasTable(columns)],
    ['Student/Student', studentTable(columns)],
    ['Student/StudentDistrict', studentDistrictTable(columns)],
    ...contactTables(columns),
    ...familyTables(columns),
    ...enrollmentTables(columns),
  ];
}

/** Returns the kind of history of a generated student; undefined for any other student. */
export function findHistoryKind(
  columns: PeopleColumns,
  studentId: number,
): HistoryKind | undefined {
  const row = studentId - firstStudentId;
  if (row < 0 || row >= columns.students.history.length) return undefined;
  return historyKinds[columns.students.history.at(row)];
}

function nameTable({ names }: PeopleColumns): TableBase {
  const write = createDayWriter();
  return {
    firstId: firstNameId,
    count: names.first.length,
    readers: {
      FirstName: (row) => names.first.at(row),
      MiddleName: (row) => names.middle.at(row),
      LastName: (row) => names.last.at(row),
      FirstNameLegal: (row) => names.legalFirst.at(row),
      LastNameLegal: (row) => names.legalLast.at(row),
      SpecifySeparateLegalName: (row) => names.legalFirst.at(row) !== null,
      BirthDate: dayReader(names.birth, write),
      Gender: (row) => ['Female', 'Male', null][names.gender.at(row)] ?? null,
      GenderCode: (row) => ['F', 'M', null][names.gender.at(row)] ?? null,
      NameSuffixID: (row) => {
        const suffix = names.suffix.at(row);
        return suffix === 0 ? null : firstSuffixId + suffix - 1;
      },
      IsHispanic: bitReader(names.race, races.hispanic),
      IsAlaskan: bitReader(names.race, races.alaskan),
      IsAsian: bitReader(names.race, races.asian),
      IsBlack: bitReader(names.race, races.black),
      IsHawaiian: bitReader(names.race, races.hawaiian),
      IsWhite: bitReader(names.race, races.white),
      IsStudentName: bitReader(names.role, roles.student),
      IsGuardianName: bitReader(names.role, roles.guardian),
      IsStaffName: bitReader(names.role, roles.staff),
      IsEmployeeName: bitReader(names.role, roles.staff),
      IsEmergencyContactName: bitReader(names.role, roles.contact),
    },
  };
}

function aliasTable({ aliases }: PeopleColumns): TableBase {
  return {
    firstId: 90_001,
    count: aliases.name.length,
    readers: {
      NameID: (row) => aliases.name.at(row),
      FirstName: (row) => aliases.first.at(row),
      LastName: (row) => aliases.last.at(row),
      IsMaidenName: (row) => aliases.isMaiden.at(row) === 1,
      Rank: () => 1,
    },
  };
}

function studentTable({ students }: PeopleColumns): TableBase {
  const write = createDayWriter();
  return {
    firstId: firstStudentId,
    count: students.name.length,
    readers: {
      NameID: (row) => students.name.at(row),
      StudentNumber: formatStudentNumber,
      CalculatedStudentStateID: (row) =>
        students.hasStateId.at(row) === 1 ? formatStateId(row) : null,
      StudentStateID: (row) => (students.hasStateId.at(row) === 1 ? formatStateId(row) : null),
      Grade: (row) => gradeCodes[students.grade.at(row)] ?? null,
      GradeNumeric: (row) => students.grade.at(row) - 1,
      GradYear: (row) => students.gradYear.at(row),
      LanguageIDNative: (row) => firstLanguageId + students.language.at(row),
      LanguageIDPrimary: (row) => firstLanguageId + students.language.at(row),
      IsGraduated: (row) => students.isGraduated.at(row) === 1,
      GraduationDate: dayReader(students.graduation, write),
    },
  };
}

function studentDistrictTable({ students }: PeopleColumns): TableBase {
  return {
    firstId: 2_500_001,
    count: students.name.length,
    readers: { StudentID: (row) => firstStudentId + row, DistrictID: () => districtId },
  };
}

/** Returns the unique number of the student in a row. */
export function formatStudentNumber(row: number): string {
  return String(10_000 + row * 3).padStart(8, '0');
}

/**
 * Returns the state ID of the student in a row. Spread over ten digits; the factor is coprime to
 * the range, so the numbers are unique.
 */
export function formatStateId(row: number): string {
  return String(1_000_000_000 + ((row * 7919) % 8_999_999_999));
}
