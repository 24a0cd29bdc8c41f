/** A student's status over time: periods of days on which the whole decision is the same. */
import type { Enrollment } from './enrollment.ts';
import { schoolYearOf } from './school-year.ts';
import {
  decideStatus,
  retainedDecision,
  uncountedUnderRetained,
  type RetainedDecision,
  type StatusDecision,
} from './status-decision.ts';
import type { StatusRules } from './status-settings.ts';

/** Consecutive days, inclusive, with the same published decision. */
export interface StatusPeriod extends Pick<
  StatusDecision,
  'status' | 'rule' | 'decidedBy' | 'uncounted'
> {
  readonly from: Temporal.PlainDate;
  readonly through: Temporal.PlainDate;
  /** The school year assumed to be the current one on these days. */
  readonly schoolYear: number;
}

/** The SIS's current school year, and the days for which that is known. */
export interface KnownSchoolYear {
  readonly schoolYear: number;
  readonly from: Temporal.PlainDate;
  readonly through: Temporal.PlainDate;
}

/**
 * Returns the school year for deciding a day. On known days it is the known one; on others that of the calendar (July 1
 * to June 30), but before the known days none later than the known year, and after them none earlier.
 */
export function schoolYearOn(day: Temporal.PlainDate, known: KnownSchoolYear): number {
  const byCalendar = schoolYearOf(day);
  if (Temporal.PlainDate.compare(day, known.from) < 0) {
    return Math.min(known.schoolYear, byCalendar);
  }
  if (Temporal.PlainDate.compare(day, known.through) > 0) {
    return Math.max(known.schoolYear, byCalendar);
  }
  return known.schoolYear;
}

/**
 * Returns the decisions from `from` through `through` as ordered periods without gaps; empty if `through` is before
 * `from`. They agree with `decideStatus`, except that days without counted rows continue the previous period if the
 * rows only left the window, as in an import. `readOn` is the day on which the rows were read.
 */
export function listStatusPeriods(
  enrollments: readonly Enrollment[],
  range: { readonly from: Temporal.PlainDate; readonly through: Temporal.PlainDate },
  known: KnownSchoolYear,
  rules: StatusRules,
  readOn: Temporal.PlainDate,
): StatusPeriod[] {
  const periods: StatusPeriod[] = [];
  let day = range.from;
  while (Temporal.PlainDate.compare(day, range.through) <= 0) {
    const schoolYear = schoolYearOn(day, known);
    const { sameThrough, status, rule, decidedBy, uncounted } = decideStatus(
      enrollments,
      day,
      schoolYear,
      rules,
      readOn,
    );
    const before = periods.at(-1);
    const retained =
      before && retainedDecision(before, enrollments, day, schoolYear, rules, readOn);
    const through = earliest([
      range.through,
      sameThrough,
      lastDayOfSchoolYear(day, schoolYear, known),
    ]);
    periods.push({
      from: day,
      through,
      schoolYear,
      ...(retained ? toRetained(retained, uncounted) : { status, rule, decidedBy, uncounted }),
    });
    day = through.add({ days: 1 });
  }
  return periods;
}

const toRetained = (
  { status, rule, decidedBy }: RetainedDecision,
  uncounted: StatusDecision['uncounted'],
): Pick<StatusDecision, 'status' | 'rule' | 'decidedBy' | 'uncounted'> => ({
  status,
  rule,
  decidedBy,
  uncounted: uncountedUnderRetained(uncounted, decidedBy),
});

/** Returns the last day from `day` on that uses the same school year. */
function lastDayOfSchoolYear(
  day: Temporal.PlainDate,
  schoolYear: number,
  known: KnownSchoolYear,
): Temporal.PlainDate {
  const boundaries = [
    known.from.subtract({ days: 1 }),
    known.through,
    Temporal.PlainDate.from({ year: schoolYearOf(day), month: 6, day: 30 }),
  ].filter((boundary) => Temporal.PlainDate.compare(boundary, day) >= 0);
  const last = earliest(boundaries);
  const next = last.add({ days: 1 });
  return schoolYearOn(next, known) === schoolYear
    ? lastDayOfSchoolYear(next, schoolYear, known)
    : last;
}

function earliest(days: readonly (Temporal.PlainDate | null)[]): Temporal.PlainDate {
  const known = days.filter((day) => day !== null);
  return known.reduce((first, day) => (Temporal.PlainDate.compare(day, first) < 0 ? day : first));
}
