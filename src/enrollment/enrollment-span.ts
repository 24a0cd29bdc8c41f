/** An enrollment as the status rules weigh it: its interval and its window, in day numbers. */
import { dayAfterOneYear, dayNumber, neverDay, previousDay } from './day-number.ts';
import type { Enrollment } from './enrollment.ts';
import { lastDayOfFinishedYear } from './school-year.ts';

/** What the rules need of one row, in day numbers, the same for every day. */
export interface Span {
  readonly id: number;
  readonly isDefaultEntity: boolean;
  readonly code: string;
  readonly isIgnored: boolean;
  readonly wasNeverEffective: boolean;
  readonly start: number;
  /** Last day in effect; `neverDay` while open. */
  readonly last: number;
  /** Withdrawn within the past year on every day from here … */
  readonly withdrawnFrom: number;
  /** … to the day before this one. */
  readonly withdrawnBefore: number;
  readonly isOfCurrentYear: boolean;
  readonly isAlwaysRetrieved: boolean;
}

/** Reads a row by rules 1 and 2 of the design; `ignoredCode` trimmed and in capitals. */
export function spanOf(
  row: Enrollment,
  schoolYear: number,
  ignoredCode: string,
  includeUpcomingSchoolYear: boolean,
): Span {
  const start = dayNumber(row.startDate);
  const code = row.withdrawalCode === null ? '' : row.withdrawalCode.trim();
  let last: number;
  let withdrawn: number;
  if (row.endDate === null && row.withdrawalDate === null) {
    // A finished year that was never closed ended with its calendar, or on 30 June (design rule 2).
    last =
      row.schoolYear >= schoolYear
        ? neverDay
        : lastDayOfFinishedYear(
            row.schoolYear,
            row.calendarEndDate === null ? null : dayNumber(row.calendarEndDate),
          );
    withdrawn = last;
  } else {
    const end = row.endDate === null ? neverDay : dayNumber(row.endDate);
    withdrawn = row.withdrawalDate === null ? end : dayNumber(row.withdrawalDate);
    last = row.endDate === null ? previousDay(withdrawn) : end;
  }
  return {
    id: row.id,
    isDefaultEntity: row.isDefaultEntity,
    code,
    isIgnored: code !== '' && code.toUpperCase() === ignoredCode,
    wasNeverEffective: last < start,
    start,
    last,
    withdrawnFrom: withdrawn,
    withdrawnBefore: withdrawn === neverDay ? neverDay : dayAfterOneYear(withdrawn),
    isOfCurrentYear: row.schoolYear === schoolYear,
    isAlwaysRetrieved: includeUpcomingSchoolYear && row.schoolYear === schoolYear + 1,
  };
}

/** R32, R33: withdrawn within the past year, or of the current year and in effect today or later. */
export const isRetrieved = (span: Span, day: number): boolean =>
  (span.isOfCurrentYear && day <= span.last) ||
  (span.withdrawnFrom <= day && day < span.withdrawnBefore) ||
  span.isAlwaysRetrieved;

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
