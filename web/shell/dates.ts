/** Formats dates and times. */

/** Formats an instant as `Nov 23, 2026, 2:05 AM CST`. */
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

/** Formats an instant of today as `2:05 PM`, others as `Nov 20, 2026, 2:05 PM`. */
export function formatMoment(instant: string, timeZone: string, now: Date): string {
  const moment = new Date(instant);
  const time = { hour: 'numeric', minute: '2-digit', timeZone } as const;
  const isToday = dayIn(moment, timeZone) === dayIn(now, timeZone);
  return new Intl.DateTimeFormat(
    'en-US',
    isToday ? time : { month: 'short', day: 'numeric', year: 'numeric', ...time },
  ).format(moment);
}

/** Returns the date of an instant in a time zone, as `2026-11-23`. */
export const dayIn = (moment: Date, timeZone: string): string =>
  // Sweden writes dates in the ISO form.
  new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(moment);

/** Returns the full years from a birth date to a day. */
export function ageOn(day: string, birthDate: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Returns the days from one day to another; negative if it is past. */
export const daysUntil = (from: string, to: string): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;

/** Formats how long ago an instant was: `just now`, `5 minutes ago`, `6 hours ago`, `2 days ago`. */
export function formatAgo(instant: string, now: number): string {
  // A clock that is slightly ahead must not give a negative age.
  const minutes = Math.max(0, Math.floor((now - Date.parse(instant)) / 60_000));
  const format = new Intl.RelativeTimeFormat('en-US');
  if (minutes < 60) return minutes < 2 ? 'just now' : format.format(-minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? format.format(-hours, 'hour') : format.format(-Math.floor(hours / 24), 'day');
}
