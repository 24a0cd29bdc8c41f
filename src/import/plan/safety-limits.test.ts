/** The reasons that hold an import: which there are, their order and their sentences. */
import { describe, expect, it } from 'vitest';
import type { ExceededLimit } from './hold-reason.ts';
import {
  findHoldReasons,
  findShrunkLists,
  isSuspiciouslyEmpty,
  joinReasons,
} from './safety-limits.ts';

const full = { enrollments: 1, emptied: [], shrunk: [], unusable: [] };
const plan = { received: 100, added: 0, isInitial: false };
const exceeded = (count: number, change: Partial<ExceededLimit> = {}): ExceededLimit => ({
  limit: 'guardians',
  school: null,
  schoolName: null,
  population: 'active',
  field: null,
  moves: [],
  count,
  base: 100,
  limitShare: 0.15,
  ...change,
});
const codes = (...question: Parameters<typeof findHoldReasons>) =>
  findHoldReasons(...question).map(({ code }) => code);

describe('findHoldReasons', () => {
  it('has none for an import within the limits', () => {
    expect(findHoldReasons(plan, full, [])).toEqual([]);
  });

  it('holds a response without students, and one without enrollments, however small the district', () => {
    expect(findHoldReasons({ ...plan, received: 0 }, full, [])).toMatchObject([
      { code: 'empty-list', message: expect.stringMatching(/no students/) },
    ]);
    expect(
      findHoldReasons({ ...plan, received: 3 }, { ...full, enrollments: 0 }, []),
    ).toMatchObject([{ code: 'empty-list', message: expect.stringMatching(/no enrollments/) }]);
  });

  it('names the list that is suddenly empty', () => {
    const lists = { ...full, emptied: ['Demographics/NamePhone'] };
    expect(findHoldReasons(plan, lists, [])).toMatchObject([
      { message: expect.stringContaining('Phone numbers'), details: 'Demographics/NamePhone' },
    ]);
  });

  it('holds an initial import of nobody', () => {
    const [reason] = findHoldReasons({ received: 300, added: 0, isInitial: true }, full, []);
    expect(reason).toMatchObject({
      code: 'nobody-imported',
      message: 'Skyward sent 300 students, but none of them would be imported.',
    });
    expect(codes({ received: 300, added: 1, isInitial: true }, full, [])).toEqual([]);
    expect(codes({ received: 300, added: 0, isInitial: false }, full, [])).toEqual([]);
  });

  it('has all reasons, lists without records first, and shrunk lists last', () => {
    const shrunk = [{ object: 'Demographics/NamePhone', before: 100, now: 50 }];
    const lists = { ...full, emptied: ['Demographics/NameEmail'], shrunk };
    expect(codes(plan, lists, [exceeded(60)])).toEqual([
      'empty-list',
      'mass-change',
      'shrunken-list',
    ]);
    expect(findHoldReasons(plan, { ...full, shrunk }, [])[0]?.message).toMatch(
      /Phone numbers \(50 instead of 100\)/,
    );
  });
});

describe('joinReasons', () => {
  const join = (...limits: readonly ExceededLimit[]) =>
    joinReasons(findHoldReasons(plan, full, limits));

  it('is nothing without a reason', () => {
    expect(joinReasons([])).toBeUndefined();
  });

  it('has the sentences of the worst reasons, and counts the others', () => {
    const failure = join(
      exceeded(90),
      exceeded(80, { limit: 'enrollments' }),
      exceeded(70, { limit: 'moved' }),
      exceeded(60, { limit: 'damaged' }),
    );
    expect(failure).toMatchObject({
      code: 'mass-change',
      advice: expect.stringMatching(/Import anyway/),
    });
    expect(failure?.message).toBe(
      '90 of 100 active students (90%) would gain or lose a guardian; the limit is 15%. 80 of 100 active students (80%) would lose an enrollment; the limit is 15%. 70 of 100 active students (70%) would change schools during the school year; the limit is 15%. 1 other limit would be exceeded.',
    );
    expect(failure?.reasons).toHaveLength(4);
  });

  it('does not repeat for a school what is true of the district', () => {
    const school = { school: 4, schoolName: 'Oak Elementary' };
    const failure = join(
      exceeded(90),
      exceeded(40, school),
      exceeded(30, { ...school, limit: 'moved' }),
    );
    expect(failure?.message).toBe(
      '90 of 100 active students (90%) would gain or lose a guardian; the limit is 15%. 30 of 100 active students of Oak Elementary (30%) would change schools during the school year; the limit is 15%.',
    );
    expect(failure?.reasons).toHaveLength(3);
  });
});

describe('findShrunkLists', () => {
  it.each([
    [100, 60, false],
    [100, 59, true],
    [60, 36, false],
    [62, 37, true],
    [60, 35, true],
    [40, 19, true],
    [41, 21, false],
    [9, 4, true],
    [8, 4, false],
    [100, 0, false],
    [50, 90, false],
  ])('of %i rows, %i left: %s', (before, now, isHeld) => {
    const list = { object: 'Demographics/NamePhone', before, now };
    expect(findShrunkLists([list], {})).toEqual(isHeld ? [list] : []);
  });

  it('follows the limit of the district', () => {
    const list = { object: 'Demographics/NamePhone', before: 1000, now: 1 };
    const own = { lists: { district: { share: 1, minimum: 25 } } };
    expect(findShrunkLists([list], own)).toEqual([]);
  });

  it('finds an empty list suspicious if it had five records', () => {
    expect([4, 5, 24].map(isSuspiciouslyEmpty)).toEqual([false, true, true]);
  });
});
