import { expect, it } from 'vitest';
import type { Enrollment } from './enrollment.ts';
import { defaultStatusRules } from './status-settings.ts';
import { describeYearEnd } from './year-end.ts';

const date = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));

let ids = 0;
function row(
  schoolYear: number,
  end: string | null,
  more: { readonly code?: string; readonly isNoShow?: boolean } = {},
): Enrollment {
  ids += 1;
  return {
    id: ids,
    entityId: 401,
    schoolYear,
    startDate: date(`${schoolYear - 1}-08-12`),
    endDate: date(end),
    withdrawalDate: null,
    withdrawalCode: more.code ?? null,
    isDefaultEntity: true,
    calendarEndDate: null,
    isNoShow: more.isNoShow ?? null,
    enrolledAtLeastOneDay: null,
  };
}

const describe = (students: readonly (readonly Enrollment[])[], today = '2026-11-23') =>
  describeYearEnd(students, Temporal.PlainDate.from(today), 2027, defaultStatusRules);

const many = (create: () => Enrollment[], count = 20) => Array.from({ length: count }, create);

it('tells from last year when enrollments end', () => {
  const ending = (end: string | null) =>
    describe(many(() => [row(2026, end), row(2027, null)])).closing;
  expect(ending('2026-05-29')).toBe('last-day');
  expect(ending('2026-06-30')).toBe('turn');
  expect(ending(null)).toBe('never');
});

it('tells from this year that the end is entered ahead', () => {
  const students = many(() => [row(2026, '2026-05-29'), row(2027, '2027-05-28')]);
  expect(describe(students)).toMatchObject({ closing: 'ahead', schoolYear: 2027 });
  expect(describe(students, '2027-05-25')).toMatchObject({ closing: 'last-day' });
});

it('tells nothing from too few students', () => {
  expect(describe(many(() => [row(2026, null), row(2027, null)], 4))).toMatchObject({
    closing: 'unknown',
    proposal: 'returning',
  });
});

it('proposes all if the enrollments of leavers are removed', () => {
  const leavers = many(() => [row(2026, '2026-02-12', { code: '80' })], 6);
  const others = many(() => [row(2026, '2026-05-29'), row(2027, null)]);
  expect(describe([...leavers, ...others])).toMatchObject({
    leavers: 6,
    leaversWithNextYear: 0,
    proposal: 'all',
  });
});

it('proposes returning if the enrollments of leavers are kept', () => {
  const leavers = many(
    () => [row(2026, '2026-02-12', { code: '80' }), row(2027, '2026-08-12', { isNoShow: true })],
    6,
  );
  const others = many(() => [row(2026, '2026-05-29'), row(2027, null)]);
  expect(describe([...leavers, ...others])).toMatchObject({
    leaversWithNextYear: 6,
    proposal: 'returning',
  });
});

it('compares leavers only with those who left since the next year was prepared', () => {
  const early = many(() => [row(2026, '2026-01-09', { code: '80' })], 12);
  const late = (kept: number) =>
    many(
      () => [row(2026, '2026-05-20', { code: '80' }), row(2027, '2026-08-12', { isNoShow: true })],
      kept,
    );
  const gone = many(() => [row(2026, '2026-05-22', { code: '81' })], 3);
  const others = many(() => [row(2026, '2026-05-29'), row(2027, null)]);
  const kept = describe([...early, ...late(4), ...gone, ...others]);
  expect(kept).toMatchObject({ leavers: 19, leaversWithNextYear: 4, proposal: 'returning' });
  expect(describe([...early, ...late(2), ...gone, ...others]).proposal).toBe('all');
});

it('tells the codes after which students stay from those who leave with them', () => {
  const moved = many(() => [row(2026, '2026-05-29', { code: 'YE' }), row(2027, null)], 12);
  const gone = many(() => [row(2026, '2026-05-29', { code: 'YE' })], 3);
  const left = many(() => [row(2026, '2026-05-29', { code: '80' })], 12);
  const back = many(() => [row(2026, '2026-03-29', { code: '80' }), row(2027, null)], 2);
  const graduates = many(() => [row(2026, '2026-05-29', { code: '01' }), row(2027, null)], 12);
  const all = [...moved, ...gone, ...left, ...back, ...graduates];
  expect(describe(all).stayingCodes).toEqual(['YE']);
});

it('looks at the prepared enrollments of the next year once there are some', () => {
  const leavers = many(() => [row(2027, '2027-02-12', { code: '80' }), row(2028, null)], 6);
  const others = many(() => [row(2026, '2026-05-29'), row(2027, null), row(2028, null)]);
  expect(describe([...leavers, ...others], '2027-05-20')).toMatchObject({ proposal: 'returning' });
  const comesBack = [row(2027, '2027-02-12', { code: '80' }), row(2028, null)];
  const gone = many(() => [row(2027, '2027-02-12', { code: '80' })], 6);
  expect(describe([comesBack, ...gone, ...others], '2027-05-20')).toMatchObject({
    proposal: 'all',
  });
});
