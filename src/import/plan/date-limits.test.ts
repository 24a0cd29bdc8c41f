import { expect, it } from 'vitest';
import { type DateChangeCount, findDateHold, isHeldChange } from './date-limits.ts';

const limits = { share: 0.1, minimum: 25 };
const ended = (entityId: number, students: number): DateChangeCount => ({
  from: 'ENROLLED',
  to: 'INACTIVE',
  entityId,
  isLeaving: false,
  students,
});
const left = (entityId: number, students: number): DateChangeCount => ({
  ...ended(entityId, students),
  isLeaving: true,
});
const active = [
  { entityId: 1, students: 600 },
  { entityId: 2, students: 300 },
];
const hold = (pending: readonly DateChangeCount[], recent: readonly DateChangeCount[] = []) => {
  const { isWholeDistrict, entityIds } = findDateHold({ pending, recent, active }, limits).others;
  return { isWholeDistrict, entityIds: [...entityIds] };
};

it('holds nothing on an ordinary day', () => {
  expect(hold([ended(1, 6), ended(2, 3)])).toEqual({ isWholeDistrict: false, entityIds: [] });
});

it('holds one school that ends while the others go on', () => {
  expect(hold([ended(1, 1), ended(2, 31)])).toEqual({ isWholeDistrict: false, entityIds: [2] });
});

it('holds the whole district', () => {
  expect(hold([ended(1, 80), ended(2, 28)])).toMatchObject({ isWholeDistrict: true });
});

it('counts small changes of several days together', () => {
  expect(hold([ended(1, 20)])).toEqual({ isWholeDistrict: false, entityIds: [] });
  expect(hold([ended(1, 20)], [ended(1, 50)])).toMatchObject({ entityIds: [1] });
});

it('does not hold students who become Enrolled', () => {
  const begun = {
    from: 'PRE_ENROLLED',
    to: 'ENROLLED',
    entityId: 1,
    isLeaving: false,
    students: 500,
  } as const;
  expect(hold([begun])).toEqual({ isWholeDistrict: false, entityIds: [] });
  expect(hold([{ ...begun, from: 'INACTIVE' }])).toEqual({ isWholeDistrict: false, entityIds: [] });
  // Nor do they make others a mass.
  expect(hold([begun, ended(1, 20)])).toEqual({ isWholeDistrict: false, entityIds: [] });
});

it('protects small districts: more than half, and at least five', () => {
  const small = (students: number) =>
    findDateHold(
      { pending: [ended(1, students)], recent: [], active: [{ entityId: 1, students: 20 }] },
      limits,
    ).others.isWholeDistrict;
  expect([small(4), small(10), small(11)]).toEqual([false, false, true]);
});

it('holds other changes than to Inactive, and students without a school', () => {
  const graduated = { ...left(1, 200), to: 'GRADUATED', entityId: null } as const;
  const { leaving, others } = findDateHold({ pending: [graduated], recent: [], active }, limits);
  expect([leaving.isWholeDistrict, others.isWholeDistrict]).toEqual([true, false]);
});

it('lets a few leave by their codes while the end of the year is on hold, and holds many of them', () => {
  const kinds = (pending: readonly DateChangeCount[], recent: readonly DateChangeCount[] = []) => {
    const scope = findDateHold({ pending, recent, active }, limits);
    return [isHeldChange(scope, ended(1, 1)), isHeldChange(scope, left(1, 1))];
  };
  expect(kinds([ended(1, 500), left(1, 20)])).toEqual([true, false]);
  expect(kinds([ended(1, 20), left(1, 500)])).toEqual([false, true]);
  expect(kinds([left(1, 20)], [left(1, 60)])).toEqual([false, true]);
  expect(kinds([ended(1, 20), left(1, 20)], [ended(1, 30)])).toEqual([false, false]);
});
