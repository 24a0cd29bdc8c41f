/**
 * Hashes a few passwords at a time, alternating between network addresses, so that a flood from one cannot block
 * the others.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { availableParallelism } from 'node:os';

import { APIError } from 'better-auth/api';
import { hashPassword, verifyPassword } from 'better-auth/crypto';

import { toNetwork } from '../../network/caller-address.ts';
import {
  createConcurrencyLimiter,
  type ConcurrencyCounts,
  QueueFullError,
} from '../../network/concurrency-limiter.ts';

/** Hashes and verifies passwords. */
export interface PasswordHashing {
  hash(password: string): Promise<string>;
  verify(given: { readonly hash: string; readonly password: string }): Promise<boolean>;
}

/** scrypt in Node's thread pool, so that it does not block the event loop. */
export const scryptPasswords: PasswordHashing = { hash: hashPassword, verify: verifyPassword };

/** A hash takes 60 ms of processor time and 32 MB. */
export interface HashingLimits {
  /** Maximum at a time in this process. */
  readonly maxRunning: number;
  /** Maximum waiting from one address; a whole school may have one. */
  readonly maxWaitingPerAddress: number;
}

/**
 * Node hashes in the four threads of its pool, which also serve files and DNS: one thread stays free, and one
 * processor for the event loop.
 */
export const defaultHashingLimits: HashingLimits = {
  maxRunning: Math.min(3, Math.max(1, availableParallelism() - 1)),
  maxWaitingPerAddress: 40,
};

/** Callers who wait longer have probably given up; the queue is as long as can be processed by then. */
const retryAfterSeconds = 5;

export interface LimitedHashing {
  /**
   * For better-auth, whose calls have no address: they belong to the one of `from`. If the queue is full, it
   * returns a 429.
   */
  readonly forBetterAuth: PasswordHashing;
  /** Hashes for this address. Throws `QueueFullError`. */
  hash(password: string, address: string): Promise<string>;
  verify(given: Parameters<PasswordHashing['verify']>[0], address: string): Promise<boolean>;
  /** Runs a call whose hashing by `forBetterAuth` counts for this address. */
  from<Result>(address: string, work: () => Promise<Result>): Promise<Result>;
  counts(): ConcurrencyCounts;
}

/** Puts password hashing behind a queue. */
export function limitHashing(
  hashing: PasswordHashing,
  { maxRunning, maxWaitingPerAddress }: HashingLimits,
): LimitedHashing {
  const limiter = createConcurrencyLimiter({
    what: 'passwords',
    maxRunning,
    maxWaitingPerGroup: maxWaitingPerAddress,
    retryAfterSeconds,
  });
  const callers = new AsyncLocalStorage<string>();
  const withLimit = async <Result>(address: string, work: () => Promise<Result>) =>
    limiter.take({ group: toNetwork(address), owner: toNetwork(address) }, work);
  const forCaller = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await withLimit(callers.getStore() ?? 'this process', work);
    } catch (error) {
      if (!(error instanceof QueueFullError)) throw error;
      throw new APIError('TOO_MANY_REQUESTS', undefined, {
        'x-retry-after': String(error.retryAfterSeconds),
      });
    }
  };
  return {
    forBetterAuth: {
      hash: async (password) => forCaller(async () => hashing.hash(password)),
      verify: async (given) => forCaller(async () => hashing.verify(given)),
    },
    hash: async (password, address) => withLimit(address, async () => hashing.hash(password)),
    verify: async (given, address) => withLimit(address, async () => hashing.verify(given)),
    from: async (address, work) => callers.run(address, work),
    counts: () => limiter.counts(),
  };
}
