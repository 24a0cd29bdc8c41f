/** A student's status day by day: stretches of days on which the whole decision is the same. */
import type { Enrollment } from './enrollment.ts';
import { schoolYearOf } from './school-year.ts';
import {
  decideStatus,
  keptDecision,
  leftOutUnderKept,
  type KeptDecision,
  type StatusDecision,
} from './status-decision.ts';
import type { StatusRules } from './status-rules.ts';

/** Days, both ends included, on all of which the import publishes this. */
export interface StatusStretch extends Pick<
  StatusDecision,
  'status' | 'rule' | 'decidedBy' | 'leftOut'
> {
  readonly from: Temporal.PlainDate;
  readonly through: Temporal.PlainDate;
  /** The school year taken for the current one on these days. */
  readonly schoolYear: number;
}

/** The school year that the SIS said was current, and the days for which it is known to have been. */
export interface KnownSchoolYear {
  readonly schoolYear: number;
  readonly from: Temporal.PlainDate;
  readonly through: Temporal.PlainDate;
}

/**
 * The school year to decide a day with. Within the known days it is the known one; on others the one that
 * the calendar says (1 July to 30 June), but never one that had ended before, or begins after, the known.
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
 * The decisions of every day from `from` through `through`: stretches without gap
 * and in order. Empty when `through` lies before `from`. What `decideStatus` says of each day is said here, but
 * for days on which nothing is left because the rows grew old: the stretch before them goes on, as in an import.
 * `readOn` is the day on which the SIS gave the rows.
 */
export function statusStretches(
  enrollments: readonly Enrollment[],
  range: { readonly from: Temporal.PlainDate; readonly through: Temporal.PlainDate },
  known: KnownSchoolYear,
  rules: StatusRules,
  readOn: Temporal.PlainDate,
): StatusStretch[] {
  const stretches: StatusStretch[] = [];
  let day = range.from;
  while (Temporal.PlainDate.compare(day, range.through) <= 0) {
    const schoolYear = schoolYearOn(day, known);
    const { sameThrough, status, rule, decidedBy, leftOut } = decideStatus(
      enrollments,
      day,
      schoolYear,
      rules,
      readOn,
    );
    const before = stretches.at(-1);
    const kept = before && keptDecision(before, enrollments, day, schoolYear, rules, readOn);
    const through = earliest([range.through, sameThrough, lastDayOf(day, schoolYear, known)]);
    stretches.push({
      from: day,
      through,
      schoolYear,
      ...(kept ? keep(kept, leftOut) : { status, rule, decidedBy, leftOut }),
    });
    day = through.add({ days: 1 });
  }
  return stretches;
}

const keep = (
  { status, rule, decidedBy }: KeptDecision,
  leftOut: StatusDecision['leftOut'],
): Pick<StatusDecision, 'status' | 'rule' | 'decidedBy' | 'leftOut'> => ({
  status,
  rule,
  decidedBy,
  leftOut: leftOutUnderKept(leftOut, decidedBy),
});

/** The last day, from `day` on, that is decided with the same school year. */
function lastDayOf(
  day: Temporal.PlainDate,
  schoolYear: number,
  known: KnownSchoolYear,
): Temporal.PlainDate {
  const turns = [
    known.from.subtract({ days: 1 }),
    known.through,
    Temporal.PlainDate.from({ year: schoolYearOf(day), month: 6, day: 30 }),
  ].filter((turn) => Temporal.PlainDate.compare(turn, day) >= 0);
  const last = earliest(turns);
  const next = last.add({ days: 1 });
  return schoolYearOn(next, known) === schoolYear ? lastDayOf(next, schoolYear, known) : last;
}

function earliest(days: readonly (Temporal.PlainDate | null)[]): Temporal.PlainDate {
  const known = days.filter((day) => day !== null);
  return known.reduce((first, day) => (Temporal.PlainDate.compare(day, first) < 0 ? day : first));
}
