/** Days as whole numbers (days since 1970-01-01) and as the API's text. */

/** Days since 1970-01-01. Small enough for a typed array, quick to compare and add to. */
export type Day = number;

/** Returns the day of a calendar date; `month` counts from 1. */
export function toDay(year: number, month: number, day: number): Day {
  // March is the first month here, so that a leap day is the last day of its year.
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146097 + yearOfEra * 365 + leapDays + dayOfYear - 719468;
}

/** Returns year, month (from 1) and day of month of a day. */
export function toDate(day: Day): { year: number; month: number; day: number } {
  const shifted = day + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36524) -
      Math.floor(dayOfEra / 146096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

/** Parses `YYYY-MM-DD`, with or without a time; returns undefined if it is not a date. */
export function parseDay(text: string): Day | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+Z?)?$/u.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const result = toDay(year, month, day);
  const date = toDate(result);
  return date.year === year && date.month === month && date.day === day ? result : undefined;
}

function padTwo(part: number): string {
  return String(part).padStart(2, '0');
}

/** `YYYY-MM-DD`. */
export function formatDay(day: Day): string {
  const { year, month, day: dayOfMonth } = toDate(day);
  return `${String(year).padStart(4, '0')}-${padTwo(month)}-${padTwo(dayOfMonth)}`;
}

/** Returns the first day on or after `day` that is a `weekday` (0 is Sunday). */
export function nextWeekday(day: Day, weekday: number): Day {
  // 1970-01-01 was a Thursday.
  const current = (((day + 4) % 7) + 7) % 7;
  return day + ((weekday - current + 7) % 7);
}

/** Returns a function that formats days as the API does (`YYYY-MM-DDT00:00:00`), with a cache. */
export function createDayWriter(): (day: Day) => string {
  const texts = new Map<Day, string>();
  return (day) => {
    let text = texts.get(day);
    if (text === undefined) {
      text = `${formatDay(day)}T00:00:00`;
      texts.set(day, text);
    }
    return text;
  };
}
