import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { deathsOfLastHour, isBeyondHelp } from './embedded-restarts.ts';

const minute = 60_000;
const after = (moments: readonly number[]) =>
  moments.reduce<readonly number[]>((deaths, moment) => deathsOfLastHour(deaths, moment), []);

it('a server that dies four times within an hour is given up', () => {
  expect(isBeyondHelp(after([0, 10 * minute, 20 * minute]))).toBe(false);
  expect(isBeyondHelp(after([0, 10 * minute, 20 * minute, 59 * minute]))).toBe(true);
});

it('one that dies now and then is started again for ever', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 20 * minute, max: 500 * minute })), (pauses) => {
      let deaths: readonly number[] = [];
      let now = 0;
      for (const pause of pauses) {
        now += pause;
        deaths = deathsOfLastHour(deaths, now);
        expect(isBeyondHelp(deaths)).toBe(false);
      }
    }),
  );
});
