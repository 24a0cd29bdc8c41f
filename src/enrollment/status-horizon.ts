/** Which days of a student's timeline have a known status: from the first enrollment until nobody knows yet. */
import { dayNumber, neverDay, nextDay, plainDateOf } from './day-number.ts';
import { hasLeft, isPastBefore, spanOf, type Span } from './enrollment-span.ts';
import type { Enrollment } from './enrollment.ts';
import type { StatusRules } from './status-settings.ts';

export interface StatusHorizon {
  /** The first day with a status: that of the first enrollment, or today if that is earlier. */
  readonly knownFrom: Temporal.PlainDate;
  /** The first day without one; null if the status is known on all later days. */
  readonly unknownFrom: Temporal.PlainDate | null;
}

/**
 * Returns the horizon as of `today`, the last day on which `schoolYear` is known to be the current one.
 *
 * An enrollment that lasts until the end of the school year says nothing about the next one: until the SIS has a row of
 * that year, the rules would make every student Inactive there. A change on one of its own dates before that is known. The status of students who withdrew or graduated, now
 * or on a date already entered, stays what it is.
 */
export function findStatusHorizon(
  enrollments: readonly Enrollment[],
  today: Temporal.PlainDate,
  schoolYear: number,
  rules: StatusRules,
): StatusHorizon {
  const day = dayNumber(today);
  const ignoredCode = rules.ignoredCode.trim().toUpperCase();
  const spans = enrollments
    .map((row) => spanOf(row, schoolYear, ignoredCode, day))
    .filter((span) => span.neverCounts === undefined && !span.isIgnored);
  const firstStart = spans.reduce((first, { start }) => Math.min(first, start), day);
  return {
    knownFrom: plainDateOf(firstStart) ?? today,
    unknownFrom: findUnknownFrom(spans, day, schoolYear, rules),
  };
}

function findUnknownFrom(
  spans: readonly Span[],
  day: number,
  schoolYear: number,
  rules: StatusRules,
): Temporal.PlainDate | null {
  if (spans.some((span) => span.schoolYear > schoolYear)) return null;
  const [first, ...others] = spans;
  if (first === undefined) return null;
  const final = others.reduce((last, span) => (isPastBefore(span, last) ? span : last), first);
  const yearEnds = schoolYear * 10_000 + 630;
  const tomorrow = nextDay(day);
  if (final.last === neverDay) return plainDateOf(Math.max(nextDay(yearEnds), tomorrow));
  const staysUntilYearEnd = final.schoolYear === schoolYear && !hasLeft(final, rules);
  if (!staysUntilYearEnd) return null;
  // What follows from its own last day is known until the school year turns.
  return plainDateOf(Math.max(nextDay(yearEnds), nextDay(final.last), tomorrow));
}
