/** Reading dates as the SIS may write them. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDateReader } from './date-reader.ts';

describe('plainDate', () => {
  it.each([
    '2026-08-12',
    '2026-08-12T00:00:00',
    '2026-08-12T23:59:59.9999999',
    '2026-08-12T23:30:00Z',
    '2026-08-12T00:30:00+14:00',
    '2026-08-12T00:30:00-0500',
    '2026-08-12 00:00:00',
    '2026-08-12T00:00',
    '2026-08-12T00:00:00-05:00[America/Chicago]',
  ])('reads the day of %s and never shifts it', (text) => {
    expect(createDateReader().plainDate(text)?.toString()).toBe('2026-08-12');
  });

  it.each([
    '',
    ' ',
    '2026-8-12',
    '2026-08-1',
    '08/12/2026',
    '20260812',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '0000-01-01',
    '2026-08-12 ',
    ' 2026-08-12',
    '2026-08-12T',
    '2026-08-12x',
    '2026-08-12T0',
    '2026-08-12T00:00:00 noon',
    '-002026-08-12',
    '2026-08-12[u-ca=hebrew]',
    '２０２６-08-12',
    'null',
  ])('reads %j as no date', (text) => {
    const { plainDate } = createDateReader();
    expect(plainDate(text)).toBeUndefined();
    expect(plainDate(text)).toBeUndefined();
  });

  it('reads every existing date, and returns the same object for a cached one', () => {
    const { plainDate } = createDateReader();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_652_058 }), (days) => {
        const text = Temporal.PlainDate.from('0001-01-01').add({ days }).toString();
        expect(plainDate(text)?.toString()).toBe(text);
        expect(plainDate(`${text}T12:00:00Z`)).toBe(plainDate(text));
      }),
    );
  });

  it('never throws, and never reads text that does not start with a date', () => {
    const { plainDate } = createDateReader();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9T:+Z. -]{8,30}$/)), (text) => {
        const date = plainDate(text);
        expect(date === undefined || text.startsWith(date.toString())).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('empties its cache when full', () => {
    const { plainDate } = createDateReader({ capacity: 2 });
    const first = plainDate('2026-01-01');
    expect(plainDate('2026-01-01')).toBe(first);
    plainDate('2026-01-02');
    plainDate('2026-01-03');
    expect(plainDate('2026-01-01')).not.toBe(first);
    expect(plainDate('2026-01-01')?.toString()).toBe('2026-01-01');
  });
});
