/**
 * Runs scheduled imports of many districts by several workers on one database, and kills a worker and PostgreSQL:
 * every district must have had its import exactly once.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { startSandbox } from '../sandbox/sandbox.ts';
import { type Database, openPool } from '../src/database/database.ts';
import { newSealingKey } from '../src/districts/sealed-secret.ts';
import { openDaybreakProcesses } from '../tests/servers/daybreak-process.ts';
import { addFleet, startWorker, findMorningTimeZone } from '../tests/skyward/sandbox-fleet.ts';
import { publishedData } from '../tests/builders/published-data.ts';
import { startDurableServer } from './durable-server.ts';

export interface FleetOptions {
  readonly districts: number;
  readonly students: number;
  readonly workers: number;
  /** Concurrent imports of each worker. */
  readonly concurrency: number;
  readonly now: Temporal.Instant;
}

export interface FleetResult {
  readonly districts: number;
  readonly workers: number;
  /** Districts that had been imported when the worker and PostgreSQL were killed. */
  readonly workerKilledAfter: number;
  readonly databaseKilledAfter: number;
  /** Runs interrupted by a kill, each followed by a completed one. */
  readonly interrupted: number;
  readonly published: number;
  readonly seconds: number;
  readonly differences: readonly string[];
}

/** No progress within this time is an error; a dead worker is noticed within two minutes. */
const idleTimeoutMs = 6 * 60_000;

/** Runs the imports; `differences` is empty if each district had exactly one, with the right data. */
export async function proveFleet(
  options: FleetOptions,
  onProgress: (sentence: string) => void,
): Promise<FleetResult> {
  const { timeZone, today } = findMorningTimeZone(options.now);
  const key = newSealingKey();
  const server = await startDurableServer();
  const database = await openPool(server.connection, {}, async () => undefined);
  const skyward = await startSandbox({ port: 0, students: options.students, seed: 7, today });
  const daybreak = await openDaybreakProcesses(server.url, {
    DAYBREAK_SEALING_KEY: key.bytes.toString('base64'),
  });
  const workers: ChildProcess[] = [];
  try {
    await addFleet(database, { count: options.districts, timeZone, skyward, key });
    const started = performance.now();
    const perHost = options.workers * options.concurrency;
    for (let number = 0; number < options.workers; number++) {
      workers.push(startWorker(daybreak, options.concurrency, perHost));
    }
    const waitForShare = async (share: number) =>
      waitUntilImported(database, Math.ceil(options.districts * share), onProgress);
    const workerKilledAfter = await waitForShare(0.2);
    const [victim, ...survivors] = workers;
    await waitUntilAllBusy(database, perHost);
    victim?.kill('SIGKILL');
    onProgress(`A worker was killed after ${workerKilledAfter} districts.`);
    const databaseKilledAfter = await waitForShare(0.5);
    await waitUntilAllBusy(database, perHost - options.concurrency);
    await server.kill();
    onProgress(`PostgreSQL was killed after ${databaseKilledAfter} districts.`);
    await waitForShare(1);
    await waitUntilQueueIsEmpty(database);
    const seconds = Math.round((performance.now() - started) / 1000);
    const ends = await Promise.all(survivors.map(stopWorker));
    const runs = await findRuns(database);
    return {
      districts: options.districts,
      workers: options.workers,
      workerKilledAfter,
      databaseKilledAfter,
      interrupted: runs.filter(({ state }) => state === 'failed').length,
      published: runs.filter(({ state }) => state === 'published').length,
      seconds,
      differences: [
        ...(runs.some(({ state }) => state === 'failed')
          ? []
          : ['The kills interrupted no import.']),
        ...ends.filter((end) => end !== 0).map((end) => `A worker ended with ${end}.`),
        ...findWrongRuns(runs, options.districts),
        ...(await findDifferentDistricts(database)),
      ],
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await daybreak.remove();
    await skyward.close();
    await database.close();
    await server.remove();
  }
}

async function stopWorker(worker: ChildProcess): Promise<number | string | null> {
  if (worker.exitCode !== null) return worker.exitCode;
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  const [status, signal] = (await ended) as [number | null, string | null];
  return status ?? signal;
}

interface FleetRun {
  readonly domain: string;
  readonly state: string;
  readonly origin: string;
}

const findRuns = async ({ pool }: Database): Promise<FleetRun[]> =>
  (
    await pool.query<FleetRun>(
      `select d.domain, r.state, r.origin from import_runs r join districts d on d.id = r.district_id
       where r.state <> 'recalculated' order by r.started_at`,
    )
  ).rows;

/** Waits until `expectedCount` districts are imported and returns their number; tolerates a server that is down. */
async function waitUntilImported(
  { pool }: Database,
  expectedCount: number,
  onProgress: (sentence: string) => void,
): Promise<number> {
  let lastDone = -1;
  let lastProgress = performance.now();
  for (;;) {
    const done = await pool
      .query<{ done: number }>(
        "select count(distinct district_id)::integer as done from import_runs where state = 'published'",
      )
      .then(({ rows }) => rows[0]?.done ?? 0)
      .catch(() => lastDone);
    if (done >= expectedCount) return done;
    if (done !== lastDone) {
      if (done % 25 === 0) onProgress(`${done} districts imported.`);
      [lastDone, lastProgress] = [done, performance.now()];
    }
    if (performance.now() - lastProgress > idleTimeoutMs) {
      throw new Error(`Only ${done} districts were imported, and there was no more progress.`);
    }
    await delay(200);
  }
}

/** Waits until every worker is fully busy, so that a kill interrupts an import. */
async function waitUntilAllBusy({ pool }: Database, imports: number): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const { rows } = await pool.query<{ running: number }>(
      "select count(*)::integer as running from import_runs where state = 'running'",
    );
    if ((rows[0]?.running ?? 0) >= imports || performance.now() > deadline) return;
    await delay(5);
  }
}

