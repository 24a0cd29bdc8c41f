import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type {
  TimelineEnrollment,
  StatusPeriod,
} from '../../../src/contract/students/enrollment-forecast.ts';
import {
  dayAt,
  dayIndex,
  joinPeriods,
  layOut,
  schoolYearStarts,
  periodOn,
} from './timeline-scale.ts';

const anEnrollment = (
  id: number,
  startDate: string,
  lastDay: string | null,
  schoolName = 'Lakeview High',
): TimelineEnrollment => ({
  id,
  entityId: 401,
  schoolYear: 2027,
  schoolName,
  schoolStateId: null,
  entityName: null,
  grade: null,
  homeroom: null,
  homeroomTeacher: null,
  advisor: null,
  startDate,
  lastDay,
  endDate: lastDay,
  withdrawalDate: null,
  closedWithYearOn: null,
  withdrawalCode: null,
  withdrawalReason: null,
  entryCode: null,
  entryReason: null,
  isDefaultEntity: true,
  calendarEndDate: null,
  isNoShow: null,
  enrolledAtLeastOneDay: null,
  decidesStatus: false,
  uncounted: null,
});

const first = dayIndex('2026-07-01');
const last = dayIndex('2027-06-30');

describe('days on the timeline', () => {
  it('convert to numbers and back, leap days included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (index) => {
        expect(dayIndex(dayAt(index))).toBe(index);
      }),
    );
    expect(dayIndex('2028-03-01') - dayIndex('2028-02-28')).toBe(2);
  });

  it('have a mark at the start of each school year', () => {
    expect(
      schoolYearStarts(dayIndex('2025-07-01'), dayIndex('2027-06-30')).map(({ at, schoolYear }) => [
        dayAt(at),
        schoolYear,
      ]),
    ).toEqual([
      ['2025-07-01', 2026],
      ['2026-07-01', 2027],
    ]);
  });
});

describe('bars', () => {
  it('of one school share a lane, or use two where they overlap', () => {
    const { bars, lanes } = layOut(
      [
        anEnrollment(1, '2026-08-12', '2026-10-01'),
        anEnrollment(2, '2026-10-02', null),
        anEnrollment(3, '2026-11-01', '2026-12-01'),
        anEnrollment(4, '2026-08-12', null, 'Cedar Creek Middle'),
      ],
      first,
      last,
    );
    const laneOf = new Map(bars.map(({ row, lane }) => [row.id, lanes[lane]?.school]));
    expect(laneOf.get(4)).toBe('Cedar Creek Middle');
    expect(lanes).toHaveLength(3);
    const lane = new Map(bars.map((bar) => [bar.row.id, bar.lane]));
    expect(lane.get(1)).toBe(lane.get(2));
    expect(lane.get(3)).not.toBe(lane.get(2));
  });

  it('never overlap in a lane and stay within the timeline', () => {
    const someDay = fc.integer({ min: first - 100, max: last + 100 }).map(dayAt);
    const someRows = fc.array(fc.tuple(someDay, fc.option(someDay)), { maxLength: 12 });
    fc.assert(
      fc.property(someRows, (rows) => {
        const given = rows.map(([start, end], id) => anEnrollment(id, start, end));
        const { bars } = layOut(given, first, last);
        for (const bar of bars) {
          expect(bar.from >= first && bar.until <= last + 1 && bar.from < bar.until).toBe(true);
          const inLane = bars.filter((one) => one.lane === bar.lane && one !== bar);
          expect(inLane.every((one) => one.until <= bar.from || one.from >= bar.until)).toBe(true);
        }
      }),
    );
  });

  it('of an enrollment that ended before it started are only a mark', () => {
    const { bars } = layOut([anEnrollment(1, '2026-08-12', '2026-08-11')], first, last);
    expect(bars).toMatchObject([{ isEmpty: true }]);
  });
});

const stretch: Omit<StatusPeriod, 'from' | 'through'> = {
  schoolYear: 2027,
  status: 'ENROLLED',
  rule: 'current-enrollment',
  reason: '',
  decidedBy: 1,
  uncounted: [],
};

it('a day belongs to the period that contains it, both ends included', () => {
  const stretches = [
    { ...stretch, from: '2026-07-01', through: '2026-12-31' },
    { ...stretch, from: '2027-01-01', through: '2027-06-30' },
  ];
  expect(periodOn(stretches, '2026-12-31')).toBe(stretches[0]);
  expect(periodOn(stretches, '2027-01-01')).toBe(stretches[1]);
  expect(periodOn(stretches, '2027-07-01')).toBeUndefined();
});

it('consecutive periods with the same status are one band, whatever their reason', () => {
  const bands = joinPeriods([
    { ...stretch, from: '2026-08-12', through: '2026-10-01' },
    { ...stretch, rule: 'future-with-past', from: '2026-10-02', through: '2026-12-31' },
    { ...stretch, status: 'INACTIVE', from: '2027-01-01', through: '2027-01-31' },
    { ...stretch, from: '2027-02-01', through: '2027-06-30' },
  ]);
  expect(bands).toEqual([
    { status: 'ENROLLED', from: '2026-08-12', through: '2026-12-31' },
    { status: 'INACTIVE', from: '2027-01-01', through: '2027-01-31' },
    { status: 'ENROLLED', from: '2027-02-01', through: '2027-06-30' },
  ]);
});
