import { describe, expect, it } from 'vitest';

import { ageOn, dayIn, daysUntil, formatInstant, formatAgo } from './dates.ts';

describe('dates', () => {
  it('names the zone of a moment', () => {
    const written = formatInstant('2026-11-23T08:05:00Z', 'America/Chicago');
    expect(written.replaceAll(/\s/g, ' ')).toBe('Nov 23, 2026, 2:05 AM CST');
  });

  it("takes the day from the district's clock", () => {
    const moment = new Date('2026-11-23T04:00:00Z');
    expect(dayIn(moment, 'America/Chicago')).toBe('2026-11-22');
    expect(dayIn(moment, 'UTC')).toBe('2026-11-23');
  });

  it.each([
    ['2026-04-16', '2013-04-17', 12],
    ['2026-04-17', '2013-04-17', 13],
    ['2025-02-28', '2012-02-29', 12],
    ['2025-03-01', '2012-02-29', 13],
  ])('on %s someone born on %s is %i', (day, birthDate, age) => {
    expect(ageOn(day, birthDate)).toBe(age);
  });
});

it('days until another day, over the change of the clocks and a leap day', () => {
  expect(daysUntil('2026-10-31', '2026-11-02')).toBe(2);
  expect(daysUntil('2028-02-28', '2028-03-01')).toBe(2);
  expect(daysUntil('2026-11-24', '2026-11-23')).toBe(-1);
});

describe('an age', () => {
  it.each([
    ['2026-11-24T11:59:40Z', 'just now'],
    ['2026-11-24T11:57:59Z', '2 minutes ago'],
    ['2026-11-24T10:59:00Z', '1 hour ago'],
    ['2026-11-23T06:00:00Z', '30 hours ago'],
    ['2026-11-22T12:00:00Z', '2 days ago'],
    ['2026-11-24T12:00:05Z', 'just now'],
  ])('of %s is %s', (instant, age) => {
    expect(formatAgo(instant, Date.parse('2026-11-24T12:00:00Z'))).toBe(age);
  });
});
