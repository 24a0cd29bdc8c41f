/** Dates and times as people write them. */

/** A moment as `Nov 23, 2026, 2:05 AM CST`, in the zone given. */
export const formatInstant = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-US', {
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(new Date(instant));

/** A moment as `2:05 PM` when it is of today, else with its day: `Nov 20, 2026, 2:05 PM`. */
export function formatMoment(instant: string, timeZone: string, now: Date): string {
  const moment = new Date(instant);
  const time = { hour: 'numeric', minute: '2-digit', timeZone } as const;
  const isToday = dayIn(moment, timeZone) === dayIn(now, timeZone);
  return new Intl.DateTimeFormat(
    'en-US',
    isToday ? time : { month: 'short', day: 'numeric', year: 'numeric', ...time },
  ).format(moment);
}

/** The day that a clock in the zone shows at a moment, as `2026-11-23`. */
export const dayIn = (moment: Date, timeZone: string): string =>
  // Sweden writes dates in the ISO form.
  new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(moment);

/** Full years from a birth date to a day. */
export function ageOn(day: string, birthDate: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Whole days from one day to another; negative when it is past. */
export const daysUntil = (from: string, to: string): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
