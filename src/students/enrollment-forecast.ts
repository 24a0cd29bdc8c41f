/** A student's enrollments in time, and the status that the rules of the nightly import give for each day. */
import type { Selectable } from 'kysely';

import type {
  EnrollmentForecast,
  EnrollmentInTime,
  StatusStretch,
} from '../contract/enrollment-forecast.ts';
import type { DistrictDatabase } from '../database/district-scope.ts';
import { dayText, neverDay } from '../enrollment/day-number.ts';
import { spanOf } from '../enrollment/enrollment-span.ts';
import type { Enrollment } from '../enrollment/enrollment.ts';
import { schoolYearOf } from '../enrollment/school-year.ts';
import { decideStatus } from '../enrollment/status-decision.ts';
import { leftOutSentence, statusReason } from '../enrollment/status-reason.ts';
import { statusStretches } from '../enrollment/status-stretches.ts';
import { type DecidedUnder, readDecidedUnder } from './decided-under.ts';
import {
  enrollmentOf,
  enrollmentRows,
  readStoredEnrollments,
  type StoredEnrollment,
} from './student-enrollments.ts';
import { studentReader } from './student-reading.ts';
import type { StudentTables } from './student-tables.ts';

/** Nobody looks further back, however old a stored row is. */
const mostYearsBack = 12;

const decisionColumns = [
  'id',
  'status',
  'status_rule',
  'status_decided_by',
  'status_left_out',
  'status_changes_on',
  'status_decided_on',
  'status_decided_under',
] as const;

type Decided = Pick<Selectable<StudentTables['students']>, (typeof decisionColumns)[number]>;

/**
 * The forecast from the stored enrollments, with the school year and settings that the import used last; so
 * what it says of the day of the last decision is what is published. `undefined`: no such student.
 */
export async function findEnrollmentForecast(
  database: DistrictDatabase,
  districtId: number,
  studentId: number,
  today: Temporal.PlainDate,
): Promise<EnrollmentForecast | undefined> {
  const reader = studentReader(database);
  const student = await reader
    .selectFrom('students')
    .where('district_id', '=', districtId)
    .where('id', '=', studentId)
    .select(decisionColumns)
    .executeTakeFirst();
  if (student === undefined) return undefined;
  const stored = await readStoredEnrollments(reader, districtId, studentId);
  // A status without a rule was set by hand, and no day changes it.
  const under =
    student.status_rule === null ? undefined : readDecidedUnder(student.status_decided_under);
  const enrollments = stored.map(enrollmentOf);
  return {
    today: today.toString(),
    published: {
      status: student.status,
      decidedOn: under === undefined ? null : student.status_decided_on,
      changesOn: student.status_changes_on,
      becomes: statusAfterChange(enrollments, student, under),
    },
    enrollments: enrollmentsInTime(stored, student, under),
    stretches:
      under === undefined ? [] : stretchesOf(enrollments, today, student.status_decided_on, under),
    completeFrom: firstDayOf(firstYearOfWindow(today)).add({ years: 1 }).toString(),
  };
}

function statusAfterChange(
  enrollments: readonly Enrollment[],
  { status_changes_on: changesOn }: Decided,
  under: DecidedUnder | undefined,
): EnrollmentForecast['published']['becomes'] {
  if (changesOn === null || under === undefined) return null;
  const day = Temporal.PlainDate.from(changesOn);
  return decideStatus(enrollments, day, under.schoolYear, under.rules).status;
}

function enrollmentsInTime(
  stored: readonly StoredEnrollment[],
  student: Decided,
  under: DecidedUnder | undefined,
): EnrollmentInTime[] {
  const rows = enrollmentRows(stored, student);
  return stored.flatMap((row, index) => {
    const shown = rows[index];
    if (shown === undefined) return [];
    const { last } = spanOf(enrollmentOf(row), under?.schoolYear ?? 0, '', neverDay);
    return [{ ...shown, entityId: row.entity_id, lastDay: dayText(last) }];
  });
}

function stretchesOf(
  enrollments: readonly Enrollment[],
  today: Temporal.PlainDate,
  decidedOn: string | null,
  { schoolYear, rules }: DecidedUnder,
): StatusStretch[] {
  const decided = decidedOn === null ? today : Temporal.PlainDate.from(decidedOn);
  // The school year of the last decision holds until another night says otherwise.
  const [from, through] =
    Temporal.PlainDate.compare(decided, today) < 0 ? [decided, today] : [today, decided];
  const firstYear = Math.max(
    Math.min(firstYearOfWindow(today), ...enrollments.map((row) => row.schoolYear)),
    schoolYearOf(today) - mostYearsBack,
  );
  const lastYear = Math.max(schoolYear, schoolYearOf(today)) + 1;
  const range = {
    from: firstDayOf(firstYear),
    through: firstDayOf(lastYear + 1).subtract({ days: 1 }),
  };
  return statusStretches(enrollments, range, { schoolYear, from, through }, rules, today).map(
    ({ leftOut, ...stretch }) => ({
      ...stretch,
      from: stretch.from.toString(),
      through: stretch.through.toString(),
      reason: statusReason(stretch),
      leftOut: leftOut.map((row) => ({ ...row, sentence: leftOutSentence(row.reason) })),
    }),
  );
}

/** The school year of a year ago, in which the enrollments begin that still count (R33). */
const firstYearOfWindow = (today: Temporal.PlainDate): number =>
  schoolYearOf(today.subtract({ years: 1 }));

const firstDayOf = (schoolYear: number): Temporal.PlainDate =>
  Temporal.PlainDate.from({ year: schoolYear - 1, month: 7, day: 1 });
