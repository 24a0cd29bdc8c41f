/** A student's published status with its reason and its next change, for the tabs of the record. */
import type { StudentStatus } from '../../contract/students/students.ts';
import { studentHoldSentence } from '../../contract/imports/upcoming-text.ts';
import type { DistrictEnrollmentStatus } from '../../enrollment/enrollment-status.ts';
import {
  changeSentence,
  staleNote,
  type StatusChange,
  type StatusEnrollment,
  statusReason,
} from '../../contract/students/status-sentence.ts';
import { dayText, neverDay } from '../../enrollment/day-number.ts';
import {
  type DecisionSettings,
  parseDecisionSettings,
} from '../../enrollment/decision-settings.ts';
import type { Enrollment } from '../../enrollment/enrollment.ts';
import { spanOf } from '../../enrollment/enrollment-span.ts';
import { plausibleDay } from '../../enrollment/plausible-day.ts';
import { schoolYearOf } from '../../enrollment/school-year.ts';
import { decideStatus } from '../../enrollment/status-decision.ts';
import { findStatusHorizon, type StatusHorizon } from '../../enrollment/status-horizon.ts';
import { defaultStatusRules } from '../../enrollment/status-settings.ts';
import { toEnrollment } from './enrollments.ts';
import type { DecisionColumns, StoredEnrollment } from './rows.ts';

/** A manual status, embedded in a query's JSON. */
export interface JsonManualStatus {
  readonly since: string;
  readonly setBy: string;
  readonly reason: string | null;
}

/** SQL: the manual status of `students s`; null if an import determined the status. */
export const manualStatusOf = `(
  select to_jsonb(h) from (
    select since, set_by_name as "setBy", reason from hand_set_statuses
    where s.status_rule is null and district_id = s.district_id and student_id = s.id) h)`;

/** What a status is explained with. */
export interface StoredStatus extends DecisionColumns {
  readonly status_decided_on: string | null;
  /** The last day on which it is certainly the same without new data. */
  readonly status_same_through: string | null;
  /** The status by the rules, while it is on hold, and since when. */
  readonly status_on_hold: DistrictEnrollmentStatus | null;
  readonly status_on_hold_since: string | null;
  readonly manual: JsonManualStatus | null;
}

/** Returns the settings of a status that an import determined; `undefined` for a manual one. */
export const settingsOf = (stored: DecisionColumns): DecisionSettings | undefined =>
  // A status without a rule was set manually and does not change by date.
  stored.status_rule === null ? undefined : parseDecisionSettings(stored.status_decided_under);

/** Converts the published status, with the enrollments it was determined from. */
export function toStudentStatus(
  stored: StoredStatus,
  rows: readonly StoredEnrollment[],
  today: Temporal.PlainDate,
): StudentStatus {
  const settings = settingsOf(stored);
  const deciding = rows.find((row) => row.skyward_id === stored.status_decided_by);
  const enrollment = deciding && toStatusEnrollment(deciding, settings?.schoolYear);
  const decidedOn = dayOf(stored, today.toString());
  const change = findChange(stored, rows.map(toEnrollment), today);
  return {
    value: stored.status,
    rule: stored.status_rule,
    reason: statusReason({
      status: stored.status,
      rule: stored.status_rule,
      enrollment: enrollment ?? null,
      uncounted: stored.status_left_out.map(({ reason }) => reason),
      manual: stored.manual,
      decidedOn: decidedOn ?? today.toString(),
    }),
    decidedBy: stored.status_decided_by,
    enrollment: enrollment ?? null,
    decidedOn,
    changesOn: change?.on ?? null,
    nextStatus: change?.to ?? null,
    change: changeSentence(change),
    onHold: findHold(stored),
    staleNote: staleNote({ decidedOn, change }, today.toString()),
  };
}

/** Says what the status is kept from; null if it is not on hold. */
function findHold({
  status_rule: rule,
  status_on_hold: to,
  status_on_hold_since: since,
}: StoredStatus) {
  return rule === null || to === null || since === null ? null : studentHoldSentence(since, to);
}

/** Returns the day that the status is of: today as long as no date may have changed it. */
function dayOf(stored: StoredStatus, today: string): string | null {
  const { status_rule: rule, status_decided_on: decidedOn, status_same_through: through } = stored;
  if (rule === null || decidedOn === null) return null;
  return through !== null && decidedOn < today && through >= today ? today : decidedOn;
}

/** Converts the enrollment that determines a status; placeholder dates become null. */
export function toStatusEnrollment(
  row: StoredEnrollment,
  schoolYear: number | undefined,
): StatusEnrollment {
  const end = plausibleDay(row.end_date);
  const withdrawal = plausibleDay(row.withdrawal_date);
  const { last } = spanOf(toEnrollment(row), schoolYear ?? 0, '', neverDay);
  return {
    schoolName: row.school_name ?? row.entity_name,
    schoolYear: row.school_year,
    startDate: plausibleDay(row.start_date),
    lastDay: dayText(last),
    withdrawalDate: withdrawal,
    isClosedWithYear: end === null && withdrawal === null && last !== neverDay,
    code: row.withdrawal_code,
    codeDescription: row.withdrawal_reason,
  };
}

/** Returns the horizon as of the last day on which the settings' school year is known to be the current one. */
export function horizonOf(
  enrollments: readonly Enrollment[],
  today: Temporal.PlainDate,
  decidedOn: string | null,
  { schoolYear, rules }: DecisionSettings,
): StatusHorizon {
  const decisionDay = decidedOn === null ? today : Temporal.PlainDate.from(decidedOn);
  const lastKnown = Temporal.PlainDate.compare(decisionDay, today) > 0 ? decisionDay : today;
  return findStatusHorizon(enrollments, lastKnown, schoolYear, rules);
}

/** Returns the next change by date; null if there is none, or if it lies beyond what is known. */
function findChange(
  stored: StoredStatus,
  enrollments: readonly Enrollment[],
  today: Temporal.PlainDate,
): StatusChange | null {
  const { status, status_changes_on: on, status_decided_on: decidedOn } = stored;
  if (on === null || stored.status_rule === null) return null;
  const settings = settingsOf(stored) ?? {
    schoolYear: schoolYearOf(today),
    rules: defaultStatusRules,
  };
  const day = Temporal.PlainDate.from(on);
  const { unknownFrom } = horizonOf(enrollments, today, decidedOn, settings);
  if (unknownFrom !== null && Temporal.PlainDate.compare(day, unknownFrom) >= 0) return null;
  const to = decideStatus(enrollments, day, settings.schoolYear, settings.rules).status;
  return to === status ? null : { from: status, to, on };
}
