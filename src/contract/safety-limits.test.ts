/** A district's own safety limits. */
import { expect, it } from 'vitest';
import { findChangedLimits, safetyLimits, withThreshold } from './safety-limits.ts';

const own = { added: { school: { share: 0.2, minimum: 8 } } };

it('a threshold is kept as long as it differs from the default', () => {
  const both = withThreshold(own, 'added', 'district', { share: 0.3, minimum: 25 });
  expect(both).toEqual({
    added: { school: { share: 0.2, minimum: 8 }, district: { share: 0.3, minimum: 25 } },
  });
  expect(withThreshold(both, 'added', 'district', safetyLimits.added.district)).toEqual(own);
  expect(withThreshold(own, 'added', 'school', { share: 0.15, minimum: 8 })).toEqual({});
});

it('limits differ by what is in effect', () => {
  expect(findChangedLimits({}, own)).toEqual(['added']);
  expect(findChangedLimits({}, { added: { school: { share: 0.15, minimum: 8 } } })).toEqual([]);
});
