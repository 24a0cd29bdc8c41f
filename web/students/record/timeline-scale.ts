/** Positions of dates and enrollments on the timeline. Dates are strings such as `2026-11-23`. */
import type {
  TimelineEnrollment,
  StatusPeriod,
} from '../../../src/contract/students/enrollment-forecast.ts';

const msPerDay = 86_400_000;

/** Returns the number of days since 1970. */
export const dayIndex = (day: string): number => Date.parse(`${day}T00:00:00Z`) / msPerDay;

/** Returns the date of a number of days since 1970. */
export const dayAt = (index: number): string =>
  new Date(index * msPerDay).toISOString().slice(0, 10);

/** Returns the period that contains a date. */
export const periodOn = (periods: readonly StatusPeriod[], day: string): StatusPeriod | undefined =>
  periods.find(({ from, through }) => from <= day && day <= through);

/** Days in a row with the same status, which the reason may change within. */
export type StatusBand = Pick<StatusPeriod, 'from' | 'through' | 'status'>;

/** Joins consecutive periods with the same status. */
export function joinPeriods(periods: readonly StatusPeriod[]): readonly StatusBand[] {
  const bands: StatusBand[] = [];
  for (const { from, through, status } of periods) {
    const last = bands.at(-1);
    if (last?.status === status) bands[bands.length - 1] = { ...last, through };
    else bands.push({ from, through, status });
  }
  return bands;
}

/** An enrollment as a bar, clipped to the timeline. */
export interface TimelineBar {
  readonly row: TimelineEnrollment;
  readonly startDate: string;
  readonly lane: number;
  readonly from: number;
  /** The first day after it. */
  readonly until: number;
  readonly isOpenEnded: boolean;
  /** It ended before it started; drawn as a mark instead of a bar. */
  readonly isEmpty: boolean;
}

export interface Lane {
  readonly school: string;
}

/**
 * Lays out enrollments as bars, one lane per school; overlapping enrollments of a school get separate lanes.
 * Omits bars outside the timeline and enrollments without a start date. Lanes are ordered by their first start.
 */
export function layOut(
  enrollments: readonly TimelineEnrollment[],
  first: number,
  last: number,
  /** The first day on which it is not known whether ongoing enrollments continue. */
  openUntil = last + 1,
): { readonly bars: readonly TimelineBar[]; readonly lanes: readonly Lane[] } {
  const lanes: { school: string; until: number }[] = [];
  const bars: TimelineBar[] = [];
  const inOrder = enrollments
    .flatMap((row) => (row.startDate === null ? [] : [{ row, startDate: row.startDate }]))
    .toSorted((a, b) => (a.startDate < b.startDate ? -1 : 1));
  for (const { row, startDate } of inOrder) {
    const start = dayIndex(startDate);
    const end = row.lastDay === null ? openUntil : dayIndex(row.lastDay) + 1;
    const isEmpty = end <= start;
    const from = Math.max(start, first);
    const until = Math.min(isEmpty ? start + 1 : end, last + 1);
    if (until <= first || from > last) continue;
    const school = row.schoolName ?? row.entityName ?? `School ${row.entityId}`;
    let lane = lanes.findIndex((one) => one.school === school && one.until <= from);
    if (lane < 0) lane = lanes.push({ school, until }) - 1;
    lanes[lane] = { school, until };
    bars.push({ row, startDate, lane, from, until, isOpenEnded: row.lastDay === null, isEmpty });
  }
  return { bars, lanes };
}

/** Returns the first day (July 1) of each school year between two dates, with that year. */
export function schoolYearStarts(
  first: number,
  last: number,
): readonly { readonly at: number; readonly schoolYear: number }[] {
  const starts: { at: number; schoolYear: number }[] = [];
  for (let year = Number(dayAt(first).slice(0, 4)); ; year++) {
    const at = dayIndex(`${year}-07-01`);
    if (at > last) return starts;
    if (at >= first) starts.push({ at, schoolYear: year + 1 });
  }
}
