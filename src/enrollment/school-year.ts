/** School years, named by the calendar year in which they end. */

/** First month of a school year, which runs from July 1 to June 30. */
const firstMonth = 7;

/** Returns the school year of a date: 2027 for 2026-07-01 to 2027-06-30. */
export function schoolYearOf(day: Temporal.PlainDate): number {
  return day.month >= firstMonth ? day.year + 1 : day.year;
}

/**
 * Returns the first school year whose enrollments an import reads: the one before that of a year ago, since an
 * enrollment is counted for a year after a withdrawal date that may be in the next school year (docs/status-rules.md,
 * rule 3).
 */
export const firstSchoolYearRead = (today: Temporal.PlainDate): number =>
  schoolYearOf(today.subtract({ years: 1 })) - 1;

/**
 * Returns the last day, as a day number, of an enrollment in a past school year that was never closed
 * (docs/status-rules.md, rule 2): the calendar's last day; June 30 if that is unknown or before the start; never
 * before the start.
 */
export function lastDayOfFinishedYear(
  schoolYear: number,
  start: number,
  calendarEnd: number | null,
): number {
  if (calendarEnd !== null && start <= calendarEnd) return calendarEnd;
  return Math.max(start, schoolYear * 10_000 + 630);
}

/** Returns the last day of school, as a day number: the calendar's end, else May 31. */
export const lastSchoolDay = (schoolYear: number, calendarEnd: number | null): number =>
  calendarEnd ?? schoolYear * 10_000 + 531;
