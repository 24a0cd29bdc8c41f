import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { comingNights, dueNight, nightStart, type NightPlan } from './night-schedule.ts';

const plan = fc.record<NightPlan>({
  districtId: fc.integer({ min: 1, max: 1_000_000 }),
  timeZone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
  startsAt: fc
    .integer({ min: 0, max: 299 })
    .map((minutes) => Temporal.PlainTime.from('00:00').add({ minutes })),
});
const date = fc
  .integer({ min: 0, max: 365 * 30 })
  .map((days) => Temporal.PlainDate.from('2015-01-01').add({ days }));

it('every date of every time zone has one night, begun on that date and before the morning', () => {
  fc.assert(
    fc.property(plan, date, (given, night) => {
      const local = nightStart(night, given).toZonedDateTimeISO(given.timeZone);
      // Some zones have skipped a whole date when they moved across the date line.
      fc.pre(night.toZonedDateTime(given.timeZone).toPlainDate().equals(night));
      expect(local.toPlainDate().toString()).toBe(night.toString());
      expect(local.hour).toBeLessThan(9);
    }),
  );
});

it.each([
  // The clock skips from 2:00 to 3:00, and shows 1:00 to 2:00 twice.
  ['2027-03-14', '02:30', '2027-03-14T08:30:00Z'],
  ['2026-11-01', '01:30', '2026-11-01T06:30:00Z'],
  ['2028-02-29', '01:30', '2028-02-29T07:30:00Z'],
])('on %s the night of %s in Chicago begins once', (night, startsAt, earliest) => {
  const given = {
    districtId: 1,
    timeZone: 'America/Chicago',
    startsAt: Temporal.PlainTime.from(startsAt),
  };
  const start = nightStart(Temporal.PlainDate.from(night), given);
  const delay = start.since(Temporal.Instant.from(earliest)).total('minutes');
  expect(delay).toBeGreaterThanOrEqual(0);
  expect(delay).toBeLessThan(120);
});

it('minute by minute over both changes of the clock, each date becomes due once and only from its start to noon', () => {
  const given = {
    districtId: 42,
    timeZone: 'America/Chicago',
    startsAt: Temporal.PlainTime.from('02:30'),
  };
  for (const first of ['2026-10-31', '2027-03-13']) {
    const due = new Map<string, number>();
    let now = Temporal.PlainDate.from(first).toZonedDateTime('America/Chicago').toInstant();
    for (let minute = 0; minute < 3 * 24 * 60; minute++) {
      const night = dueNight(now, given);
      if (night) due.set(night.toString(), (due.get(night.toString()) ?? 0) + 1);
      now = now.add({ minutes: 1 });
    }
    expect([...due.keys()]).toHaveLength(3);
  }
});

it('the nights to come are the starts after now, one for each date, none left out', () => {
  fc.assert(
    fc.property(plan, date, fc.integer({ min: 0, max: 1439 }), (given, day, minutes) => {
      const now = day.toZonedDateTime(given.timeZone).add({ minutes }).toInstant();
      const starts = comingNights(now, given, 5).map(({ startsAt }) => startsAt);
      const [next = now] = starts;
      expect(Temporal.Instant.compare(next, now)).toBe(1);
      expect(next.since(now).total('hours')).toBeLessThan(72);
      const first = next.toZonedDateTimeISO(given.timeZone).toPlainDate();
      const nights = [0, 1, 2, 3, 4].map((days) => nightStart(first.add({ days }), given));
      expect(starts.map(String)).toEqual(nights.map(String));
    }),
  );
});

it('the nights on which the clock changes are marked', () => {
  const given = {
    districtId: 1,
    timeZone: 'America/Chicago',
    startsAt: Temporal.PlainTime.from('02:30'),
  };
  const marked = (from: string) =>
    comingNights(Temporal.Instant.from(from), given, 3).map(({ clockChange }) => clockChange);
  expect(marked('2026-10-30T18:00:00Z')).toEqual([null, 'back', null]);
  expect(marked('2027-03-12T18:00:00Z')).toEqual([null, 'forward', null]);
});

it('districts are spread over the window', () => {
  const night = Temporal.PlainDate.from('2026-11-24');
  const starts = new Set(
    Array.from({ length: 200 }, (_, index) =>
      nightStart(night, {
        districtId: index + 1,
        timeZone: 'America/Chicago',
        startsAt: Temporal.PlainTime.from('01:00'),
      }).toString(),
    ),
  );
  expect(starts.size).toBeGreaterThan(100);
});
