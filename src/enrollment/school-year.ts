/** School years by their number: the calendar year in which a year ends. */

/** The first month of a school year; a year runs from 1 July to 30 June. */
const firstMonth = 7;

/** The number of the school year that a day falls in: 2026-07-01 to 2027-06-30 is 2027. */
export function schoolYearOf(day: Temporal.PlainDate): number {
  return day.month >= firstMonth ? day.year + 1 : day.year;
}

/**
 * The first school year of which an import reads enrollments: the one before that of a year ago, since a row is
 * kept for a year from a withdrawal date that may lie in the next school year (docs/status-rules.md, rule 3).
 */
export const firstSchoolYearRead = (today: Temporal.PlainDate): number =>
  schoolYearOf(today.subtract({ years: 1 })) - 1;

/**
 * The last day of a row of a finished school year that nobody closed, as a day number (docs/status-rules.md, rule 2): its
 * calendar's last day, else 30 June where none is known or the row starts after it; never before its start.
 */
export function lastDayOfFinishedYear(
  schoolYear: number,
  start: number,
  calendarEnd: number | null,
): number {
  if (calendarEnd !== null && start <= calendarEnd) return calendarEnd;
  return Math.max(start, schoolYear * 10_000 + 630);
}

/** The day until which a student who comes back stays at school, as a day number: the calendar's end, else 31 May. */
export const lastSchoolDay = (schoolYear: number, calendarEnd: number | null): number =>
  calendarEnd ?? schoolYear * 10_000 + 531;
