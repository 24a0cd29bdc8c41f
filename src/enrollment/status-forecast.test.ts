import { expect, it } from 'vitest';
import { dayText } from './day-number.ts';
import type { Enrollment } from './enrollment.ts';
import { forecastChanges, type ForecastStudent } from './status-forecast.ts';
import { defaultStatusRules, type NextSchoolYear } from './status-settings.ts';

const date = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));

const row = (
  id: number,
  schoolYear: number,
  [start, end]: readonly [string, string | null],
  code: string | null = null,
): Enrollment => ({
  id,
  entityId: 401,
  schoolYear,
  startDate: date(start),
  endDate: date(end),
  withdrawalDate: null,
  withdrawalCode: code,
  isDefaultEntity: true,
  calendarEndDate: null,
  isNoShow: null,
  enrolledAtLeastOneDay: null,
});

const thisYear = row(1, 2027, ['2026-08-12', '2027-05-28']);
const nextYear = row(2, 2028, ['2027-08-11', null]);

const forecast = (
  enrollments: readonly Enrollment[],
  nextSchoolYear: NextSchoolYear = 'current',
  student: Partial<ForecastStudent> = {},
) =>
  forecastChanges(
    { status: 'ENROLLED', isOnHold: false, isOfHighestGrade: false, enrollments, ...student },
    {
      today: 20_270_510,
      schoolYear: 2027,
      rules: { ...defaultStatusRules, nextSchoolYear },
      isPresent: nextSchoolYear === 'current',
    },
  ).map(({ on, to, reason }) => `${dayText(on)} ${to} ${reason}`);

it('tells every change by date, one after the other', () => {
  expect(forecast([thisYear, nextYear])).toEqual([
    '2027-05-29 INACTIVE ends-before-next-year',
    '2027-08-11 ENROLLED begins',
  ]);
  expect(forecast([thisYear])).toEqual(['2027-05-29 INACTIVE ends']);
});

it('tells what another setting would change', () => {
  expect(forecast([thisYear, nextYear], 'returning')).toEqual([]);
  expect(forecast([nextYear], 'all', { status: 'INACTIVE' })).toEqual([
    '2027-05-10 PRE_ENROLLED setting',
    '2027-08-11 ENROLLED begins',
  ]);
});

it('tells nothing of an open enrollment: only the turn of the school year would end it', () => {
  expect(forecast([row(1, 2027, ['2026-08-12', null])])).toEqual([]);
});

it('tells graduates of the highest grade in season from others', () => {
  const graduate = [row(1, 2027, ['2026-08-12', '2027-05-28'], '01')];
  expect(forecast(graduate, 'current', { isOfHighestGrade: true })).toEqual([
    '2027-05-29 GRADUATED graduates-in-season',
  ]);
  expect(forecast(graduate)).toEqual(['2027-05-29 GRADUATED graduates']);
});

it('tells students who leave by a withdrawal code from those whose enrollment ends with the year', () => {
  const leaver = [row(1, 2027, ['2026-08-12', '2027-05-28'], '80'), nextYear];
  expect(forecast(leaver)[0]).toBe('2027-05-29 INACTIVE leaves');
});

it('starts from the status that is kept on hold', () => {
  const ended = row(1, 2027, ['2026-08-12', '2027-05-07']);
  expect(forecast([ended, nextYear], 'current', { isOnHold: true })).toEqual([]);
});
