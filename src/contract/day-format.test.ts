import { expect, it } from 'vitest';

import { formatDay, formatLongDay, formatSchoolYear } from './day-format.ts';

it.each([
  ['2026-08-12', 'Aug 12, 2026'],
  ['2024-02-29', 'Feb 29, 2024'],
  ['1999-12-01', 'Dec 1, 1999'],
])('writes %s as %s, also given as a date', (day, written) => {
  expect(formatDay(day)).toBe(written);
  expect(formatDay(Temporal.PlainDate.from(day))).toBe(written);
});

it('writes every day of a leap year as English does', () => {
  for (let day = Temporal.PlainDate.from('2024-01-01'); day.year === 2024; day = day.add('P1D')) {
    expect(formatDay(day)).toBe(day.toLocaleString('en-US', { dateStyle: 'medium' }));
    expect(formatLongDay(day)).toBe(day.toLocaleString('en-US', { dateStyle: 'long' }));
  }
});

it.each([
  [2027, '2026–27'],
  [2000, '1999–00'],
])('names school year %i by both its years', (year, written) => {
  expect(formatSchoolYear(year)).toBe(written);
});
