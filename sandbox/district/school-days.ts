/** School days of a district, and the next school day after a day. */
import { toDay, nextWeekday, type Day } from '../day.ts';
import { toSchoolYear, schoolYearDays } from './school-plan.ts';

const [monday, tuesday, thursday, friday] = [1, 2, 4, 5] as const;

/** Returns whether a day is a weekday of a school year and not a holiday. */
function isSchoolDay(day: Day): boolean {
  const numericYear = toSchoolYear(day);
  const { first, last } = schoolYearDays(numericYear);
  // 1970-01-01 was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  if (day < first || day > last || weekday === 0 || weekday === 6) return false;
  return !listBreaks(numericYear).some(([from, to]) => day >= from && day <= to);
}

/** Returns the first school day after a day, possibly after the summer. */
export function nextSchoolDay(day: Day): Day {
  let next = day + 1;
  while (!isSchoolDay(next)) next += 1;
  return next;
}

/** Returns the breaks of a school year with their first and last days. */
function listBreaks(numericYear: number): (readonly [from: Day, to: Day])[] {
  const fall = numericYear - 1;
  const thanksgiving = nextWeekday(toDay(fall, 11, 22), thursday);
  // School ends on the last Friday up to 20 December and continues on a Tuesday in January.
  const beforeWinter = nextWeekday(toDay(fall, 12, 14), friday);
  const afterWinter = nextWeekday(toDay(numericYear, 1, 4), tuesday);
  const spring = nextWeekday(toDay(numericYear, 3, 10), monday);
  const holidays = [
    nextWeekday(toDay(fall, 9, 1), monday),
    nextWeekday(toDay(fall, 10, 8), monday),
    nextWeekday(toDay(numericYear, 1, 15), monday),
    nextWeekday(toDay(numericYear, 2, 15), monday),
    nextWeekday(toDay(numericYear, 5, 25), monday),
  ];
  return [
    [thanksgiving - 3, thanksgiving + 1],
    [beforeWinter + 1, afterWinter - 1],
    [spring, spring + 4],
    ...holidays.map((day) => [day, day] as const),
  ];
}
