/** Rate limits of the API, in one table. */

/**
 * Maximum calls a minute. Public endpoints are counted by network address, each endpoint separately; the others by
 * user and by district, all endpoints of a class together. If `device` is set, a device on which a user has signed
 * in before is counted instead of its address.
 */
export interface Limit {
  readonly address?: number;
  readonly device?: number;
  readonly user?: number;
  readonly district?: number;
}

/** Every class of endpoints with its limit; each endpoint names one. Decision 31 gives the reasons. */
export const limits = {
  /** Not limited: a monitor would take a 429 for a failure. Costs one query at a time. */
  health: {},
  /** Public and cheap. A whole school may share one address. */
  public: { address: 120 },
  /** Where passwords, codes and tokens could be guessed. */
  'sign-in': { address: 60, device: 20, user: 20, district: 300 },
  /** To a district's provider and back: a whole school may sign in from one address in the morning. */
  'single-sign-on': { address: 120, device: 20 },
  /** Reads of a record or a page of a list; searches run while the user types. */
  read: { user: 600, district: 6_000 },
  /** Changes; staff values and documents save while the user types. */
  write: { user: 300, district: 3_000 },
  /** Exports, prints and everything that opens a PDF. */
  heavy: { user: 60, district: 240 },
  /** Makes the server call another server or send a mail. */
  outside: { address: 60, user: 10, district: 30 },
} as const satisfies Readonly<Record<string, Limit>>;

/** The name of a limit. */
export type LimitName = keyof typeof limits;
