import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { insertRun } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from '../database/database.ts';
import { addDistrict } from '../districts/district.ts';
import { newSealingKey } from '../districts/sealed-secret.ts';
import type { ImportJob } from './import-queue.ts';
import { openJobQueue, type JobQueue } from './job-queue.ts';
import { enqueueDueImports } from './scheduled-imports.ts';

const log = pino({ level: 'silent' });
const sealingKey = newSealingKey();
let database: Database;
let queue: JobQueue;
let sent: ImportJob[] = [];

beforeEach(async () => {
  database = await openTestDatabase();
  // Without workers, queued imports stay in the queue.
  queue = await openJobQueue({ database, log });
  sent = [];
});
afterEach(async () => {
  await queue.close();
  await database.close();
});

const add = async (domain: string, timeZone: string) =>
  addDistrict(
    database.pool,
    { domain, name: domain, timeZone },
    {
      baseUrl: 'https://skyward.example/API',
      clientKey: 'key',
      clientSecret: 'secret',
      entityId: null,
      allowPrivateAddress: false,
    },
    sealingKey,
  );

const at = async (instant: string) =>
  enqueueDueImports({
    pool: database.pool,
    log,
    now: () => Temporal.Instant.from(instant),
    imports: {
      send: async (job) => {
        const isQueued = await queue.imports.send(job);
        if (isQueued) sent.push(job);
        return isQueued;
      },
    },
  });

const domains = () => sent.map(({ domain }) => domain).toSorted();

it("enqueues an import once, when it is due in the district's time zone", async () => {
  await add('chicago.example', 'America/Chicago');
  await add('honolulu.example', 'Pacific/Honolulu');
  expect(await at('2026-11-24T05:59:00Z')).toBe(0);
  // 3:00 in Chicago, 23:00 the day before in Honolulu.
  expect(await at('2026-11-24T09:00:00Z')).toBe(1);
  expect(domains()).toEqual(['chicago.example']);
  expect(sent[0]).toMatchObject({ origin: 'schedule', isDryRun: false, allowsMassChange: false });
  expect(await at('2026-11-24T09:00:30Z')).toBe(0);
  expect(await at('2026-11-24T13:00:00Z')).toBe(1);
  expect(domains()).toEqual(['chicago.example', 'honolulu.example']);
});

it('enqueues an import once when ten processes check at the same time', async () => {
  await add('chicago.example', 'America/Chicago');
  const enqueued = await Promise.all(
    Array.from({ length: 10 }, async () => at('2026-11-24T09:00:00Z')),
  );
  expect(enqueued.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
});

it('makes up a missed import in the morning, but not in the afternoon', async () => {
  await add('chicago.example', 'America/Chicago');
  expect(await at('2026-11-24T19:00:00Z')).toBe(0);
  expect(await at('2026-11-25T17:30:00Z')).toBe(1);
});

it('only delays the nightly import while another import is queued', async () => {
  const { id, domain } = await add('chicago.example', 'America/Chicago');
  const job = { districtId: id, domain, isDryRun: true, allowsMassChange: false };
  await queue.imports.send({ ...job, origin: 'person', requestedBy: 'Ann Poe' });
  expect(await at('2026-11-24T09:00:00Z')).toBe(0);
  await queue.imports.cancelWaiting(id);
  expect(await at('2026-11-24T09:00:30Z')).toBe(0);
  expect(await at('2026-11-24T09:02:30Z')).toBe(1);
});

it('enqueues nothing for a paused district until it is resumed', async () => {
  const { id } = await add('chicago.example', 'America/Chicago');
  await database.pool.query('update districts set nights_paused = true where id = $1', [id]);
  expect(await at('2026-11-24T09:00:00Z')).toBe(0);
  await database.pool.query('update districts set nights_paused = false where id = $1', [id]);
  expect(await at('2026-11-24T10:00:00Z')).toBe(1);
});

it('enqueues nothing when an import was completed today', async () => {
  const { id } = await add('chicago.example', 'America/Chicago');
  await insertRun(database, id, { today: '2026-11-24', state: 'published' });
  expect(await at('2026-11-24T16:00:00Z')).toBe(0);
  expect(await at('2026-11-25T09:00:00Z')).toBe(1);
});
