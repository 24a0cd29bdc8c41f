/**
 * The queue in the database: any number of processes on any number of machines put work in and take work
 * out (pg-boss). A process that only asks for work opens it without workers; `daybreak serve` has both.
 */
import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';

import { asDatabaseFault } from '../database/database-fault.ts';
import type { Database } from '../database/database.ts';
import type { SealingKey } from '../districts/sealed-secret.ts';
import type { DistrictImportOptions } from '../import/district-import.ts';
import {
  createImportQueue,
  importQueue,
  importQueueOptions,
  type ImportQueue,
} from './import-queue.ts';
import { startDateRounds } from './date-rounds.ts';
import { startImportWorkers } from './import-worker.ts';
import { startNightDispatch } from './night-dispatch.ts';
import { queueDatabase } from './queue-database.ts';
import { findSkywardHost } from './skyward-host.ts';

export interface JobQueueOptions {
  readonly database: Database;
  readonly log: Logger;
  /** The clock of schedules and of the date of an import: the system's unless given. */
  readonly now?: () => Temporal.Instant;
  /** Given: this process works as well, on so many imports at once. */
  readonly workers?: {
    readonly concurrency: number;
    /** Imports that call one Skyward server at the same time, over all processes; 4 unless told. */
    readonly perHost?: number;
    readonly sealingKey: SealingKey;
    readonly vendor?: DistrictImportOptions['vendor'];
    /** Puts nights into the queue as their time comes, and lets statuses follow the date; any number of processes may. */
    readonly beginsNights?: boolean;
  };
}

export interface JobQueue {
  readonly imports: ImportQueue;
  /**
   * Takes no more work; stops the imports of this process at the next safe place, from where another
   * process or the next start takes them over; waits for them. Safe to call twice.
   */
  close(): Promise<void>;
}

/** Several districts may stand on one Skyward server, which has teachers to serve as well. */
const usualPerHost = 4;

/** How long an import may take to come to a safe place before its job is given up as it is. */
const closeLimitMs = 30_000;

/** Opens the queue, making or updating its tables in the schema `pgboss`. Throws `DatabaseFault`. */
export async function openJobQueue({
  database,
  log,
  now = Temporal.Now.instant,
  workers,
}: JobQueueOptions): Promise<JobQueue> {
  const boss = new PgBoss({
    db: queueDatabase(database.pool),
    schema: 'pgboss',
    // Noticing dead workers and keeping to schedules is the business of processes that work.
    supervise: workers !== undefined,
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
    schedule: workers !== undefined,
    instanceName: workers === undefined ? 'daybreak web' : 'daybreak',
  });
  boss.on('error', (error) => log.error({ kind: error.name }, 'queue'));
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'queue'));
  const stopping = new AbortController();
  try {
    await boss.start();
    await boss.createQueue(importQueue, importQueueOptions);
    // A queue that an earlier version made keeps what that version wanted.
    const { policy: _policy, ...changeable } = importQueueOptions;
    await boss.updateQueue(importQueue, changeable);
    const wake =
      workers === undefined
        ? () => undefined
        : await startImportWorkers(boss, {
            database,
            log,
            now,
            perHost: usualPerHost,
            ...workers,
            signal: stopping.signal,
          });
    const imports = createImportQueue(boss, wake, async (districtId) =>
      findSkywardHost(database.pool, districtId),
    );
    if (workers?.beginsNights === true) {
      startNightDispatch({ pool: database.pool, imports, log, now }, stopping.signal);
      startDateRounds({ pool: database.pool, log, now }, stopping.signal);
    }
    let closed: Promise<void> | undefined;
    return {
      imports,
      close: () =>
        (closed ??= (async () => {
          stopping.abort();
          await boss.stop({ graceful: true, timeout: closeLimitMs });
        })()),
    };
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw asDatabaseFault(error);
  }
}
