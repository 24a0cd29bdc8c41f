/** How often endpoints may be called: the one table of limits. */

/** Most calls a minute, counted by each of these at once: network address, person, district. */
export interface Limit {
  readonly address?: number;
  readonly person?: number;
  readonly district?: number;
}

/** Every class of endpoints with its limit; each endpoint of the contract names one. */
export const limits = {
  /** Open to anyone, and cheap. */
  public: { address: 300 },
  /** Where passwords, codes and tokens could be guessed. */
  'sign-in': { address: 30 },
  /** To a provider and back, two calls each: a school that begins its day behind one address. */
  'single-sign-on': { address: 240 },
  /** Reads of a record or a page of a list. */
  read: { person: 1_200 },
  /** Changes. */
  write: { person: 300 },
  /** Exports, prints and everything that opens a PDF. */
  heavy: { person: 30, district: 120 },
  /** Makes the server call somebody else, or send a mail. */
  outside: { address: 30, person: 20, district: 60 },
} as const satisfies Readonly<Record<string, Limit>>;

/** The name of a limit. */
export type LimitName = keyof typeof limits;
