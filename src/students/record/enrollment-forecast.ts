/** A student's enrollments over time, with the status that the rules determine for each day. */
import type {
  EnrollmentForecast,
  TimelineEnrollment,
  StatusPeriod,
} from '../../contract/students/enrollment-forecast.ts';
import type { StudentStatus } from '../../contract/students/students.ts';
import { notKnownSentence, statusReason } from '../../contract/students/status-sentence.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { prepared } from '../../database/prepared-statement.ts';
import { dayText, neverDay } from '../../enrollment/day-number.ts';
import { spanOf } from '../../enrollment/enrollment-span.ts';
import { schoolYearOf } from '../../enrollment/school-year.ts';
import type { StatusHorizon } from '../../enrollment/status-horizon.ts';
import { uncountedSentence } from '../../enrollment/status-reason.ts';
import { listStatusPeriods } from '../../enrollment/status-periods.ts';
import type { DecisionSettings } from '../../enrollment/decision-settings.ts';
import { toEnrollment, toEnrollmentRows, readStoredEnrollments } from './enrollments.ts';
import type { StoredEnrollment } from './rows.ts';
import {
  horizonOf,
  manualStatusOf,
  settingsOf,
  type StoredStatus,
  toStatusEnrollment,
  toStudentStatus,
} from './status.ts';

/** Limits how far back the timeline goes. */
const maxYearsBack = 12;

/**
 * Returns the forecast from the stored enrollments, with the school year and settings of the last import, so it agrees
 * with the published status on the date of the last decision. Returns `undefined` if the student does not exist.
 */
export async function findEnrollmentForecast(
  database: DistrictDatabase,
  studentId: number,
  today: Temporal.PlainDate,
): Promise<EnrollmentForecast | undefined> {
  const student = await database.one<StoredStatus>(
    prepared(
      `select status, status_rule, status_decided_by, status_left_out, status_changes_on,
         status_decided_on, status_same_through, status_on_hold, status_on_hold_since, status_decided_under, ${manualStatusOf} as manual
       from students s where s.district_id = $1 and s.id = $2`,
    ),
    studentId,
  );
  if (student === undefined) return undefined;
  const stored = await readStoredEnrollments(database, studentId);
  const settings = settingsOf(student);
  const range = toRange(stored, today, settings);
  const shared = {
    today: today.toString(),
    published: toStudentStatus(student, stored, today),
    enrollments: toTimelineEnrollments(stored, student, settings),
    from: range.from.toString(),
    through: range.through.toString(),
    completeFrom: firstDayOf(firstYearOfWindow(today)).add({ years: 1 }).toString(),
  };
  if (settings === undefined) return { ...shared, periods: [], notKnown: null };
  const decidedOn = student.status_decided_on;
  const horizon = horizonOf(stored.map(toEnrollment), today, decidedOn, settings);
  const { unknownFrom } = horizon;
  const schoolYear = settings.schoolYear + 1;
  const periods = toStatusPeriods(stored, today, range, horizon, { ...settings, decidedOn });
  const { published } = shared;
  if (published.onHold !== null && student.status_on_hold_since !== null) {
    return {
      ...shared,
      periods: keepStatus(periods, student, published, today),
      notKnown: {
        from: today.add({ days: 1 }).toString(),
        schoolYear,
        sentence: published.onHold,
      },
    };
  }
  return {
    ...shared,
    periods,
    notKnown: unknownFrom && {
      from: unknownFrom.toString(),
      schoolYear,
      sentence: notKnownSentence(schoolYear),
    },
  };
}

/** Shows the published status from the day of its hold until today; later days depend on a user's decision. */
function keepStatus(
  periods: readonly StatusPeriod[],
  student: StoredStatus,
  { value, rule, reason, decidedBy, onHold }: StudentStatus,
  today: Temporal.PlainDate,
): StatusPeriod[] {
  const through = today.toString();
  const present = periods.find((period) => period.from <= through && through <= period.through);
  const since = student.status_on_hold_since ?? through;
  const from = since < through ? since : through;
  const lastBefore = Temporal.PlainDate.from(from).subtract({ days: 1 }).toString();
  const before = periods
    .filter((period) => period.from < from)
    .map((period) => (period.through < from ? period : { ...period, through: lastBefore }));
  if (present === undefined || rule === null) return before;
  const kept = { ...present, from, through, status: value, rule, decidedBy, uncounted: [] };
  return [...before, { ...kept, reason: `${reason} ${onHold ?? ''}`.trim() }];
}

