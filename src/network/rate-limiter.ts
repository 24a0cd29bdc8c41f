/** Limits how often something may happen, for any number of keys, in memory that does not grow without end. */

/** So often may it happen for this key. */
export interface Allowance {
  readonly key: string;
  readonly perMinute: number;
}

/** The allowance that is used up, and when it is worth trying again. */
export interface Exceeded<Asked extends Allowance> {
  readonly allowance: Asked;
  readonly retryAfterSeconds: number;
}

export interface RateLimiter {
  /** Counts once against all of these, or against none of them if one is used up: `undefined` if it was counted. */
  take<Asked extends Allowance>(allowances: readonly Asked[]): Exceeded<Asked> | undefined;
  /** Keys in memory. */
  readonly size: number;
}

export interface RateLimiterOptions {
  /** Milliseconds of a clock that nobody sets (default: since the process started). */
  readonly now?: (() => number) | undefined;
  /** Keys in memory at most; the ones longest unused are forgotten (default 100,000, some 20 MB). */
  readonly maxKeys?: number | undefined;
}

const minuteMs = 60_000;
/** Sums of fractions of a minute are not exact. */
const roundingMs = 1;

/**
 * A bucket for each key: the allowance of a minute at once, after that as many as flow in (the generic cell
 * rate algorithm: one number for each key, the time at which its bucket is full again).
 */
export function createRateLimiter({
  now = () => performance.now(),
  maxKeys = 100_000,
}: RateLimiterOptions = {}): RateLimiter {
  // Two generations instead of a list by last use: when the younger one is half of all, the older one goes.
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
          // Whoever goes on asking stays known.
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
