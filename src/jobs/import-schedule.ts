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
  const first = dateOfNextStart(now, schedule);
  return Array.from({ length: count }, (_, index) => {
    const date = first.add({ days: index });
    return {
      startsAt: scheduledStart(date, schedule),
      clockChange: clockChangeOn(date, schedule.timeZone),
    };
  });
}

/** From its start, a nightly import has this long to complete before it counts as missed. */
const completionTime = { hours: 2 };

/** Data that is older than this is reported as overdue. */
const maxAge = { hours: 48 };

/** The last completed import of a district; before the first, the time of its connection without a date. */
export interface LastImport {
  readonly at: Temporal.Instant;
  readonly date: Temporal.PlainDate | null;
}

/**
 * Returns from when on the nightly import after `last` counts as missed, and from when on the data is overdue: two
 * of them were missed and two days have passed.
 */
export function importDeadlines(
  { at, date }: LastImport,
  schedule: ImportSchedule,
): { readonly lateAt: Temporal.Instant; readonly overdueAt: Temporal.Instant } {
  const first = date?.add({ days: 1 }) ?? dateOfNextStart(at, schedule);
  const second = scheduledStart(first.add({ days: 1 }), schedule).add(completionTime);
  const tooOld = at.add(maxAge);
  return {
    lateAt: scheduledStart(first, schedule).add(completionTime),
    overdueAt: Temporal.Instant.compare(tooOld, second) > 0 ? tooOld : second,
  };
}

/** Returns the next start after `now`; a date with a completed import has no other one. */
export function findNextStart(
  now: Temporal.Instant,
  lastDate: Temporal.PlainDate | null,
  schedule: ImportSchedule,
): Temporal.Instant {
  const next = dateOfNextStart(now, schedule);
  const isDone = lastDate !== null && Temporal.PlainDate.compare(lastDate, next) >= 0;
  return scheduledStart(isDone ? lastDate.add({ days: 1 }) : next, schedule);
}

function dateOfNextStart(now: Temporal.Instant, schedule: ImportSchedule): Temporal.PlainDate {
  const today = now.toZonedDateTimeISO(schedule.timeZone).toPlainDate();
  const hasBegun = Temporal.Instant.compare(scheduledStart(today, schedule), now) <= 0;
  return hasBegun ? today.add({ days: 1 }) : today;
}

function clockChangeOn(day: Temporal.PlainDate, timeZone: string): ScheduledImport['clockChange'] {
  const { hoursInDay } = day.toZonedDateTime(timeZone);
  if (hoursInDay === 24) return null;
  return hoursInDay < 24 ? 'forward' : 'back';
}
