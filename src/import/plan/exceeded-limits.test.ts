/** What exceeds a limit, in any size of district, and how it is said. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceeds, limitKeys, safetyLimits } from '../../contract/safety-limits.ts';
import { describeExceeded, findExceeded } from './exceeded-limits.ts';
import type { ExceededLimit, Measurement } from './hold-reason.ts';
import { measureName } from './normal-shares.ts';

const measured = (change: Partial<Measurement> = {}): Measurement => ({
  limit: 'changed',
  school: null,
  population: 'active',
  field: 'phones',
  moves: [],
  count: 38,
  base: 412,
  ...change,
});
const sentence = (change: Partial<ExceededLimit>) =>
  describeExceeded({ ...measured(), limitShare: 0.05, schoolName: null, ...change });

describe('exceeds', () => {
  const tenth = { share: 0.1, minimum: 25 };
  it.each([
    [1000, 100, false],
    [1000, 101, true],
    [250, 25, false],
    [249, 25, true],
    [100, 24, false],
    [100, 25, true],
    [24, 12, false],
    [24, 13, true],
    [20, 11, true],
    [8, 4, false],
    [8, 5, true],
    [4, 4, false],
    [1000, 0, false],
    [0, 30, true],
  ])('of %i students, %i: %s', (base, count, isExceeded) => {
    expect(exceeds(count, base, tenth)).toBe(isExceeded);
  });

  it('calculates shares without rounding errors: 29 of 100 are not more than 29 %', () => {
    expect(exceeds(29, 100, { share: 0.29, minimum: 25 })).toBe(false);
    expect(exceeds(30, 100, { share: 0.29, minimum: 25 })).toBe(true);
  });

  it('is exceeded by more whenever by fewer, and protects a district of 20 from every mass', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.nat(1000), fc.nat(100), (base, count, more) => {
        const isHeld = exceeds(count, base, tenth);
        expect(exceeds(count + more, base, tenth) || !isHeld).toBe(true);
      }),
    );
    for (const key of limitKeys) {
      const { district, school } = safetyLimits[key];
      expect(exceeds(11, 20, district)).toBe(true);
      expect(exceeds(11, 20, school ?? district)).toBe(true);
    }
  });
});

describe('findExceeded', () => {
  it('finds a school whose share is too large while that of the district is not, the worst first', () => {
    const found = findExceeded(
      [
        measured({ school: 4, count: 30, base: 100 }),
        measured({ count: 30, base: 1000 }),
        measured({ limit: 'guardians', field: null, school: 4, count: 60, base: 100 }),
      ],
      {},
      new Map(),
    );
    expect(found).toMatchObject([
      { limit: 'guardians', school: 4, limitShare: 0.1 },
      { limit: 'changed', school: 4, limitShare: 0.1 },
    ]);
  });

  it('uses the thresholds of the district', () => {
    const own = { changed: { school: { share: 0.5, minimum: 8 } } };
    const one = measured({ school: 4, count: 40, base: 100 });
    expect(findExceeded([one], own, new Map())).toEqual([]);
    expect(findExceeded([{ ...one, count: 51 }], own, new Map())).toHaveLength(1);
  });

  it('raises the limit of a field to twice what is normal for the district, up to half', () => {
    const one = measured({ school: 4, count: 45, base: 100 });
    const normal = (share: number) => new Map([[measureName(one), share]]);
    expect(findExceeded([one], {}, normal(0.2))).toHaveLength(1);
    expect(findExceeded([one], {}, normal(0.23))).toHaveLength(0);
    expect(findExceeded([{ ...one, count: 51 }], {}, normal(0.9))).toHaveLength(1);
    const status = { ...one, limit: 'status', field: null } as const;
    expect(findExceeded([status], {}, new Map([[measureName(status), 0.3]]))).toHaveLength(1);
  });
});

describe('describeExceeded', () => {
  it.each<[Partial<ExceededLimit>, string]>([
    [
      {
        limit: 'graduated',
        field: null,
        schoolName: 'Oak Elementary',
        moves: [{ from: 'ENROLLED', to: 'GRADUATED', count: 38 }],
      },
      '38 of 412 active students of Oak Elementary (9.2%) would change from Enrolled to Graduated out of season; the limit is 5%.',
    ],
    [
      {
        limit: 'status',
        field: null,
        population: 'former',
        moves: [
          { from: 'GRADUATED', to: 'INACTIVE', count: 30 },
          { from: 'TRANSFERRED', to: 'INACTIVE', count: 8 },
        ],
      },
      '38 of 412 former students (9.2%) would change from Graduated to Inactive or from Transferred to Inactive; the limit is 5%.',
    ],
    [
      { limit: 'inactive', field: null, count: 500, base: 2000, limitShare: 0.1 },
      '500 of 2,000 active students (25%) would become Inactive or are no longer in Skyward; the limit is 10%.',
    ],
    [
      { limit: 'identity', field: 'birth_date' },
      '38 of 412 active students (9.2%) would get another value in “Date of birth”; the limit is 5%.',
    ],
    [
      { limit: 'emptied', field: 'guardian.phones' },
      '38 of 412 active students (9.2%) would lose their value in “Guardian phone numbers”; the limit is 5%.',
    ],
    [
      { limit: 'emptied', field: 'student.phones.type' },
      '38 of 412 active students (9.2%) would lose a detail of “Phone numbers”; the limit is 5%.',
    ],
    [
      { limit: 'uniform', field: 'guardian.phones' },
      '38 of 412 active students (9.2%) would all get the same value in “Guardian phone numbers”; the limit is 5%.',
    ],
    [
      { limit: 'doubled', field: null, schoolName: 'Oak Elementary' },
      '38 new students would be added with the name and date of birth of a known one to Oak Elementary, which has 412 active (9.2%); the limit is 5%.',
    ],
    [
      { limit: 'added', field: null, schoolName: 'Oak Elementary' },
      '38 new students would be added to Oak Elementary, which has 412 active (9.2%); the limit is 5%.',
    ],
    [
      { limit: 'returned', field: null },
      '38 former students would return to the district, which has 412 active (9.2%); the limit is 5%.',
    ],
    [
      { limit: 'missing', field: null, population: 'former' },
      '38 of 412 former students (9.2%) are no longer in Skyward; the limit is 5%.',
    ],
  ])('%j', (change, text) => {
    expect(sentence(change)).toBe(text);
  });
});
