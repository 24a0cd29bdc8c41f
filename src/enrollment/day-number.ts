/**
 * Dates as numbers that sort like dates: 2026-08-12 is 20260812.
 *
 * An import compares millions of dates; comparing two `Temporal.PlainDate` takes about 0.7 µs, two numbers almost
 * nothing. Valid for the years 1 to 9999.
 */

/** Sorts after every date: the end of an open interval. */
export const neverDay = 2_000_000_000;

/** 9999-12-31; later dates become `neverDay`. */
export const lastDay = 99_991_231;

/** Returns the number of a date. */
export const dayNumber = (date: Temporal.PlainDate): number =>
  date.year * 10_000 + date.month * 100 + date.day;

/** Returns the date of a number; `null` for anything after `lastDay`. */
export function plainDateOf(day: number): Temporal.PlainDate | null {
  if (day > lastDay) return null;
  return new Temporal.PlainDate(Math.trunc(day / 10_000), Math.trunc(day / 100) % 100, day % 100);
}

/** Returns the date of a number as `YYYY-MM-DD`; `null` for anything after `lastDay`. */
export function dayText(day: number): string | null {
  if (day > lastDay) return null;
  const digits = String(day).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}

const isLeapYear = (year: number): boolean =>
  year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Returns the next day. */
export function nextDay(day: number): number {
  const dayOfMonth = day % 100;
  if (dayOfMonth < 28) return day + 1;
  const month = Math.trunc(day / 100) % 100;
  const year = Math.trunc(day / 10_000);
  if (dayOfMonth < daysInMonth(year, month)) return day + 1;
  return month < 12 ? day - dayOfMonth + 101 : (year + 1) * 10_000 + 101;
}

/** Returns the previous day. */
export function previousDay(day: number): number {
  if (day % 100 > 1) return day - 1;
  const month = Math.trunc(day / 100) % 100;
  const year = Math.trunc(day / 10_000);
  return month > 1 ? day - 101 + daysInMonth(year, month - 1) : (year - 1) * 10_000 + 1231;
}

/**
 * Returns the first day on which `day` is more than one calendar year ago. For February 29, one year earlier is
 * February 28.
 */
export function dayAfterOneYear(day: number): number {
  const monthAndDay = day % 10_000;
  // February 28 and 29 both lead to March 1: from the 28th, past a 29th if the next year has one.
  if (monthAndDay === 228 || monthAndDay === 229) return day - monthAndDay + 10_301;
  return nextDay(day + 10_000);
}
