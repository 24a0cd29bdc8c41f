/**
 * Writes a run's progress to its row about once a second, so that other processes can show it. The same statement
 * reads whether a user has requested to cancel the run.
 */
import type pg from 'pg';
import type { ImportProgress } from '../../contract/imports/import-runs.ts';

/** The progress of a running import, as stored in its row. */
export type RunProgress = Omit<ImportProgress, 'elapsedSeconds' | 'isCancelling' | 'objectLabel'>;

const writeIntervalMs = 1_000;

export interface ProgressRecorder {
  /** Starts a phase and waits until it is written. Throws when the database does not respond. */
  begin(phase: string): Promise<void>;
  /** Updates the number of rows read; written at the next interval. */
  read(object: string, objectRows: number, rows: number): void;
  /** Stops writing and waits for a write in progress. */
  close(): Promise<void>;
}

/** Starts recording a run's progress. Calls `onCancelRequested` once, with the name of the user who requested it. */
export function createProgressRecorder(
  pool: pg.Pool,
  run: {
    readonly districtId: number;
    readonly runId: number;
    readonly rowsExpected: number | null;
  },
  options: {
    readonly now: () => Temporal.Instant;
    readonly onCancelRequested: (person: string) => void;
  },
): ProgressRecorder {
  let progress: RunProgress = {
    ...noProgress,
    phase: 'connecting',
    rowsExpected: run.rowsExpected,
  };
  let phaseSince = options.now();
  let isCancelling = false;
  let writing: Promise<void> | undefined;

  const snapshot = (): RunProgress => {
    const { rows } = progress;
    const seconds = options.now().since(phaseSince).total('seconds');
    const rowsPerSecond = rows !== null && seconds > 0 ? Math.round(rows / seconds) : null;
    return { ...progress, rowsPerSecond };
  };
  const write = async (): Promise<void> => {
    const { rows } = await pool.query<{ person: string | null }>(
      `update import_runs set phase = $3, progress = $4, progress_at = $5
       where district_id = $1 and id = $2 and state = 'running'
       returning cancel_requested_by as person`,
      [
        run.districtId,
        run.runId,
        progress.phase,
        JSON.stringify(snapshot()),
        options.now().toString(),
      ],
    );
    const person = rows[0]?.person ?? null;
    if (person === null || isCancelling) return;
    isCancelling = true;
    options.onCancelRequested(person);
  };
  const writeNow = (): void => {
    // If the database does not respond, the next write or the run's next statement fails.
    writing ??= write()
      .catch(() => undefined)
      .finally(() => (writing = undefined));
  };
  const timer = setInterval(writeNow, writeIntervalMs);
  timer.unref();

  return {
    async begin(phase) {
      phaseSince = options.now();
      progress = { ...progress, ...noProgress, phase };
      await writing;
      await write();
    },
    read(object, objectRows, rows) {
      progress = { ...progress, object, objectRows, rows };
    },
    async close() {
      clearInterval(timer);
      await writing;
    },
  };
}

const noProgress = { object: null, objectRows: null, rows: null, rowsPerSecond: null } as const;
