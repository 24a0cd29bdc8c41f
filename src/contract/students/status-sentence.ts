/** Explains a student's status by its facts: dates, school and code. Every screen shows these sentences. */
import { type DistrictEnrollmentStatus, statusLabels } from '../../enrollment/enrollment-status.ts';
import type { StatusRule, UncountedReason } from '../../enrollment/status-decision.ts';
import { uncountedSentence } from '../../enrollment/status-reason.ts';
import { formatDay, formatSchoolYear } from '../day-format.ts';

/** The enrollment that determines the status. Dates are `YYYY-MM-DD`; null if unknown or a placeholder. */
export interface StatusEnrollment {
  readonly schoolName: string | null;
  readonly schoolYear: number;
  readonly startDate: string | null;
  /** The last day in effect; null if ongoing. */
  readonly lastDay: string | null;
  readonly withdrawalDate: string | null;
  /** Whether it ended with a finished school year without being closed. */
  readonly isClosedWithYear: boolean;
  readonly code: string | null;
  readonly codeDescription: string | null;
}

/** A status that a user set. */
export interface ManualStatusFacts {
  readonly since: string;
  readonly setBy: string;
  readonly reason: string | null;
}

export interface StatusFacts {
  readonly status: DistrictEnrollmentStatus;
  /** Null if set manually. */
  readonly rule: StatusRule | null;
  readonly enrollment: StatusEnrollment | null;
  /** Why each of the other enrollments is not counted. */
  readonly uncounted: readonly UncountedReason[];
  readonly manual: ManualStatusFacts | null;
  /** The date for which the status was determined. */
  readonly decidedOn: string | null;
}

/** Returns the status with its reason: `Inactive: withdrew Feb 12, 2026 from Lakeview High (code 80, moved in state).` */
export function statusReason(facts: StatusFacts): string {
  const { rule, status } = facts;
  const reason = rule === null ? manualReason(facts.manual) : ruleReasons[rule](facts);
  return `${statusLabels[status]}: ${reason}`;
}

const none = 'No current or upcoming enrollment.';

const ruleReasons: Readonly<Record<StatusRule, (facts: StatusFacts) => string>> = {
  'current-enrollment': ({ enrollment }) => {
    if (enrollment?.startDate == null) return 'an enrollment is in effect.';
    const { startDate, lastDay } = enrollment;
    const until = lastDay === null ? '' : `, until ${formatDay(lastDay)}${codeNote(enrollment)}`;
    return `at ${schoolOf(enrollment)} since ${formatDay(startDate)}${until}.`;
  },
  'future-without-past': ({ enrollment }) =>
    enrollment?.startDate == null
      ? 'an enrollment starts at a later date.'
      : `starts ${formatDay(enrollment.startDate)} at ${schoolOf(enrollment)}.`,
  'future-with-past': ({ enrollment }) =>
    enrollment?.startDate == null
      ? 'between two enrollments.'
      : `between two enrollments, returns ${formatDay(enrollment.startDate)} to ${schoolOf(enrollment)}.`,
  graduated: ({ enrollment, decidedOn }) => {
    const day = enrollment && leavingDay(enrollment, decidedOn);
    if (enrollment === null || day === null) {
      return `the last enrollment ended with the graduation code. ${none}`;
    }
    const left = `left ${schoolOf(enrollment)} on ${formatDay(day)}${codeNote(enrollment)}`;
    return `${left}. ${none}${keptNote(enrollment, decidedOn)}`;
  },
  withdrawn: ({ enrollment, decidedOn }) =>
    enrollment === null
      ? `the last enrollment ended. ${none}`
      : `${ending(enrollment, decidedOn)}${codeNote(enrollment)}. ${none}${keptNote(enrollment, decidedOn)}`,
  'no-enrollment': ({ uncounted }) => {
    const [first] = uncounted;
    if (first === undefined) return 'no enrollment in Skyward.';
    const others = uncounted.some((reason) => reason !== first);
    if (others) return `none of ${uncounted.length} enrollments is counted.`;
    const reason = uncountedSentence(first).replace('Not counted: ', '');
    return uncounted.length === 1
      ? `the only enrollment is not counted: ${reason}`
      : `none of ${uncounted.length} enrollments is counted. For each: ${reason}`;
  },
};

