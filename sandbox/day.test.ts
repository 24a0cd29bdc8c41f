/** Compares day arithmetic with the platform's calendar. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDayWriter, toDate, toDay, parseDay, formatDay, nextWeekday } from './day.ts';

const days = fc.integer({ min: -80_000, max: 60_000 });
const epoch = Temporal.PlainDate.from('1970-01-01');

it('counts days as the Gregorian calendar does', () => {
  fc.assert(
    fc.property(days, (day) => {
      const date = epoch.add({ days: day });
      expect(toDate(day)).toEqual({ year: date.year, month: date.month, day: date.day });
      expect(toDay(date.year, date.month, date.day)).toBe(day);
      expect(formatDay(day)).toBe(date.toString());
      expect(parseDay(`${date.toString()}T00:00:00`)).toBe(day);
      expect(createDayWriter()(day)).toBe(`${date.toString()}T00:00:00`);
    }),
  );
});

it('finds the next Wednesday, possibly the day itself', () => {
  fc.assert(
    fc.property(days, (day) => {
      const found = nextWeekday(day, 3);
      expect(epoch.add({ days: found }).dayOfWeek).toBe(3);
      expect(found - day).toBeGreaterThanOrEqual(0);
      expect(found - day).toBeLessThan(7);
    }),
  );
});

it.each(['2026-02-30', '2026-13-01', '26-01-01', '2026-01-01 00:00', '', '2026-1-1'])(
  'takes %s for no date',
  (text) => {
    expect(parseDay(text)).toBeUndefined();
  },
);
