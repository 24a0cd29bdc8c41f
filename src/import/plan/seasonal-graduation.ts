/** SQL conditions: graduations that are no surprise, for the limits of date changes and of imports. */
import { seasonDays } from '../../enrollment/graduation-season.ts';

/** SQL: the last day of a school year: of its calendar, else May 31. */
export const yearEndOf = (calendarEnd: string, schoolYear: string): string =>
  `coalesce(${calendarEnd}, make_date(${schoolYear}, 5, 31))`;

/**
 * SQL: the highest grade of district $1, as a number; null if its grades are not numbers. Graduates count, so that it
 * stays the same over the summer; former students, whose grades may be odd, do not.
 */
const highestGrade = `(select max(grade::integer) from students
  where district_id = $1 and status <> 'INACTIVE' and grade ~ '^[0-9]{1,2}$')`;

/**
 * SQL: whether a new status is the graduation of the highest grade in the last days of its school year or later (the
 * same as `isGraduationSeason`), from expressions of the enrollment that decides.
 */
export const isSeasonalGraduation = (of: {
  readonly status: string;
  readonly lastDay: string;
  readonly yearEnd: string;
  readonly grade: string;
}): string => `coalesce(${of.status} = 'GRADUATED'
    and ${of.lastDay} >= ${of.yearEnd} - ${seasonDays}
    and (${highestGrade} is null
      or lpad(${of.grade}, 2, '0') = lpad(${highestGrade}::text, 2, '0')), false)`;
