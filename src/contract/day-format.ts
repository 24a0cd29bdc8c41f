/** Days and school years as people read them: on screens, in mails and in documents. */

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** A day, `2026-08-12`, as text or as a date. */
type Day = string | Temporal.PlainDate;

/** Returns `August 12, 2026`. */
export const formatLongDay = (day: Day): string => formatParts(day, (month) => month);

/** Returns `Aug 12, 2026`. */
export const formatDay = (day: Day): string => formatParts(day, (month) => month.slice(0, 3));

function formatParts(day: Day, nameMonth: (month: string) => string): string {
  const [year, month, dayOfMonth] = day.toString().split('-').map(Number);
  return `${nameMonth(monthNames[(month ?? 1) - 1] ?? '')} ${dayOfMonth}, ${year}`;
}

/** Returns a school year by the year it ends in: 2027 is `2026–27`. */
export const formatSchoolYear = (year: number): string =>
  `${year - 1}–${String(year % 100).padStart(2, '0')}`;
