/** The stored enrollments of a student, converted for screens and for the status rules. */
import type { EnrollmentRow } from '../../contract/students/students.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { dayText } from '../../enrollment/day-number.ts';
import type { Enrollment } from '../../enrollment/enrollment.ts';
import { dayNumberOf } from '../../enrollment/plausible-day.ts';
import { lastDayOfFinishedYear } from '../../enrollment/school-year.ts';
import type { UncountedEnrollment } from '../../enrollment/status-decision.ts';
import { uncountedSentence } from '../../enrollment/status-reason.ts';
import { parseDecisionSettings } from '../../enrollment/decision-settings.ts';
import { fieldValues, plainEnrollmentFields } from '../../roster/fields/columns.ts';
import type { DecisionColumns, StoredEnrollment } from './rows.ts';

/** Orders `enrollments e`, latest first. */
export const enrollmentOrder = 'e.start_date desc nulls last, e.skyward_id desc';

/** Reads all stored enrollments, latest first. */
export async function readStoredEnrollments(
  database: DistrictDatabase,
  studentId: number,
): Promise<StoredEnrollment[]> {
  return database.rows<StoredEnrollment>(
    prepared(
      `select * from enrollments e where district_id = $1 and student_id = $2
       order by ${enrollmentOrder}`,
    ),
    studentId,
  );
}

/** Columns of `students` with the role of each enrollment in the status. */
export type StudentDecision = Pick<
  DecisionColumns,
  'status_decided_by' | 'status_left_out' | 'status_decided_under'
>;

/** Converts enrollments for screens, with their role in the published status. */
export function toEnrollmentRows(
  stored: readonly StoredEnrollment[],
  student: StudentDecision,
): EnrollmentRow[] {
  const schoolYear = parseDecisionSettings(student.status_decided_under)?.schoolYear;
  const uncounted = new Map(student.status_left_out.map((entry) => [entry.id, entry]));
  return stored.map((row) => ({
    id: row.skyward_id,
    ...fieldValues(plainEnrollmentFields, row),
    closedWithYearOn: closedWithYearOn(row, schoolYear),
    decidesStatus: row.skyward_id === student.status_decided_by,
    uncounted: toUncounted(uncounted.get(row.skyward_id)),
  }));
}

/** Returns the last day of an enrollment that ended with its school year without being closed (docs/status-rules.md, rule 2). */
function closedWithYearOn(row: StoredEnrollment, schoolYear: number | undefined): string | null {
  const isOpen = row.end_date === null && row.withdrawal_date === null;
  if (!isOpen || row.start_date === null) return null;
  if (schoolYear === undefined || row.school_year >= schoolYear) return null;
  return dayText(
    lastDayOfFinishedYear(
      row.school_year,
      dayNumberOf(row.start_date),
      row.calendar_end_date === null ? null : dayNumberOf(row.calendar_end_date),
    ),
  );
}

const toUncounted = (entry: UncountedEnrollment | undefined): EnrollmentRow['uncounted'] =>
  entry === undefined ? null : { reason: entry.reason, sentence: uncountedSentence(entry.reason) };

/** Converts a row for the status rules. */
export function toEnrollment(row: StoredEnrollment): Enrollment {
  return {
    id: row.skyward_id,
    entityId: row.entity_id,
    schoolYear: row.school_year,
    startDate: dayOrNull(row.start_date),
    endDate: dayOrNull(row.end_date),
    withdrawalDate: dayOrNull(row.withdrawal_date),
    withdrawalCode: row.withdrawal_code,
    isDefaultEntity: row.is_default_entity,
    calendarEndDate: dayOrNull(row.calendar_end_date),
    isNoShow: row.is_no_show,
    enrolledAtLeastOneDay: row.enrolled_at_least_one_day,
  };
}

const dayOrNull = (text: string | null): Temporal.PlainDate | null =>
  text === null ? null : Temporal.PlainDate.from(text);
