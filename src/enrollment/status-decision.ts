/** Decides a student's enrollment status for one day, with its reasons. Knows no clock and no district. */
import {
  dayAfterOneYear,
  dayNumber,
  lastDay,
  neverDay,
  nextDay,
  plainDateOf,
  previousDay,
} from './day-number.ts';
import type { ImportedStatus } from './enrollment-status.ts';
import type { Enrollment } from './enrollment.ts';
import { defaultStatusRules, type StatusRules } from './status-rules.ts';

export type StatusRule =
  | 'current-enrollment'
  | 'future-without-past'
  | 'future-with-past'
  | 'graduated'
  | 'withdrawn'
  | 'no-enrollment';

export type LeftOutReason = 'not-retrieved' | 'cecs' | 'never-effective';

export interface LeftOutEnrollment {
  readonly id: number;
  readonly reason: LeftOutReason;
}

export interface StatusDecision {
  readonly status: ImportedStatus;
  readonly rule: StatusRule;
  /**
   * The enrollment that decided, `null` under `no-enrollment`. The same row gives building and grade (Q17).
   *
   * | rule | of the rows that count, the one … |
   * |---|---|
   * | current-enrollment | in effect today: default entity first, then latest start, then highest id |
   * | future-… | starting later: earliest start first, then default entity, then highest id |
   * | graduated, withdrawn | over: latest last day first, then latest start, default entity, highest id |
   */
  readonly decidedBy: number | null;
  /** Every row that did not count, by id. Where several reasons hold, the first of the rules' order stands. */
  readonly leftOut: readonly LeftOutEnrollment[];
  /** The first later day with another status if nothing else changes; `null` if there is none. */
  readonly changesOn: Temporal.PlainDate | null;
  /**
   * The last day on which status, rule, deciding row and rows left out are all still the same if nothing
   * else changes; `null` for ever. Deriving again before the day after it gives nothing new.
   */
  readonly sameThrough: Temporal.PlainDate | null;
}

/** The status each rule gives (R37 to R41). */
export const statusOfRule: Readonly<Record<StatusRule, ImportedStatus>> = {
  'current-enrollment': 'ENROLLED',
  'future-without-past': 'PRE_ENROLLED',
  'future-with-past': 'ENROLLED',
  graduated: 'GRADUATED',
  withdrawn: 'INACTIVE',
  'no-enrollment': 'INACTIVE',
};

