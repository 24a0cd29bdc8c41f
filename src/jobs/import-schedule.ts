/** Decides when a district's nightly import starts: in its time zone, spread over two hours, made up until noon. Pure. */

export interface ImportSchedule {
  readonly districtId: number;
  readonly timeZone: string;
  /** In the district's time zone. */
  readonly earliestStart: Temporal.PlainTime;
}

/** Imports with the same earliest start are spread over this many minutes, so that they don't all reach one Skyward host at once. */
const spreadMinutes = 120;

/** A missed import is made up until then. Later, most of the school day is over. */
const latestStart = Temporal.PlainTime.from('12:00');

/** Minutes after the earliest start. Knuth's multiplicative hash spreads consecutive ids. */
const spreadOffset = (districtId: number): number =>
  Math.floor((((districtId * 0.6180339887498949) % 1) + 1) * spreadMinutes) % spreadMinutes;

/**
 * Returns when the import of this date starts. A local time skipped by daylight saving becomes an hour later;
 * of a repeated one the first is used. So every date has exactly one start.
 */
export const scheduledStart = (
  date: Temporal.PlainDate,
  schedule: ImportSchedule,
): Temporal.Instant =>
  date
    .toZonedDateTime({ timeZone: schedule.timeZone, plainTime: schedule.earliestStart })
    .add({ minutes: spreadOffset(schedule.districtId) })
    .toInstant();

/** Returns the date of the import that is due; `undefined` when it is too early or too late today. */
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

/** A planned start of a nightly import. */
export interface ScheduledImport {
  readonly startsAt: Temporal.Instant;
  /** Whether the clock changes on its date. */
  readonly clockChange: 'forward' | 'back' | null;
}

/** Returns the next `count` imports after `now`, one for each date, earliest first. */
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
