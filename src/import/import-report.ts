/** What a night read, planned and did: kept with the run, printed by the commands, shown on the page. */
import type { ProblemKind } from '../roster/row-problem.ts';
import type { ImportPlan } from './plan/comparison.ts';
import type { FieldReport } from './plan/unknown-fields.ts';

/** How an import ends. `planned`: a dry run; `held`: waits for a person's word. */
export type ImportResult = 'published' | 'unchanged' | 'planned' | 'held' | 'failed';

/** States of a run. `redecided`: no import, statuses that changed at midnight because a new date began. */
export type RunState = 'running' | ImportResult | 'redecided';

/** What ended or held a run, for people. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}

/** The report of one run; numbers of students unless named otherwise. */
export interface ImportReport extends ImportPlan, FieldReport {
  /** Rows read, by object of the source. */
  readonly rowsRead: Readonly<Record<string, number>>;
  /** Delivered students who differed from what was published and were assembled. */
  readonly compared: number;
  /** Students left as last imported because of a problem with their rows. */
  readonly setAside: number;
  /** Delivered students not brought in, by reason: no enrollment that counts. */
  readonly notCreated: Readonly<Record<string, number>>;
  /** Problems by kind. */
  readonly problems: Partial<Readonly<Record<ProblemKind, number>>>;
  /** Seconds by phase. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Statuses decided again from the last good rows because the night could not be published. */
  readonly redecided?: number;
}

/** The outcome of a run as the caller gets it. */
export interface ImportOutcome {
  readonly runId: number;
  readonly state: ImportResult;
  readonly today: string;
  readonly schoolYear: number | null;
  readonly report: ImportReport | null;
  readonly failure: RunFailure | null;
  /** The fault behind `failure`, for the log; never shown. */
  readonly cause?: unknown;
}
