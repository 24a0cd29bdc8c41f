import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { qmlativDate } from './qmlativ-date.ts';

it.each([
  ['2026-08-12', '2026-08-12'],
  ['2026-08-12T00:00:00', '2026-08-12'],
  ['2026-08-12T23:59:59.9999999', '2026-08-12'],
  ['2026-08-12T23:30:00-05:00', '2026-08-12'],
  ['2026-08-12T00:30:00Z', '2026-08-12'],
  ['2026-08-12 00:00:00', '2026-08-12'],
  ['8/2/2026', '2026-08-02'],
  ['08/12/2026 12:00:00 AM', '2026-08-12'],
  ['8/12/2026 12:00:00\u202fAM', '2026-08-12'],
  ['8/12/2026 12:00:00\u00a0pm', '2026-08-12'],
  ['8/12/2026\u00a012:00:00\u202fAM', '2026-08-12'],
  ['8/12/2026\u202f12:00 AM', '2026-08-12'],
  ['2026-08-12\u00a000:00:00', '2026-08-12'],
  ['1753-01-01T00:00:00', '1753-01-01'],
  ['2024-02-29', '2024-02-29'],
  ['2000-02-29', '2000-02-29'],
])('reads %s as %s', (text, day) => {
  expect(qmlativDate(text)).toBe(day);
});

it.each([
  '',
  'soon',
  '2026-02-29',
  '1900-02-29',
  '2026-04-31',
  '2026-13-01',
  '2026-00-10',
  '0000-01-01',
  '2026-08-12x',
  '2026-8-12',
  '13/1/2026',
  '20260812',
  '2026-08-12T',
  ' 2026-08-12',
])('finds no real day in "%s"', (text) => {
  expect(qmlativDate(text)).toBeUndefined();
});

it('agrees with the calendar of Temporal on every day there could be', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      fc.constantFrom('', 'T00:00:00', 'T23:59:59.123Z', 'T22:00:00-06:00'),
      (year, month, day, time) => {
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
        let real: string | undefined = text;
        try {
          Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
        } catch {
          real = undefined;
        }
        expect(qmlativDate(text + time)).toBe(real);
      },
    ),
  );
});

function two(part: number): string {
  return String(part).padStart(2, '0');
}
