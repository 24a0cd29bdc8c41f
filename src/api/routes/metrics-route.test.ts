/** Metrics for a monitor are correct, contain no names, and require the token. */
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { insertRun } from '../../../tests/builders/record-builder.ts';
import { openTestApi, type TestApi } from '../../../tests/servers/test-api.ts';
import { setConnection } from '../../districts/district.ts';
import { newSealingKey } from '../../districts/sealed-secret.ts';
import { type JobQueue, openJobQueue } from '../../jobs/job-queue.ts';

const metricsToken = 'a-token-of-this-test-0123';
let api: TestApi;
let queue: JobQueue;
beforeAll(async () => {
  api = await openTestApi({
    metricsToken,
    // Two days after the imports below.
    now: () => Temporal.Now.instant().add({ hours: 48 }),
  });
  queue = await openJobQueue({ database: api.database, log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await queue.close();
  await api.close();
});

const read = async (token: string | undefined) =>
  api.app.request('/metrics', {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

it('are not found without the token', async () => {
  for (const token of [undefined, 'another-token-0123456789']) {
    expect((await read(token)).status).toBe(404);
  }
  // Nor is a signed-in technician's session enough.
  expect((await api.ask('technician', '/metrics')).status).toBe(404);
});

it('report imports and the queue', async () => {
  const connection = {
    baseUrl: 'https://demo.skyward.example/API',
    clientKey: 'demo',
    clientSecret: 'none',
    entityId: null,
  };
  const key = newSealingKey();
  const { districtId, otherDistrictId, database } = api;
  for (const id of [districtId, otherDistrictId]) {
    await setConnection(database.pool, id, { ...connection, allowPrivateAddress: true }, key);
  }
  await insertRun(database, districtId, { state: 'failed' });
  await database.pool.query('update districts set nights_paused = true where id = $1', [
    otherDistrictId,
  ]);
  const order = { districtId, domain: 'demo.example', isDryRun: false, allowsMassChange: false };
  expect(await queue.imports.send({ ...order, origin: 'schedule' })).toBe(true);

  await database.pool.query(
    `update import_runs set started_at = now() + interval '40 hours', requests = 50, requests_failed = 5,
       request_seconds = 10, report = '{"rowsRead": {"Student/Student": 1200, "Demographics/Name": 34}}'
     where district_id = $1`,
    [districtId],
  );

  const response = await read(metricsToken);
  expect(response.status).toBe(200);
  const lines = (await response.text()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'daybreak_districts{state="active"} 1',
      'daybreak_districts{state="paused"} 1',
      'daybreak_last_imports{outcome="failed"} 1',
      'daybreak_last_imports{outcome="none"} 1',
      'daybreak_last_imports{outcome="held"} 0',
      'daybreak_imports_late 1',
      'daybreak_rows_read 1234',
      'daybreak_queue_imports{state="waiting"} 1',
      'daybreak_queue_imports{state="active"} 0',
      'daybreak_mails_failed 0',
      'daybreak_work{kind="exports",state="running"} 0',
      'daybreak_work_rejected{kind="exports"} 0',
      'daybreak_temporary_file_bytes 0',
      'daybreak_skyward_requests{host="demo.skyward.example",outcome="succeeded"} 45',
      'daybreak_skyward_requests{host="demo.skyward.example",outcome="failed"} 5',
      'daybreak_skyward_response_seconds{host="demo.skyward.example"} 0.2',
    ]),
  );
  // The host of a Skyward server is the only name.
  expect(lines.join('\n').replaceAll('demo.skyward.example', '')).not.toMatch(/demo|other|Poe/i);
});

it('report webhooks', async () => {
  const { pool } = api.database;
  await pool.query(
    `with added as (
       insert into webhooks (district_id, url, secret_sealed, events, created_by, created_by_name)
       values ($1, 'https://hooks.example.org/', 'v1:none:', '{document.created}', gen_random_uuid(), 'Sam Poe')
       returning district_id, id
     )
     insert into webhook_deliveries (district_id, webhook_id, event, body, created_at, next_try_at, failed_at)
     select district_id, id, 'document.created', '{}', now() + interval '47 hours', next_try, failed
     from added, (values (now(), null), (null, now() + interval '40 hours')) as of (next_try, failed)`,
    [api.districtId],
  );
  const lines = (await (await read(metricsToken)).text()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'daybreak_webhook_deliveries{state="waiting"} 1',
      'daybreak_webhook_deliveries{state="failed"} 1',
      'daybreak_webhooks_disabled 0',
    ]),
  );
  const [, seconds] = lines
    .find((line) => line.startsWith('daybreak_webhook_oldest_unsent_seconds'))
    ?.split(' ') ?? [''];
  expect(Math.round(Number(seconds) / 60)).toBe(60);
});
