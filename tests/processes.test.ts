/** Web server and workers in separate processes on one database: `daybreak web` and `daybreak worker`. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type RunningSandbox, startSandbox } from '../sandbox/sandbox.ts';
import { type Database, openPool } from '../src/database/database.ts';
import type { EmbeddedServer } from '../src/database/embedded/shared-server.ts';
import { addDistrict } from '../src/districts/district.ts';
import { newSealingKey } from '../src/districts/sealed-secret.ts';
import { type JobQueue, openJobQueue } from '../src/jobs/job-queue.ts';
import { type DaybreakProcesses, openDaybreakProcesses } from './servers/daybreak-process.ts';
import { missHeartbeats, retryNow } from './servers/queue-clock.ts';
import { openBlockingProxy, type BlockingProxy } from './skyward/blocking-proxy.ts';
import { startThrowawayServer } from './servers/throwaway-server.ts';

const domains = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].map(
  (name) => `${name}.example`,
);

const sealingKey = newSealingKey();

let server: EmbeddedServer;
let database: Database;
let skyward: RunningSandbox;
let proxy: BlockingProxy;
let daybreak: DaybreakProcesses;
let queue: JobQueue;

beforeAll(async () => {
  server = await startThrowawayServer();
  const { host, port, user, password, database: name, webPassword } = server.connection;
  database = await openPool(server.connection, {}, async () => undefined);
  skyward = await startSandbox({ port: 0, students: 60, seed: 5, today: '2026-11-23' });
  proxy = await openBlockingProxy(skyward.baseUrl);
  daybreak = await openDaybreakProcesses(`postgres://${user}:${password}@${host}:${port}/${name}`, {
    DAYBREAK_SEALING_KEY: sealingKey.bytes.toString('base64'),
    DATABASE_WEB_PASSWORD: webPassword,
  });
  for (const domain of domains) {
    await addDistrict(
      database.pool,
      { domain, name: domain, timeZone: 'America/Chicago' },
      { ...skyward, baseUrl: proxy.baseUrl, allowPrivateAddress: true },
      sealingKey,
    );
  }
  // No scheduled import starts during the test.
  await database.pool.query('update districts set nights_paused = true');
  queue = await openJobQueue({ database, log: pino({ level: 'silent' }) });
}, 120_000);
afterAll(async () => {
  await queue.close();
  await daybreak.remove();
  await proxy.close();
  await skyward.close();
  await database.close();
  await server.release();
});

const ask = async (domain: string): Promise<boolean> => {
  const { rows } = await database.pool.query<{ id: number }>(
    'select id from districts where domain = $1',
    [domain],
  );
  return queue.imports.send({
    districtId: rows[0]?.id ?? 0,
    domain,
    isDryRun: false,
    allowsMassChange: false,
    origin: 'person',
    requestedBy: 'Ann Poe',
  });
};

const runs = async () =>
  (
    await database.pool.query<{ domain: string; state: string }>(
      `select d.domain, r.state from import_runs r join districts d on d.id = r.district_id order by r.started_at`,
    )
  ).rows;

/** Starts a command and waits until it prints that it is ready. */
const start = async (...args: string[]): Promise<ChildProcess> => {
  const child = daybreak.start(args);
  child.stderr?.resume();
  if (child.stdout) await once(child.stdout, 'data');
  return child;
};
const end = async (child: ChildProcess): Promise<number | null> => {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [status] = (await ended) as [number | null];
  return status;
};

it('web responds and runs no imports; a worker that is asked to end hands over its import', async () => {
  const [domain = ''] = domains;
  proxy.block();
  const web = await start('web', '--port', '0');
  expect(await ask(domain)).toBe(true);
  const first = await start('worker', '--concurrency', '1');
  await expect
    .poll(runs, { timeout: 30_000, interval: 50 })
    .toEqual([{ domain, state: 'running' }]);
  expect(await end(first)).toBe(0);
  expect(await runs()).toEqual([{ domain, state: 'failed' }]);
  proxy.unblock();
  await retryNow(database.pool);
  const second = await start('worker', '--concurrency', '1');
  await expect.poll(runs, { timeout: 60_000, interval: 50 }).toEqual([
    { domain, state: 'failed' },
    { domain, state: 'published' },
  ]);
  expect(await end(second)).toBe(0);
  expect(await end(web)).toBe(0);
}, 120_000);

it('an import whose worker was killed is started over by another, and published once', async () => {
  const domain = domains.at(-1) ?? '';
  const listRuns = async () => (await runs()).filter((run) => run.domain === domain);
  proxy.block();
  expect(await ask(domain)).toBe(true);
  const killed = await start('worker', '--concurrency', '1');
  await expect
    .poll(listRuns, { timeout: 30_000, interval: 50 })
    .toEqual([{ domain, state: 'running' }]);
  const ended = once(killed, 'exit');
  killed.kill('SIGKILL');
  await ended;
  proxy.unblock();
  await missHeartbeats(database.pool);
  const other = await start('worker', '--concurrency', '1');
  await expect
    .poll(
      async () => {
        await retryNow(database.pool);
        return listRuns();
      },
      { timeout: 60_000, interval: 100 },
    )
    .toEqual([
      { domain, state: 'failed' },
      { domain, state: 'published' },
    ]);
  expect(await end(other)).toBe(0);
  expect(await listRuns()).toHaveLength(2);
}, 120_000);

it('two workers never exceed the limit of districts per Skyward host, and import all districts', async () => {
  const others = domains.slice(1, -1);
  for (const domain of others) expect(await ask(domain)).toBe(true);
  const workers = await Promise.all(
    ['3', '3'].map(async (count) => start('worker', '--concurrency', count, '--per-host', '1')),
  );
  await expect
    .poll(async () => (await runs()).filter(({ state }) => state === 'published').length, {
      timeout: 90_000,
      interval: 100,
    })
    .toBe(domains.length);
  const { rows } = await database.pool.query<{ overlaps: number }>(
    `select count(*)::integer as overlaps from import_runs a join import_runs b
     on a.district_id < b.district_id and a.started_at < b.finished_at and b.started_at < a.finished_at`,
  );
  expect(rows).toEqual([{ overlaps: 0 }]);
  expect(await Promise.all(workers.map(end))).toEqual([0, 0]);
}, 120_000);
