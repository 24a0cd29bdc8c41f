/** The report of a run: what it read, planned and changed. Stored with the run and shown by commands and screens. */
import type { ImportRun } from '../contract/imports/import-runs.ts';
import type { ProblemKind } from '../roster/row-problem.ts';
import type { ImportPlan } from './plan/comparison.ts';
import type { FieldReport } from './plan/unknown-fields.ts';

/** The result of an import. */
export type ImportResult = Exclude<ImportRun['state'], 'running' | 'recalculated'>;

/** Why a run failed or is held, for users. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
  /** The place in Skyward's API, for support, if the message names it by its label. */
  readonly details?: string;
}

/** Numbers are students unless stated otherwise. */
export interface ImportReport extends ImportPlan, FieldReport {
  /** Rows read, by object of the source. */
  readonly rowsRead: Readonly<Record<string, number>>;
  /** Received students who differed from what is published. */
  readonly compared: number;
  /** Students skipped because of a data problem. */
  readonly skipped: number;
  /** New students not imported because no enrollment is counted, by reason. */
  readonly notImported: Readonly<Record<string, number>>;
  /** Problems by kind. */
  readonly problems: Partial<Readonly<Record<ProblemKind, number>>>;
  /** Seconds by phase. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Statuses recalculated although the import was not published. */
  readonly recalculated?: number;
}

/** The outcome of a run, returned to the caller. */
export interface ImportOutcome {
  readonly runId: number;
  readonly state: ImportResult;
  readonly today: string;
  readonly schoolYear: number | null;
  readonly report: ImportReport | null;
  readonly failure: RunFailure | null;
  /** The error behind `failure`, for the log; never shown to users. */
  readonly cause?: unknown;
}