/** What the rules need of one row, in day numbers, the same for every day. */
interface Span {
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

interface Outcome {
  readonly rule: StatusRule;
  readonly decidedBy: Span | undefined;
}

/**
 * Decides what a student's enrollments mean on `today` (design "Enrollment status", R32 to R42).
 *
 * `enrollments` are all rows of one student, in any order; `today` is the district's own day; `schoolYear`
 * the SIS' current one. Rows are first weeded out (never in effect; not retrieved; ignored code), then the
 * first rule that fits gives the status. Never throws.
 */
export function decideStatus(
  enrollments: readonly Enrollment[],
  today: Temporal.PlainDate,
  schoolYear: number,
  rules: StatusRules = defaultStatusRules,
): StatusDecision {
  const day = dayNumber(today);
  const graduationCode = rules.graduationCode.trim();
  const ignoredCode = rules.ignoredCode.trim().toUpperCase();
  const spans: Span[] = [];
  for (const row of enrollments) {
    spans.push(spanOf(row, schoolYear, ignoredCode, rules.includeUpcomingSchoolYear));
  }

  const outcome = outcomeOn(spans, day, graduationCode);
  const status = statusOfRule[outcome.rule];
  let changesOn: number = neverDay;
  let differsOn: number = neverDay;
  for (const later of turningDays(spans, day)) {
    const then = outcomeOn(spans, later, graduationCode);
    if (differsOn === neverDay && !isSameDecision(spans, day, outcome, later, then)) {
      differsOn = later;
    }
    if (statusOfRule[then.rule] !== status) {
      changesOn = later;
      break;
    }
  }
  return {
    status,
    rule: outcome.rule,
    decidedBy: outcome.decidedBy?.id ?? null,
    leftOut: leftOutOn(spans, day),
    changesOn: plainDateOf(changesOn),
    sameThrough: differsOn === neverDay ? null : plainDateOf(previousDay(differsOn)),
  };
}

/**
 * The row that gives the student's building and grade (Q17): the one that decided the status. `undefined`
 * under `no-enrollment`. `enrollments` must be those the decision was made from.
 */
export function decidingEnrollment<Row extends Pick<Enrollment, 'id'>>(
  enrollments: readonly Row[],
  decision: Pick<StatusDecision, 'decidedBy'>,
): Row | undefined {
  return enrollments.find((row) => row.id === decision.decidedBy);
}

function spanOf(
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
        : row.calendarEndDate === null
          ? row.schoolYear * 10_000 + 630
          : dayNumber(row.calendarEndDate);
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
const isRetrieved = (span: Span, day: number): boolean =>
  (span.isOfCurrentYear && day <= span.last) ||
  (span.withdrawnFrom <= day && day < span.withdrawnBefore) ||
  span.isAlwaysRetrieved;

function outcomeOn(spans: readonly Span[], day: number, graduationCode: string): Outcome {
  let current: Span | undefined;
  let future: Span | undefined;
  let past: Span | undefined;
  for (const span of spans) {
    if (span.wasNeverEffective || span.isIgnored || !isRetrieved(span, day)) continue;
    if (span.start > day) {
      if (future === undefined || isFutureBefore(span, future)) future = span;
    } else if (span.last >= day) {
      if (current === undefined || isCurrentBefore(span, current)) current = span;
    } else if (past === undefined || isPastBefore(span, past)) past = span;
  }
  if (current !== undefined) return { rule: 'current-enrollment', decidedBy: current };
  if (future !== undefined) {
    return {
      rule: past === undefined ? 'future-without-past' : 'future-with-past',
      decidedBy: future,
    };
  }
  if (past === undefined) return { rule: 'no-enrollment', decidedBy: undefined };
  // A blank setting must not turn every row without a code into a graduate.
  const isGraduate = past.code !== '' && past.code === graduationCode;
  return { rule: isGraduate ? 'graduated' : 'withdrawn', decidedBy: past };
}

function isCurrentBefore(a: Span, b: Span): boolean {
  if (a.isDefaultEntity !== b.isDefaultEntity) return a.isDefaultEntity;
  if (a.start !== b.start) return a.start > b.start;
  return a.id > b.id;
}

function isFutureBefore(a: Span, b: Span): boolean {
  if (a.start !== b.start) return a.start < b.start;
  if (a.isDefaultEntity !== b.isDefaultEntity) return a.isDefaultEntity;
  return a.id > b.id;
}

function isPastBefore(a: Span, b: Span): boolean {
  if (a.last !== b.last) return a.last > b.last;
  if (a.start !== b.start) return a.start > b.start;
  if (a.isDefaultEntity !== b.isDefaultEntity) return a.isDefaultEntity;
  // Ids are unique in the SIS; should one come twice, its code still settles it whatever the order.
  return a.id === b.id ? a.code > b.code : a.id > b.id;
}

function leftOutOn(spans: readonly Span[], day: number): LeftOutEnrollment[] {
  const leftOut: LeftOutEnrollment[] = [];
  for (const span of spans) {
    const reason = leftOutReason(span, day);
    if (reason !== undefined) leftOut.push({ id: span.id, reason });
  }
  if (leftOut.length > 1) {
    leftOut.sort((a, b) => a.id - b.id || (a.reason < b.reason ? -1 : 1));
  }
  return leftOut;
}

function leftOutReason(span: Span, day: number): LeftOutReason | undefined {
  if (span.wasNeverEffective) return 'never-effective';
  if (!isRetrieved(span, day)) return 'not-retrieved';
  return span.isIgnored ? 'cecs' : undefined;
}

function isSameDecision(
  spans: readonly Span[],
  day: number,
  outcome: Outcome,
  later: number,
  then: Outcome,
): boolean {
  return (
    outcome.rule === then.rule &&
    outcome.decidedBy?.id === then.decidedBy?.id &&
    spans.every(
      (span) => span.wasNeverEffective || isRetrieved(span, day) === isRetrieved(span, later),
    )
  );
}

/**
 * The days after `day` on which anything about any row can turn, ascending, each once: it starts, is over,
 * counts as withdrawn, is withdrawn for more than a year. Between two of them every decision is the same.
 */
function turningDays(spans: readonly Span[], day: number): number[] {
  const days: number[] = [];
  const add = (turning: number): void => {
    if (turning > day && turning <= lastDay) days.push(turning);
  };
  for (const span of spans) {
    if (span.wasNeverEffective) continue;
    add(span.start);
    if (span.last < lastDay) add(nextDay(span.last));
    add(span.withdrawnFrom);
    add(span.withdrawnBefore);
  }
  return days.length < 2 ? days : [...new Set(days)].toSorted((a, b) => a - b);
}
