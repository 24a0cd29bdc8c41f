/** Every kind of event of a practice district's nights, with how often and when it happens. */
import type { Day } from './day.ts';
import type { Night } from './night.ts';
import {
  classGraduated,
  latePrepared,
  schoolBegan,
  yearClosed,
  yearPrepared,
  yearRolledOver,
} from './night-calendar-events.ts';
import {
  courseBegan,
  courseEnded,
  enrollmentCancelled,
  enrollmentDeleted,
  familyArrived,
  familyRegistered,
  graduatedEarly,
  schoolChanged,
  startCorrected,
  statusChanged,
  studentNeverCame,
  studentReturned,
  studentWithdrew,
  withdrawalAnnounced,
  withdrawalCorrected,
  withdrawalUndone,
  type NightEvent,
} from './night-enrollment-events.ts';
import {
  emailChanged,
  familyMoved,
  guardianJoined,
  guardianLeft,
  guardianRenamed,
  guardianRestricted,
  phoneChanged,
  studentRenamed,
} from './night-family-events.ts';
import {
  numberGivenAgain,
  recordDuplicated,
  recordPurged,
  recordRecreated,
  recordsMerged,
  teacherCame,
  teacherLeft,
} from './night-record-events.ts';
import type { Random } from './random.ts';

/** When in the year an event may happen. */
interface Season {
  /** First day, as a date of the school year the night lies in. */
  readonly from: (night: Night) => Day;
  /** Length in days. */
  readonly days: number;
}

const wholeYear: Season = { from: (night) => night.dateInYear(7, 1), days: 366 };
const term: Season = { from: (night) => night.dateInYear(8, 28), days: 265 };
const spring: Season = { from: (night) => night.dateInYear(4, 1), days: 91 };
const summer: Season = { from: (night) => night.dateInYear(7, 2), days: 38 };
const firstWeek: Season = { from: ({ years }) => years.current.first + 3, days: 6 };

/** A kind that happens now and then: `perYear` times for a thousand students. */
interface FreeKind {
  readonly perYear: number;
  readonly season: Season;
  readonly happen: NightEvent;
}

/** Kinds that happen by chance, and at least twice a season as long as there is somebody for it. */
const freeKinds = {
  'family-arrived': { perYear: 30, season: term, happen: familyArrived },
  'family-registered-in-spring': { perYear: 30, season: spring, happen: familyRegistered },
  'family-registered-in-summer': { perYear: 30, season: summer, happen: familyRegistered },
  'school-changed': { perYear: 25, season: term, happen: schoolChanged },
  'status-changed': { perYear: 12, season: term, happen: statusChanged },
  'student-withdrew': { perYear: 60, season: term, happen: studentWithdrew },
  'withdrawal-announced': { perYear: 12, season: term, happen: withdrawalAnnounced },
  'graduated-early': { perYear: 3, season: term, happen: graduatedEarly },
  'student-returned': { perYear: 20, season: wholeYear, happen: studentReturned },
  'course-began': { perYear: 20, season: term, happen: courseBegan },
  'course-ended': { perYear: 8, season: term, happen: courseEnded },
  'start-corrected': { perYear: 10, season: term, happen: startCorrected },
  'withdrawal-corrected': { perYear: 8, season: term, happen: withdrawalCorrected },
  'withdrawal-undone': { perYear: 4, season: term, happen: withdrawalUndone },
  'enrollment-deleted': { perYear: 3, season: term, happen: enrollmentDeleted },
  'enrollment-cancelled': { perYear: 4, season: summer, happen: enrollmentCancelled },
  'student-never-came': { perYear: 8, season: firstWeek, happen: studentNeverCame },
  'student-renamed': { perYear: 12, season: wholeYear, happen: studentRenamed },
  'family-moved': { perYear: 60, season: wholeYear, happen: familyMoved },
  'phone-changed': { perYear: 80, season: wholeYear, happen: phoneChanged },
  'email-changed': { perYear: 40, season: wholeYear, happen: emailChanged },
  'guardian-renamed': { perYear: 8, season: wholeYear, happen: guardianRenamed },
  'guardian-joined': { perYear: 12, season: wholeYear, happen: guardianJoined },
  'guardian-left': { perYear: 8, season: wholeYear, happen: guardianLeft },
  'guardian-restricted': { perYear: 4, season: wholeYear, happen: guardianRestricted },
  'record-purged': { perYear: 12, season: wholeYear, happen: recordPurged },
  'number-given-again': { perYear: 4, season: wholeYear, happen: numberGivenAgain },
  'record-duplicated': { perYear: 4, season: term, happen: recordDuplicated },
  'records-merged': { perYear: 4, season: wholeYear, happen: recordsMerged },
  'record-recreated': { perYear: 3, season: wholeYear, happen: recordRecreated },
  'teacher-left': { perYear: 4, season: wholeYear, happen: teacherLeft },
  'teacher-came': { perYear: 3, season: wholeYear, happen: teacherCame },
} as const satisfies Readonly<Record<string, FreeKind>>;

