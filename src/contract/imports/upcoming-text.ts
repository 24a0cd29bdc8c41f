/** Sentences about status changes by date: on screens, in mails and in the API. */
import { type DistrictEnrollmentStatus, statusLabels } from '../../enrollment/enrollment-status.ts';
import type { ForecastReason } from '../../enrollment/status-forecast.ts';
import type { YearClosing, YearEnd } from '../../enrollment/year-end.ts';
import { formatDay, formatSchoolYear } from '../day-format.ts';

/** Returns `4,210 students` or `1 student`. */
export const countStudents = (count: number): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? 'student' : 'students'}`;

interface Change {
  readonly from: DistrictEnrollmentStatus;
  readonly to: DistrictEnrollmentStatus;
  readonly students: number;
}

/** Returns `4,210 students (Enrolled → Inactive), 12 students (Pre-Enrolled → Inactive)`. */
const listChanges = (changes: readonly Change[]): string =>
  changes
    .map(
      ({ from, to, students }) =>
        `${countStudents(students)} (${statusLabels[from]} → ${statusLabels[to]})`,
    )
    .join(', ');

/** Says who is on hold and why. */
export function holdSentence(
  reason: 'enrollments-ended' | 'year-turned',
  since: string,
  changes: readonly Change[],
): string {
  const students = changes.reduce((sum, change) => sum + change.students, 0);
  const why =
    reason === 'year-turned'
      ? 'because Skyward’s current school year has changed'
      : 'because their enrollments have ended';
  const verb = students === 1 ? 'keeps its status' : 'keep their status';
  return `Since ${formatDay(since)}, ${countStudents(students)} ${verb}. Without this hold, the date alone would have changed ${listChanges(changes)}, ${why}.`;
}

/** Says what a date will change, and that it waits for a decision. */
export const aheadSentence = (on: string, students: number): string =>
  `On ${formatDay(on)}, the date alone would change the status of ${countStudents(students)}. They keep it until you decide.`;

/** Says how many students on hold would keep their status if the next year counted. */
export const keptSentence = (kept: number, students: number): string =>
  `If you count next year’s enrollments, ${kept.toLocaleString('en-US')} of ${countStudents(students)} keep their status.`;

/** Says of one student what the hold keeps back: `On hold since Jun 1, 2027: would become Inactive.` */
export const studentHoldSentence = (since: string, to: DistrictEnrollmentStatus): string =>
  `On hold since ${formatDay(since)}: would become ${statusLabels[to]}.`;

/** Says why statuses change. */
export function forecastReason(reason: ForecastReason, schoolYear: number): string {
  const next = formatSchoolYear(schoolYear + 1);
  const reasons: Readonly<Record<ForecastReason, string>> = {
    leaves: 'The last enrollment ends with a withdrawal code of students who leave.',
    ends: 'The last enrollment ends.',
    'ends-before-next-year': `The last enrollment ends, and the one of ${next} does not count before it starts.`,
    graduates: 'The last enrollment ends with the graduation code.',
    'graduates-in-season': 'The highest grade graduates.',
    begins: 'An enrollment begins.',
    counts: 'Another enrollment counts from then on.',
    setting: 'Another setting for next year’s enrollments.',
  };
  return reasons[reason];
}

const closings: Readonly<Record<YearClosing, (year: string) => string>> = {
  ahead: (year) =>
    `Most enrollments of ${year} already have an end date: the end of the year is entered ahead.`,
  'last-day': (year) => `Most enrollments of ${year} ended about the last day of school.`,
  turn: (year) => `Most enrollments of ${year} ended with the school year, after the summer began.`,
  never: (year) => `Most enrollments of ${year} have no end date.`,
  unknown: () =>
    'The enrollments of the last school year do not tell how the district closes a year.',
};

/** Says how the district closes a school year, and why the setting is proposed. */
export function yearEndSentence(yearEnd: YearEnd): string {
  const { closing, schoolYear, leavers, leaversWithNextYear } = yearEnd;
  const closed = closings[closing](formatSchoolYear(schoolYear));
  const isKept = leaversWithNextYear > 0;
  const left = isKept
    ? `${countStudents(leaversWithNextYear)} of ${leavers.toLocaleString('en-US')} who left still had an enrollment of the next school year.`
    : leavers > 0
      ? 'Students who left had no enrollment of the next school year.'
      : '';
  return [closed, left].filter((sentence) => sentence !== '').join(' ');
}