function manualReason(manual: ManualStatusFacts | null): string {
  if (manual === null) return 'set manually.';
  const note = manual.reason === null ? '' : ` (${manual.reason})`;
  return `set manually by ${manual.setBy}, since ${formatDay(manual.since)}${note}.`;
}

const schoolOf = ({ schoolName }: StatusEnrollment): string => schoolName ?? 'an unnamed school';

/** `withdrew Feb 12, 2026 from Lakeview High`, or how else an enrollment ended. */
function ending(enrollment: StatusEnrollment, decidedOn: string | null): string {
  const day = leavingDay(enrollment, decidedOn);
  const school = schoolOf(enrollment);
  if (enrollment.isClosedWithYear) {
    return `the ${formatSchoolYear(enrollment.schoolYear)} enrollment at ${school} ended with the school year`;
  }
  if (day === null) return `the enrollment at ${school} ended`;
  return enrollment.withdrawalDate !== null || enrollment.code !== null
    ? `withdrew ${formatDay(day)} from ${school}`
    : `the enrollment at ${school} ended ${formatDay(day)}`;
}

/** Returns the withdrawal date, or the last day while the withdrawal date is still to come (a break, a summer). */
function leavingDay(
  { withdrawalDate, lastDay }: StatusEnrollment,
  decidedOn: string | null,
): string | null {
  if (withdrawalDate === null || lastDay === null) return withdrawalDate ?? lastDay;
  return decidedOn !== null && withdrawalDate > decidedOn ? lastDay : withdrawalDate;
}

/** ` (code 80, moved in state)`; empty without a code. */
function codeNote({ code, codeDescription }: StatusEnrollment): string {
  if (code === null || code.trim() === '') return '';
  const description = codeDescription?.trim() ?? '';
  const note =
    description === '' || description === code.trim() ? '' : `, ${inClause(description)}`;
  return ` (code ${code.trim()}${note})`;
}

/** Lowers the first letter of a description in sentence case; one with other capitals has names and stays. */
const inClause = (text: string): string =>
  /^\p{Lu}[^\p{Lu}]*$/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** An enrollment counts for a year after it ended; then its status is kept until there is another one. */
function keptNote(enrollment: StatusEnrollment, decidedOn: string | null): string {
  const ended = enrollment.withdrawalDate ?? enrollment.lastDay;
  if (ended === null || decidedOn === null) return '';
  const yearLater = Temporal.PlainDate.from(ended).add({ years: 1 });
  return yearLater.toString() < decidedOn
    ? ' Kept, because that is more than a year ago and nothing newer is in Skyward.'
    : '';
}

export interface StatusChange {
  readonly from: DistrictEnrollmentStatus;
  readonly to: DistrictEnrollmentStatus;
  readonly on: string;
}

/** Returns `Pre-Enrolled → Enrolled on Dec 2, 2026.`, or that no change is scheduled. */
export const changeSentence = (change: StatusChange | null): string =>
  change === null
    ? 'No change is scheduled.'
    : `${statusLabels[change.from]} → ${statusLabels[change.to]} on ${formatDay(change.on)}.`;

/** Returns a note if the status is older than today: `As of Nov 20, 2026.`; null if it is current. */
export function staleNote(
  {
    decidedOn,
    change,
  }: { readonly decidedOn: string | null; readonly change: StatusChange | null },
  today: string,
): string | null {
  if (decidedOn === null || decidedOn >= today) return null;
  return change !== null && change.on <= today
    ? `Status as of ${formatDay(decidedOn)}. The next import changes it to ${statusLabels[change.to]}.`
    : `Status as of ${formatDay(decidedOn)}.`;
}

/** Says that nobody knows the status in a school year that has no enrollment of the student yet. */
export const notKnownSentence = (schoolYear: number): string =>
  `Not known yet: ${formatSchoolYear(schoolYear)} enrollments are not in Skyward.`;
