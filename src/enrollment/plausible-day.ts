/**
 * Which days a date can mean. Systems write "no date" as a day at either end of the calendar (`0001-01-01`,
 * `1753-01-01`, `1900-01-01`, `9999-12-31`); such a day is no date and is never compared with today. Days are
 * written `YYYY-MM-DD`, which sorts like the calendar.
 */

/** The days between which a date of an enrollment or a calendar can lie, both included. */
const first = '1980-01-01';
const last = '2900-12-31';

/** The earliest birth date of anybody who goes to school. */
const firstBirthDate = '1950-01-01';

/** The number of a day (see `day-number.ts`). */
export const dayNumberOf = (day: string): number => Number(day.replaceAll('-', ''));

const firstNumber = dayNumberOf(first);
const lastNumber = dayNumberOf(last);

/** Whether a day, as a number, can be meant as one of an enrollment or a calendar. */
export const isPlausibleDay = (day: number): boolean => day >= firstNumber && day <= lastNumber;

/** A day if an enrollment or a calendar can mean it, else null. */
export const plausibleDay = (day: string | null | undefined): string | null =>
  day != null && day >= first && day <= last ? day : null;

/** Whether a day can be meant as the birth date of a student, asked on `today`. */
export const isPlausibleBirthDate = (day: string, today: string): boolean =>
  day >= firstBirthDate && day <= today;

/** Whether a day is one of those that only stand for no date, whoever's it is: nobody alive was born on the first. */
export const isPlaceholderDay = (day: string): boolean => day <= '1900-01-01' || day > last;
