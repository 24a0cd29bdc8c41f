/** When a district's night begins: by its own clock, spread over two hours, made up until noon. Pure. */

/** What a district's schedule follows from. */
export interface ImportSchedule {
  readonly districtId: number;
  readonly timeZone: string;
  /** When nights may begin, by the district's clock. */
  readonly earliestStart: Temporal.PlainTime;
}

/** Districts that share an hour begin within so many minutes of it, so that one Skyward host is not asked by all at once. */
const spreadMinutes = 120;

/** A night that could not begin is made up until then; after that the school day is about to be over anyway. */
const latestStart = Temporal.PlainTime.from('12:00');

/** A number that scatters neighbors: Knuth's multiplicative hash. */
const spreadOffset = (districtId: number): number =>
  Math.floor((((districtId * 0.6180339887498949) % 1) + 1) * spreadMinutes) % spreadMinutes;

/**
 * The instant at which the night of this date begins. A time that the clock skips is taken an hour later, one
 * that comes twice at its first coming, so that every date has exactly one.
 */
export const scheduledStart = (
  date: Temporal.PlainDate,
  schedule: ImportSchedule,
): Temporal.Instant =>
  date
    .toZonedDateTime({ timeZone: schedule.timeZone, plainTime: schedule.earliestStart })
    .add({ minutes: spreadOffset(schedule.districtId) })
    .toInstant();

/** The night that should begin now or should have begun already; `undefined` when it is too early or too late. */
export function dueImport(
  now: Temporal.Instant,
  schedule: ImportSchedule,
): Temporal.PlainDate | undefined {
  const local = now.toZonedDateTimeISO(schedule.timeZone);
  const date = local.toPlainDate();
  const hasBegun = Temporal.Instant.compare(scheduledStart(date, schedule), now) <= 0;
  const isInTime = Temporal.PlainTime.compare(local.toPlainTime(), latestStart) < 0;
  return hasBegun && isInTime ? date : undefined;
}

/** A night to come. */
export interface ScheduledImport {
  readonly startsAt: Temporal.Instant;
  /** The clock is put forward or back on its date; null on all others. */
  readonly clockChange: 'forward' | 'back' | null;
}

/** The next nights that have not begun by `now`, the earliest first: one for each date. */
export function listScheduledImports(
  now: Temporal.Instant,
  schedule: ImportSchedule,
  count: number,
): ScheduledImport[] {
  const today = now.toZonedDateTimeISO(schedule.timeZone).toPlainDate();
  const hasBegun = Temporal.Instant.compare(scheduledStart(today, schedule), now) <= 0;
  return Array.from({ length: count }, (_, index) => {
    const date = today.add({ days: index + (hasBegun ? 1 : 0) });
    return {
      startsAt: scheduledStart(date, schedule),
      clockChange: clockChangeOn(date, schedule.timeZone),
    };
  });
}

function clockChangeOn(day: Temporal.PlainDate, timeZone: string): ScheduledImport['clockChange'] {
  const { hoursInDay } = day.toZonedDateTime(timeZone);
  if (hoursInDay === 24) return null;
  return hoursInDay < 24 ? 'forward' : 'back';
}
