/** How often endpoints may be called: the one table of limits. */

/**
 * Most calls a minute. Endpoints that anyone may call are counted by network address, each endpoint by itself;
 * those of signed-in people by person and by their district, all endpoints of a class together. A device on which
 * somebody has signed in before counts for itself and not for its address, where there is a number for it.
 */
export interface Limit {
  readonly address?: number;
  readonly device?: number;
  readonly user?: number;
  readonly district?: number;
}

/** Every class of endpoints with its limit; each endpoint of the contract names one. Decision 31 gives the reasons. */
export const limits = {
  /** Never refused: whoever watches the server would take it for dead. Costs one question to the database at a time. */
  health: {},
  /** Open to anyone, and cheap. A whole school may share one address. */
  public: { address: 120 },
  /** Where passwords, codes and tokens could be guessed. */
  'sign-in': { address: 60, device: 20, user: 20, district: 300 },
  /** To a district's provider and back: a school that begins its day behind one address. */
  'single-sign-on': { address: 120, device: 20 },
  /** Reads of a record or a page of a list; search asks while somebody types. */
  read: { user: 600, district: 6_000 },
  /** Changes; staff values and documents save while somebody types. */
  write: { user: 300, district: 3_000 },
  /** Exports, prints and everything that opens a PDF. */
  heavy: { user: 60, district: 240 },
  /** Makes the server call somebody else, or send a mail. */
  outside: { address: 60, user: 10, district: 30 },
} as const satisfies Readonly<Record<string, Limit>>;

/** The name of a limit. */
export type LimitName = keyof typeof limits;
