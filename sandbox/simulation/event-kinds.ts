/** The kinds of simulated events, with their frequency and dates. */
import type { Day } from '../day.ts';
import type { SimulatedDay } from './simulated-day.ts';
import {
  graduateClass,
  prepareLate,
  startSchool,
  closeYear,
  prepareYear,
  rollYearOver,
} from './calendar-events.ts';
import {
  startCourse,
  endCourse,
  cancelEnrollment,
  deleteEnrollment,
  addFamily,
  registerFamily,
  graduateEarly,
  changeSchool,
  correctStart,
  changeStatus,
  markNeverCame,
  returnStudent,
  withdrawStudent,
  announceWithdrawal,
  correctWithdrawal,
  undoWithdrawal,
  type EventAction,
} from './enrollment-events.ts';
import {
  changeEmail,
  moveFamily,
  addGuardian,
  removeGuardian,
  renameGuardian,
  restrictGuardian,
  changePhone,
  renameStudent,
} from './family-events.ts';
import {
  reuseNumber,
  duplicateRecord,
  purgeRecord,
  recreateRecord,
  mergeRecords,
  assignTeacher,
  removeTeacher,
} from './record-events.ts';
import type { Random } from '../random.ts';

/** The season of an event. */
interface Season {
  /** First day, in the school year of the simulated day. */
  readonly from: (day: SimulatedDay) => Day;
  /** Length in days. */
  readonly days: number;
}

const wholeYear: Season = { from: (day) => day.dateInYear(7, 1), days: 366 };
const term: Season = { from: (day) => day.dateInYear(8, 28), days: 265 };
const spring: Season = { from: (day) => day.dateInYear(4, 1), days: 91 };
const summer: Season = { from: (day) => day.dateInYear(7, 2), days: 38 };
const firstWeek: Season = { from: ({ years }) => years.current.first + 3, days: 6 };

/** A random kind: `perYear` times per thousand students. */
interface RandomKind {
  readonly perYear: number;
  readonly season: Season;
  readonly apply: EventAction;
}

/** Kinds that occur randomly, and at least twice a season if there are suitable students. */
const randomKinds = {
  'family-arrived': { perYear: 30, season: term, apply: addFamily },
  'family-registered-in-spring': { perYear: 30, season: spring, apply: registerFamily },
  'family-registered-in-summer': { perYear: 30, season: summer, apply: registerFamily },
  'school-changed': { perYear: 25, season: term, apply: changeSchool },
  'status-changed': { perYear: 12, season: term, apply: changeStatus },
  'student-withdrew': { perYear: 60, season: term, apply: withdrawStudent },
  'withdrawal-announced': { perYear: 12, season: term, apply: announceWithdrawal },
  'graduated-early': { perYear: 3, season: term, apply: graduateEarly },
  'student-returned': { perYear: 20, season: wholeYear, apply: returnStudent },
  'course-began': { perYear: 20, season: term, apply: startCourse },
  'course-ended': { perYear: 8, season: term, apply: endCourse },
  'start-corrected': { perYear: 10, season: term, apply: correctStart },
  'withdrawal-corrected': { perYear: 8, season: term, apply: correctWithdrawal },
  'withdrawal-undone': { perYear: 4, season: term, apply: undoWithdrawal },
  'enrollment-deleted': { perYear: 3, season: term, apply: deleteEnrollment },
  'enrollment-cancelled': { perYear: 4, season: summer, apply: cancelEnrollment },
  'student-never-came': { perYear: 8, season: firstWeek, apply: markNeverCame },
  'student-renamed': { perYear: 12, season: wholeYear, apply: renameStudent },
  'family-moved': { perYear: 60, season: wholeYear, apply: moveFamily },
  'phone-changed': { perYear: 80, season: wholeYear, apply: changePhone },
  'email-changed': { perYear: 40, season: wholeYear, apply: changeEmail },
  'guardian-renamed': { perYear: 8, season: wholeYear, apply: renameGuardian },
  'guardian-joined': { perYear: 12, season: wholeYear, apply: addGuardian },
  'guardian-left': { perYear: 8, season: wholeYear, apply: removeGuardian },
  'guardian-restricted': { perYear: 4, season: wholeYear, apply: restrictGuardian },
  'record-purged': { perYear: 12, season: wholeYear, apply: purgeRecord },
  'number-given-again': { perYear: 4, season: wholeYear, apply: reuseNumber },
  'record-duplicated': { perYear: 4, season: term, apply: duplicateRecord },
  'records-merged': { perYear: 4, season: wholeYear, apply: mergeRecords },
  'record-recreated': { perYear: 3, season: wholeYear, apply: recreateRecord },
  'teacher-left': { perYear: 4, season: wholeYear, apply: removeTeacher },
  'teacher-came': { perYear: 3, season: wholeYear, apply: assignTeacher },
} as const satisfies Readonly<Record<string, RandomKind>>;

