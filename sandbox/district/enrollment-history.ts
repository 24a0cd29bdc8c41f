/** The kinds of enrollment history in a sandbox district, and the planned enrollment. */
import type { Day } from '../day.ts';
import type { Random } from '../random.ts';

/**
 * Every kind of history with its share of ordinary students, in thousandths, and whether
 * such a student counts as a current one. The first students of
 * a district get one kind each, in this order, so that even a small district has all of them.
 */
export const histories = {
  open: { share: 735, isCurrent: true },
  'status-change': { share: 15, isCurrent: true },
  'moved-school': { share: 20, isCurrent: true },
  'cecs-and-home': { share: 25, isCurrent: true },
  'two-current': { share: 5, isCurrent: true },
  returned: { share: 15, isCurrent: true },
  'leaving-soon': { share: 5, isCurrent: true },
  'started-today': { share: 1, isCurrent: true },
  'next-year-planned': { share: 5, isCurrent: true },
  gap: { share: 7, isCurrent: true },
  future: { share: 8, isCurrent: true },
  'early-registration': { share: 4, isCurrent: false },
  'cecs-alone': { share: 3, isCurrent: false },
  'cecs-after-leaving': { share: 2, isCurrent: false },
  graduated: { share: 62, isCurrent: false },
  'graduated-returning': { share: 1, isCurrent: true },
  left: { share: 40, isCurrent: false },
  'left-long-ago': { share: 30, isCurrent: false },
  'no-show': { share: 7, isCurrent: false },
  'cancelled-future': { share: 2, isCurrent: false },
  'unclosed-year': { share: 8, isCurrent: false },
} as const;

export type HistoryKind = keyof typeof histories;

export const historyKinds = Object.keys(histories) as readonly HistoryKind[];

/** A planned enrollment: `year` counts from the oldest school year, `entity` from the first school. */
export interface PlannedEnrollment {
  readonly year: number;
  readonly entity: number;
  readonly grade: number;
  readonly start: Day;
  readonly end: Day | null;
  readonly entryCode: string;
  readonly withdrawalCode: string | null;
  /** Whether Skyward computes a withdrawal date from the end; a school year may end without one. */
  readonly hasWithdrawalDate: boolean;
  readonly isDefault: boolean;
  readonly isNoShow: boolean;
  /** Whether this enrollment continues the previous one after a status change. */
  readonly isStatusChange: boolean;
}

/** First and last school day of each year, from the oldest to the next one. */
export interface SchoolYearDays {
  readonly first: Day;
  readonly last: Day;
}

/** Data for planning a student's enrollments. `grade` is that of the current school year. */
export interface HistoryContext {
  readonly today: Day;
  readonly years: readonly SchoolYearDays[];
  /** Index of the current school year in `years`; the next year follows it. */
  readonly current: number;
  readonly grade: number;
  readonly schoolFor: (grade: number) => number;
  readonly otherSchoolFor: (grade: number) => number;
  readonly careerCenter: number;
  readonly random: Random;
}
