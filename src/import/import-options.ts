/** What one night of one district is asked to do, and what it tells while it goes on. */
import type { StatusRules } from '../enrollment/status-rules.ts';
import type { SafetyLimits } from './plan/safety-limits.ts';
import type { ImportError } from './import-error.ts';
import type { RosterSource } from './reading/roster-source.ts';
import type { RunRequest } from './runs/run-store.ts';

export type ImportPhase =
  | 'connecting'
  | 'reading'
  | 'comparing'
  | 'deciding'
  | 'assembling'
  | 'checking'
  | 'publishing'
  | 'finished';

/** What a run tells while it goes on. */
export interface ImportProgress {
  readonly phase: ImportPhase;
  /** While reading: the object being read and all rows staged so far. */
  readonly object?: string;
  readonly objectRows?: number;
  readonly rows?: number;
}

export interface ImportRunOptions {
  readonly districtId: number;
  readonly source: RosterSource;
  /** The district's own date. */
  readonly today: Temporal.PlainDate;
  readonly rules: StatusRules;
  readonly limits: SafetyLimits;
  /** Plan only: everything but the last step. */
  readonly isDryRun: boolean;
  /** A person has said that a mass change is meant: the brakes are off for this run. */
  readonly allowsMassChange: boolean;
  /** Who asked for it; a command when left out. */
  readonly request?: RunRequest;
  /** Told the run's number as soon as it has one. */
  readonly onStarted?: ((runId: number) => void) | undefined;
  readonly now: () => Temporal.Instant;
  readonly onProgress: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
  /** Told when a person asks on the screen for this run to stop; what waits for the source can end then. */
  readonly onCancelRequested?: (error: ImportError) => void;
  /** How long to wait for another run of the district to end; 20 seconds when left out. */
  readonly lockWaitMs?: number;
}

/** The order of a run that is under way, which can be stopped. */
export type RunningOptions = ImportRunOptions & { readonly signal: AbortSignal };
