/**
 * Many districts, several workers, one database: their nights begin by themselves, a worker is killed and
 * PostgreSQL dies in the middle, and every district has had its night exactly once.
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

export interface FleetOrder {
  readonly districts: number;
  readonly students: number;
  readonly workers: number;
  /** Imports at a time of each worker. */
  readonly concurrency: number;
  readonly now: Temporal.Instant;
}

export interface FleetFigures {
  readonly districts: number;
  readonly workers: number;
  /** Districts that were done when the worker was killed and when PostgreSQL was. */
  readonly workerKilledAfter: number;
  readonly databaseKilledAfter: number;
  /** Runs cut off by the one or the other, each followed by one that went through. */
  readonly cutOff: number;
  readonly published: number;
  readonly seconds: number;
  readonly differences: readonly string[];
}

/** No end by then is a difference: a dead worker is noticed within two minutes. */
const longestSilenceMs = 6 * 60_000;

/** Plays the night; `differences` is empty when each district had it exactly once and right. */
export async function proveFleet(
  order: FleetOrder,
  tell: (sentence: string) => void,
): Promise<FleetFigures> {
  const { timeZone, today } = findMorningTimeZone(order.now);
  const key = newSealingKey();
  const server = await startDurableServer();
  const database = await openPool(server.connection, {}, async () => undefined);
  const skyward = await startSandbox({ port: 0, students: order.students, seed: 7, today });
  const daybreak = await openDaybreakProcesses(server.url, {
    DAYBREAK_SEALING_KEY: key.bytes.toString('base64'),
  });
  const workers: ChildProcess[] = [];
  try {
    await addFleet(database, { count: order.districts, timeZone, skyward, key });
    const started = performance.now();
    const perHost = order.workers * order.concurrency;
    for (let number = 0; number < order.workers; number++) {
      workers.push(startWorker(daybreak, order.concurrency, perHost));
    }
    const doneAfter = async (share: number) =>
      untilDone(database, Math.ceil(order.districts * share), tell);
    const workerKilledAfter = await doneAfter(0.2);
    const [victim, ...survivors] = workers;
    await untilAllWork(database, perHost);
    victim?.kill('SIGKILL');
    tell(`A worker was killed after ${workerKilledAfter} districts.`);
    const databaseKilledAfter = await doneAfter(0.5);
    await untilAllWork(database, perHost - order.concurrency);
    await server.kill();
    tell(`PostgreSQL was killed after ${databaseKilledAfter} districts.`);
    await doneAfter(1);
    await untilQuiet(database);
    const seconds = Math.round((performance.now() - started) / 1000);
    const ends = await Promise.all(survivors.map(endOf));
    const runs = await findRuns(database);
    return {
      districts: order.districts,
      workers: order.workers,
      workerKilledAfter,
      databaseKilledAfter,
      cutOff: runs.filter(({ state }) => state === 'failed').length,
      published: runs.filter(({ state }) => state === 'published').length,
      seconds,
      differences: [
        ...(runs.some(({ state }) => state === 'failed') ? [] : ['The kills cut nothing off.']),
        ...ends.filter((end) => end !== 0).map((end) => `A worker ended with ${end}.`),
        ...wrongNights(runs, order.districts),
        ...(await differentDistricts(database)),
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

async function endOf(worker: ChildProcess): Promise<number | string | null> {
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

/** Waits until so many districts have been imported and gives how many there are; the server may be away meanwhile. */
async function untilDone(
  { pool }: Database,
  wanted: number,
  tell: (sentence: string) => void,
): Promise<number> {
  let lastDone = -1;
  let lastMove = performance.now();
  for (;;) {
    const done = await pool
      .query<{ done: number }>(
        "select count(distinct district_id)::integer as done from import_runs where state = 'published'",
      )
      .then(({ rows }) => rows[0]?.done ?? 0)
      .catch(() => lastDone);
    if (done >= wanted) return done;
    if (done !== lastDone) {
      if (done % 25 === 0) tell(`${done} districts are done.`);
      [lastDone, lastMove] = [done, performance.now()];
    }
    if (performance.now() - lastMove > longestSilenceMs) {
      throw new Error(`Only ${done} districts were done, and nothing went on.`);
    }
    await delay(200);
  }
}

/** Waits for a moment at which every worker has its hands full, so that a kill cuts something off. */
async function untilAllWork({ pool }: Database, imports: number): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const { rows } = await pool.query<{ running: number }>(
      "select count(*)::integer as running from import_runs where state = 'running'",
    );
    if ((rows[0]?.running ?? 0) >= imports || performance.now() > deadline) return;
    await delay(5);
  }
}

/** Waits until nothing is in the queue any more: what a dead worker left there is taken up, too. */
async function untilQuiet({ pool }: Database): Promise<void> {
  const deadline = performance.now() + longestSilenceMs;
  for (;;) {
    const { rows } = await pool.query<{ left: number }>(
      `select count(*)::integer as left from pgboss.job
       where name = 'import' and state in ('created', 'retry', 'active')`,
    );
    if (rows[0]?.left === 0) return;
    if (performance.now() > deadline) throw new Error(`${rows[0]?.left} jobs stay in the queue.`);
    await delay(500);
  }
}

/** One good night each, begun by the schedule; what failed was cut off, and by nothing else than what this proof did. */
function wrongNights(runs: readonly FleetRun[], districts: number): string[] {
  const good = Map.groupBy(
    runs.filter(({ state }) => state !== 'failed'),
    ({ domain }) => domain,
  );
  const differences = [...good]
    .filter(
      ([, [first, ...more]]) =>
        more.length > 0 || first?.state !== 'published' || first.origin !== 'schedule',
    )
    .map(([domain, nights]) => `${domain}: ${nights.map(({ state }) => state).join(', ')}`);
  return good.size === districts
    ? differences
    : [...differences, `${districts - good.size} districts had no night.`];
}

/** All districts read the same Skyward, so what they have published is the same. */
async function differentDistricts({ pool }: Database): Promise<string[]> {
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
