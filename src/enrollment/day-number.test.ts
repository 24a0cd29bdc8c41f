/** Compares day numbers with Temporal. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayAfterOneYear,
  dayNumber,
  dayText,
  neverDay,
  nextDay,
  plainDateOf,
  previousDay,
} from './day-number.ts';

const someDate = fc
  .integer({ min: 1, max: 2_900_000 })
  .map((days) => Temporal.PlainDate.from('0001-01-01').add({ days }));
const turningPoint = fc
  .tuple(
    fc.constantFrom(1900, 1999, 2000, 2024, 2027, 2028, 2100),
    fc.integer({ min: -3, max: 62 }),
  )
  .map(([year, days]) => new Temporal.PlainDate(year, 1, 1).add({ days }));
const somePlainDate = fc.oneof(someDate, turningPoint);

describe('day numbers', () => {
  it('convert back to their dates, and sort like them', () => {
    fc.assert(
      fc.property(somePlainDate, somePlainDate, (a, b) => {
        expect(plainDateOf(dayNumber(a))?.equals(a)).toBe(true);
        expect(dayText(dayNumber(a))).toBe(a.toString());
        expect(Math.sign(dayNumber(a) - dayNumber(b))).toBe(Temporal.PlainDate.compare(a, b));
        expect(dayNumber(a)).toBeLessThan(neverDay);
      }),
      { numRuns: 2000 },
    );
  });

  it('have the next and the previous day', () => {
    fc.assert(
      fc.property(somePlainDate, (date) => {
        expect(nextDay(dayNumber(date))).toBe(dayNumber(date.add({ days: 1 })));
        expect(previousDay(dayNumber(date))).toBe(dayNumber(date.subtract({ days: 1 })));
      }),
      { numRuns: 3000 },
    );
  });

  it('have the first day on which a date is more than a year ago', () => {
    fc.assert(
      fc.property(somePlainDate, (date) => {
        const isWithinYear = (today: Temporal.PlainDate): boolean =>
          Temporal.PlainDate.compare(today.subtract({ years: 1 }), date) <= 0;
        const first = plainDateOf(dayAfterOneYear(dayNumber(date)));
        if (first === null) throw new Error('The day after a year is beyond the calendar.');
        expect(isWithinYear(first)).toBe(false);
        expect(isWithinYear(first.subtract({ days: 1 }))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('end with the year 9999', () => {
    expect(plainDateOf(99_991_231)?.toString()).toBe('9999-12-31');
    expect(plainDateOf(nextDay(99_991_231))).toBeNull();
    expect(plainDateOf(neverDay)).toBeNull();
    expect(dayText(neverDay)).toBeNull();
  });
});
