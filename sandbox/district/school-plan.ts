/** The fixed structure of a sandbox district: school years, entities, schools, homerooms, staff. */
import { gradeCodes } from './code-tables.ts';
import { toDate, toDay, nextWeekday, type Day } from '../day.ts';
import type { SchoolYearDays } from './enrollment-history.ts';
import { schoolNames, displayWord } from './invented-words.ts';

export const districtId = 1;
export const systemEntityId = 1;
export const districtEntityId = 2;
const firstSchoolEntityId = 3;
export const firstSchoolYearId = 11;

/** A school with its entity; `low` and `high` are indexes in the list of grades. */
export interface School {
  readonly entityId: number;
  readonly code: string;
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly isCareerCenter: boolean;
  /** Homerooms per grade. */
  readonly sections: number;
}

/** The structure in which students are generated. */
export interface SchoolPlan {
  readonly today: Day;
  /** From the oldest year to the next one. */
  readonly years: readonly (SchoolYearDays & { readonly numericYear: number })[];
  /** Index of the current year in `years`. */
  readonly current: number;
  /** The schools, then the career center for cross-entity courses. */
  readonly schools: readonly School[];
  readonly careerCenter: number;
}

/** Returns the school year of a day; it is from 1 July to 30 June. */
export function toSchoolYear(day: Day): number {
  const { year, month } = toDate(day);
  return month >= 7 ? year + 1 : year;
}

/** Returns the first and last school day: a Wednesday in August and a Friday in May. */
export function schoolYearDays(numericYear: number): SchoolYearDays {
  return {
    first: nextWeekday(toDay(numericYear - 1, 8, 10), 3),
    last: nextWeekday(toDay(numericYear, 5, 25), 5),
  };
}

/** Plans a district of `schoolCount` schools and `yearCount` school years, the current one last. */
export function planSchools(options: {
  readonly today: Day;
  readonly students: number;
  readonly schools: number;
  readonly years: number;
}): SchoolPlan {
  const currentYear = toSchoolYear(options.today);
  const years = Array.from({ length: options.years + 1 }, (_, index) => {
    const numericYear = currentYear - options.years + 1 + index;
    return { numericYear, ...schoolYearDays(numericYear) };
  });
  const levels = Array.from({ length: options.schools }, (_, index) =>
    planLevel(index, options.schools),
  );
  const perGrade = options.students / gradeCodes.length;
  const schools = levels.map(([low, high, kind], index): School => {
    const schoolsOfKind = levels.filter((level) => level[2] === kind).length;
    const name = displayWord(schoolNames[index % schoolNames.length] ?? 'North');
    const repetition = Math.floor(index / schoolNames.length);
    return {
      entityId: firstSchoolEntityId + index,
      code: String(index + 1).padStart(3, '0'),
      name: `${name}${repetition === 0 ? '' : ` ${repetition + 1}`} ${kind}`,
      low,
      high,
      isCareerCenter: false,
      sections: Math.min(40, Math.max(1, Math.ceil(perGrade / schoolsOfKind / 24))),
    };
  });
  const careerCenter: School = {
    entityId: firstSchoolEntityId + schools.length,
    code: '900',
    name: 'Larkspur Career and Technical Center',
    low: 10,
    high: 13,
    isCareerCenter: true,
    sections: 1,
  };
  return {
    today: options.today,
    years,
    current: options.years - 1,
    schools: [...schools, careerCenter],
    careerCenter: schools.length,
  };
}

function planLevel(index: number, count: number): [low: number, high: number, kind: string] {
  if (count === 1) return [0, 13, 'School'];
  if (count === 2) return index === 0 ? [0, 6, 'Elementary'] : [7, 13, 'Secondary School'];
  const high = Math.max(1, Math.round(count / 6));
  const middle = Math.max(1, Math.round(count / 4));
  if (index < high) return [10, 13, 'High School'];
  if (index < high + middle) return [7, 9, 'Middle School'];
  return [0, 6, 'Elementary'];
}

/** Returns for every grade the indexes of the schools that teach it, except the career center. */
export function schoolsByGrade(plan: SchoolPlan): number[][] {
  return gradeCodes.map((_, grade) =>
    plan.schools.flatMap((school, index) =>
      !school.isCareerCenter && grade >= school.low && grade <= school.high ? [index] : [],
    ),
  );
}
