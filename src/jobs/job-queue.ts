/**
 * The queue in the database: any number of processes on any number of machines put work in and take work
 * out (pg-boss). A process that only asks for work opens it without workers; `daybreak serve` has both.
 */
import type { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';

import { asDatabaseFault } from '../database/database-fault.ts';
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
import { startImportWorkers } from './import-worker.ts';
import { startScheduledImports } from './scheduled-imports.ts';
import { queueDatabase } from './queue-database.ts';
import { findSkywardHost } from './skyward-host-limit.ts';

export interface JobQueueOptions {
  readonly database: Database;
  readonly log: Logger;
  /** The clock of schedules and of the date of an import: the system's unless given. */
  readonly now?: () => Temporal.Instant;
  /** Lets a worker of this process look at once for what is asked here. */
  readonly wake?: (() => void) | undefined;
  /** Given: this process works as well, on so many imports at once. */
  readonly workers?: {
    readonly concurrency: number;
    /** Imports that call one Skyward server at the same time, over all processes; 4 unless told. */
    readonly perHost?: number;
    readonly sealingKey: SealingKey;
    readonly vendor?: DistrictImportOptions['vendor'];
    /** Puts nights into the queue as their time comes, and lets statuses follow the date; any number of processes may. */
    readonly runsSchedule?: boolean;
  };
}

export interface JobQueue {
  readonly imports: ImportQueue;
  /** Lets a worker of this process look for work at once. */
  readonly wake: () => void;
  /**
   * Takes no more work; stops the imports of this process at the next safe place, from where another
   * process or the next start takes them over; waits for them. Safe to call twice.
   */
  close(): Promise<void>;
}

/** Several districts may stand on one Skyward server, which has teachers to serve as well. */
const defaultPerHost = 4;

/** How long an import may take to come to a safe place before its job is given up as it is. */
const closeTimeoutMs = 30_000;

/** Opens the queue, making or updating its tables in the schema `pgboss`. Throws `DatabaseFault`. */
export async function openJobQueue(options: JobQueueOptions): Promise<JobQueue> {
  const { database, log, now = Temporal.Now.instant, workers } = options;
  const stopping = new AbortController();
  // Makes the tables, which whoever only asks may not.
  const boss = createBoss(database.pool, log, workers === undefined ? 'migrate' : 'work');
  const webBoss = workers === undefined ? createBoss(database.web.pool, log, 'send') : undefined;
  const stop = async (options: { readonly graceful: boolean; readonly timeout?: number }) => {
    await Promise.all([boss.stop(options), webBoss?.stop(options)]);
  };
  try {
    await boss.start();
    await boss.createQueue(importQueue, importQueueOptions);
    // A queue that an earlier version made keeps what that version wanted.
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
    throw asDatabaseFault(error);
  }
}

function createBoss(pool: Pool, log: Logger, role: 'migrate' | 'work' | 'send'): PgBoss {
  // Noticing dead workers and keeping to schedules is the business of processes that work.
  const isWorker = role === 'work';
  const boss = new PgBoss({
    db: queueDatabase(pool),
    schema: 'pgboss',
    migrate: role !== 'send',
    createSchema: role !== 'send',
    supervise: isWorker,
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
    schedule: isWorker,
    instanceName: isWorker ? 'daybreak' : 'daybreak web',
  });
  boss.on('error', (error) => log.error({ kind: error.name }, 'queue'));
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'queue'));
  return boss;
}

/** The web process asks for imports and takes them back; a job holds no value of a child. */
async function grantQueueToWeb(pool: Pool): Promise<void> {
  await transaction(pool, async (client) => {
    // Two processes that start at once would stumble over each other's grants.
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
