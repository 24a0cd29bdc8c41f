/** Pure status rules: determines a student's enrollment status for one day, with its reasons. */
import { dayNumber, lastDay, neverDay, nextDay, plainDateOf, previousDay } from './day-number.ts';
import {
  hasLeft,
  isCurrentBefore,
  isFutureBefore,
  isPastBefore,
  spanOf,
  type Span,
} from './enrollment-span.ts';
import type { ImportedStatus } from './enrollment-status.ts';
import type { Enrollment } from './enrollment.ts';
import { defaultStatusRules, type StatusRules } from './status-settings.ts';

export type StatusRule =
  | 'current-enrollment'
  | 'future-without-past'
  | 'future-with-past'
  | 'graduated'
  | 'withdrawn'
  | 'no-enrollment';

export type UncountedReason = 'unreadable-date' | 'never-effective' | 'not-retrieved' | 'cecs';

export interface UncountedEnrollment {
  readonly id: number;
  readonly reason: UncountedReason;
}

export interface StatusDecision {
  readonly status: ImportedStatus;
  readonly rule: StatusRule;
  /**
   * Id of the enrollment that determines the status, and the student's school and grade; `null` under `no-enrollment`.
   *
   * | rule | the counted row that is … |
   * |---|---|
   * | current-enrollment | in effect today: default entity first, then latest start, then highest id |
   * | future-… | starting later: earliest start first, then default entity, then highest id |
   * | graduated, withdrawn | over: latest last day first, then latest start, default entity, highest id |
   */
  readonly decidedBy: number | null;
  /** Every uncounted row, by id, with the first reason in the order of the rules. */
  readonly uncounted: readonly UncountedEnrollment[];
  /**
   * The first later day with another status if nothing else changes; `null` if there is none. A day without counted
   * rows is not one, since the published status is retained then (`retainedDecision`).
   */
  readonly changesOn: Temporal.PlainDate | null;
  /**
   * The last day on which status, rule, determining row and uncounted rows are unchanged if nothing else changes;
   * `null` if they never change. Recalculating up to that day has the same result.
   */
  readonly sameThrough: Temporal.PlainDate | null;
}

/** The status of each rule (R37 to R41). */
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
  /** Whether rows of the next school year are counted before they start. */
  readonly countsNextYear: boolean;
}

/** What the rules need in addition to the rows and the day. */
interface RuleInput {
  readonly spans: readonly Span[];
  readonly schoolYear: number;
  readonly rules: StatusRules;
  readonly graduationCode: string;
}

/** A decision with day numbers (see `day-number.ts`) instead of dates; `neverDay` for none. */
export interface DecisionInDays extends Omit<StatusDecision, 'changesOn' | 'sameThrough'> {
  readonly changesOn: number;
  readonly sameThrough: number;
}

/**
 * Determines a student's status on `today` from their enrollments (docs/status-rules.md, R32 to R42).
 *
 * `enrollments` are all rows of one student, in any order; `today` is the district's date; `schoolYear` is the SIS's
 * current one; `readOn` is the day on which the rows were read, if that is not `today`. Rows that are not counted are
 * removed first (no start date, never in effect, not retrieved, ignored code); the first matching rule determines the
 * status. Never throws.
 */
export function decideStatus(
  enrollments: readonly Enrollment[],
  today: Temporal.PlainDate,
  schoolYear: number,
  rules: StatusRules = defaultStatusRules,
  readOn: Temporal.PlainDate = today,
): StatusDecision {
  const decision = decideStatusInDays(
    enrollments,
    dayNumber(today),
    schoolYear,
    rules,
    dayNumber(readOn),
  );
  const changesOn = plainDateOf(decision.changesOn);
  return { ...decision, changesOn, sameThrough: plainDateOf(decision.sameThrough) };
}

