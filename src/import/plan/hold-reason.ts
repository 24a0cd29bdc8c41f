/** Why an import is held: what was counted and which limit it exceeds. */
import type { LimitKey } from '../../contract/safety-limits.ts';

/** Enrolled and Pre-Enrolled students, or all others. */
export type Population = 'active' | 'former';

/** One row of a query that counts for a limit. */
export interface CountRow {
  readonly limit: LimitKey;
  readonly school: number | null;
  readonly isActive: boolean;
  readonly field: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly count: number;
}

/** What one limit counts in the whole district (`school` null) or in one school. */
export interface Measurement {
  readonly limit: LimitKey;
  /** The id of the entity. */
  readonly school: number | null;
  readonly population: Population;
  /** A field of a report: `birth_date`, `guardian.phones`. Null if the limit is not about one field. */
  readonly field: string | null;
  /** The changes of status behind the count, most frequent first. */
  readonly moves: readonly StatusMove[];
  /** Students counted. */
  readonly count: number;
  /** Students they are compared with. */
  readonly base: number;
}

export interface StatusMove {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** A measurement above the limit. */
export interface ExceededLimit extends Measurement {
  /** The share that would have been allowed. */
  readonly limitShare: number;
  /** The name of the school; null for the district. */
  readonly schoolName: string | null;
}

/** Why an import is held, for the reviewer. */
export interface HoldReason {
  readonly code:
    | 'empty-list'
    | 'shrunken-list'
    | 'mass-change'
    | 'emptied-fields'
    | 'unusable-rows'
    | 'nobody-imported';
  readonly message: string;
  readonly advice: string;
  /** The objects and fields in Skyward's API, for support. */
  readonly details?: string;
  /** The measurement that exceeds a limit. */
  readonly exceeded?: Measurement;
}

/** All reasons of a held import in one failure. */
export interface HeldFailure extends Pick<HoldReason, 'message' | 'advice' | 'details'> {
  readonly code: string;
  /** The worst first. */
  readonly reasons: readonly HoldReason[];
}
