/**
 * Whether Skyward's rows of a day could tell the status that a student has.
 *
 * This folder plays every way of ending, preparing and turning a school year against the rules.
 */
import type { Day } from '../../sandbox/day.ts';
import { currentYearOn, type Practice } from './practice.ts';
import { present } from './school-year.ts';
import type { SkywardRow } from './skyward-rows.ts';
import { oneYearBefore, type ExpectedStatus } from './story.ts';
import type { StudentStory } from './student-story.ts';

/**
 * What the rows of a day can tell. They tell the status (`told`) unless
 * - Skyward has no row of the student, or only some that ended more than a year ago, never were in
 *   effect, or are for courses (`no rows`);
 * - the office has not yet entered that the student left, did not come, or has registered
 *   (`not entered yet`);
 * - the student goes on, but no row of this or the next school year covers the day or starts
 *   later (`next year missing`);
 * - the student left, and is registered to come back, in a district whose rows of leavers show
 *   that it keeps those of the next year (`like a leaver`);
 * - the student left, and has a kept row of the next year, in a district whose rows do not show
 *   that it keeps them, so that they are those of a student who comes back (`like a returner`);
 * - the student left, and has a kept row, which by now is of Skyward's current year, so that it
 *   counts by the words of the product's page (`kept row of the current year`).
 */
export const evidences = [
  'told',
  'no rows',
  'not entered yet',
  'next year missing',
  'like a leaver',
  'like a returner',
  'kept row of the current year',
] as const;

export type Evidence = (typeof evidences)[number];

/** Codes of a row that ends without the student leaving the district. */
const stayingCodes: ReadonlySet<string> = new Set(['YE', '33']);

/** What a reader of the rows knows besides the student's own. */
export interface Setting {
  readonly practice: Practice;
  /** Whether rows of leavers show that the district keeps those of the next year. */
  readonly showsKeptRows: boolean;
}

/** Returns what the rows of a day can tell of a student with an expected status. */
export function weighEvidence(
  expected: ExpectedStatus,
  story: StudentStory,
  { practice, showsKeptRows }: Setting,
  rows: readonly SkywardRow[],
  day: Day,
): Evidence {
  const currentYear = currentYearOn(practice, day, present);
  const effective = rows.filter((row) => row.code !== 'CECS' && isEffective(row));
  const isOld = ({ end, withdrawalDate }: SkywardRow) =>
    end !== null && (withdrawalDate ?? end) < oneYearBefore(day);
  if (effective.every(isOld)) return 'no rows';
  const covering = effective.filter(({ start, end, schoolYear }) =>
    start > day ? false : end === null ? schoolYear >= currentYear : end >= day,
  );
  const coming = effective.filter(({ start }) => start > day);
  if (expected === 'ENROLLED' || expected === 'PRE_ENROLLED') {
    if (covering.length > 0) return 'told';
    if (coming.length === 0) {
      const stay = story.stays.findLast(({ registered }) => registered <= day);
      return stay !== undefined && stay.first > day ? 'not entered yet' : 'next year missing';
    }
    const begun = effective.filter(({ start }) => start <= day);
    const looksLeft =
      expected === 'ENROLLED' &&
      isLeavers(latestOf(begun)) &&
      coming.every(({ schoolYear }) => schoolYear > currentYear);
    return looksLeft && showsKeptRows ? 'like a leaver' : 'told';
  }
  const code = story.stays.findLast(({ registered }) => registered <= day)?.code;
  if (!rows.some((row) => row.code === code && row.end !== null && row.end <= day)) {
    return 'not entered yet';
  }
  const kept = [...covering, ...coming];
  if (kept.length === 0) return 'told';
  if (kept.some(({ schoolYear }) => schoolYear <= currentYear)) {
    return 'kept row of the current year';
  }
  return showsKeptRows ? 'told' : 'like a returner';
}

/** Returns whether the rows of a leaver show that the next year's row was kept. */
export function showsKeptRow(rows: readonly SkywardRow[], day: Day): boolean {
  const counted = rows.filter(({ code }) => code !== 'CECS');
  const last = latestOf(counted.filter((row) => isEffective(row) && row.start <= day));
  return (
    last !== undefined &&
    last.end !== null &&
    last.end < day &&
    isLeavers(last) &&
    counted.some(({ schoolYear }) => schoolYear === last.schoolYear + 1)
  );
}

const isEffective = ({ start, end, isNoShow }: SkywardRow): boolean =>
  !isNoShow && (end === null || end >= start);

const latestOf = (rows: readonly SkywardRow[]): SkywardRow | undefined =>
  rows.toSorted((one, other) => one.start - other.start).at(-1);

const isLeavers = (row: SkywardRow | undefined): boolean =>
  typeof row?.code === 'string' && row.code !== '01' && !stayingCodes.has(row.code);
