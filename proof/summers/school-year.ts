/** The school years of the played districts: first and last days. */
import { nextWeekday, toDay, type Day } from '../../sandbox/day.ts';

/** Schools start in August and end in May, or start in September and end in June. */
export type Region = 'south' | 'north';

/** The school years with rows, by the year in which they end; the watched summer follows `present`. */
export const past = 2026;
export const present = 2027;
export const next = 2028;

/** Returns the first and last day of school of a school year. */
export function schoolDays(
  region: Region,
  numericYear: number,
): { readonly first: Day; readonly last: Day } {
  const [wednesday, friday] = [3, 5] as const;
  return region === 'south'
    ? {
        first: nextWeekday(toDay(numericYear - 1, 8, 10), wednesday),
        last: nextWeekday(toDay(numericYear, 5, 25), friday),
      }
    : {
        first: nextWeekday(toDay(numericYear - 1, 9, 7), wednesday),
        last: nextWeekday(toDay(numericYear, 6, 15), friday),
      };
}

export const firstWatchedDay = toDay(present, 4, 1);
export const lastWatchedDay = toDay(present, 9, 30);
