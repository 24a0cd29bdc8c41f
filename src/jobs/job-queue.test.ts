/** Imports through the queue: one per district at a time, run, canceled, and handed over to another process. */
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import { retryNow } from '../../tests/servers/queue-clock.ts';
import { openBlockingProxy, type BlockingProxy } from '../../tests/skyward/blocking-proxy.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from '../database/database.ts';
import { addDistrict, type District } from '../districts/district.ts';
import { newSealingKey } from '../districts/sealed-secret.ts';
import { requestCancel } from '../import/runs/run-cancellation.ts';
import { listRunPage } from '../import/runs/run-list.ts';
import type { ImportRun } from '../contract/imports/import-runs.ts';
import { type JobQueue, openJobQueue } from './job-queue.ts';

const log = pino({ level: 'silent' });
const sealingKey = newSealingKey();

let database: Database;
let skyward: RunningSandbox;
let proxy: BlockingProxy;
let district: District;

beforeAll(async () => {
  database = await openTestDatabase();
  skyward = await startSandbox({ port: 0, students: 20, seed: 3 });
  proxy = await openBlockingProxy(skyward.baseUrl);
  district = await addDistrict(
    database.pool,
    { domain: 'demo.example', name: 'Demo', timeZone: 'America/Chicago' },
    { ...skyward, baseUrl: proxy.baseUrl, allowPrivateAddress: true },
    sealingKey,
  );
});
afterAll(async () => {
  await proxy.close();
  await skyward.close();
  await database.close();
});

const openWorker = () => openJobQueue({ database, log, workers: { concurrency: 1, sealingKey } });

const enqueue = (queue: JobQueue, isDryRun = false) =>
  queue.imports.send({
    districtId: district.id,
    domain: district.domain,
    isDryRun,
    allowsMassChange: false,
    origin: 'person',
    requestedBy: 'Ann Poe',
  });

const latest = async (): Promise<ImportRun | undefined> =>
  (await listRunPage(database.pool, district.id, { page: 1, pageSize: 1 })).runs[0];

const expectLatest = async (expected: { readonly [Field in keyof ImportRun]?: unknown }) =>
  expect.poll(latest, { timeout: 30_000, interval: 50 }).toMatchObject(expected);

// Statuses change if midnight in Chicago falls between two imports of this file.
const unchangedOrPublished: unknown = expect.stringMatching(/^(?:unchanged|published)$/u);

const latestRequests = async () => {
  const { rows } = await database.pool.query<{ requests: number | null }>(
    'select requests from import_runs order by id desc limit 1',
  );
  return rows[0]?.requests ?? 0;
};

it('applies its own options to a queue created by an earlier version', async () => {
  const earlier = await openJobQueue({ database, log });
  await database.pool.query(`update pgboss.queue set heartbeat_seconds = 60 where name = 'import'`);
  await earlier.close();
  const queue = await openJobQueue({ database, log });
  const { rows } = await database.pool.query<{ heartbeat: number }>(
    `select heartbeat_seconds as heartbeat from pgboss.queue where name = 'import'`,
  );
  expect(rows).toEqual([{ heartbeat: 30 }]);
  await queue.close();
});

it('queues one import per district, rejects a second, and cancels the queued one', async () => {
  const queue = await openJobQueue({ database, log });
  try {
    expect(await queue.imports.findWaiting(district.id)).toBeUndefined();
    expect(await enqueue(queue, true)).toBe(true);
    expect(await enqueue(queue)).toBe(false);
    expect(await queue.imports.findWaiting(district.id)).toMatchObject({
      isDryRun: true,
      requestedBy: 'Ann Poe',
    });
    expect(await queue.imports.cancelWaiting(district.id)).toBe(true);
    expect(await queue.imports.cancelWaiting(district.id)).toBe(false);
    expect(await queue.imports.findWaiting(district.id)).toBeUndefined();
  } finally {
    await queue.close();
  }
});

it('runs an import queued by another process, with the name of the user who requested it', async () => {
  const sender = await openJobQueue({ database, log });
  const worker = await openWorker();
  try {
    expect(await enqueue(sender)).toBe(true);
    await expectLatest({ state: 'published', origin: 'person', requestedBy: 'Ann Poe' });
    await expect.poll(latestRequests, { timeout: 5_000, interval: 50 }).toBeGreaterThan(20);
    await expect.poll(() => enqueue(sender, true), { timeout: 10_000, interval: 50 }).toBe(true);
    await expectLatest({ state: 'planned', isDryRun: true });
  } finally {
    await sender.close();
    await worker.close();
  }
});

it('cancels an import that waits for Skyward as soon as a user asks, and records who did', async () => {
  const queue = await openWorker();
  proxy.block();
  try {
    await expect.poll(() => enqueue(queue), { timeout: 10_000, interval: 50 }).toBe(true);
    await expectLatest({ state: 'running' });
    const run = await latest();
    expect(await requestCancel(database.pool, district.id, run?.id ?? 0, 'Ben Roe')).toBe(true);
    await expectLatest({
      state: 'failed',
      failure: expect.objectContaining({
        code: 'import-cancelled',
        message: 'Ben Roe canceled the import before anything was published.',
      }),
    });
  } finally {
    proxy.unblock();
    await queue.close();
  }
});

it('restarts an import in the next process when its process shuts down', async () => {
  const first = await openWorker();
  proxy.block();
  await expect.poll(() => enqueue(first), { timeout: 10_000, interval: 50 }).toBe(true);
  await expectLatest({ state: 'running' });
  await first.close();
  expect(await latest()).toMatchObject({ state: 'failed', requestedBy: 'Ann Poe' });
  proxy.unblock();
  await retryNow(database.pool);
  const second = await openWorker();
  try {
    await expectLatest({ state: unchangedOrPublished, requestedBy: 'Ann Poe' });
  } finally {
    await second.close();
  }
});

it('records why an import could not start', async () => {
  await database.pool.query('delete from skyward_connections');
  const queue = await openWorker();
  try {
    await expect.poll(() => enqueue(queue), { timeout: 10_000, interval: 50 }).toBe(true);
    await expectLatest({
      state: 'failed',
      failure: expect.objectContaining({ code: 'district-not-connected' }),
    });
  } finally {
    await queue.close();
  }
});
