/** The safety limits at their edges. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findHoldReason, findShrunkLists } from './safety-limits.ts';

const limits = { share: 0.1, minimum: 25 };
const full = { enrollments: 1, emptied: [], shrunk: [], unusable: [] };
const plan = (activeBefore: number, turningInactive: number, newlyMissingActive = 0) => ({
  received: 1,
  activeBefore,
  turningInactive,
  newlyMissingActive,
});

describe('findHoldReason', () => {
  it.each([
    [1000, 100, undefined],
    [1000, 101, 'mass-change'],
    [250, 25, undefined],
    [249, 25, 'mass-change'],
    [100, 24, undefined],
    [100, 25, 'mass-change'],
    [24, 24, undefined],
    [25, 25, 'mass-change'],
    [1000, 0, undefined],
  ])('of %i active students, losing %i: %s', (active, lost, code) => {
    expect(findHoldReason(plan(active, lost), full, limits)?.code).toBe(code);
  });

  it('holds exactly when more than the share, and at least the minimum, are lost', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.nat(1000),
        fc.nat(1000),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(60),
        (active, inactive, missing, percent, minimum) => {
          const hold = findHoldReason(plan(active, inactive, missing), full, {
            share: percent / 100,
            minimum,
          });
          const lost = inactive + missing;
          // In whole numbers, so that the oracle does not share the code's arithmetic.
          const isTooMuch = lost * 100 > active * percent && lost > 0;
          expect(hold?.code === 'mass-change').toBe(isTooMuch && lost >= minimum);
        },
      ),
    );
  });

  it('calculates shares without rounding errors: 29 of 100 are not more than 29 %', () => {
    expect(findHoldReason(plan(100, 29), full, { share: 0.29, minimum: 25 })).toBeUndefined();
    expect(findHoldReason(plan(100, 30), full, { share: 0.29, minimum: 25 })).toBeDefined();
  });

  it('holds more losses whenever it holds fewer', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.nat(1000), fc.nat(100), (active, lost, more) => {
        if (findHoldReason(plan(active, lost), full, limits) === undefined) return;
        expect(findHoldReason(plan(active, lost + more), full, limits)).toBeDefined();
      }),
    );
  });

  it('counts students turning inactive and students no longer in Skyward together', () => {
    expect(findHoldReason(plan(100, 13, 12), full, limits)?.code).toBe('mass-change');
  });

  it('holds a response without students, and one without enrollments, however small the district', () => {
    const none = { ...plan(0, 0), received: 0 };
    expect(findHoldReason(none, full, limits)).toMatchObject({
      code: 'empty-list',
      message: expect.stringMatching(/no students/),
    });
    expect(findHoldReason(plan(3, 0), { ...full, enrollments: 0 }, limits)).toMatchObject({
      code: 'empty-list',
      message: expect.stringMatching(/no enrollments/),
    });
  });

  it('names the list that is suddenly empty', () => {
    const lists = { ...full, shrunk: [], emptied: ['Demographics/NamePhone'] };
    expect(findHoldReason(plan(100, 0), lists, limits)).toMatchObject({
      message: expect.stringContaining('Phone numbers'),
      details: 'Demographics/NamePhone',
    });
  });

  it('reports numbers, limit and next step', () => {
    const hold = findHoldReason(plan(2000, 500), full, limits);
    expect(hold?.message).toBe(
      '500 of 2,000 active students (25%) would become inactive or are no longer in Skyward; the limit is 10%.',
    );
    expect(hold?.advice).toMatch(/Import anyway/);
  });
});

describe('findShrunkLists', () => {
  it.each([
    [100, 60, false],
    [100, 59, true],
    [60, 36, false],
    [62, 37, true],
    [60, 35, true],
    [40, 16, false],
    [41, 16, true],
    [100, 0, false],
    [50, 90, false],
  ])('of %i rows, %i left: %s', (before, now, isHeld) => {
    const list = { object: 'Demographics/NamePhone', before, now };
    expect(findShrunkLists([list], limits)).toEqual(isHeld ? [list] : []);
  });

  it('never holds when the limits are set to 100%', () => {
    const list = { object: 'Demographics/NamePhone', before: 1000, now: 1 };
    expect(findShrunkLists([list], { ...limits, share: 1 })).toEqual([]);
  });

  it('holds the import and names the list if no other limit does', () => {
    const shrunk = [{ object: 'Demographics/NamePhone', before: 100, now: 50 }];
    const hold = findHoldReason(plan(100, 0), { ...full, shrunk }, limits);
    expect(hold?.code).toBe('shrunken-list');
    expect(hold?.message).toMatch(/Phone numbers \(50 instead of 100\)/);
    expect(findHoldReason(plan(100, 60), { ...full, shrunk }, limits)?.code).toBe('mass-change');
  });
});