/** `decideStatus` for whole rosters, without creating `Temporal.PlainDate`s, which would double the time. */
export function decideStatusInDays(
  enrollments: readonly Enrollment[],
  today: number,
  schoolYear: number,
  rules: StatusRules,
  readOn: number = today,
): DecisionInDays {
  const input = toRuleInput(enrollments, schoolYear, rules, readOn);
  const outcome = outcomeOn(input, today);
  const status = statusOfRule[outcome.rule];
  let changesOn: number = neverDay;
  let sameThrough: number = neverDay;
  for (const later of listChangeDays(input.spans, today)) {
    const then = outcomeOn(input, later);
    if (sameThrough === neverDay && !isSameDecision(input, today, outcome, later, then)) {
      sameThrough = previousDay(later);
    }
    if (then.rule !== 'no-enrollment' && statusOfRule[then.rule] !== status) {
      changesOn = later;
      break;
    }
  }
  return {
    status,
    rule: outcome.rule,
    decidedBy: outcome.decidedBy?.id ?? null,
    uncounted: listUncounted(input, today, outcome),
    changesOn,
    sameThrough,
  };
}

/** A published status that is retained while the rows only leave the window. */
export type RetainedDecision = Pick<StatusDecision, 'status' | 'rule' | 'decidedBy'>;

/**
 * Returns the retained decision of a student without counted rows on `today`, if the only cause is that rows left the
 * retrieval window (docs/status-rules.md, rule 5): the published status and rule, determined by the same row. If the
 * row ended on a day without an import, returns the rules' result for the last day it was counted. Returns
 * `undefined` if a row is counted, or if there is another cause.
 *
 * `enrollments` are the rows published with the status.
 */
export function retainedDecision(
  published: RetainedDecision,
  enrollments: readonly Enrollment[],
  today: Temporal.PlainDate,
  schoolYear: number,
  rules: StatusRules,
  readOn: Temporal.PlainDate = today,
): RetainedDecision | undefined {
  if (published.decidedBy === null) return undefined;
  const day = dayNumber(today);
  const input = toRuleInput(enrollments, schoolYear, rules, dayNumber(readOn));
  if (outcomeOn(input, day).decidedBy !== undefined) return undefined;
  const unexpired = input.spans.map((span) => ({ ...span, retrievedBefore: neverDay }));
  const { rule, decidedBy } = outcomeOn({ ...input, spans: unexpired }, day);
  if (decidedBy?.id !== published.decidedBy) return undefined;
  return isOfPastRow(rule) && !isOfPastRow(published.rule)
    ? { status: statusOfRule[rule], rule, decidedBy: decidedBy.id }
    : published;
}

/** Returns the uncounted rows under a retained decision, without its determining row. */
export const uncountedUnderRetained = (
  uncounted: readonly UncountedEnrollment[],
  decidedBy: number | null,
): UncountedEnrollment[] => uncounted.filter(({ id }) => id !== decidedBy);

const isOfPastRow = (rule: StatusRule): boolean => rule === 'graduated' || rule === 'withdrawn';

function toRuleInput(
  enrollments: readonly Enrollment[],
  schoolYear: number,
  rules: StatusRules,
  readOn: number,
): RuleInput {
  const ignoredCode = rules.ignoredCode.trim().toUpperCase();
  const spans: Span[] = [];
  for (const row of enrollments) spans.push(spanOf(row, schoolYear, ignoredCode, readOn));
  return { spans, schoolYear, rules, graduationCode: rules.graduationCode.trim() };
}

/**
 * Whether a row is retrieved (R32, R33): in effect, withdrawn at most a year ago or in the future, or starting later
 * in the current school year, or in the next one if its rows are counted.
 */
function isRetrieved(
  span: Span,
  day: number,
  schoolYear: number,
  countsNextYear: boolean,
): boolean {
  if (span.last < day) return day < span.retrievedBefore;
  return (
    span.start <= day ||
    span.schoolYear === schoolYear ||
    (countsNextYear && span.schoolYear === schoolYear + 1)
  );
}

