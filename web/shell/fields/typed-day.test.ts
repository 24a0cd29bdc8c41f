import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatDay, formatLongDay } from '../../../src/contract/day-format.ts';
import { formatTypedDay, hasWholeYear, parseTypedDay } from './typed-day.ts';

describe('a typed date', () => {
  it.each([
    '8/12/2026',
    '08/12/2026',
    ' 8-12-2026 ',
    '8.12.26',
    '8 12 2026',
    '08122026',
    'Aug 12, 2026',
    'August 12 2026',
    'aug. 12th, 26',
    '12 Aug 2026',
    '2026-08-12',
    '2026/8/12',
  ])('may be written as %s', (text) => {
    expect(parseTypedDay(text)).toBe('2026-08-12');
  });

  it.each([
    '',
    '8/12',
    '13/1/2026',
    '2/30/2026',
    '2/29/2027',
    'tomorrow',
    '8/12/202',
    'Foo 1, 2026',
  ])('is not %j', (text) => {
    expect(parseTypedDay(text)).toBeUndefined();
  });

  it('is a birth date of the last century with a year of two digits from 70', () => {
    expect(parseTypedDay('5/2/98')).toBe('1998-05-02');
    expect(parseTypedDay('5/2/70')).toBe('1970-05-02');
    expect(parseTypedDay('5/2/69')).toBe('2069-05-02');
  });

  it('is not over before its year is', () => {
    // On the way to 2026, 8/12/20 is already a date.
    expect(['8/12/2', '8/12/20', '8/12/202', '8/12/2026'].map(hasWholeYear)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(hasWholeYear('2026-08-12')).toBe(true);
  });

  it('reads every date back that the app shows', () => {
    const days = fc
      .date({
        min: new Date('1900-01-01T00:00:00Z'),
        max: new Date('2199-12-31T00:00:00Z'),
        noInvalidDate: true,
      })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(days, (day) => {
        for (const format of [formatTypedDay, formatDay, formatLongDay])
          expect(parseTypedDay(format(day))).toBe(day);
      }),
    );
  });
});
