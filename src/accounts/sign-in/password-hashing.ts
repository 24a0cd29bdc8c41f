/** Hashes passwords a few at once, each network address in its turn, so that no flood of them stops the others. */
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

/** How passwords are stored and checked. */
export interface PasswordHashing {
  hash(password: string): Promise<string>;
  verify(given: { readonly hash: string; readonly password: string }): Promise<boolean>;
}

/** scrypt in Node's thread pool, off the thread that answers. */
export const scryptPasswords: PasswordHashing = { hash: hashPassword, verify: verifyPassword };

/** A hash takes 60 ms of a processor and 32 MB. */
export interface HashingLimits {
  /** At once in this process. */
  readonly maxRunning: number;
  /** Waiting from one address; a school that opens its doors comes from one. */
  readonly maxWaitingPerAddress: number;
}

/**
 * Node hashes in the four threads of its pool, which files and names are looked up in as well: one of them stays
 * free, and so does a processor for the thread that answers.
 */
export const defaultHashingLimits: HashingLimits = {
  maxRunning: Math.min(3, Math.max(1, availableParallelism() - 1)),
  maxWaitingPerAddress: 40,
};

/** What waits longer than this has most likely given up; the line is as long as can be done by then. */
const retryAfterSeconds = 5;

export interface LimitedHashing {
  /** For better-auth, whose calls know no address: they belong to `from`. A full line is its refusal 429. */
  readonly forBetterAuth: PasswordHashing;
  /** Hashes for this address. Throws `TurnsFullError`. */
  hash(password: string, address: string): Promise<string>;
  verify(given: Parameters<PasswordHashing['verify']>[0], address: string): Promise<boolean>;
  /** Runs what hashes by `forBetterAuth` in the name of this address. */
  from<Result>(address: string, work: () => Promise<Result>): Promise<Result>;
  counts(): ConcurrencyCounts;
}

/** Puts a hashing of passwords behind a line. */
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
