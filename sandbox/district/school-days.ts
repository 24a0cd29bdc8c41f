/** The days on which a district holds school, and the first of them after a day. */
import { toDay, nextWeekday, type Day } from '../day.ts';
import { toSchoolYear, schoolYearDays } from './school-plan.ts';

const [monday, tuesday, thursday, friday] = [1, 2, 4, 5] as const;

/** True on a weekday between the first and the last day of a school year that no break or holiday takes. */
function isSchoolDay(day: Day): boolean {
  const numericYear = toSchoolYear(day);
  const { first, last } = schoolYearDays(numericYear);
  // 1970-01-01 was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  if (day < first || day > last || weekday === 0 || weekday === 6) return false;
  return !listBreaks(numericYear).some(([from, to]) => day >= from && day <= to);
}

/** The first school day after a day; the summer may lie between the two. */
export function nextSchoolDay(day: Day): Day {
  let next = day + 1;
  while (!isSchoolDay(next)) next += 1;
  return next;
}

/** Days without school within a school year, each stretch with its first and last day. */
function listBreaks(numericYear: number): (readonly [from: Day, to: Day])[] {
  const fall = numericYear - 1;
  const thanksgiving = nextWeekday(toDay(fall, 11, 22), thursday);
  // School ends on the last Friday up to 20 December and goes on on a Tuesday in January.
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
