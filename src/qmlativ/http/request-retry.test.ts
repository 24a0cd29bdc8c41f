import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QmlativError } from './qmlativ-error.ts';
import { createRequestRetry, retryAfterMs } from './request-retry.ts';
import type { Attempt, RetrySettings } from './request-retry.ts';

const never = new AbortController().signal;

/** Dependencies whose clock moves only when something waits. */
function stillWorld(random = 1) {
  const waits: number[] = [];
  let now = 1_000_000;
  return {
    waits,
    now: () => now,
    random: () => random,
    delay: async (ms: number) => {
      waits.push(ms);
      now += ms;
    },
  };
}

const settings: RetrySettings = { attempts: 5, baseDelayMs: 100, maxDelayMs: 350, budget: 100 };
const trouble = () => new QmlativError('server-error', 'status 500');

function failing(times: number, wait?: number): (number: number) => Promise<Attempt<string>> {
  return async (number) =>
    number <= times ? { retry: trouble(), retryAfterMs: wait } : { done: 'whole' };
}

describe('retrying a request', () => {
  it('waits twice as long each time, up to the longest wait', async () => {
    const world = stillWorld();
    expect(await createRequestRetry(settings, world).run(failing(4), never)).toBe('whole');
    expect(world.waits).toEqual([100, 200, 350, 350]);
  });

  it('waits a random part of it', async () => {
    const world = stillWorld(0.25);
    await createRequestRetry(settings, world).run(failing(2), never);
    expect(world.waits).toEqual([25, 50]);
  });

  it('throws the last error when all attempts failed', async () => {
    const retry = createRequestRetry(settings, stillWorld());
    await expect(retry.run(failing(5), never)).rejects.toMatchObject({ code: 'server-error' });
  });

  it('gives up when the retry budget of all requests is exhausted', async () => {
    const retry = createRequestRetry({ ...settings, budget: 3 }, stillWorld());
    await retry.run(failing(2), never);
    await expect(retry.run(failing(2), never)).rejects.toMatchObject({
      code: 'retries-exhausted',
      cause: { code: 'server-error' },
    });
  });

  it('honors Retry-After up to ten minutes, for other requests too', async () => {
    const world = stillWorld();
    const retry = createRequestRetry(settings, world);
    await retry.run(failing(1, 7000), never);
    expect(world.waits).toEqual([7000]);
    await retry.run(failing(1, 3_600_000), never);
    expect(world.waits).toEqual([7000, 600_000]);
  });

  it('sends nothing before the latest time that the server named, to whichever request', async () => {
    const world = stillWorld();
    const [inFlight, waits] = [Promise.withResolvers<Attempt<string>>(), [] as number[]];
    const retry = createRequestRetry(settings, {
      ...world,
      delay: async (ms) => {
        waits.push(ms);
        // The other request gets a later Retry-After while the first one waits, and ends.
        if (waits.length === 1) inFlight.resolve({ retry: trouble(), retryAfterMs: 60_000 });
        if (waits.length === 2) await new Promise(() => undefined);
        await setImmediate();
        await world.delay(ms);
      },
    });
    void retry.run(async () => inFlight.promise, never);
    await retry.run(failing(1, 5000), never);
    expect(waits).toEqual([5000, 60_000, 55_000]);
  });

  it('stops when aborted', async () => {
    const stop = new AbortController();
    stop.abort();
    const retry = createRequestRetry(settings, stillWorld());
    await expect(retry.run(failing(1), stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('Retry-After', () => {
  it('reads any number of seconds', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), (seconds) => {
        expect(retryAfterMs(` ${seconds} `, 0)).toBe(seconds * 1000);
      }),
    );
  });

  it('reads an HTTP date relative to the clock, at least 0', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000 }), fc.nat(8_000_000), (at, now) => {
        const header = new Date(at * 1000).toUTCString();
        expect(retryAfterMs(header, now * 1000)).toBe(Math.max(0, (at - now) * 1000));
      }),
    );
  });

  it.each([undefined, '', 'soon', '-5', '1.5', '2026-11-23', 'Mon, 99 Foo 2026 99:99:99 GMT'])(
    'makes nothing of %s',
    (header) => {
      expect(retryAfterMs(header, 0)).toBeUndefined();
    },
  );
});
