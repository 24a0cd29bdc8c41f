/**
 * Decides which status changes by the date alone are put on hold. Pure.
 *
 * A date passes without anybody reading data, so no limit on received rows sees what it does: at the end of a school
 * year it can turn a whole district Inactive at midnight.
 */
import type { DistrictEnrollmentStatus } from '../../enrollment/enrollment-status.ts';
import type { Threshold } from '../../contract/safety-limits.ts';

/** Students of a school whose status the date changes. */
export interface DateChangeCount {
  readonly from: DistrictEnrollmentStatus;
  readonly to: DistrictEnrollmentStatus;
  /** Null for students without a school. */
  readonly entityId: number | null;
  /** Whether their enrollment ended with a withdrawal code of students who leave. */
  readonly isLeaving: boolean;
  readonly students: number;
}

export interface DateChangeFacts {
  /** The changes of this day, and those that are on hold already. */
  readonly pending: readonly DateChangeCount[];
  /** The changes published in the days of the window, unless a person approved them. */
  readonly recent: readonly DateChangeCount[];
  /** Students who are Enrolled or Pre-Enrolled, by school. */
  readonly active: readonly { readonly entityId: number | null; readonly students: number }[];
}

/** What is put on hold: changes in the whole district, or in these schools. */
export interface HeldSchools {
  readonly isWholeDistrict: boolean;
  readonly entityIds: ReadonlySet<number>;
}

/**
 * What is put on hold of students who leave by their withdrawal codes, and of the others. They are counted apart: the
 * end of a year, which most students come back after, does not keep those Enrolled of whom Skyward says that they left.
 */
export interface DateHoldScope {
  readonly leaving: HeldSchools;
  readonly others: HeldSchools;
}

/**
 * How many days count together. Schools of a district close within about three weeks of each other, so thirty days see
 * the end of a year as one change, however it is spread. In thirty days of a year in which every fifth student moves,
 * less than 2 % leave, and most of them by a change of their rows and not by a date entered ahead: a healthy month stays
 * far below the limit, and what passes in smaller parts than that would be more than a whole district in a year.
 */
export const dateWindowDays = 30;

/** In any district and school, more than half of the students, and at least this many, is a mass. */
const smallMass = 5;

/** Whether so many of the students are more than the limits allow. */
function isMass(changed: number, students: number, { share, minimum }: Threshold): boolean {
  if (changed >= smallMass && changed * 2 > students) return true;
  // Slightly more than the product: 0.29 * 100 is less than 29 in floating point.
  return changed > 0 && changed >= minimum && changed > students * share + 1e-6;
}

/**
 * Whether a change counts for the limits. On the first day of school students become Enrolled, whatever they were over
 * the summer; holding that would leave those Inactive who sit in class. The same condition as `isLimited` in `date-holds.ts`.
 */
const counts = ({ from, to }: DateChangeCount): boolean => from !== to && to !== 'ENROLLED';

const total = (list: readonly { readonly students: number }[]): number =>
  list.reduce((sum, { students }) => sum + students, 0);

const wasActive = ({ from, to }: DateChangeCount): boolean =>
  (from === 'ENROLLED' || from === 'PRE_ENROLLED') && to !== 'ENROLLED' && to !== 'PRE_ENROLLED';

/** Whether a scope holds a change of this kind. */
export function isHeldChange(
  scope: DateHoldScope,
  { isLeaving, entityId }: Pick<DateChangeCount, 'isLeaving' | 'entityId'>,
): boolean {
  const { isWholeDistrict, entityIds } = isLeaving ? scope.leaving : scope.others;
  return isWholeDistrict || (entityId !== null && entityIds.has(entityId));
}

/** Returns what must be put on hold. */
export function findDateHold(facts: DateChangeFacts, limits: Threshold): DateHoldScope {
  return {
    leaving: findHeldSchools(facts, limits, ({ isLeaving }) => isLeaving),
    others: findHeldSchools(facts, limits, ({ isLeaving }) => !isLeaving),
  };
}

/**
 * Returns where the changes of a kind must be put on hold. The share is of those who are active now and those
 * whom the recent changes made inactive.
 */
function findHeldSchools(
  { pending, recent, active }: DateChangeFacts,
  limits: Threshold,
  isOfKind: (one: DateChangeCount) => boolean,
): HeldSchools {
  const isOver = (isIn: (one: { readonly entityId: number | null }) => boolean): boolean => {
    const now = pending.filter((one) => isIn(one) && counts(one));
    const before = recent.filter((one) => isIn(one) && counts(one));
    const changed = now.filter(isOfKind);
    if (changed.length === 0) return false;
    const students = total(active.filter(isIn)) + total(before.filter(wasActive));
    // Those who are not active, such as Inactive students who return, are part of the whole, too.
    const others = total(now.filter(({ from }) => from !== 'ENROLLED' && from !== 'PRE_ENROLLED'));
    return isMass(total(changed) + total(before.filter(isOfKind)), students + others, limits);
  };
  const schools = new Set(pending.flatMap(({ entityId }) => entityId ?? []));
  return {
    isWholeDistrict: isOver(() => true),
    entityIds: new Set([...schools].filter((school) => isOver((one) => one.entityId === school))),
  };
}

/** Changes of one day in a forecast. */
export interface DayOfChanges {
  readonly on: Temporal.PlainDate;
  readonly changes: readonly DateChangeCount[];
}

/** Returns the days of a forecast on which changes would be put on hold, with the number of their students. */
export function listForecastHolds(
  days: readonly DayOfChanges[],
  active: DateChangeFacts['active'],
  limits: Threshold,
): { readonly on: Temporal.PlainDate; readonly students: number }[] {
  const published: { readonly on: Temporal.PlainDate; readonly change: DateChangeCount }[] = [];
  return days.flatMap(({ on, changes }) => {
    const recent = published
      .filter((one) => one.on.until(on, { largestUnit: 'days' }).days < dateWindowDays)
      .map(({ change }) => change);
    const scope = findDateHold({ pending: changes, recent, active }, limits);
    const isHeld = (change: DateChangeCount) => counts(change) && isHeldChange(scope, change);
    for (const change of changes) if (!isHeld(change)) published.push({ on, change });
    const students = total(changes.filter(isHeld));
    return students === 0 ? [] : [{ on, students }];
  });
}
