/** When a reader counts as gone. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { ClientPace } from './slow-clients.ts';

const limits = { stallMs: 30_000, bytesPerSecond: 8 * 1024 };
const lookMs = 5_000;

/** The look, counted from one, at which a reader who takes so much between two looks is ended. */
function endedAt(taken: (look: number) => number, looks = 2_000): number | undefined {
  const pace = new ClientPace(limits, 1_000);
  let sent = 1_000;
  for (let look = 1; look <= looks; look++) {
    sent += taken(look);
    if (pace.isTooSlow(lookMs, sent)) return look;
  }
  return undefined;
}

it('a client that reads nothing is closed after the stall time', () => {
  expect(endedAt(() => 0)).toBe(6);
  expect(endedAt((look) => (look === 4 ? 10_000_000 : 0))).toBe(10);
});

it('a client that reads a few bytes now and then is closed soon after', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 * 1024 }), (bytesPerSecond) => {
      // At half the pace or less the first 30 s are doubled at the most.
      expect(endedAt(() => (bytesPerSecond * lookMs) / 1000)).toBeLessThanOrEqual(13);
    }),
  );
});

it('a client that reads fast enough on average stays', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 40 }), (rhythm) => {
      // Pauses of less than a stall, and what was missed is taken afterward.
      let owed = 0;
      let pause = 0;
      const taken = (look: number) => {
        owed += (limits.bytesPerSecond * lookMs) / 1000;
        pause += 1;
        if ((rhythm[look % rhythm.length] ?? 0) > 5 && pause < 5) return 0;
        const now = owed;
        owed = 0;
        pause = 0;
        return now;
      };
      expect(endedAt(taken)).toBe(undefined);
    }),
  );
});
