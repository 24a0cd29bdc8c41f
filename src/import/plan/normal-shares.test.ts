/** Which shares of a district's imports are normal for it, and how far they raise a limit. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceeds, limitKeys, safetyLimits } from '../../contract/safety-limits.ts';
import { findExceeded } from './exceeded-limits.ts';
import type { Measurement } from './hold-reason.ts';
import { findNormal, listShares, measureName } from './normal-shares.ts';

const measured = (change: Partial<Measurement> = {}): Measurement => ({
  limit: 'changed',
  school: null,
  population: 'active',
  field: 'phones',
  moves: [],
  count: 30,
  base: 200,
  ...change,
});

describe('listShares', () => {
  it('has the share of the district, and the largest of its schools', () => {
    const district = measured();
    const schools = [
      measured({ school: 4, count: 10, base: 100 }),
      measured({ school: 5, count: 20, base: 100 }),
    ];
    expect(Object.fromEntries(listShares([district, ...schools], {}))).toEqual({
      [measureName(district)]: 0.15,
      [measureName(measured({ school: 5 }))]: 0.2,
    });
  });

  it('leaves out what is too few to exceed a limit of any share', () => {
    expect(listShares([measured({ count: 19 })], {}).size).toBe(0);
    expect(listShares([measured({ school: 4, count: 2, base: 2 })], {}).size).toBe(0);
    expect(listShares([measured({ count: 3 })], { changed: { district: tiny } }).size).toBe(1);
    expect(listShares([measured({ base: 0 })], {}).size).toBe(0);
  });
});

const tiny = { share: 0.1, minimum: 3 };

describe('findNormal', () => {
  it('is what at least three imports reached, whatever one of them did', () => {
    const imports = (...shares: number[]) => shares.map((share) => ({ measure: 'phones', share }));
    expect(findNormal(imports(0.3, 0.4)).size).toBe(0);
    expect(findNormal(imports(0.1, 0.9, 0.2, 0.05, 0.3))).toEqual(new Map([['phones', 0.2]]));
  });
});

const anyShare = fc.double({ min: 0, max: 1, noNaN: true });
const anyMeasurement = fc
  .record({
    limit: fc.constantFrom(...limitKeys),
    school: fc.constantFrom(null, 4),
    base: fc.integer({ min: 1, max: 3000 }),
    part: anyShare,
  })
  .map(({ part, ...one }) => measured({ ...one, count: Math.round(one.base * part) }));

describe('a history', () => {
  it('never holds what the default would publish, nor lets more than half pass', () => {
    fc.assert(
      fc.property(anyMeasurement, fc.array(anyShare), (one, shares) => {
        const measure = measureName(one);
        const normal = findNormal(shares.map((share) => ({ measure, share })));
        const isHeld = findExceeded([one], {}, normal).length > 0;
        const isHeldByDefault = findExceeded([one], {}, new Map()).length > 0;
        expect(isHeld && !isHeldByDefault).toBe(false);
        const { minimum } = safetyLimits[one.limit][
          one.school === null ? 'district' : 'school'
        ] ?? {
          minimum: Infinity,
        };
        const isHalf = isHeldByDefault && exceeds(one.count, one.base, { share: 0.5, minimum });
        expect(isHalf && !isHeld).toBe(false);
      }),
    );
  });

  it('holds the same or less, the more its imports changed', () => {
    fc.assert(
      fc.property(anyMeasurement, fc.array(anyShare), anyShare, (one, shares, more) => {
        const measure = measureName(one);
        const isHeldAfter = (all: readonly number[]) =>
          findExceeded([one], {}, findNormal(all.map((share) => ({ measure, share })))).length > 0;
        expect(isHeldAfter([...shares, more]) && !isHeldAfter(shares)).toBe(false);
      }),
    );
  });

  it('does not raise limits of what hardly ever changes, such as statuses and names', () => {
    for (const limit of ['inactive', 'graduated', 'identity', 'enrollments', 'damaged'] as const) {
      const one = measured({ limit, count: 90 });
      expect(findExceeded([one], {}, new Map([[measureName(one), 0.4]]))).toHaveLength(1);
    }
  });
});
