/** Tests of computed fields of an enrollment: withdrawal date and no-show marks. */
import { describe, expect, it } from 'vitest';
import type { SwitchValues } from '../api/contract-switches.ts';
import { parseDay, formatDay } from '../day.ts';
import type { EnrollmentFacts } from './district-facts.ts';
import { signIn } from '../api/sandbox-client.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { nextSchoolDay } from './school-days.ts';

const start = '2026-11-23';

function createTestSandbox(switches: Partial<SwitchValues> = {}, days = 0): Sandbox {
  return createSandbox({
    students: 300,
    schools: 4,
    seed: 3,
    today: start,
    switches,
    days,
  });
}

function listEnrollments(sandbox: Sandbox): EnrollmentFacts[] {
  return sandbox.facts().students.flatMap(({ enrollments }) => enrollments);
}

/** Returns the days from the end date to the withdrawal date of all withdrawn students. */
function gaps(sandbox: Sandbox): number[] {
  return listEnrollments(sandbox).flatMap(({ endDate, withdrawalDate, isNoShow }) =>
    endDate === null || withdrawalDate === null || isNoShow
      ? []
      : [(parseDay(withdrawalDate) ?? 0) - (parseDay(endDate) ?? 0)],
  );
}

describe('the next school day', () => {
  it.each([
    ['an ordinary day', '2026-10-13', '2026-10-14'],
    ['a Friday', '2026-10-16', '2026-10-19'],
    ['Labor Day', '2026-09-04', '2026-09-08'],
    ['Thanksgiving', '2026-11-20', '2026-11-30'],
    ['the winter break', '2026-12-18', '2027-01-05'],
    ['the spring break', '2027-03-12', '2027-03-22'],
    ['the last day of school', '2027-05-28', '2027-08-11'],
    ['a day in summer', '2027-07-04', '2027-08-11'],
  ])('after %s', (_, day, next) => {
    expect(formatDay(nextSchoolDay(parseDay(day) ?? 0))).toBe(next);
  });
});

describe('the withdrawal date', () => {
  it('is the next school day after the last day, days or weeks later', () => {
    for (const sandbox of [createTestSandbox(), createTestSandbox({}, 300)]) {
      const left = listEnrollments(sandbox).filter(
        ({ endDate, withdrawalCode, isNoShow }) =>
          endDate !== null && withdrawalCode !== null && !isNoShow,
      );
      expect(left.length).toBeGreaterThan(50);
      for (const { endDate, withdrawalDate } of left) {
        expect(withdrawalDate).toBe(formatDay(nextSchoolDay(parseDay(endDate ?? '') ?? 0)));
      }
      const all = gaps(sandbox);
      expect(all.filter((gap) => gap > 1).length).toBeGreaterThan(10);
      expect(Math.max(...all)).toBeGreaterThan(60);
    }
  });

  it('is missing while an enrollment is open, and if a year ended with only an end date', () => {
    const found = listEnrollments(createTestSandbox({}, 300));
    const open = found.filter(({ endDate }) => endDate === null);
    expect(new Set(open.map(({ withdrawalDate }) => withdrawalDate))).toEqual(new Set([null]));
    const plain = found.filter((each) => each.endDate !== null && each.withdrawalCode === null);
    const without = plain.filter(({ withdrawalDate }) => withdrawalDate === null);
    expect(without.length).toBeGreaterThan(0);
    expect(without.length).toBeLessThan(plain.length);
  });

  it.each([
    ['next-day', 1],
    ['end-date', 0],
  ] as const)('is computed another way if configured: %s', (way, gap) => {
    for (const sandbox of [
      createTestSandbox({ 'withdrawal-date': way }),
      createTestSandbox({ 'withdrawal-date': way }, 300),
    ]) {
      expect(new Set(gaps(sandbox))).toEqual(new Set([gap]));
      sandbox.switches.reset();
      expect(new Set(gaps(sandbox)).size).toBeGreaterThan(3);
    }
  });
});

describe('a no-show', () => {
  const noShows = (sandbox: Sandbox): EnrollmentFacts[] =>
    listEnrollments(sandbox).filter(
      (each) => each.withdrawalCode === 'NS' && each.startDate === each.endDate,
    );

  it('ends on its planned start, is flagged, and was never enrolled', () => {
    // The second one has no-shows on the first day of school in August.
    for (const sandbox of [createTestSandbox(), createTestSandbox({}, 300)]) {
      const found = noShows(sandbox);
      expect(found.length).toBeGreaterThan(1);
      for (const each of found) {
        expect(each).toMatchObject({
          isNoShow: true,
          enrolledAtLeastOneDay: false,
          withdrawalDate: each.startDate,
        });
      }
    }
  });

  it('does not mark future rows, although Skyward computes that they were not enrolled yet', () => {
    const { students, today } = createTestSandbox().facts();
    const ahead = students
      .flatMap(({ enrollments }) => enrollments)
      .filter((each) => each.startDate > today);
    expect(ahead.length).toBeGreaterThan(0);
    expect(ahead.every((each) => !each.enrolledAtLeastOneDay && !each.isNoShow)).toBe(true);
  });

  it('can be marked by its dates alone, before and after the simulated days', () => {
    for (const days of [0, 300]) {
      const sandbox = createTestSandbox({ 'no-show': 'end-before-start' }, days);
      const found = listEnrollments(sandbox).filter(
        ({ withdrawalCode }) => withdrawalCode === 'NS',
      );
      expect(found.length).toBeGreaterThan(1);
      for (const each of found) {
        expect(each.isNoShow).toBe(false);
        expect(String(each.endDate) < each.startDate).toBe(true);
      }
      sandbox.switches.set({ 'no-show': 'flags' });
      expect(noShows(sandbox).length).toBe(found.length);
    }
  });

  it('can be hidden by missing permissions for the flags', async () => {
    const sandbox = createTestSandbox({ 'no-show': 'flags-not-granted' });
    expect(noShows(sandbox).length).toBeGreaterThan(1);
    const call = await signIn(sandbox);
    const read = async (field: string) =>
      (await call(`/Custom/2/Enrollment/EntryWithdrawal/1/9?searchFields=${field}`)).status;
    expect(await read('IsNoShow')).toBe(403);
    expect(await read('EnrolledAtLeastOneDay')).toBe(403);
    sandbox.switches.reset();
    expect(await read('IsNoShow')).toBe(200);
    expect(await read('EnrolledAtLeastOneDay')).toBe(200);
  });
});
