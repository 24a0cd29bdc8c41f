/** Limits that no test reaches by doing much in a short time; those of the contract have tests of their own. */
import { createRateLimits, type RateLimits } from '../../src/api/server/rate-limits.ts';

const plenty = { address: 1e9, person: 1e9, district: 1e9 };

/** Counts as always, with numbers far above what a test or a bench sends. */
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
