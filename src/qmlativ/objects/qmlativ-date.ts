/** Parses dates of Skyward's responses. */

/**
 * Converts a date of a response to `YYYY-MM-DD`. Returns undefined if there is no such day.
 * Accepts `YYYY-MM-DD` and `M/D/YYYY`, each alone or before a time, fraction and zone. A time part or zone is
 * cut off, never shifted: what Skyward shows as a day stays that day.
 */
export function qmlativDate(text: string): string | undefined {
  const iso = isoDay.exec(text);
  if (iso !== null) {
    const [, year = '', month = '', day = ''] = iso;
    return isRealDay(Number(year), Number(month), Number(day))
      ? `${year}-${month}-${day}`
      : undefined;
  }
  const american = americanDay.exec(text);
  if (american === null) return undefined;
  const [, month = '', day = '', year = ''] = american;
  if (!isRealDay(Number(year), Number(month), Number(day))) return undefined;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** Returns whether a text has a known date format, even if the date does not exist. */
export const hasKnownForm = (text: string): boolean => isoDay.test(text) || americanDay.test(text);

const isoDay =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T \u00a0\u202f]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d(?::?\d\d)?))?)?$/;
const americanDay =
  /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:[ \u00a0\u202f]\d{1,2}:\d\d(?::\d\d)?(?:[ \u00a0\u202f]?[AP]M)?)?$/i;

function isRealDay(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
