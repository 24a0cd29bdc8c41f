/** The port for testing an address, a key and a secret with Skyward before they are stored. */

/** What is tested. Contains the secret: never log or show it. */
export interface ConnectionCandidate {
  readonly baseUrl: string;
  readonly clientKey: string;
  readonly clientSecret: string;
  /** Which of the vendor's integration tokens to use; null: the default one. */
  readonly integrationTokenName: string | null;
  readonly allowPrivateAddress: boolean;
  /** The district's entity, if a user has entered it. */
  readonly entityId?: number | null | undefined;
}

/**
 * `works`: Skyward issued a token and responds; `summary` says in one sentence what was found, and `problems` are what
 * an import would lack nevertheless. `problem`: what happened and what to do.
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