function toTimelineEnrollments(
  stored: readonly StoredEnrollment[],
  student: StoredStatus,
  settings: DecisionSettings | undefined,
): TimelineEnrollment[] {
  const rows = toEnrollmentRows(stored, student);
  return stored.flatMap((row, index) => {
    const listed = rows[index];
    if (listed === undefined) return [];
    const { last } = spanOf(toEnrollment(row), settings?.schoolYear ?? 0, '', neverDay);
    return [{ ...listed, lastDay: dayText(last) }];
  });
}

interface Range {
  readonly from: Temporal.PlainDate;
  readonly through: Temporal.PlainDate;
}

/** From the school year of the first enrollment, or the current one, to the next one. */
function toRange(
  stored: readonly StoredEnrollment[],
  today: Temporal.PlainDate,
  settings: DecisionSettings | undefined,
): Range {
  const years = stored.map((row) => row.school_year);
  const firstYear = Math.max(
    Math.min(schoolYearOf(today), ...years),
    schoolYearOf(today) - maxYearsBack,
  );
  const lastYear = Math.max(settings?.schoolYear ?? 0, schoolYearOf(today)) + 1;
  return {
    from: firstDayOf(firstYear),
    through: firstDayOf(lastYear + 1).subtract({ days: 1 }),
  };
}

function toStatusPeriods(
  stored: readonly StoredEnrollment[],
  today: Temporal.PlainDate,
  range: Range,
  horizon: StatusHorizon,
  { schoolYear, rules, decidedOn }: DecisionSettings & { readonly decidedOn: string | null },
): StatusPeriod[] {
  const decisionDay = decidedOn === null ? today : Temporal.PlainDate.from(decidedOn);
  // The school year of the last decision applies until another import changes it.
  const [from, through] =
    Temporal.PlainDate.compare(decisionDay, today) < 0
      ? [decisionDay, today]
      : [today, decisionDay];
  const periods = listStatusPeriods(
    stored.map(toEnrollment),
    range,
    { schoolYear, from, through },
    rules,
    today,
  );
  const known = { ...horizon, knownFrom: earlier(horizon.knownFrom, today) };
  return clip(periods, known).map(({ uncounted, ...period }) => {
    const deciding = stored.find((row) => row.skyward_id === period.decidedBy);
    return {
      ...period,
      from: period.from.toString(),
      through: period.through.toString(),
      reason: statusReason({
        status: period.status,
        rule: period.rule,
        enrollment: deciding === undefined ? null : toStatusEnrollment(deciding, period.schoolYear),
        uncounted: uncounted.map(({ reason }) => reason),
        manual: null,
        decidedOn: period.through.toString(),
      }),
      uncounted: uncounted.map((row) => ({ ...row, sentence: uncountedSentence(row.reason) })),
    };
  });
}

/** Clips periods to the days with a known status. */
function clip<Period extends Range>(
  periods: readonly Period[],
  { knownFrom, unknownFrom }: StatusHorizon,
): Period[] {
  const last = unknownFrom?.subtract({ days: 1 });
  return periods.flatMap((period) => {
    const from = later(period.from, knownFrom);
    const through = last === undefined ? period.through : earlier(period.through, last);
    return Temporal.PlainDate.compare(from, through) > 0 ? [] : [{ ...period, from, through }];
  });
}

const later = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate =>
  Temporal.PlainDate.compare(a, b) > 0 ? a : b;

const earlier = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate =>
  Temporal.PlainDate.compare(a, b) < 0 ? a : b;

/** The school year of a year ago, the first one with counted enrollments (R33). */
const firstYearOfWindow = (today: Temporal.PlainDate): number =>
  schoolYearOf(today.subtract({ years: 1 }));

const firstDayOf = (schoolYear: number): Temporal.PlainDate =>
  Temporal.PlainDate.from({ year: schoolYear - 1, month: 7, day: 1 });