/** When enrollments of a finished year are closed. */
export type YearEnd = 'at-roll-over' | 'on-last-day';

/** A kind that has its date. */
interface DatedKind {
  readonly isDue: (night: Night, yearEnd: YearEnd) => boolean;
  readonly happen: NightEvent;
}

const isRollOver = (night: Night): boolean => night.isDate(7, 1);
const isDayAfterLast = ({ day, years }: Night): boolean => day === years.current.last + 1;

/** Kinds with a date, in the order in which they happen when they share one. */
const datedKinds = {
  'year-prepared': { isDue: (night) => night.isDate(5, 1), happen: yearPrepared },
  'class-graduated': {
    isDue: (night, yearEnd) =>
      yearEnd === 'on-last-day'
        ? isDayAfterLast(night)
        : night.day === night.years.current.last + 3,
    happen: classGraduated,
  },
  'late-prepared': {
    isDue: (night, yearEnd) =>
      yearEnd === 'on-last-day' ? isDayAfterLast(night) : isRollOver(night),
    happen: latePrepared,
  },
  'year-closed': {
    isDue: (night, yearEnd) =>
      isRollOver(night) || (yearEnd === 'on-last-day' && isDayAfterLast(night)),
    happen: yearClosed,
  },
  'year-rolled-over': { isDue: isRollOver, happen: yearRolledOver },
  'school-began': {
    isDue: ({ day, years }) => day === years.current.first,
    happen: schoolBegan,
  },
} as const satisfies Readonly<Record<string, DatedKind>>;

export type NightKind = keyof typeof freeKinds | keyof typeof datedKinds;

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(table) as Key[];
}

/** Every kind of event, the dated ones first. */
export const nightKinds: readonly NightKind[] = [...keysOf(datedKinds), ...keysOf(freeKinds)];

/** The dated kinds that are due, each to be done on its own, as later ones see what earlier ones did. */
export function dueKinds(
  night: Night,
  yearEnd: YearEnd,
): { readonly kind: NightKind; readonly happen: NightEvent }[] {
  return keysOf(datedKinds)
    .filter((kind) => datedKinds[kind].isDue(night, yearEnd))
    .map((kind) => ({ kind, happen: datedKinds[kind].happen }));
}

/**
 * The kinds of tonight's free events with how often each happens: by chance on weekdays, and once
 * for certain on two days of its season, which the seed sets and which are the same every year.
 */
export function freeEvents(
  night: Night,
  certainDays: Random,
): { readonly kind: NightKind; readonly count: number; readonly happen: NightEvent }[] {
  const { random } = night;
  const students = night.belonging.length;
  return keysOf(freeKinds).flatMap((kind, place) => {
    const { perYear, season, happen } = freeKinds[kind];
    const from = season.from(night);
    const passed = night.day - from;
    if (passed < 0 || passed >= season.days) return [];
    // Five days of seven are weekdays.
    const expected = (students * perYear) / 1000 / ((season.days * 5) / 7);
    const certain = isCertain(certainDays, place, passed, season.days) ? 1 : 0;
    const count = certain + (night.isWeekday ? drawCount(random, expected) : 0);
    return count === 0 ? [] : [{ kind, count, happen }];
  });
}

/** One day in each half of the season. */
function isCertain(certainDays: Random, kind: number, passed: number, days: number): boolean {
  certainDays.restart(kind);
  const half = Math.floor(days / 2);
  const [first, second] = [certainDays.below(half), half + certainDays.below(half)];
  return passed === first || passed === second;
}

/** A whole number around what is expected: its whole part, and one more as often as the rest says. */
function drawCount(random: Random, expected: number): number {
  const whole = Math.floor(expected);
  // One more and one less now and then, so that nights differ.
  const swing = whole > 0 ? random.between(-1, 1) : 0;
  return Math.max(0, whole + swing) + (random.chance(expected - whole) ? 1 : 0);
}
