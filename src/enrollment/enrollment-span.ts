/** An enrollment as the status rules weigh it: its interval and its window, in day numbers. */
import { dayAfterOneYear, dayNumber, neverDay, plainDateOf, previousDay } from './day-number.ts';
import type { Enrollment } from './enrollment.ts';
import { isPlausibleDay } from './plausible-day.ts';
import { lastDayOfFinishedYear, lastSchoolDay } from './school-year.ts';

/** What the rules need of one row, in day numbers, the same for every day. */
export interface Span {
  readonly id: number;
  readonly isDefaultEntity: boolean;
  readonly code: string;
  readonly isIgnored: boolean;
  /** Why the row counts on no day at all, whatever the window. */
  readonly neverCounts: 'unreadable-date' | 'never-effective' | undefined;
  readonly start: number;
  /** Last day in effect; `neverDay` while open. */
  readonly last: number;
  /** The first day on which its withdrawal is more than a year ago. */
  readonly retrievedBefore: number;
  readonly schoolYear: number;
  readonly calendarEnd: number | null;
}

/** The dates of a row in day numbers, `null` where it has none that can be meant. */
interface RowDays {
  readonly schoolYear: number;
  readonly start: number;
  readonly end: number | null;
  readonly withdrawal: number | null;
  readonly calendarEnd: number | null;
}

/**
 * The last day in effect (rules 1 and 2): the end date, or the day before the withdrawal date where that comes
 * first or stands alone; the end of its school year where an earlier year was never closed; else `neverDay`.
 */
export function lastDayOfRow(row: RowDays, currentSchoolYear: number): number {
  const { end, withdrawal } = row;
  if (withdrawal !== null && (end === null || withdrawal < end)) return previousDay(withdrawal);
  if (end !== null) return end;
  return row.schoolYear < currentSchoolYear
    ? lastDayOfFinishedYear(row.schoolYear, row.start, row.calendarEnd)
    : neverDay;
}

/**
 * Reads a row by rules 1 and 2 of the design; `ignoredCode` trimmed and in capitals, `readOn` the day on which
 * the SIS was asked.
 */
export function spanOf(
  row: Enrollment,
  schoolYear: number,
  ignoredCode: string,
  readOn: number,
): Span {
  const code = row.withdrawalCode === null ? '' : row.withdrawalCode.trim();
  const start = toPlausibleDay(row.startDate);
  const days = {
    schoolYear: row.schoolYear,
    start: start ?? neverDay,
    end: toPlausibleDay(row.endDate),
    withdrawal: toPlausibleDay(row.withdrawalDate),
    calendarEnd: toPlausibleDay(row.calendarEndDate),
  };
  const last = start === null ? neverDay : lastDayOfRow(days, schoolYear);
  const withdrawn = days.withdrawal ?? days.end ?? last;
  let neverCounts: Span['neverCounts'];
  if (start === null) neverCounts = 'unreadable-date';
  else if (
    last < start ||
    row.isNoShow === true ||
    (row.enrolledAtLeastOneDay === false && last < readOn)
  ) {
    neverCounts = 'never-effective';
  }
  return {
    id: row.id,
    isDefaultEntity: row.isDefaultEntity,
    code,
    isIgnored: code !== '' && code.toUpperCase() === ignoredCode,
    neverCounts,
    start: days.start,
    last,
    retrievedBefore: withdrawn === neverDay ? neverDay : dayAfterOneYear(withdrawn),
    schoolYear: row.schoolYear,
    calendarEnd: days.calendarEnd,
  };
}

function toPlausibleDay(date: Temporal.PlainDate | null): number | null {
  if (date === null) return null;
  const day = dayNumber(date);
  return isPlausibleDay(day) ? day : null;
}

/** How long before the last school day a student may leave and still count as one who stayed. */
const daysBeforeYearEnd = 45;

/** Whether the student, whose most recent past row this is, is expected back (docs/status-rules.md, rule 3, `returning`). */
export function isOfReturningStudent(past: Span, graduationCode: string): boolean {
  if (past.code !== '' && past.code === graduationCode) return false;
  const yearEnd = plainDateOf(lastSchoolDay(past.schoolYear, past.calendarEnd));
  return yearEnd !== null && past.last >= dayNumber(yearEnd.subtract({ days: daysBeforeYearEnd }));
}

/** Of two rows in effect, whether the first decides: default entity, latest start, highest id. */
export function isCurrentBefore(a: Span, b: Span): boolean {
  if (a.isDefaultEntity !== b.isDefaultEntity) return a.isDefaultEntity;
  if (a.start !== b.start) return a.start > b.start;
  return a.id > b.id;
}

/** Of two rows to come, whether the first decides: earliest start, default entity, highest id. */
export function isFutureBefore(a: Span, b: Span): boolean {
  if (a.start !== b.start) return a.start < b.start;
  if (a.isDefaultEntity !== b.isDefaultEntity) return a.isDefaultEntity;
  return a.id > b.id;
}

/** Of two rows that are over, whether the first is more recent: last day, start, default entity, id. */
export function isPastBefore(a: Span, b: Span): boolean {
  if (a.last !== b.last) return a.last > b.last;
  if (a.start !== b.start) return a.start > b.start;
  if (a.isDefaultEntity !== b.isDefaultEntity) return a.isDefaultEntity;
  // Ids are unique in the SIS; should one come twice, its code still settles it whatever the order.
  return a.id === b.id ? a.code > b.code : a.id > b.id;
}