/** When enrollments of a finished year are closed. */
export type YearEnd = 'at-roll-over' | 'on-last-day';

/** A kind with a date. */
interface DatedKind {
  readonly isDue: (day: SimulatedDay, yearEnd: YearEnd) => boolean;
  readonly apply: EventAction;
}

const isRollOver = (day: SimulatedDay): boolean => day.isDate(7, 1);
const isDayAfterLast = ({ date: today, years }: SimulatedDay): boolean =>
  today === years.current.last + 1;

/** Kinds with a date, in the order in which they occur on the same date. */
const datedKinds = {
  'year-prepared': { isDue: (day) => day.isDate(5, 1), apply: prepareYear },
  'class-graduated': {
    isDue: (day, yearEnd) =>
      yearEnd === 'on-last-day' ? isDayAfterLast(day) : day.date === day.years.current.last + 3,
    apply: graduateClass,
  },
  'late-prepared': {
    isDue: (day, yearEnd) => (yearEnd === 'on-last-day' ? isDayAfterLast(day) : isRollOver(day)),
    apply: prepareLate,
  },
  'year-closed': {
    isDue: (day, yearEnd) => isRollOver(day) || (yearEnd === 'on-last-day' && isDayAfterLast(day)),
    apply: closeYear,
  },
  'year-rolled-over': { isDue: isRollOver, apply: rollYearOver },
  'school-began': {
    isDue: ({ date: today, years }) => today === years.current.first,
    apply: startSchool,
  },
} as const satisfies Readonly<Record<string, DatedKind>>;

export type EventKind = keyof typeof randomKinds | keyof typeof datedKinds;

function listKeys<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(table) as Key[];
}

/** Every kind of event, the dated ones first. */
export const eventKinds: readonly EventKind[] = [...listKeys(datedKinds), ...listKeys(randomKinds)];

/** Lists the dated kinds that are due. Later ones depend on the changes of earlier ones. */
export function listDueEvents(
  day: SimulatedDay,
  yearEnd: YearEnd,
): { readonly kind: EventKind; readonly apply: EventAction }[] {
  return listKeys(datedKinds)
    .filter((kind) => datedKinds[kind].isDue(day, yearEnd))
    .map((kind) => ({ kind, apply: datedKinds[kind].apply }));
}

/**
 * Returns the random events of a day with their number: random on weekdays, and once
 * for certain on two days of the season, which depend on the seed and are the same every year.
 */
export function drawRandomEvents(
  day: SimulatedDay,
  guaranteedDays: Random,
): { readonly kind: EventKind; readonly count: number; readonly apply: EventAction }[] {
  const { random } = day;
  const students = day.expectedOrPresent.length;
  return listKeys(randomKinds).flatMap((kind, place) => {
    const { perYear, season, apply } = randomKinds[kind];
    const from = season.from(day);
    const elapsed = day.date - from;
    if (elapsed < 0 || elapsed >= season.days) return [];
    // Five days of seven are weekdays.
    const expected = (students * perYear) / 1000 / ((season.days * 5) / 7);
    const guaranteed = isGuaranteedDay(guaranteedDays, place, elapsed, season.days) ? 1 : 0;
    const count = guaranteed + (day.isWeekday ? drawCount(random, expected) : 0);
    return count === 0 ? [] : [{ kind, count, apply }];
  });
}

/** Returns whether an event is certain on this day: one day in each half of the season. */
function isGuaranteedDay(
  guaranteedDays: Random,
  kind: number,
  elapsed: number,
  days: number,
): boolean {
  guaranteedDays.restart(kind);
  const half = Math.floor(days / 2);
  const [first, second] = [guaranteedDays.below(half), half + guaranteedDays.below(half)];
  return elapsed === first || elapsed === second;
}

/** Draws an integer with the expected mean. */
function drawCount(random: Random, expected: number): number {
  const whole = Math.floor(expected);
  // Sometimes one more or one less, so that days differ.
  const variation = whole > 0 ? random.between(-1, 1) : 0;
  return Math.max(0, whole + variation) + (random.chance(expected - whole) ? 1 : 0);
}
