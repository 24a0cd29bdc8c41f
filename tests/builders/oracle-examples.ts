/** Examples for the tests of the status oracle: enrollments, expected decisions, and checking them. */
import { expect, it } from 'vitest';

import {
  expectedDecision,
  type NextYear,
  type OracleDecision,
  type OracleEnrollment,
  type OracleReason,
} from '../status-oracle.ts';

/** Returns an enrollment of the school year 2027, by default open since the first school day. */
export function row(id: number, facts: Partial<OracleEnrollment> = {}): OracleEnrollment {
  return {
    id,
    schoolYear: 2027,
    startDate: '2026-08-12',
    endDate: null,
    withdrawalDate: null,
    withdrawalCode: null,
    isDefaultEntity: true,
    calendarEndDate: null,
    ...facts,
  };
}

/** Returns an open row of the school year 2026, with a calendar end. */
export const lastYear = (id: number, facts: Partial<OracleEnrollment> = {}) =>
  row(id, { schoolYear: 2026, startDate: '2025-08-13', ...facts });

/** Returns a row of the school year 2028, from its first day on. */
export const nextYearRow = (id: number, facts: Partial<OracleEnrollment> = {}) =>
  row(id, { schoolYear: 2028, startDate: '2027-08-11', ...facts });

/** The date, by default with the school year 2027 and the setting `current`. */
interface Day {
  readonly today?: string;
  readonly schoolYear?: number;
  readonly nextYear?: NextYear;
}

export function decide(day: Day, ...enrollments: OracleEnrollment[]): OracleDecision {
  const question = { today: '2026-11-23', schoolYear: 2027, nextYear: 'current', ...day } as const;
  return expectedDecision(enrollments, question);
}

type Outcome = OracleDecision['rule'];
const statusOf: Record<Outcome, OracleDecision['status']> = {
  'current-enrollment': 'ENROLLED',
  'future-without-past': 'PRE_ENROLLED',
  'future-with-past': 'ENROLLED',
  graduated: 'GRADUATED',
  withdrawn: 'INACTIVE',
  'no-enrollment': 'INACTIVE',
};

/** Returns a decision: rule, deciding enrollment, next change, and uncounted enrollments. */
export function decision(
  rule: Outcome,
  decidedBy: number | null,
  changesOn: string | null,
  leftOut: Record<number, OracleReason> = {},
): OracleDecision {
  return {
    status: statusOf[rule],
    rule,
    decidedBy,
    leftOut: Object.entries(leftOut).map(([id, reason]) => ({ id: Number(id), reason })),
    changesOn,
  };
}

type Example = readonly [
  title: string,
  day: Day,
  enrollments: readonly OracleEnrollment[],
  expected: OracleDecision,
];

/** Checks examples in both orders, since the order of enrollments must not matter. */
export function checkExamples(list: readonly Example[]): void {
  it.each(list)('%s', (_title, day, enrollments, expected) => {
    expect(decide(day, ...enrollments)).toEqual(expected);
    expect(decide(day, ...enrollments.toReversed())).toEqual(expected);
  });
}
