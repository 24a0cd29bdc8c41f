/** Tables of enrollments and entity years over the columns. */
import { firstStudentTypeId, gradeCodes } from './code-tables.ts';
import { createDayWriter } from '../day.ts';
import {
  bitReader,
  dayReader,
  firstEnrollmentId,
  firstStudentId,
  keyReader,
  marks,
  type PeopleColumns,
} from './people-columns.ts';
import { firstSchoolYearId } from './school-plan.ts';
import {
  firstCalendarId,
  firstEntryCodeId,
  firstGradeReferenceId,
  firstHomeroomId,
  firstSchoolId,
  firstStaffId,
  firstWithdrawalCodeId,
} from './school-tables.ts';
import type { TableBase } from './table.ts';

/** The tables of spells and of the entity years that sum them up. */
export function enrollmentTables(columns: PeopleColumns): [string, TableBase][] {
  return [
    ['Enrollment/EntryWithdrawal', enrollmentTable(columns)],
    ['Enrollment/StudentEntityYear', entityYearTable(columns)],
  ];
}

/**
 * Kept beside the fields of the API: whether an enrollment that ended without a code has a withdrawal
 * date, as some districts' year ends leave it and others do not. Only an explicit false says no.
 */
export const withdrawalDateField = 'is withdrawal';

function enrollmentTable({ enrollments: spells }: PeopleColumns): TableBase {
  const write = createDayWriter();
  const has = (bit: number) => bitReader(spells.marks, bit);
  return {
    firstId: firstEnrollmentId,
    count: spells.student.length,
    readers: {
      StudentID: (row) => spells.student.at(row),
      EntityID: (row) => spells.entity.at(row),
      SchoolYearID: (row) => firstSchoolYearId + spells.year.at(row),
      SchoolID: keyReader(spells.school, firstSchoolId),
      CalendarID: keyReader(spells.school, firstCalendarId),
      GradeReferenceID: (row) =>
        firstGradeReferenceId + spells.year.at(row) * gradeCodes.length + spells.grade.at(row),
      StartDate: dayReader(spells.start, write),
      EndDate: dayReader(spells.end, write),
      EntryCodeID: keyReader(spells.entry, firstEntryCodeId),
      WithdrawalCodeID: keyReader(spells.withdrawal, firstWithdrawalCodeId),
      StudentTypeID: (row) => firstStudentTypeId + spells.type.at(row),
      IsDefaultEntity: has(marks.isDefault),
      IsNoShow: has(marks.noShow),
      [withdrawalDateField]: has(marks.withdrawal),
      IsCrossEntityCourseEnrollment: has(marks.crossEntity),
      StatusChangeEntry: has(marks.statusChange),
      StatusChangeWithdrawal: has(marks.changesStatus),
      EntryWithdrawalIDStatusChangePrevious: (row) => spells.previous.at(row),
      PercentEnrolled: (row) => ((spells.marks.at(row) & marks.crossEntity) === 0 ? 100 : 25),
    },
  };
}

function entityYearTable({ entityYears, students }: PeopleColumns): TableBase {
  const has = (bit: number) => bitReader(entityYears.marks, bit);
  return {
    firstId: 2_300_001,
    count: entityYears.student.length,
    readers: {
      StudentID: (row) => entityYears.student.at(row),
      NameID: (row) =>
        students.name.at((entityYears.student.at(row) ?? firstStudentId) - firstStudentId),
      EntityID: (row) => entityYears.entity.at(row),
      SchoolYearID: (row) => firstSchoolYearId + entityYears.year.at(row),
      Grade: (row) => gradeCodes[entityYears.grade.at(row)] ?? null,
      HomeroomID: keyReader(entityYears.homeroom, firstHomeroomId),
      StaffIDAdvisor: keyReader(entityYears.advisor, firstStaffId),
      EntryWithdrawalIDLatest: (row) => entityYears.latest.at(row),
      IsActive: has(marks.active),
      IsDefaultEntity: has(marks.isDefault),
      IsCrossEntityCourseEnrollment: has(marks.crossEntity),
      CurrentPercentEnrolled: (row) =>
        (entityYears.marks.at(row) & marks.crossEntity) === 0 ? 100 : 25,
    },
  };
}
