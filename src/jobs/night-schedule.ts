/** When a district's night begins: by its own clock, spread over two hours, made up until noon. Pure. */

/** What a district's schedule follows from. */
export interface NightPlan {
  readonly districtId: number;
  readonly timeZone: string;
  /** When nights may begin, by the district's clock. */
  readonly startsAt: Temporal.PlainTime;
}

/** Districts that share an hour begin within so many minutes of it, so that one Skyward host is not asked by all at once. */
const windowMinutes = 120;

/** A night that could not begin is made up until then; after that the school day is about to be over anyway. */
const lastChance = Temporal.PlainTime.from('12:00');

/** A number that scatters neighbors: Knuth's multiplicative hash. */
const scattered = (districtId: number): number =>
  Math.floor((((districtId * 0.6180339887498949) % 1) + 1) * windowMinutes) % windowMinutes;

/**
 * The instant at which the night of this date begins. A time that the clock skips is taken an hour later, one
 * that comes twice at its first coming, so that every date has exactly one.
 */
export const nightStart = (night: Temporal.PlainDate, plan: NightPlan): Temporal.Instant =>
  night
    .toZonedDateTime({ timeZone: plan.timeZone, plainTime: plan.startsAt })
    .add({ minutes: scattered(plan.districtId) })
    .toInstant();

/** The night that should begin now or should have begun already; `undefined` when it is too early or too late. */
export function dueNight(now: Temporal.Instant, plan: NightPlan): Temporal.PlainDate | undefined {
  const local = now.toZonedDateTimeISO(plan.timeZone);
  const night = local.toPlainDate();
  const hasBegun = Temporal.Instant.compare(nightStart(night, plan), now) <= 0;
  const isInTime = Temporal.PlainTime.compare(local.toPlainTime(), lastChance) < 0;
  return hasBegun && isInTime ? night : undefined;
}

/** A night to come. */
export interface ComingNight {
  readonly startsAt: Temporal.Instant;
  /** The clock is put forward or back on its date; null on all others. */
  readonly clockChange: 'forward' | 'back' | null;
}

/** The next nights that have not begun by `now`, the earliest first: one for each date. */
export function comingNights(now: Temporal.Instant, plan: NightPlan, count: number): ComingNight[] {
  const today = now.toZonedDateTimeISO(plan.timeZone).toPlainDate();
  const hasBegun = Temporal.Instant.compare(nightStart(today, plan), now) <= 0;
  return Array.from({ length: count }, (_, index) => {
    const night = today.add({ days: index + (hasBegun ? 1 : 0) });
    return { startsAt: nightStart(night, plan), clockChange: clockChangeOn(night, plan.timeZone) };
  });
}

function clockChangeOn(day: Temporal.PlainDate, timeZone: string): ComingNight['clockChange'] {
  const { hoursInDay } = day.toZonedDateTime(timeZone);
  if (hoursInDay === 24) return null;
  return hoursInDay < 24 ? 'forward' : 'back';
}
