/** Limits how often something may happen per key, in bounded memory. */

/** How often something may happen for this key. */
export interface Allowance {
  readonly key: string;
  readonly perMinute: number;
}

/** The allowance that is used up, and when to try again. */
export interface Exceeded<Asked extends Allowance> {
  readonly allowance: Asked;
  readonly retryAfterSeconds: number;
}

export interface RateLimiter {
  /** Counts once against all allowances, or against none if one is used up. Returns `undefined` if it counted. */
  take<Asked extends Allowance>(allowances: readonly Asked[]): Exceeded<Asked> | undefined;
  /** Number of keys in memory. */
  readonly size: number;
}

export interface RateLimiterOptions {
  /** Milliseconds of a monotonic clock (default: since the process started). */
  readonly now?: (() => number) | undefined;
  /** Maximum number of keys in memory; the least recently used are dropped (default 100,000, about 20 MB). */
  readonly maxKeys?: number | undefined;
}

const minuteMs = 60_000;
/** Tolerance, since sums of fractions of a minute are not exact. */
const roundingMs = 1;

/**
 * Returns a limiter with a bucket per key: a minute's allowance at once, then as many as are refilled (the generic
 * cell rate algorithm, which stores one number per key, the time when its bucket is full again).
 */
export function createRateLimiter({
  now = () => performance.now(),
  maxKeys = 100_000,
}: RateLimiterOptions = {}): RateLimiter {
  // Two generations instead of a list by last use: when the younger one has half of all keys, the older one is dropped.
  let younger = new Map<string, number>();
  let older = new Map<string, number>();
  const store = (key: string, fullAt: number) => {
    if (younger.size >= maxKeys / 2 && !younger.has(key)) {
      older = younger;
      younger = new Map();
    }
    younger.set(key, fullAt);
    older.delete(key);
  };
  return {
    take(allowances) {
      const moment = now();
      const counted: [string, number][] = [];
      for (const allowance of allowances) {
        const { key, perMinute } = allowance;
        const before = Math.max(younger.get(key) ?? older.get(key) ?? 0, moment);
        const fullAt = before + minuteMs / perMinute;
        const waitMs = fullAt - moment - minuteMs;
        if (waitMs > roundingMs) {
          // A key that is still used stays in memory.
          store(key, before);
          return { allowance, retryAfterSeconds: Math.ceil(waitMs / 1000) };
        }
        counted.push([key, fullAt]);
      }
      for (const [key, fullAt] of counted) store(key, fullAt);
      return undefined;
    },
    get size() {
      return younger.size + older.size;
    },
  };
}
