/** Webhooks sent by separate worker processes, one of which is killed while sending. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { type DaybreakProcesses, openDaybreakProcesses } from './servers/daybreak-process.ts';
import { insertStudent } from './builders/record-builder.ts';
import { parseResponse, openTestApi, type TestApi } from './servers/test-api.ts';
import { startReceiver, verifyCall, type WebhookReceiver } from './servers/webhook-receiver.ts';
import { documentsApi } from '../src/contract/documents/documents.ts';
import { webhooksApi } from '../src/contract/districts/webhooks.ts';
import { newSealingKey } from '../src/districts/sealed-secret.ts';

const sealingKey = newSealingKey();
let api: TestApi;
let receiver: WebhookReceiver;
let daybreak: DaybreakProcesses;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  api = await openTestApi({ webhooks: { sealingKey, allowPrivateAddresses: true } });
  receiver = await startReceiver();
  const { user, password, host, port, database } = api.database.pool.options;
  const address = `postgres://${user}:${String(password)}@${host}:${port}/${database}`;
  daybreak = await openDaybreakProcesses(address, {
    DAYBREAK_SEALING_KEY: sealingKey.bytes.toString('base64'),
    DAYBREAK_ALLOW_PRIVATE_WEBHOOKS: '1',
  });
});
afterAll(async () => {
  for (const worker of workers) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue;
    worker.kill('SIGTERM');
    await once(worker, 'exit');
  }
  await daybreak.remove();
  await receiver.close();
  await api.close();
});

const startWorker = async (): Promise<ChildProcess> => {
  const worker = daybreak.start(['worker']);
  workers.push(worker);
  // It prints a line when it is ready.
  if (worker.stdout) await once(worker.stdout, 'data');
  return worker;
};

/** Creates students with one document each, so that `count` messages are due. */
const makeDocuments = async (count: number): Promise<void> => {
  const students = [];
  for (let made = 0; made < count; made++) {
    students.push(await insertStudent(api.database, api.districtId));
  }
  const body = { form: 'transfer-letter', students };
  const respond = await api.send('staff', 'POST', '/documents', body);
  const { results } = await parseResponse(documentsApi.createDocuments.response, respond);
  expect(results.filter(({ outcome }) => outcome === 'created')).toHaveLength(count);
};

const idsFrom = (first: number) =>
  receiver.calls.slice(first).map(({ headers }) => headers['webhook-id']);

it('two workers send each message once; the other one sends the messages of a killed one', async () => {
  const body = { url: receiver.url, events: ['document.created'] };
  const respond = await api.send('administrator', 'POST', '/webhooks', body);
  const { secret } = await parseResponse(webhooksApi.addWebhook.response, respond);
  const [first] = await Promise.all([startWorker(), startWorker()]);
  await makeDocuments(60);
  await expect.poll(() => receiver.calls.length, { timeout: 20_000 }).toBe(60);
  expect(new Set(idsFrom(0)).size).toBe(60);
  for (const call of receiver.calls) verifyCall(call, secret);

  const held: ServerResponse[] = [];
  receiver.respondWith((response) => held.push(response));
  await makeDocuments(20);
  // Both workers have taken a batch of four and wait for the response.
  await expect.poll(() => held.length, { timeout: 20_000 }).toBe(8);
  first.kill('SIGKILL');
  await once(first, 'exit');
  receiver.respondWith((response) => response.end());
  for (const response of held) response.end();
  await expect.poll(() => receiver.calls.length, { timeout: 20_000 }).toBe(80);
  const unsent = 'from webhook_deliveries where delivered_at is null';
  await expect
    .poll(async () => (await api.database.pool.query(`select id ${unsent}`)).rows.length)
    .toBe(4);
  await api.database.pool.query(
    'update webhook_deliveries set next_try_at = now() where delivered_at is null',
  );
  // The same messages have the same ids, so that the receiver recognizes them.
  await expect.poll(() => receiver.calls.length, { timeout: 20_000 }).toBe(84);
  expect(new Set(idsFrom(60)).size).toBe(20);
  await expect
    .poll(async () => {
      const left = await api.database.pool.query(
        'select 1 from webhook_deliveries where delivered_at is null',
      );
      return left.rows.length;
    })
    .toBe(0);
}, 90_000);
