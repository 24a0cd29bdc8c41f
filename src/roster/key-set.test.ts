import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeySet } from './key-set.ts';

it('stores each key once like a Set, for any keys', () => {
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

it('stores keys too scattered for blocks', () => {
  const set = new KeySet();
  for (let index = 0; index < 2000; index += 1) expect(set.add(index * 1_000_000)).toBe(true);
  for (let index = 0; index < 2000; index += 1) expect(set.add(index * 1_000_000)).toBe(false);
});
