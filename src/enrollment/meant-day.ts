/**
 * Which days a date can mean. Systems write "no date" as a day at either end of the calendar (`0001-01-01`,
 * `1753-01-01`, `1900-01-01`, `9999-12-31`); such a day is no date and is never compared with today.
 */

/** The days between which a date of an enrollment or a calendar can lie, both included, as day numbers. */
const enrollmentDays = { first: 1980_01_01, last: 2900_12_31 };

/** Whether a day number can be meant as the day of an enrollment or a calendar. */
export const isMeantDay = (day: number): boolean =>
  day >= enrollmentDays.first && day <= enrollmentDays.last;

/** A day written `YYYY-MM-DD` if an enrollment or a calendar can mean it, else null. */
export function meantDay(text: string | null | undefined): string | null {
  return text != null && isMeantDay(dayNumberOf(text)) ? text : null;
}

/** The number of a day written `YYYY-MM-DD`. */
export const dayNumberOf = (text: string): number => Number(text.replaceAll('-', ''));

/** The earliest birth date of anybody who goes to school. */
const firstBirthDate = 1950_01_01;

/** Whether a day written `YYYY-MM-DD` can be meant as the birth date of a student, asked on `today`. */
export function isMeantBirthDate(text: string, today: string): boolean {
  const day = dayNumberOf(text);
  return day >= firstBirthDate && day <= dayNumberOf(today);
}
