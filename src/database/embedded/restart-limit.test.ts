import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { exitsInLastHour, hasTooManyExits } from './restart-limit.ts';

const minute = 60_000;
const after = (moments: readonly number[]) =>
  moments.reduce<readonly number[]>((deaths, moment) => exitsInLastHour(deaths, moment), []);

it('a server that ends four times within an hour is not started again', () => {
  expect(hasTooManyExits(after([0, 10 * minute, 20 * minute]))).toBe(false);
  expect(hasTooManyExits(after([0, 10 * minute, 20 * minute, 59 * minute]))).toBe(true);
});

it('a server that ends now and then is always started again', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 20 * minute, max: 500 * minute })), (pauses) => {
      let deaths: readonly number[] = [];
      let now = 0;
      for (const pause of pauses) {
        now += pause;
        deaths = exitsInLastHour(deaths, now);
        expect(hasTooManyExits(deaths)).toBe(false);
      }
    }),
  );
});
