/** The options of one import run, and the progress it reports. */
import type { StatusRules } from '../enrollment/status-settings.ts';
import type { LimitOverrides } from '../contract/safety-limits.ts';
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

/** The progress of a run. */
export interface ImportProgress {
  readonly phase: ImportPhase;
  /** While reading: the object being read, its rows, and all rows so far. */
  readonly object?: string;
  readonly objectRows?: number;
  readonly rows?: number;
}

export interface ImportRunOptions {
  readonly districtId: number;
  readonly source: RosterSource;
  /** The import date. */
  readonly today: Temporal.PlainDate;
  readonly rules: StatusRules;
  /** The district's own safety limits. */
  readonly limits: LimitOverrides;
  /** Plan without publishing. */
  readonly isDryRun: boolean;
  /** Whether the safety limits are off for this run. */
  readonly allowsMassChange: boolean;
  /** Who requested it; a command by default. */
  readonly request?: RunRequest;
  /** Called with the id of the run when it starts. */
  readonly onStarted?: ((runId: number) => void) | undefined;
  readonly now: () => Temporal.Instant;
  readonly onProgress: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
  /** Called when a user requests to cancel the run, so that pending requests can be aborted. */
  readonly onCancelRequested?: (error: ImportError) => void;
  /** How long to wait for another run of the district to end; 20 seconds by default. */
  readonly lockWaitMs?: number;
}

/** The options of a running import, which can be canceled. */
export type RunningOptions = ImportRunOptions & { readonly signal: AbortSignal };
