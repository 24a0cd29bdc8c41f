/** Rate limits that no test reaches by accident; the real ones have separate tests. */
import { createRateLimits, type RateLimits } from '../../src/api/server/rate-limits.ts';

const plenty = { address: 1e9, person: 1e9, district: 1e9 };

/** Returns rate limits far above what a test or benchmark sends. */
export const generousLimits = (): RateLimits =>
  createRateLimits({
    table: {
      health: plenty,
      public: plenty,
      'sign-in': plenty,
      'single-sign-on': plenty,
      read: plenty,
      write: plenty,
      heavy: plenty,
      outside: plenty,
    },
  });
