/**
 * Background jobs: imports wait in a queue in the database (pg-boss) for the workers of any number of processes
 * and machines, and periodic tasks enqueue them. A process that only enqueues imports opens the queue without
 * workers; `daybreak serve` has both.
 */
import type { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';

import { toDatabaseError } from '../database/database-error.ts';
import type { Database } from '../database/database.ts';
import { transaction } from '../database/transaction.ts';
import { webLoginName } from '../database/web-login.ts';
import type { SealingKey } from '../districts/sealed-secret.ts';
import type { DistrictImportOptions } from '../import/district-import.ts';
import {
  createImportQueue,
  importQueue,
  importQueueOptions,
  type ImportQueue,
} from './import-queue.ts';
import { startDailyUpdates } from './daily-updates.ts';
import { startForecastUpdates } from './forecast-updates.ts';
import { startImportWorkers } from './import-worker.ts';
import { startScheduledImports } from './scheduled-imports.ts';
import { queueDatabase } from './queue-database.ts';
import { defaultPerHost, findSkywardHost } from './skyward-host-limit.ts';
import { workerLiveness } from './worker-liveness.ts';

export interface JobQueueOptions {
  readonly database: Database;
  readonly log: Logger;
  /** Clock for schedules and import dates; the system clock by default. */
  readonly now?: () => Temporal.Instant;
  /** Makes a worker of this process check the queue after something is enqueued here. */
  readonly wake?: (() => void) | undefined;
  /** If given, this process runs imports too. */
  readonly workers?: {
    readonly concurrency: number;
    /** Maximum number of imports on one Skyward host at the same time, over all processes. */
    readonly perHost?: number;
    readonly sealingKey: SealingKey;
    readonly vendor?: DistrictImportOptions['vendor'];
    /** Enqueues nightly imports when they are due and runs the daily updates. Any number of processes may do so. */
    readonly runsSchedule?: boolean;
  };
}

export interface JobQueue {
  readonly imports: ImportQueue;
  /** Makes a worker of this process check the queue now. */
  readonly wake: () => void;
  /**
   * Takes no more jobs, stops this process's imports at the next safe point, and waits for them. Another process
   * or the next start runs them again. Safe to call twice.
   */
  close(): Promise<void>;
}

/** How long `close` waits for running imports before it gives up on their jobs. */
const closeTimeoutMs = 30_000;

/** Opens the queue, creating or updating its tables in the schema `pgboss`. Throws `DatabaseError`. */
export async function openJobQueue(options: JobQueueOptions): Promise<JobQueue> {
  const { database, log, now = Temporal.Now.instant, workers } = options;
  const stopping = new AbortController();
  // The web role may not create tables, so a process without workers creates them as the owner first.
  const boss = createBoss(database.pool, log, workers === undefined ? 'migrate' : 'work');
  const webBoss = workers === undefined ? createBoss(database.web.pool, log, 'send') : undefined;
  const stop = async (how: { readonly graceful: boolean; readonly timeout?: number }) => {
    await Promise.all([boss.stop(how), webBoss?.stop(how)]);
  };
  try {
    await boss.start();
    await boss.createQueue(importQueue, importQueueOptions);
    // Creating an existing queue does not change its options; an upgrade has to.
    const { policy: _policy, ...changeable } = importQueueOptions;
    await boss.updateQueue(importQueue, changeable);
    await grantQueueToWeb(database.pool);
    if (webBoss !== undefined) {
      await boss.stop({ graceful: false });
      await webBoss.start();
    }
    const wake =
      workers === undefined
        ? (options.wake ?? (() => undefined))
        : await startImportWorkers(boss, {
            database,
            log,
            now,
            perHost: defaultPerHost,
            ...workers,
            signal: stopping.signal,
          });
    const pool = webBoss === undefined ? database.pool : database.web.pool;
    const imports = createImportQueue(webBoss ?? boss, wake, async (districtId) =>
      findSkywardHost(pool, districtId),
    );
    if (workers?.runsSchedule === true) {
      startScheduledImports({ pool: database.pool, imports, log, now }, stopping.signal);
      startDailyUpdates({ pool: database.pool, log, now }, stopping.signal);
      startForecastUpdates({ pool: database.pool, log, now }, stopping.signal);
    }
    let closed: Promise<void> | undefined;
    return {
      imports,
      wake,
      close: () =>
        (closed ??= (async () => {
          stopping.abort();
          await stop({ graceful: true, timeout: closeTimeoutMs });
        })()),
    };
  } catch (error) {
    await stop({ graceful: false }).catch(() => undefined);
    throw toDatabaseError(error);
  }
}

function createBoss(pool: Pool, log: Logger, role: 'migrate' | 'work' | 'send'): PgBoss {
  // Only processes with workers look for dead workers and run schedules.
  const isWorker = role === 'work';
  const boss = new PgBoss({
    db: queueDatabase(pool),
    schema: 'pgboss',
    migrate: role !== 'send',
    createSchema: role !== 'send',
    supervise: isWorker,
    superviseIntervalSeconds: workerLiveness.supervise,
    monitorIntervalSeconds: workerLiveness.supervise,
    schedule: isWorker,
    instanceName: isWorker ? 'daybreak' : 'daybreak web',
  });
  boss.on('error', (error) => log.error({ kind: error.name }, 'queue'));
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'queue'));
  return boss;
}

/** Lets the web role enqueue and cancel imports. Jobs contain no student data. */
async function grantQueueToWeb(pool: Pool): Promise<void> {
  await transaction(pool, async (client) => {
    // Concurrent grants on the same table fail.
    await client.query(`select pg_advisory_xact_lock(hashtext('daybreak queue grants'))`);
    const { rows } = await client.query<{ isGranted: boolean }>(
      `select has_table_privilege('${webLoginName}', 'pgboss.job', 'insert, update') as "isGranted"`,
    );
    if (rows[0]?.isGranted === true) return;
    await client.query(`grant usage on schema pgboss to ${webLoginName};
      grant select on all tables in schema pgboss to ${webLoginName};
      grant insert, update on pgboss.job, pgboss.job_common to ${webLoginName};
      grant insert, update, delete on pgboss.instance to ${webLoginName}`);
  });
}
