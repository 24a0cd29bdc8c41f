/** A student's enrollments over time, with the status that the rules determine for each day. */
import type {
  EnrollmentForecast,
  TimelineEnrollment,
  StatusPeriod,
} from '../../contract/students/enrollment-forecast.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { dayText, neverDay } from '../../enrollment/day-number.ts';
import { spanOf } from '../../enrollment/enrollment-span.ts';
import type { Enrollment } from '../../enrollment/enrollment.ts';
import { schoolYearOf } from '../../enrollment/school-year.ts';
import { decideStatus } from '../../enrollment/status-decision.ts';
import { ruleReason, uncountedSentence } from '../../enrollment/status-reason.ts';
import { listStatusPeriods } from '../../enrollment/status-periods.ts';
import {
  type DecisionSettings,
  parseDecisionSettings,
} from '../../enrollment/decision-settings.ts';
import { toEnrollment, toEnrollmentRows, readStoredEnrollments } from './enrollments.ts';
import type { DecisionColumns, StoredEnrollment } from './rows.ts';

/** Limits how far back the timeline goes. */
const maxYearsBack = 12;

interface StoredDecision extends DecisionColumns {
  readonly status_decided_on: string | null;
}

/**
 * Returns the forecast from the stored enrollments, with the school year and settings of the last import, so it agrees
 * with the published status on the date of the last decision. Returns `undefined` if the student does not exist.
 */
export async function findEnrollmentForecast(
  database: DistrictDatabase,
  studentId: number,
  today: Temporal.PlainDate,
): Promise<EnrollmentForecast | undefined> {
  const student = await database.one<StoredDecision>(
    prepared(
      `select status, status_rule, status_decided_by, status_left_out, status_changes_on,
         status_decided_on, status_decided_under
       from students where district_id = $1 and id = $2`,
    ),
    studentId,
  );
  if (student === undefined) return undefined;
  const stored = await readStoredEnrollments(database, studentId);
  // A status without a rule was set manually and does not change by date.
  const settings =
    student.status_rule === null ? undefined : parseDecisionSettings(student.status_decided_under);
  const enrollments = stored.map(toEnrollment);
  return {
    today: today.toString(),
    published: {
      status: student.status,
      decidedOn: settings === undefined ? null : student.status_decided_on,
      changesOn: student.status_changes_on,
      nextStatus: statusAfterChange(enrollments, student, settings),
    },
    enrollments: toTimelineEnrollments(stored, student, settings),
    periods:
      settings === undefined
        ? []
        : toStatusPeriods(enrollments, today, student.status_decided_on, settings),
    completeFrom: firstDayOf(firstYearOfWindow(today)).add({ years: 1 }).toString(),
  };
}

function statusAfterChange(
  enrollments: readonly Enrollment[],
  { status_changes_on: changesOn }: StoredDecision,
  settings: DecisionSettings | undefined,
): EnrollmentForecast['published']['nextStatus'] {
  if (changesOn === null || settings === undefined) return null;
  const day = Temporal.PlainDate.from(changesOn);
  return decideStatus(enrollments, day, settings.schoolYear, settings.rules).status;
}

function toTimelineEnrollments(
  stored: readonly StoredEnrollment[],
  student: StoredDecision,
  settings: DecisionSettings | undefined,
): TimelineEnrollment[] {
  const rows = toEnrollmentRows(stored, student);
  return stored.flatMap((row, index) => {
    const listed = rows[index];
    if (listed === undefined) return [];
    const { last } = spanOf(toEnrollment(row), settings?.schoolYear ?? 0, '', neverDay);
    return [{ ...listed, entityId: row.entity_id, lastDay: dayText(last) }];
  });
}

function toStatusPeriods(
  enrollments: readonly Enrollment[],
  today: Temporal.PlainDate,
  decidedOn: string | null,
  { schoolYear, rules }: DecisionSettings,
): StatusPeriod[] {
  const decisionDay = decidedOn === null ? today : Temporal.PlainDate.from(decidedOn);
  // The school year of the last decision applies until another import changes it.
  const [from, through] =
    Temporal.PlainDate.compare(decisionDay, today) < 0
      ? [decisionDay, today]
      : [today, decisionDay];
  const firstYear = Math.max(
    Math.min(firstYearOfWindow(today), ...enrollments.map((row) => row.schoolYear)),
    schoolYearOf(today) - maxYearsBack,
  );
  const lastYear = Math.max(schoolYear, schoolYearOf(today)) + 1;
  const range = {
    from: firstDayOf(firstYear),
    through: firstDayOf(lastYear + 1).subtract({ days: 1 }),
  };
  return listStatusPeriods(enrollments, range, { schoolYear, from, through }, rules, today).map(
    ({ uncounted, ...period }) => ({
      ...period,
      from: period.from.toString(),
      through: period.through.toString(),
      reason: ruleReason(period.rule),
      uncounted: uncounted.map((row) => ({ ...row, sentence: uncountedSentence(row.reason) })),
    }),
  );
}

/** The school year of a year ago, the first one with counted enrollments (R33). */
const firstYearOfWindow = (today: Temporal.PlainDate): number =>
  schoolYearOf(today.subtract({ years: 1 }));

const firstDayOf = (schoolYear: number): Temporal.PlainDate =>
  Temporal.PlainDate.from({ year: schoolYear - 1, month: 7, day: 1 });
