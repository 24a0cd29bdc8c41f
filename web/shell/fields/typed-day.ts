/** Reads a date the way people type it, and shows it that way: 8/12/2026. */

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const monthFirst = /^(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})$/;
const digitsOnly = /^(\d{2})(\d{2})(\d{4})$/;
const yearFirst = /^(\d{4})[\s./-]+(\d{1,2})[\s./-]+(\d{1,2})$/;
const named = /^([a-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}|\d{2})$/;
const namedAfterDay = /^(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?,?\s+(\d{4}|\d{2})$/;

/**
 * Returns the date that a text means as `2026-08-12`, undefined if it means none: `8/12/2026`,
 * `8-12-26`, `08122026`, `Aug 12, 2026`, `12 August 2026` or `2026-08-12`.
 */
export function parseTypedDay(text: string): string | undefined {
  const typed = text.trim().toLowerCase();
  const [year, month, day] = readParts(typed);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  // February 30 would be March 2.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return year < 1000 ? undefined : date.toISOString().slice(0, 10);
}

/** Returns whether a text ends with a year of four digits, so that typing it may be over. */
export const hasWholeYear = (text: string): boolean =>
  /\d{4}$/.test(text.trim()) || yearFirst.test(text.trim());

/** Returns year, month and day. */
function readParts(typed: string): readonly (number | undefined)[] {
  const numbers = monthFirst.exec(typed) ?? digitsOnly.exec(typed);
  if (numbers) return [toYear(numbers[3]), Number(numbers[1]), Number(numbers[2])];
  const iso = yearFirst.exec(typed);
  if (iso) return [Number(iso[1]), Number(iso[2]), Number(iso[3])];
  const month = named.exec(typed);
  if (month) return [toYear(month[3]), toMonth(month[1]), Number(month[2])];
  const after = namedAfterDay.exec(typed);
  return after ? [toYear(after[3]), toMonth(after[2]), Number(after[1])] : [];
}

/** Two digits are a year from 1970 to 2069. */
function toYear(text = ''): number {
  const year = Number(text);
  return text.length > 2 ? year : year + (year < 70 ? 2000 : 1900);
}

function toMonth(name = ''): number | undefined {
  const index = months.indexOf(name.slice(0, 3));
  return index === -1 ? undefined : index + 1;
}

/** Returns `8/12/2026`; an empty text for no date. */
export function formatTypedDay(day: string): string {
  const [year, month, dayOfMonth] = day.split('-').map(Number);
  return day === '' ? '' : `${month}/${dayOfMonth}/${year}`;
}
