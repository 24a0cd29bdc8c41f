/** The port through which an address, a key and a secret are tried before they are relied on. */

/** What is tried. Holds the secret: never to be logged or shown. */
export interface ConnectionCandidate {
  readonly baseUrl: string;
  readonly clientKey: string;
  readonly clientSecret: string;
  /** Which of the vendor's integration tokens goes with it; null: the default one. */
  readonly integrationTokenName: string | null;
  readonly allowPrivateAddress: boolean;
  /** The district's entity, where a person has given it. */
  readonly entityId?: number | null | undefined;
}

/**
 * `works`: Skyward gave a token and answers with it; `problems` are what an import would lack nevertheless, and `saw`
 * tells in one sentence what was seen. A problem says what happened and what to do.
 */
export type ConnectionCheckOutcome =
  | {
      readonly kind: 'works';
      readonly districtName: string | null;
      readonly summary: string;
      readonly problems: readonly string[];
    }
  | {
      readonly kind: 'problem';
      readonly code: string;
      readonly message: string;
      readonly advice: string;
    };

export type ConnectionCheck = (connection: ConnectionCandidate) => Promise<ConnectionCheckOutcome>;
