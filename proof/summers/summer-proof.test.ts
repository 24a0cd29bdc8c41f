import { describe, expect, it } from 'vitest';
import { parseDay, type Day } from '../../sandbox/day.ts';
import { listPractices } from './practice.ts';
import { expectStatus, type Stay } from './story.ts';
import { createDistrict, proveSummers } from './summer-proof.ts';
import { rowsOn } from './skyward-rows.ts';

const day = (text: string): Day => parseDay(text) ?? 0;

function stay(registered: string, first: string, last: string | null, isGraduate = false): Stay {
  return {
    registered: day(registered),
    first: day(first),
    last: last === null ? null : day(last),
    isGraduate,
  };
}

describe('the oracle', () => {
  const was = (last: string | null, isGraduate = false) =>
    stay('2025-07-01', '2025-08-13', last, isGraduate);
  it.each<[string, readonly Stay[], string, string | undefined]>([
    ['was and will be enrolled', [was(null)], '2027-07-04', 'ENROLLED'],
    ['leaves today', [was('2027-04-20')], '2027-04-20', 'ENROLLED'],
    ['left yesterday', [was('2027-04-20')], '2027-04-21', 'INACTIVE'],
    ['graduated', [was('2027-05-28', true)], '2027-05-29', 'GRADUATED'],
    ['is not known', [stay('2027-06-01', '2027-08-11', null)], '2027-05-31', undefined],
    ['is new', [stay('2027-06-01', '2027-08-11', null)], '2027-08-10', 'PRE_ENROLLED'],
    ['has the first day', [stay('2027-06-01', '2027-08-11', null)], '2027-08-11', 'ENROLLED'],
    [
      'left and is not registered yet',
      [was('2027-03-05'), stay('2027-06-01', '2027-08-11', null)],
      '2027-05-31',
      'INACTIVE',
    ],
    [
      'left and comes back',
      [was('2027-03-05'), stay('2027-06-01', '2027-08-11', null)],
      '2027-06-01',
      'ENROLLED',
    ],
    [
      'comes back after more than a year',
      [was('2026-03-05'), stay('2027-06-01', '2027-08-11', null)],
      '2027-06-01',
      'PRE_ENROLLED',
    ],
    ['cancels', [stay('2027-06-01', '2027-08-11', '2027-07-01')], '2027-07-02', 'INACTIVE'],
  ])('expects of a student who %s', (_who, stays, today, status) => {
    expect(expectStatus(stays, day(today))).toBe(status);
  });
});

describe('a district', () => {
  it('has the same rows for the same seed, others for each practice, and no row twice on a day', () => {
    const practices = listPractices();
    const show = (index: number) => {
      const practice = practices[index];
      if (practice === undefined) throw new Error('There is no such practice.');
      return createDistrict(practice, 7, 60).students.map(({ histories }) =>
        rowsOn(histories, day('2027-07-15')),
      );
    };
    expect(show(0)).toEqual(show(0));
    expect(show(0)).not.toEqual(show(practices.length - 1));
    const ids = show(40).flatMap((rows) => rows.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it('R37 to R41: no status is wrong where Skyward could tell, and none changes for many in silence', () => {
  const result = proveSummers({ students: 60, seed: 1, step: 37 }, () => undefined);
  expect(result.differences).toEqual([]);
  expect(result.proposed.exceptions.told).toBe(0);
  expect(result.proposed.days.told).toBeGreaterThan(100_000);
  expect(result.untouched.exceptions.told).toBeGreaterThan(0);
});
