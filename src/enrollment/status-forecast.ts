/** Which statuses will change on which day because of dates in the enrollments that are there. Pure. */
import { neverDay } from './day-number.ts';
import type { DistrictEnrollmentStatus } from './enrollment-status.ts';
import type { Enrollment } from './enrollment.ts';
import { isLeavingCode } from './enrollment-span.ts';
import { isGraduationSeason } from './graduation-season.ts';
import { decideStatusInDays, type DecisionInDays } from './status-decision.ts';
import type { StatusRules } from './status-settings.ts';

/**
 * Why: the last enrollment ends with a withdrawal code of students who leave; it ends without one; so, and one of the next school year is there that does not count; it ends with
 * the graduation code, in season for the highest grade or not; one begins; another enrollment counts from then on; or
 * another setting of the next school year would change it today.
 */
export type ForecastReason =
  | 'leaves'
  | 'ends'
  | 'ends-before-next-year'
  | 'graduates'
  | 'graduates-in-season'
  | 'begins'
  | 'counts'
  | 'setting';

export interface ForecastStudent {
  /** The published status. */
  readonly status: DistrictEnrollmentStatus;
  readonly isOnHold: boolean;
  readonly isOfHighestGrade: boolean;
  readonly enrollments: readonly Enrollment[];
}

export interface ForecastChange {
  /** As a day number. */
  readonly on: number;
  readonly from: DistrictEnrollmentStatus;
  readonly to: DistrictEnrollmentStatus;
  readonly reason: ForecastReason;
}

export interface ForecastScope {
  /** As a day number. */
  readonly today: number;
  readonly schoolYear: number;
  readonly rules: StatusRules;
  /** Whether the rules are those of the district; then what differs today is on hold or about to be published. */
  readonly isPresent: boolean;
}

/** No student changes more often; stops at rows that contradict each other without end. */
const maxChanges = 12;

/**
 * Returns the changes of one student after `today`, in order. Skyward's current school year is held fixed: what only its
 * turn would change nobody can tell before the rows of that year are there.
 */
export function forecastChanges(
  { status, isOnHold, isOfHighestGrade, enrollments }: ForecastStudent,
  { today, schoolYear, rules, isPresent }: ForecastScope,
): ForecastChange[] {
  const changes: ForecastChange[] = [];
  let decision = decideStatusInDays(enrollments, today, schoolYear, rules);
  let from = status;
  const isKept = isOnHold || isPresent || decision.rule === 'no-enrollment';
  if (!isKept && decision.status !== status) {
    changes.push({ on: today, from, to: decision.status, reason: 'setting' });
    from = decision.status;
  }
  while (decision.changesOn !== neverDay && changes.length < maxChanges) {
    const on = decision.changesOn;
    decision = decideStatusInDays(enrollments, on, schoolYear, rules, today);
    if (decision.status === from) continue;
    const reason = reasonOf(decision, { enrollments, schoolYear, isOfHighestGrade, rules });
    changes.push({ on, from, to: decision.status, reason });
    from = decision.status;
  }
  return changes;
}

/** Whether a student has the published status by these rules, too. */
export const keepsStatus = (
  { status, enrollments }: Pick<ForecastStudent, 'status' | 'enrollments'>,
  { today, schoolYear, rules }: Omit<ForecastScope, 'isPresent'>,
): boolean => decideStatusInDays(enrollments, today, schoolYear, rules).status === status;

function reasonOf(
  { rule, decidedBy }: DecisionInDays,
  {
    enrollments,
    schoolYear,
    isOfHighestGrade,
    rules,
  }: Pick<ForecastStudent, 'enrollments' | 'isOfHighestGrade'> &
    Pick<ForecastScope, 'schoolYear' | 'rules'>,
): ForecastReason {
  if (rule === 'current-enrollment') return 'begins';
  const row = enrollments.find(({ id }) => id === decidedBy);
  if (rule === 'graduated') {
    return isOfHighestGrade && row !== undefined && isGraduationSeason(row)
      ? 'graduates-in-season'
      : 'graduates';
  }
  if (rule !== 'withdrawn') return 'counts';
  if (isLeavingCode(row?.withdrawalCode?.trim() ?? '', rules)) return 'leaves';
  return enrollments.some((other) => other.schoolYear === schoolYear + 1 && other.isNoShow !== true)
    ? 'ends-before-next-year'
    : 'ends';
}
