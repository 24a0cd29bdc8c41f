import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import {
  listScheduledImports,
  dueImport,
  scheduledStart,
  type ImportSchedule,
} from './import-schedule.ts';

const schedules = fc.record<ImportSchedule>({
  districtId: fc.integer({ min: 1, max: 1_000_000 }),
  timeZone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
  earliestStart: fc
    .integer({ min: 0, max: 299 })
    .map((minutes) => Temporal.PlainTime.from('00:00').add({ minutes })),
});
const dates = fc
  .integer({ min: 0, max: 365 * 30 })
  .map((days) => Temporal.PlainDate.from('2015-01-01').add({ days }));

it('R3: every date in every time zone has one start, on that date and before 9 AM', () => {
  fc.assert(
    fc.property(schedules, dates, (schedule, date) => {
      const local = scheduledStart(date, schedule).toZonedDateTimeISO(schedule.timeZone);
      // Some zones have skipped a whole date when they moved across the date line.
      fc.pre(date.toZonedDateTime(schedule.timeZone).toPlainDate().equals(date));
      expect(local.toPlainDate().toString()).toBe(date.toString());
      expect(local.hour).toBeLessThan(9);
    }),
  );
});

it.each([
  // The clock skips 2:00 to 3:00 in March and repeats 1:00 to 2:00 in November.
  ['2027-03-14', '02:30', '2027-03-14T08:30:00Z'],
  ['2026-11-01', '01:30', '2026-11-01T06:30:00Z'],
  ['2028-02-29', '01:30', '2028-02-29T07:30:00Z'],
])('on %s an import at %s in Chicago starts once', (date, earliestStart, earliest) => {
  const schedule = {
    districtId: 1,
    timeZone: 'America/Chicago',
    earliestStart: Temporal.PlainTime.from(earliestStart),
  };
  const start = scheduledStart(Temporal.PlainDate.from(date), schedule);
  const delay = start.since(Temporal.Instant.from(earliest)).total('minutes');
  expect(delay).toBeGreaterThanOrEqual(0);
  expect(delay).toBeLessThan(120);
});

it('an import is due from its start to noon on each date, also when the clock changes', () => {
  const schedule = {
    districtId: 42,
    timeZone: 'America/Chicago',
    earliestStart: Temporal.PlainTime.from('02:30'),
  };
  for (const first of ['2026-10-31', '2027-03-13']) {
    const due = new Map<string, number>();
    let now = Temporal.PlainDate.from(first).toZonedDateTime('America/Chicago').toInstant();
    for (let minute = 0; minute < 3 * 24 * 60; minute++) {
      const date = dueImport(now, schedule);
      if (date) due.set(date.toString(), (due.get(date.toString()) ?? 0) + 1);
      now = now.add({ minutes: 1 });
    }
    expect([...due.keys()]).toHaveLength(3);
  }
});

it('lists the starts after now, one for each date without gaps', () => {
  fc.assert(
    fc.property(schedules, dates, fc.integer({ min: 0, max: 1439 }), (schedule, day, minutes) => {
      const now = day.toZonedDateTime(schedule.timeZone).add({ minutes }).toInstant();
      const starts = listScheduledImports(now, schedule, 5).map(({ startsAt }) => startsAt);
      const [next = now] = starts;
      expect(Temporal.Instant.compare(next, now)).toBe(1);
      expect(next.since(now).total('hours')).toBeLessThan(72);
      const first = next.toZonedDateTimeISO(schedule.timeZone).toPlainDate();
      const expected = [0, 1, 2, 3, 4].map((days) => scheduledStart(first.add({ days }), schedule));
      expect(starts.map(String)).toEqual(expected.map(String));
    }),
  );
});

it('marks the dates on which the clock changes', () => {
  const schedule = {
    districtId: 1,
    timeZone: 'America/Chicago',
    earliestStart: Temporal.PlainTime.from('02:30'),
  };
  const clockChanges = (from: string) =>
    listScheduledImports(Temporal.Instant.from(from), schedule, 3).map(
      ({ clockChange }) => clockChange,
    );
  expect(clockChanges('2026-10-30T18:00:00Z')).toEqual([null, 'back', null]);
  expect(clockChanges('2027-03-12T18:00:00Z')).toEqual([null, 'forward', null]);
});

it('spreads districts over the window', () => {
  const date = Temporal.PlainDate.from('2026-11-24');
  const starts = new Set(
    Array.from({ length: 200 }, (_, index) =>
      scheduledStart(date, {
        districtId: index + 1,
        timeZone: 'America/Chicago',
        earliestStart: Temporal.PlainTime.from('01:00'),
      }).toString(),
    ),
  );
  expect(starts.size).toBeGreaterThan(100);
});
