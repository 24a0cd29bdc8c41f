/** An enrollment as an interval for the status rules, in day numbers. */
import { dayAfterOneYear, dayNumber, neverDay, plainDateOf, previousDay } from './day-number.ts';
import type { Enrollment } from './enrollment.ts';
import { isPlausibleDay } from './plausible-day.ts';
import { lastDayOfFinishedYear, lastSchoolDay } from './school-year.ts';
import type { LeavingCodes } from './status-settings.ts';

/** The values of one enrollment that the rules need on any day. */
export interface Span {
  readonly id: number;
  readonly isDefaultEntity: boolean;
  readonly code: string;
  readonly isIgnored: boolean;
  /** Why the enrollment is not counted on any day, regardless of the window. */
  readonly neverCounts: 'unreadable-date' | 'never-effective' | undefined;
  readonly start: number;
  /** Last day in effect; `neverDay` if ongoing. */
  readonly last: number;
  /** First day on which its withdrawal is more than a year ago. */
  readonly retrievedBefore: number;
  readonly schoolYear: number;
  readonly calendarEnd: number | null;
}

/** The dates of an enrollment as day numbers; `null` if missing or implausible. */
interface RowDays {
  readonly schoolYear: number;
  readonly start: number;
  readonly end: number | null;
  readonly withdrawal: number | null;
  readonly calendarEnd: number | null;
}

/**
 * Returns the last day in effect (docs/status-rules.md, rules 1 and 2): the end date, or the day before the withdrawal
 * date if that is earlier or the only one; the end of the school year if an earlier year was never closed; else
 * `neverDay`.
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
 * Converts an enrollment by rules 1 and 2. `ignoredCode` is trimmed and in upper case; `readOn` is the day on which
 * the SIS was read.
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

/** An enrollment without a code that ends at most this long before the last school day ends with its school year. */
const daysBeforeYearEnd = 45;

/** Whether an enrollment that ends with this trimmed withdrawal code says that the student has left. */
export const isLeavingCode = (code: string, rules: LeavingCodes): boolean =>
  code !== '' && (code === rules.graduationCode.trim() || !rules.stayingCodes.includes(code));

/**
 * Whether a student with this most recent past enrollment has left the district (docs/status-rules.md, rule 3,
 * `returning`): with a withdrawal code other than those after which students stay, or long before the last school day.
 */
export function hasLeft(past: Span, rules: LeavingCodes): boolean {
  if (past.code !== '') return isLeavingCode(past.code, rules);
  const yearEnd = plainDateOf(lastSchoolDay(past.schoolYear, past.calendarEnd));
  return yearEnd !== null && past.last < dayNumber(yearEnd.subtract({ days: daysBeforeYearEnd }));
}

/** Whether the first of two current enrollments takes precedence: default entity, latest start, highest id. */
export function isCurrentBefore(a: Span, b: Span): boolean {
  if (a.isDefaultEntity !== b.isDefaultEntity) return a.isDefaultEntity;
  if (a.start !== b.start) return a.start > b.start;
  return a.id > b.id;
}

/** Whether the first of two future enrollments takes precedence: earliest start, default entity, highest id. */
export function isFutureBefore(a: Span, b: Span): boolean {
  if (a.start !== b.start) return a.start < b.start;
  if (a.isDefaultEntity !== b.isDefaultEntity) return a.isDefaultEntity;
  return a.id > b.id;
}

/** Whether the first of two past enrollments is more recent: last day, start, default entity, id. */
export function isPastBefore(a: Span, b: Span): boolean {
  if (a.last !== b.last) return a.last > b.last;
  if (a.start !== b.start) return a.start > b.start;
  if (a.isDefaultEntity !== b.isDefaultEntity) return a.isDefaultEntity;
  // Ids are unique in the SIS; if one is received twice, the code makes the result independent of the order.
  return a.id === b.id ? a.code > b.code : a.id > b.id;
}
