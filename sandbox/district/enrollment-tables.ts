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

/** Returns the tables of enrollments and of entity years. */
export function enrollmentTables(columns: PeopleColumns): [string, TableBase][] {
  return [
    ['Enrollment/EntryWithdrawal', enrollmentTable(columns)],
    ['Enrollment/StudentEntityYear', entityYearTable(columns)],
  ];
}

/**
 * An internal field: whether an enrollment that ended without a code has a withdrawal
 * date, which depends on how the district closes years. Only an explicit false means no.
 */
export const withdrawalDateField = 'is withdrawal';

function enrollmentTable({ enrollments }: PeopleColumns): TableBase {
  const write = createDayWriter();
  const has = (bit: number) => bitReader(enrollments.marks, bit);
  return {
    firstId: firstEnrollmentId,
    count: enrollments.student.length,
    readers: {
      StudentID: (row) => enrollments.student.at(row),
      EntityID: (row) => enrollments.entity.at(row),
      SchoolYearID: (row) => firstSchoolYearId + enrollments.year.at(row),
      SchoolID: keyReader(enrollments.school, firstSchoolId),
      CalendarID: keyReader(enrollments.school, firstCalendarId),
      GradeReferenceID: (row) =>
        firstGradeReferenceId +
        enrollments.year.at(row) * gradeCodes.length +
        enrollments.grade.at(row),
      StartDate: dayReader(enrollments.start, write),
      EndDate: dayReader(enrollments.end, write),
      EntryCodeID: keyReader(enrollments.entry, firstEntryCodeId),
      WithdrawalCodeID: keyReader(enrollments.withdrawal, firstWithdrawalCodeId),
      StudentTypeID: (row) => firstStudentTypeId + enrollments.type.at(row),
      IsDefaultEntity: has(marks.isDefault),
      IsNoShow: has(marks.noShow),
      [withdrawalDateField]: has(marks.withdrawal),
      IsCrossEntityCourseEnrollment: has(marks.crossEntity),
      StatusChangeEntry: has(marks.statusChange),
      StatusChangeWithdrawal: has(marks.changesStatus),
      EntryWithdrawalIDStatusChangePrevious: (row) => enrollments.previous.at(row),
      PercentEnrolled: (row) => ((enrollments.marks.at(row) & marks.crossEntity) === 0 ? 100 : 25),
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
