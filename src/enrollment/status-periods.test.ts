import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { buildEnrollment } from '../../tests/builders/enrollment-builder.ts';
import type { Enrollment } from './enrollment.ts';
import { decideStatus, retainedDecision } from './status-decision.ts';
import { defaultStatusRules, nextSchoolYears } from './status-settings.ts';
import {
  type KnownSchoolYear,
  schoolYearOn,
  listStatusPeriods,
  type StatusPeriod,
} from './status-periods.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const today = day('2026-11-23');
const known: KnownSchoolYear = { schoolYear: 2027, from: today, through: today };

const someDay = fc.integer({ min: -600, max: 600 }).map((days) => today.add({ days }));
const someRow: fc.Arbitrary<Enrollment> = fc.record({
  id: fc.integer({ min: 1, max: 9 }),
  entityId: fc.constantFrom(401, 402),
  schoolYear: fc.constantFrom(2026, 2027, 2027, 2028),
  startDate: fc.option(someDay, { freq: 20 }),
  endDate: fc.option(someDay),
  withdrawalDate: fc.option(someDay),
  withdrawalCode: fc.constantFrom(null, '01', 'CECS', '33'),
  isDefaultEntity: fc.boolean(),
  calendarEndDate: fc.option(someDay),
  isNoShow: fc.constantFrom(null, false, true),
  enrolledAtLeastOneDay: fc.constantFrom(null, true, false),
});
const someRows = fc.uniqueArray(someRow, { maxLength: 5, selector: ({ id }) => id });

describe('status periods', () => {
  it('agree with the rules on every day, without gaps', () => {
    fc.assert(
      fc.property(
        someRows,
        fc.constantFrom(2026, 2027, 2028),
        fc.constantFrom(...nextSchoolYears),
        (rows, schoolYear, nextSchoolYear) => {
          const rules = { ...defaultStatusRules, nextSchoolYear };
          const year = { ...known, schoolYear, through: today.add({ days: 3 }) };
          const range = { from: day('2025-07-01'), through: day('2028-06-30') };
          let next = range.from;
          let before: StatusPeriod | undefined;
          for (const period of listStatusPeriods(rows, range, year, rules, today)) {
            expect(period.from.equals(next)).toBe(true);
            // Checks the first, last and a middle day of each period.
            const length = period.from.until(period.through).days;
            for (const days of new Set([0, length >> 1, length])) {
              const on = period.from.add({ days });
              expect(period.schoolYear).toBe(schoolYearOn(on, year));
              const decision = decideStatus(rows, on, period.schoolYear, rules, today);
              const retained =
                before && retainedDecision(before, rows, on, period.schoolYear, rules, today);
              const uncounted = decision.uncounted.filter(({ id }) => id !== retained?.decidedBy);
              expect(pickDecision(period)).toEqual(
                pickDecision({ ...decision, ...retained, uncounted }),
              );
            }
            next = period.through.add({ days: 1 });
            before = period;
          }
          expect(next.equals(range.through.add({ days: 1 }))).toBe(true);
        },
      ),
    );
  });

  it('R38: turn from Pre-Enrolled to Enrolled on the day an enrollment starts', () => {
    const rows = [buildEnrollment({ startDate: '2027-01-06' })];
    const range = { from: today, through: day('2027-06-30') };
    expect(
      listStatusPeriods(rows, range, known, defaultStatusRules, today).map(
        ({ from, through, status }) => [from.toString(), through.toString(), status],
      ),
    ).toEqual([
      ['2026-11-23', '2027-01-05', 'PRE_ENROLLED'],
      ['2027-01-06', '2027-06-30', 'ENROLLED'],
    ]);
  });

  it('R40: leave a graduate Graduated, however old the last enrollment is', () => {
    const rows = [
      buildEnrollment({
        endDate: '2027-05-28',
        withdrawalDate: '2027-06-01',
        withdrawalCode: '01',
      }),
    ];
    const range = { from: today, through: day('2031-06-30') };
    const periods = listStatusPeriods(rows, range, known, defaultStatusRules, today);
    expect(new Set(periods.map(({ status }) => status))).toEqual(
      new Set(['ENROLLED', 'GRADUATED']),
    );
    expect(periods.at(-1)).toMatchObject({ rule: 'graduated', decidedBy: 1, uncounted: [] });
  });

  it('are empty for an empty range', () => {
    const range = { from: today, through: today.subtract({ days: 1 }) };
    expect(listStatusPeriods([], range, known, defaultStatusRules, today)).toEqual([]);
  });
});

const pickDecision = ({
  status,
  rule,
  decidedBy,
  uncounted,
}: Pick<StatusPeriod, 'status' | 'rule' | 'decidedBy' | 'uncounted'>) => ({
  status,
  rule,
  decidedBy,
  uncounted,
});

describe('the school year of a day', () => {
  it.each([
    // Skyward follows the calendar.
    ['2026-11-23', 2027, '2026-11-23', 2027],
    ['2026-11-23', 2027, '2026-06-30', 2026],
    ['2026-11-23', 2027, '2027-06-30', 2027],
    ['2026-11-23', 2027, '2027-07-01', 2028],
    // Skyward switched to the next year in June.
    ['2026-06-10', 2027, '2026-06-09', 2026],
    ['2026-06-10', 2027, '2026-06-11', 2027],
    ['2026-06-10', 2027, '2026-07-15', 2027],
    // Skyward still has the past year in July.
    ['2026-07-10', 2026, '2026-07-10', 2026],
    ['2026-07-10', 2026, '2026-07-05', 2026],
    ['2026-07-10', 2026, '2026-08-12', 2027],
  ])('known on %s as %i, is on %s: %i', (on, schoolYear, asked, expected) => {
    const year = { schoolYear, from: day(on), through: day(on) };
    expect(schoolYearOn(day(asked), year)).toBe(expected);
  });
});
