import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { createRateLimiter } from './rate-limiter.ts';

/** A limiter whose clock the test sets. */
function openWithClock(maxKeys?: number) {
  const clock = { ms: 0 };
  return { clock, limiter: createRateLimiter({ now: () => clock.ms, maxKeys }) };
}

it('allows as many as in a minute at once, then as many as are refilled', () => {
  const { clock, limiter } = openWithClock();
  const ask = () => limiter.take([{ key: 'a', perMinute: 30 }])?.retryAfterSeconds ?? 'counted';
  for (let asked = 0; asked < 30; asked += 1) expect(ask()).toBe('counted');
  expect(ask()).toBe(2);
  clock.ms = 1_990;
  expect(ask()).toBe(1);
  clock.ms = 2_000;
  expect(ask()).toBe('counted');
  expect(ask()).toBe(2);
  clock.ms = 62_000;
  for (let asked = 0; asked < 30; asked += 1) expect(ask()).toBe('counted');
  expect(ask()).toBe(2);
});

it('never allows more than for two minutes in one minute, and all of it to even callers', () => {
  const perMinute = fc.integer({ min: 1, max: 5_000 });
  const pauses = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 300 });
  fc.assert(
    fc.property(perMinute, pauses, (allowed, waits) => {
      const { clock, limiter } = openWithClock();
      const counted: number[] = [];
      for (const wait of waits) {
        clock.ms += wait;
        if (limiter.take([{ key: 'a', perMinute: allowed }]) === undefined) counted.push(clock.ms);
      }
      for (const start of counted) {
        const within = counted.filter((at) => at >= start && at < start + 60_000);
        expect(within.length).toBeLessThanOrEqual(allowed * 2);
      }
      for (let asked = 0; asked < 100; asked += 1) {
        clock.ms += 60_000 / allowed;
        if (asked === 0) clock.ms += 60_000;
        expect(limiter.take([{ key: 'a', perMinute: allowed }])).toBeUndefined();
      }
    }),
  );
});

it('allows a caller who waits as long as requested, at any limit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ max: 2 ** 36 }),
      (perMinute, ms) => {
        const { clock, limiter } = openWithClock();
        clock.ms = Math.max(0, ms);
        const ask = () => limiter.take([{ key: 'a', perMinute }]);
        let counted = 0;
        while (ask() === undefined) counted += 1;
        expect(counted).toBe(perMinute);
        clock.ms += (ask()?.retryAfterSeconds ?? 0) * 1000;
        expect(ask()).toBeUndefined();
      },
    ),
    { numRuns: 30 },
  );
});

it('counts each key separately', () => {
  const { limiter } = openWithClock();
  const ask = (key: string) => limiter.take([{ key, perMinute: 1 }]) === undefined;
  expect([ask('a'), ask('a'), ask('b'), ask('b')]).toEqual([true, false, true, false]);
});

it('counts against all or none, and names the one that is used up', () => {
  const { limiter } = openWithClock();
  const district = { key: 'district', perMinute: 6 };
  const ask = (user: string) => limiter.take([{ key: user, perMinute: 3 }, district]);
  for (let asked = 0; asked < 100; asked += 1) {
    expect(ask('one')?.allowance.key).toBe(asked < 3 ? undefined : 'one');
  }
  for (let asked = 0; asked < 3; asked += 1) expect(ask('two')).toBeUndefined();
  expect(ask('three')?.allowance).toBe(district);
});

it('has bounded memory in a flood of keys and keeps recent callers', () => {
  const { limiter } = openWithClock(1_000);
  const busy = [{ key: 'busy', perMinute: 100 }];
  for (let caller = 0; caller < 50_000; caller += 1) {
    limiter.take([{ key: `2001:db8:${caller.toString(16)}::/64`, perMinute: 30 }]);
    if (caller % 100 === 0) limiter.take(busy);
    expect(limiter.size).toBeLessThanOrEqual(1_000);
  }
  expect(limiter.take(busy)).toBeDefined();
});
