import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeySet } from './key-set.ts';

it('knows each key once, as an ordinary set does, however far keys lie apart', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: -20, max: 70_000 }), fc.maxSafeInteger())),
      (keys) => {
        const set = new KeySet();
        const known = new Set<number>();
        for (const key of keys) {
          expect(set.add(key)).toBe(!known.has(key));
          known.add(key);
        }
      },
    ),
  );
});

it('keeps keys that lie too far apart for blocks', () => {
  const set = new KeySet();
  for (let index = 0; index < 2000; index += 1) expect(set.add(index * 1_000_000)).toBe(true);
  for (let index = 0; index < 2000; index += 1) expect(set.add(index * 1_000_000)).toBe(false);
});
