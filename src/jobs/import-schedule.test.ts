import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  listScheduledImports,
  dueImport,
  findNextStart,
  importDeadlines,
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

describe('the deadline after an import', () => {
  const schedule = {
    districtId: 1,
    timeZone: 'America/Chicago',
    earliestStart: Temporal.PlainTime.from('01:00'),
  };
  const start = (date: string) => scheduledStart(Temporal.PlainDate.from(date), schedule);
  const deadlines = (at: string, date: string | null) => {
    const found = importDeadlines(
      {
        at: Temporal.Instant.from(at),
        date: date === null ? null : Temporal.PlainDate.from(date),
      },
      schedule,
    );
    return [found.lateAt.toString(), found.overdueAt.toString()];
  };
  const after = (date: string) => start(date).add({ hours: 2 }).toString();

  it('is two hours after the next start; a second missed one makes the data overdue', () => {
    expect(deadlines('2026-11-23T08:05:00Z', '2026-11-23')).toEqual([
      after('2026-11-24'),
      after('2026-11-25'),
    ]);
  });

  it('waits for two days after an import that completed late in the day', () => {
    expect(deadlines('2026-11-23T23:30:00Z', '2026-11-23')).toEqual([
      after('2026-11-24'),
      '2026-11-25T23:30:00Z',
    ]);
  });

  it('counts from the connection before the first import', () => {
    expect(deadlines('2026-11-23T15:00:00Z', null)[0]).toBe(after('2026-11-24'));
  });

  it('follows the local clock when it changes', () => {
    // The clock went back on Nov 1: the start of Nov 2 is 25 hours after that of Nov 1.
    expect(deadlines('2026-10-31T07:05:00Z', '2026-10-31')).toEqual([
      after('2026-11-01'),
      after('2026-11-02'),
    ]);
    expect(start('2026-11-02').since(start('2026-11-01')).total('hours')).toBe(25);
  });

  it('finds the next start, not on a date that has a completed import', () => {
    const next = (now: string, last: string | null) =>
      findNextStart(
        Temporal.Instant.from(now),
        last === null ? null : Temporal.PlainDate.from(last),
        schedule,
      ).toString();
    expect(next('2026-11-23T15:00:00Z', '2026-11-23')).toBe(start('2026-11-24').toString());
    expect(next('2026-11-24T06:30:00Z', '2026-11-23')).toBe(start('2026-11-24').toString());
    // Imported manually after midnight: the nightly import of this date does not start.
    expect(next('2026-11-24T06:30:00Z', '2026-11-24')).toBe(start('2026-11-25').toString());
    expect(next('2026-11-24T06:30:00Z', null)).toBe(start('2026-11-24').toString());
  });
});