/** Waits until the queue is empty, including the jobs of the dead worker. */
async function waitUntilQueueIsEmpty({ pool }: Database): Promise<void> {
  const deadline = performance.now() + idleTimeoutMs;
  for (;;) {
    const { rows } = await pool.query<{ remaining: number }>(
      `select count(*)::integer as left from pgboss.job
       where name = 'import' and state in ('created', 'retry', 'active')`,
    );
    if (rows[0]?.remaining === 0) return;
    if (performance.now() > deadline)
      throw new Error(`${rows[0]?.remaining} jobs stay in the queue.`);
    await delay(500);
  }
}

/** Returns the districts without exactly one published, scheduled import; failed runs are those interrupted. */
function findWrongRuns(runs: readonly FleetRun[], districts: number): string[] {
  const successful = Map.groupBy(
    runs.filter(({ state }) => state !== 'failed'),
    ({ domain }) => domain,
  );
  const differences = [...successful]
    .filter(
      ([, [first, ...otherRuns]]) =>
        otherRuns.length > 0 || first?.state !== 'published' || first.origin !== 'schedule',
    )
    .map(([domain, domainRuns]) => `${domain}: ${domainRuns.map(({ state }) => state).join(', ')}`);
  return successful.size === districts
    ? differences
    : [...differences, `${districts - successful.size} districts had no import.`];
}

/** Returns the districts with other published data than the first; all read the same Skyward. */
async function findDifferentDistricts({ pool }: Database): Promise<string[]> {
  const { rows } = await pool.query<{ id: number; domain: string }>(
    'select id, domain from districts order by id',
  );
  const differences: string[] = [];
  let expected: string | undefined;
  for (const { id, domain } of rows) {
    const published = await publishedData(pool, id);
    expected ??= published;
    if (published === '' || published !== expected) differences.push(`${domain} differs.`);
  }
  return differences;
}
