/** The life of a student as the family knows it, and the enrollment status that it means. */
import { toDate, toDay, type Day } from '../../sandbox/day.ts';

/** A time in the district, over as many school years as it takes. */
export interface Stay {
  /** The day on which the family registers. */
  readonly registered: Day;
  /** The first day in school. */
  readonly first: Day;
  /**
   * The last day on which the student belongs to the district; null if the student stays. Who
   * gives notice in summer leaves on that day; who does not come back, on the first day of
   * school; who cancels a registration has a last day before the first.
   */
  readonly last: Day | null;
  readonly isGraduate: boolean;
}

export type ExpectedStatus = 'PRE_ENROLLED' | 'ENROLLED' | 'GRADUATED' | 'INACTIVE';

/**
 * Returns the status that a person who knows the student expects; undefined before the district
 * knows the student. It is the purpose of the rules in three sentences, and knows no row of Skyward:
 * who was and will be enrolled is enrolled every day; who left is not, from the day after; who is
 * new is pre-enrolled until the first day.
 *
 * Who left and is registered to come back was and will be enrolled, so is enrolled from the day
 * of the registration. Who has been away for more than a year is new.
 */
export function expectStatus(stays: readonly Stay[], day: Day): ExpectedStatus | undefined {
  const known = stays.filter(({ registered }) => registered <= day);
  const isIn = ({ first, last }: Stay) => first <= day && (last === null || day <= last);
  if (known.some(isIn)) return 'ENROLLED';
  const isPlanned = ({ first, last }: Stay) => first > day && (last === null || day <= last);
  const left = known.filter(({ first, last }) => last !== null && first <= last && last < day);
  if (known.some(isPlanned)) {
    const wasHere = left.some(({ last }) => last !== null && last >= oneYearBefore(day));
    return wasHere ? 'ENROLLED' : 'PRE_ENROLLED';
  }
  const latest = left.at(-1) ?? known.at(-1);
  if (latest === undefined) return undefined;
  return latest.isGraduate ? 'GRADUATED' : 'INACTIVE';
}

/** Returns the day a year earlier. */
export function oneYearBefore(today: Day): Day {
  const { year, month, day } = toDate(today);
  return toDay(year - 1, month, day);
}
