/** Applies the rate limits of the contract (docs/decisions, rate limits). */
import type { User } from '../../accounts/accounts.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import { type Limit, type LimitName, limits } from '../../contract/limits.ts';
import { toNetwork } from '../../network/caller-address.ts';
import {
  type Allowance,
  createRateLimiter,
  type RateLimiterOptions,
} from '../../network/rate-limiter.ts';
import { ApiError } from '../api-error.ts';

export interface RateLimits {
  /**
   * Counts a call of a public endpoint: by device if it is known and has a limit, otherwise by network address. So
   * a stranger in a school's network cannot lock out users who have signed in before. Throws a 429.
   */
  countCaller(endpoint: Endpoint, address: string, device?: string): void;
  /** Counts a call by user. Throws a 429. */
  countUser(endpoint: Endpoint, user: User): void;
  /**
   * Counts a call by district, after it is authorized: otherwise denied calls could use up the limit of the others.
   */
  countDistrict(endpoint: Endpoint, user: User): void;
}

interface RateLimitsOptions extends RateLimiterOptions {
  /** The limits (default: those of the contract). */
  readonly table?: Readonly<Record<LimitName, Limit>>;
}

/** Creates the counters of this process. */
export function createRateLimits({
  table = limits,
  ...options
}: RateLimitsOptions = {}): RateLimits {
  const limiter = createRateLimiter(options);
  const take = (endpoint: Endpoint, whose: Readonly<Partial<Record<keyof Limit, string>>>) => {
    const allowances = (['address', 'device', 'user', 'district'] as const).flatMap((of) => {
      const perMinute = table[endpoint.limit][of];
      const key = whose[of];
      return perMinute === undefined || key === undefined ? [] : [{ of, key, perMinute }];
    });
    const rejected = limiter.take(allowances);
    if (rejected !== undefined)
      throw rateLimited(endpoint, rejected.allowance, rejected.retryAfterSeconds);
  };
  return {
    countCaller: (endpoint, address, device) => {
      // Each endpoint separately: users of a school share an address, and one page calls several endpoints.
      const which = `${endpoint.method} ${endpoint.path}`;
      if (device !== undefined && table[endpoint.limit].device !== undefined) {
        take(endpoint, { device: `${which} of device ${device}` });
      } else {
        take(endpoint, { address: `${which} ${toNetwork(address)}` });
      }
    },
    countUser: (endpoint, { accountId }) =>
      take(endpoint, { user: `${endpoint.limit} of person ${accountId}` }),
    countDistrict: (endpoint, { districtId }) =>
      take(endpoint, { district: `${endpoint.limit} of district ${districtId ?? 'none'}` }),
  };
}

const messages = {
  address: 'There were too many requests from your network in a short time.',
  device: 'There were too many requests from your device in a short time.',
  user: 'You have sent too many requests in a short time.',
  district: 'Your district has sent too many requests in a short time.',
} as const;

function rateLimited(
  { limit }: Endpoint,
  { of }: Allowance & { readonly of: keyof Limit },
  seconds: number,
): ApiError {
  const message =
    limit === 'sign-in' && of === 'address'
      ? 'There were too many sign-in attempts from your network.'
      : messages[of];
  return new ApiError(
    'too-many-attempts',
    message,
    { advice: `Nothing was changed. ${formatWait(seconds)}` },
    { 'retry-after': String(seconds) },
  );
}

const formatWait = (seconds: number): string =>
  `Wait ${seconds === 1 ? 'a second' : `${seconds} seconds`}, then try again.`;
