/** Decides a student's enrollment status for one day, with its reasons. Knows no clock and no district. */
import { dayNumber, lastDay, neverDay, nextDay, plainDateOf, previousDay } from './day-number.ts';
import {
  isCurrentBefore,
  isFutureBefore,
  isPastBefore,
  isRetrieved,
  spanOf,
  type Span,
} from './enrollment-span.ts';
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

interface Outcome {
  readonly rule: StatusRule;
  readonly decidedBy: Span | undefined;
}

/** A decision with its days as numbers (see `day-number.ts`), `neverDay` where there is none. */
export interface DecisionInDays extends Omit<StatusDecision, 'changesOn' | 'sameThrough'> {
  readonly changesOn: number;
  readonly sameThrough: number;
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
  const decision = decideStatusInDays(enrollments, dayNumber(today), schoolYear, rules);
  const changesOn = plainDateOf(decision.changesOn);
  return { ...decision, changesOn, sameThrough: plainDateOf(decision.sameThrough) };
}

/** `decideStatus` for whole rosters: making two `Temporal.PlainDate` costs as much as all the rest. */
export function decideStatusInDays(
  enrollments: readonly Enrollment[],
  today: number,
  schoolYear: number,
  rules: StatusRules,
): DecisionInDays {
  const graduationCode = rules.graduationCode.trim();
  const ignoredCode = rules.ignoredCode.trim().toUpperCase();
  const spans: Span[] = [];
  for (const row of enrollments) {
    spans.push(spanOf(row, schoolYear, ignoredCode, rules.includeUpcomingSchoolYear));
  }

  const outcome = outcomeOn(spans, today, graduationCode);
  const status = statusOfRule[outcome.rule];
  let changesOn: number = neverDay;
  let sameThrough: number = neverDay;
  for (const later of turningDays(spans, today)) {
    const then = outcomeOn(spans, later, graduationCode);
    if (sameThrough === neverDay && !isSameDecision(spans, today, outcome, later, then)) {
      sameThrough = previousDay(later);
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
    leftOut: leftOutOn(spans, today),
    changesOn,
    sameThrough,
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
 * The days after `day` on which anything about any row can turn, ascending, some twice: it starts, is over,
 * counts as withdrawn, is withdrawn for more than a year. Between two of them every decision is the same.
 */
function turningDays(spans: readonly Span[], day: number): readonly number[] {
  const days: number[] = [];
  for (const span of spans) {
    if (span.wasNeverEffective) continue;
    if (span.start > day) days.push(span.start);
    if (span.last >= day && span.last < lastDay) days.push(nextDay(span.last));
    if (span.withdrawnFrom > day && span.withdrawnFrom <= lastDay) days.push(span.withdrawnFrom);
    if (span.withdrawnBefore > day && span.withdrawnBefore <= lastDay) {
      days.push(span.withdrawnBefore);
    }
  }
  return days.length < 2 ? days : days.toSorted((a, b) => a - b);
}
