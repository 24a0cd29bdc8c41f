/** Takes imports from the queue and runs them. */
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';

import type { Database } from '../database/database.ts';
import { type District, districtRules, findDistrict } from '../districts/district.ts';
import type { SealingKey } from '../districts/sealed-secret.ts';
import { importDistrict, type DistrictImportOptions } from '../import/district-import.ts';
import { toFailure, ImportError } from '../import/import-error.ts';
import type { ImportProgress } from '../import/import-options.ts';
import type { ImportOutcome } from '../import/import-report.ts';
import { undoImport } from '../import/undo/import-undo.ts';
import { recordFailedStart } from '../import/runs/run-store.ts';
import { ImportJob, importQueue } from './import-queue.ts';
import { findSkywardHost, withHostSlot } from './skyward-host-limit.ts';
import { workerLiveness } from './worker-liveness.ts';

export interface ImportWorkerOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly sealingKey: SealingKey;
  /** The import date is the district's date at this moment. */
  readonly now: () => Temporal.Instant;
  readonly vendor?: DistrictImportOptions['vendor'];
  /** Maximum number of imports in this process at the same time. */
  readonly concurrency: number;
  /** Maximum number of imports on one Skyward host at the same time, over all processes. */
  readonly perHost: number;
  /** Aborts when the process shuts down. */
  readonly signal: AbortSignal;
}

/** How often an idle worker checks for imports queued by other processes. */
const pollSeconds = 2;

/** Starts this process's workers. Returns a function that makes them check the queue now. */
export async function startImportWorkers(
  boss: PgBoss,
  options: ImportWorkerOptions,
): Promise<() => void> {
  const wake = (): void => boss.notifyWorker(workerId);
  const workerId: string = await boss.work(
    importQueue,
    {
      localConcurrency: options.concurrency,
      groupConcurrency: options.perHost,
      pollingIntervalSeconds: pollSeconds,
      heartbeatRefreshSeconds: workerLiveness.heartbeatRefresh,
      includeMetadata: true,
    },
    async (jobs: JobWithMetadata<ImportJob>[]) => {
      for (const job of jobs) await processJob(job, options);
      // There may be more work, so check again without waiting for the poll interval.
      wake();
    },
  );
  return wake;
}

/**
 * Runs one import. Its result, failure included, is recorded with the run. The job itself fails, and is retried,
 * only when the run could not take place here: this process shuts down, the job was taken away from it, or
 * another run holds the lock.
 */
async function processJob(
  job: JobWithMetadata<ImportJob>,
  options: ImportWorkerOptions,
): Promise<void> {
  const { database } = options;
  const request = ImportJob.parse(job.data);
  const district = await findDistrict(database.pool, request.domain);
  // The district was removed, or its domain now belongs to another one.
  if (district?.id !== request.districtId) return;
  if (job.retryCount > 0 && (await isDone(database, request, job.createdOn))) return;
  const shutdownError = createShutdownError();
  const shutdown = new AbortController();
  const abort = () => shutdown.abort(shutdownError);
  const signals = AbortSignal.any([options.signal, job.signal]);
  signals.addEventListener('abort', abort, { once: true });
  if (signals.aborted) abort();
  try {
    const run = async () => runJob(district, request, shutdown.signal, options);
    const host = await findSkywardHost(database.pool, district.id);
    const outcome =
      host === null
        ? await run()
        : await withHostSlot(database.pool, host, options.perHost, shutdown.signal, run);
    // Retry only if the shutdown ended the run, not if a user canceled it just before.
    if (outcome.failure?.message === shutdownError.message) throw shutdownError;
  } finally {
    signals.removeEventListener('abort', abort);
  }
}

/** Returns whether an earlier attempt completed the job: its worker may have died after publishing, before finishing the job. */
async function isDone(
  { pool }: Database,
  { districtId, isDryRun, origin }: ImportJob,
  createdOn: Date,
): Promise<boolean> {
  const { rows } = await pool.query<{ isDone: boolean }>(
    `select exists (select from import_runs where district_id = $1 and is_dry_run = $2 and origin = $3
       and started_at >= $4 and state in ('published', 'unchanged', 'planned', 'held', 'restored')) as "isDone"`,
    [districtId, isDryRun, origin, createdOn.toISOString()],
  );
  return rows[0]?.isDone === true;
}

async function runJob(
  district: District,
  job: ImportJob,
  signal: AbortSignal,
  { database, log, sealingKey, vendor, now }: ImportWorkerOptions,
): Promise<Pick<ImportOutcome, 'failure'>> {
  const request = {
    origin: job.origin,
    requestedBy: job.requestedBy,
    approvedRunId: job.approvedRunId,
  };
  const { isDryRun, allowsMassChange } = job;
  const events = createRunLog(log, district.id);
  const startedAt = now();
  const today = startedAt.toZonedDateTimeISO(district.timeZone).toPlainDate();
  const common = { today, isDryRun, request, signal, ...events };
  try {
    const outcome =
      job.undo === undefined
        ? await importDistrict(database.pool, district, {
            ...common,
            sealingKey,
            vendor,
            allowsMassChange,
          })
        : await undoImport(database.pool, {
            ...common,
            districtId: district.id,
            undoesRunId: job.undo.runId,
            lastRunId: job.undo.lastRunId,
            reason: job.undo.reason,
            rules: districtRules(district),
            now,
          });
    const { runId, state, failure, report } = outcome;
    const { added, changed } = report ?? {};
    const shutdownError = {
      districtId: district.id,
      runId,
      state,
      code: failure?.code,
      added,
      changed,
    };
    log[state === 'failed' ? 'warn' : 'info'](shutdownError, 'import ended');
    return outcome;
  } catch (error) {
    if (error instanceof ImportError && error.code === 'import-already-running') throw error;
    if (error instanceof ImportError && error.code === 'imports-wait') {
      // It was queued before someone undid an import.
      log.info({ districtId: district.id }, 'import not started: imports wait after an undo');
      return { failure: toFailure(error) };
    }
    // Not connected, not possible to undo, or a secret that this key cannot open: a retry would fail again.
    const failure = toFailure(error);
    log.error({ districtId: district.id, code: failure.code }, 'import could not start');
    const undoing = job.undo && { undoesRunId: job.undo.runId, undoReason: job.undo.reason };
    const run = { ...request, today: today.toString(), isDryRun, startedAt, ...undoing };
    await recordFailedStart(database.pool, district.id, run, failure);
    return { failure };
  }
}

/** Logs the start and the phases of a run. No personal data is logged. */
function createRunLog(log: Logger, districtId: number) {
  let runId: number | undefined;
  let current: string | undefined;
  return {
    onStarted: (id: number): void => {
      runId = id;
      log.info({ districtId, runId }, 'import started');
    },
    onProgress: ({ phase }: ImportProgress): void => {
      if (phase === current) return;
      current = phase;
      log.info({ districtId, runId, phase }, 'import phase started');
    },
  };
}

const createShutdownError = () =>
  new ImportError(
    'import-cancelled',
    'The program running this import was shut down before anything was published.',
    'No action needed: the import restarts automatically, here or on another machine.',
  );