function outcomeOn({ spans, schoolYear, rules, graduationCode }: RuleInput, day: number): Outcome {
  let current: Span | undefined;
  let future: Span | undefined;
  let futureNextYear: Span | undefined;
  let past: Span | undefined;
  for (const span of spans) {
    if (span.neverCounts !== undefined || span.isIgnored) continue;
    if (span.start > day) {
      if (span.schoolYear === schoolYear) {
        if (future === undefined || isFutureBefore(span, future)) future = span;
      } else if (span.schoolYear === schoolYear + 1) {
        if (futureNextYear === undefined || isFutureBefore(span, futureNextYear)) {
          futureNextYear = span;
        }
      }
    } else if (span.last >= day) {
      if (current === undefined || isCurrentBefore(span, current)) current = span;
    } else if (day < span.retrievedBefore) {
      if (past === undefined || isPastBefore(span, past)) past = span;
    }
  }
  const countsNextYear =
    rules.nextSchoolYear === 'all' ||
    (rules.nextSchoolYear === 'returning' && (past === undefined || !hasLeft(past, rules)));
  if (current !== undefined) {
    return { rule: 'current-enrollment', decidedBy: current, countsNextYear };
  }
  if (countsNextYear && futureNextYear !== undefined) {
    if (future === undefined || isFutureBefore(futureNextYear, future)) future = futureNextYear;
  }
  if (future !== undefined) {
    const rule = past === undefined ? 'future-without-past' : 'future-with-past';
    return { rule, decidedBy: future, countsNextYear };
  }
  if (past === undefined) return { rule: 'no-enrollment', decidedBy: undefined, countsNextYear };
  // A blank setting must not make every student without a code a graduate.
  const isGraduate = past.code !== '' && past.code === graduationCode;
  return { rule: isGraduate ? 'graduated' : 'withdrawn', decidedBy: past, countsNextYear };
}

function listUncounted(
  { spans, schoolYear }: RuleInput,
  day: number,
  { countsNextYear }: Outcome,
): UncountedEnrollment[] {
  const uncounted: UncountedEnrollment[] = [];
  for (const span of spans) {
    const reason =
      span.neverCounts ??
      (isRetrieved(span, day, schoolYear, countsNextYear)
        ? span.isIgnored
          ? 'cecs'
          : undefined
        : 'not-retrieved');
    if (reason !== undefined) uncounted.push({ id: span.id, reason });
  }
  if (uncounted.length > 1) {
    uncounted.sort((a, b) => a.id - b.id || (a.reason < b.reason ? -1 : 1));
  }
  return uncounted;
}

function isSameDecision(
  { spans, schoolYear }: RuleInput,
  day: number,
  outcome: Outcome,
  later: number,
  then: Outcome,
): boolean {
  return (
    outcome.rule === then.rule &&
    outcome.decidedBy?.id === then.decidedBy?.id &&
    spans.every(
      (span) =>
        span.neverCounts !== undefined ||
        isRetrieved(span, day, schoolYear, outcome.countsNextYear) ===
          isRetrieved(span, later, schoolYear, then.countsNextYear),
    )
  );
}

/**
 * Returns the days after `day` on which any row can change, ascending, with repetitions: it starts, has ended, or was
 * withdrawn more than a year ago. Between two of them, the decision is constant.
 */
function listChangeDays(spans: readonly Span[], day: number): readonly number[] {
  const days: number[] = [];
  for (const span of spans) {
    if (span.neverCounts !== undefined) continue;
    if (span.start > day) days.push(span.start);
    if (span.last >= day && span.last < lastDay) days.push(nextDay(span.last));
    if (span.retrievedBefore > day && span.retrievedBefore <= lastDay) {
      days.push(span.retrievedBefore);
    }
  }
  return days.length < 2 ? days : days.toSorted((a, b) => a - b);
}
