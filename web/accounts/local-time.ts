/** Formats instants in the user's time zone. */

/** `Nov 23, 2026, 4:05 PM`. */
export const localTime = (instant: string): string =>
  new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(instant),
  );
