/** School years by their number: the calendar year in which a year ends. */

/** The first month of a school year; a year runs from 1 July to 30 June. */
const firstMonth = 7;

/** The number of the school year that a day falls in: 2026-07-01 to 2027-06-30 is 2027. */
export function schoolYearOf(day: Temporal.PlainDate): number {
  return day.month >= firstMonth ? day.year + 1 : day.year;
}

/**
 * The last day of a finished school year, as a day number (design, rule 2): its calendar's last day where
 * known, else 30 June. What nobody closed ended then.
 */
export function lastDayOfFinishedYear(schoolYear: number, calendarEnd: number | null): number {
  return calendarEnd ?? schoolYear * 10_000 + 630;
}
