/**
 * Which dates are plausible. Systems write "no date" as a date at either end of the calendar (`0001-01-01`,
 * `1753-01-01`, `1900-01-01`, `9999-12-31`); these must not be compared with today. Dates are `YYYY-MM-DD`, which
 * sorts chronologically.
 */

/** The plausible range for dates of enrollments and calendars, inclusive. */
const first = '1980-01-01';
const last = '2900-12-31';

/** The earliest plausible birth date of a student. */
const firstBirthDate = '1950-01-01';

/** Returns the number of a date (see `day-number.ts`). */
export const dayNumberOf = (day: string): number => Number(day.replaceAll('-', ''));

const firstNumber = dayNumberOf(first);
const lastNumber = dayNumberOf(last);

/** Whether a day number is plausible for an enrollment or a calendar. */
export const isPlausibleDay = (day: number): boolean => day >= firstNumber && day <= lastNumber;

/** Returns the date if it is plausible for an enrollment or a calendar, else null. */
export const plausibleDay = (day: string | null | undefined): string | null =>
  day != null && day >= first && day <= last ? day : null;

/** Whether a date is plausible as a student's birth date, as of `today`. */
export const isPlausibleBirthDate = (day: string, today: string): boolean =>
  day >= firstBirthDate && day <= today;

/** Whether a date only stands for "no date"; nobody living was born on 1900-01-01 or before. */
export const isPlaceholderDay = (day: string): boolean => day <= '1900-01-01' || day > last;
