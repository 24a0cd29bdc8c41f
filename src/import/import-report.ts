/** The report of a run: what it read, planned and changed. Stored with the run and shown by commands and screens. */
import type { ImportRun } from '../contract/imports/import-runs.ts';
import type { ProblemKind } from '../roster/row-problem.ts';
import type { ImportPlan } from './plan/comparison.ts';
import type { HoldReason } from './plan/hold-reason.ts';
import type { FieldReport } from './plan/unknown-fields.ts';

/** The result of an import, or of an undo. */
export type ImportResult = Exclude<ImportRun['state'], 'running' | 'recalculated' | 'undone'>;

/** Why a run failed or is held, for users. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
  /** The place in Skyward's API, for support, if the message names it by its label. */
  readonly details?: string;
  /** All reasons of a held import, the worst first. */
  readonly reasons?: readonly HoldReason[];
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
  /** Students whose status change by the date alone is on hold after the run. */
  readonly onHold?: number;
  /** Statuses recalculated although the import was not published. */
  readonly recalculated?: number;
  /** Only of an undo. */
  readonly undo?: UndoReport;
}

/** What an undo restored, or would restore. */
export interface UndoReport {
  /** The undone imports, oldest first. */
  readonly imports: readonly number[];
  /** Guardians and enrollments that come back, go, or have other values again. */
  readonly guardians: number;
  readonly enrollments: number;
  /** Students whom the undone imports had created. */
  readonly created: number;
  /** Students who count as missing from Skyward again, or no longer do. */
  readonly missingMarks: number;
  /** Documents of all these students. They stay as they are. */
  readonly documents: number;
  /** Records that keep the Skyward ID of a match, because the former one is taken. */
  readonly keptIds: number;
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
