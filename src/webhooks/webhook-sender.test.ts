/** What receivers get and when, with real documents, a real database and a real receiver. */
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { insertStudent } from '../../tests/builders/record-builder.ts';
import { parseResponse, openTestApi, type TestApi } from '../../tests/servers/test-api.ts';
import {
  readEventType,
  startReceiver,
  verifyCall,
  type WebhookReceiver,
} from '../../tests/servers/webhook-receiver.ts';
import { documentsApi } from '../contract/documents/documents.ts';
import { type WebhookEvent, webhooksApi } from '../contract/districts/webhooks.ts';
import { writeInDistrict } from '../database/district-and-school-scope.ts';
import { withClient } from '../database/transaction.ts';
import { newSealingKey } from '../districts/sealed-secret.ts';
import { createWebhookClient, type WebhookClient } from './webhook-request.ts';
import { createWebhookSender, removeOldDeliveries, type WebhookSender } from './webhook-sender.ts';

const sealingKey = newSealingKey();
const allowed = { allowPrivateAddresses: true };

let api: TestApi;
let receiver: WebhookReceiver;
let client: WebhookClient;
let sender: WebhookSender;
let now: Temporal.Instant;

beforeAll(async () => {
  api = await openTestApi({ webhooks: { sealingKey, ...allowed } });
});
afterAll(() => api.close());
beforeEach(async () => {
  // What another test left would be sent to a receiver that is no more.
  await api.database.pool.query('delete from webhooks');
  now = Temporal.Now.instant();
  receiver = await startReceiver();
  client = createWebhookClient(allowed, 20_000);
  sender = newSender();
});
afterEach(async () => {
  await sender.close();
  await client.close();
  await receiver.close();
});

const newSender = (given = client) =>
  createWebhookSender({
    pool: api.database.pool,
    log: pino({ level: 'silent' }),
    sealingKey,
    client: given,
    // Ahead of the database's clock, whatever the preparation of a test took: what it has just written is due.
    now: () => now.add({ minutes: 1 }),
  });
const sendWhatIsDue = async () => {
  await sender.sendDue();
  await sender.settled();
};
const later = (duration: Temporal.DurationLike) => {
  now = now.add(duration);
};

const add = async (
  url = receiver.url,
  events: WebhookEvent[] = ['document.created', 'document.completed'],
) => {
  const answer = await api.send('administrator', 'POST', '/webhooks', { url, events });
  const { webhook, secret } = await parseResponse(webhooksApi.addWebhook.response, answer);
  return { id: webhook.id, secret };
};
const deliveriesOf = async (id: number) => {
  const answer = await api.askDistrict('administrator', `/webhooks/${id}/deliveries`);
  return (await parseResponse(webhooksApi.listWebhookDeliveries.response, answer)).deliveries;
};
const webhookOf = async (id: number) => {
  const answer = await api.askDistrict('administrator', '/webhooks');
  const { webhooks } = await parseResponse(webhooksApi.listWebhooks.response, answer);
  return webhooks.find((one) => one.id === id);
};

const addStudent = async () =>
  insertStudent(api.database, api.districtId, {
    legal_first_name: 'Ximena',
    legal_last_name: 'Quispe',
    birth_date: '2014-03-02',
  });
const createFor = async (students: readonly number[]) => {
  const body = { form: 'transfer-letter', students };
  const answer = await api.send('staff', 'POST', '/documents', body);
  const { results } = await parseResponse(documentsApi.createDocuments.response, answer);
  return results.map(({ documentId }) => documentId ?? 0);
};
const createOne = async () => {
  const studentId = await addStudent();
  const [documentId = 0] = await createFor([studentId]);
  return { studentId, documentId };
};
const complete = async (id: number) => {
  const body = { version: 1, step: 'complete' };
  expect((await api.send('staff', 'POST', `/documents/${id}/steps`, body)).status).toBe(200);
};

it('sends events of created and completed documents, signed, with ids only', async () => {
  const { secret } = await add();
  const { studentId, documentId } = await createOne();
  await complete(documentId);
  await sendWhatIsDue();

  const bodies = receiver.calls.map((call) => verifyCall(call, secret));
  expect(bodies).toHaveLength(2);
  for (const type of ['document.created', 'document.completed']) {
    expect(bodies).toContainEqual({
      type,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: { district: 'demo.example', documentId, formKey: 'transfer-letter', studentId },
    });
  }
  const everything = receiver.calls.map(({ body }) => body).join();
  expect(everything).not.toMatch(/Ximena|Quispe|2014-03-02|Ada|Example/);
  expect(() => verifyCall(receiver.calls[0] ?? fail(), 'whsec_AAAA')).toThrow(
    'No matching signature',
  );
});

const fail = (): never => {
  throw new Error('Nothing arrived');
};

it('sends a webhook only its events, and none while it is off', async () => {
  const { id } = await add(receiver.url, ['document.completed']);
  const { documentId } = await createOne();
  await complete(documentId);
  const off = { events: ['document.created'], isActive: false };
  expect((await api.send('administrator', 'PUT', `/webhooks/${id}`, off)).status).toBe(200);
  await createOne();
  await sendWhatIsDue();
  expect(receiver.calls).toHaveLength(0);

  await api.send('administrator', 'PUT', `/webhooks/${id}`, { ...off, isActive: true });
  await sendWhatIsDue();
  expect(receiver.calls.map(readEventType)).toEqual(['document.completed']);
});

it('sends nothing about a creation that was rolled back', async () => {
  await add();
  const { documentId } = await createOne();
  const scope = { districtId: api.districtId, schools: null };
  const rolledBack = writeInDistrict(api.database.pool, scope, async ({ client: connection }) => {
    await connection.query(
      `insert into documents (district_id, student_id, form_key, form_version, title, fields, is_only_one,
         created_by, created_by_name, changed_by, changed_by_name)
       select district_id, student_id, form_key, form_version, title, fields, false, created_by,
         created_by_name, changed_by, changed_by_name from documents where district_id = $1 and id = $2`,
      [api.districtId, documentId],
    );
    throw new Error('The request was aborted');
  });
  await expect(rolledBack).rejects.toThrow('The request was aborted');
  await sendWhatIsDue();
  expect(receiver.calls).toHaveLength(1);
});

it('retries with the same id and growing delays, and fails after eight attempts', async () => {
  const { id, secret } = await add();
  await createOne();
  receiver.respondWith((response) => response.writeHead(503).end());
  const waits = ['PT1M', 'PT5M', 'PT30M', 'PT2H', 'PT6H', 'PT12H', 'PT24H'];
  await sendWhatIsDue();
  for (const [index, wait] of waits.entries()) {
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'waiting', attempts: index + 1 }]);
    later(Temporal.Duration.from(wait).subtract({ seconds: 2 }));
    await sendWhatIsDue();
    expect(receiver.calls).toHaveLength(index + 1);
    later({ seconds: 2 });
    await sendWhatIsDue();
    expect(receiver.calls).toHaveLength(index + 2);
  }
  const [failed] = await deliveriesOf(id);
  expect(failed).toMatchObject({
    state: 'failed',
    attempts: 8,
    status: 503,
    problem: 'The receiver responded 503.',
    nextAttemptAt: null,
  });
  expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(receiver.calls.map(({ body }) => body)).size).toBe(1);
  expect(await webhookOf(id)).toMatchObject({ isActive: true, failingSince: expect.any(String) });

  now = Temporal.Now.instant();
  receiver.respondWith((response) => response.end());
  const path = `/webhooks/${id}/deliveries/${failed?.id}/retry`;
  expect((await api.send('administrator', 'POST', path)).status).toBe(200);
  await sendWhatIsDue();
  expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', attempts: 9, status: 200 }]);
  verifyCall(receiver.calls.at(-1) ?? fail(), secret);
  expect(await webhookOf(id)).toMatchObject({ failingSince: null });
});

it('a receiver that never responds delays no other', async () => {
  const silent = await startReceiver();
  try {
    const released = Promise.withResolvers<void>();
    silent.respondWith((response) => {
      void released.promise.then(() => response.end());
    });
    const other = await add(silent.url);
    await add();
    await createFor(await Promise.all(Array.from({ length: 12 }, addStudent)));
    const slow = newSender();
    await slow.sendDue();
    // The quick receiver gets all of them while the silent one is still being waited for.
    await expect.poll(() => receiver.calls.length).toBe(12);
    expect(silent.calls.length).toBeLessThanOrEqual(4);
    released.resolve();
    await slow.close();
    await sendWhatIsDue();
    expect((await deliveriesOf(other.id)).every(({ state }) => state === 'delivered')).toBe(true);
  } finally {
    await silent.close();
  }
});

it('a response after the timeout is a failure with a message', async () => {
  const { id } = await add();
  await createOne();
  receiver.respondWith(() => undefined);
  const impatient = createWebhookClient(allowed, 500);
  const quick = newSender(impatient);
  await quick.sendDue();
  await quick.settled();
  await quick.close();
  await impatient.close();
  const problem = expect.stringMatching(/^The receiver did not respond\..* within 0\.5 seconds\./);
  expect(await deliveriesOf(id)).toMatchObject([{ state: 'waiting', status: null, problem }]);
});

it('follows no redirect', async () => {
  const { id } = await add();
  await createOne();
  receiver.respondWith((response) => response.writeHead(307, { location: '/elsewhere' }).end());
  await sendWhatIsDue();
  expect(receiver.calls.map(({ path }) => path)).toEqual(['/hooks']);
  expect(await deliveriesOf(id)).toMatchObject([{ state: 'waiting', status: 307 }]);
});

it('reads little of a response of 10 MB', async () => {
  const { id } = await add();
  await createOne();
  const sent = Promise.withResolvers<number>();
  receiver.respondWith((response) => {
    const { socket } = response;
    socket?.once('close', () => sent.resolve(socket.bytesWritten));
    const chunk = Buffer.alloc(64 * 1024);
    const write = (left: number) => {
      if (left === 0) response.end();
      else if (response.write(chunk)) setImmediate(write, left - 1);
      else response.once('drain', () => write(left - 1));
    };
    write(160);
  });
  await sendWhatIsDue();
  expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', status: 200 }]);
  // Except for what is in the buffers of the system.
  expect(await sent.promise).toBeLessThan(9_000_000);
});

it('nothing is sent twice by two processes at once', async () => {
  await add();
  await createFor(await Promise.all(Array.from({ length: 30 }, addStudent)));
  const other = newSender();
  await Promise.all([sender.sendDue(), other.sendDue(), sender.sendDue(), other.sendDue()]);
  await Promise.all([sender.settled(), other.settled()]);
  await other.close();
  const ids = receiver.calls.map(({ headers }) => headers['webhook-id']);
  expect(ids).toHaveLength(30);
  expect(new Set(ids).size).toBe(30);
});

it('a delivery that another process is taking is skipped', async () => {
  await add();
  await createFor(await Promise.all(Array.from({ length: 10 }, addStudent)));
  await withClient(api.database.pool, async (connection) => {
    await connection.query('begin');
    await connection.query('select from webhook_deliveries order by id limit 6 for update');
    await sendWhatIsDue();
    expect(receiver.calls).toHaveLength(4);
    await connection.query('commit');
  });
  await sendWhatIsDue();
  expect(receiver.calls).toHaveLength(10);
});

it('a delivery that a process never finished is sent by another after two minutes', async () => {
  await add();
  await createOne();
  await api.database.pool.query(
    `update webhook_deliveries set tries = 1, next_try_at = $1::timestamptz + interval '2 minutes'`,
    [now.toString()],
  );
  await sendWhatIsDue();
  expect(receiver.calls).toHaveLength(0);
  later({ minutes: 2 });
  await sendWhatIsDue();
  expect(receiver.calls).toHaveLength(1);
});

it('a receiver that responds 410 is not called again', async () => {
  const { id } = await add();
  await createOne();
  receiver.respondWith((response) => response.writeHead(410).end());
  await sendWhatIsDue();
  expect(await webhookOf(id)).toMatchObject({ isActive: false, disabled: { reason: 'gone' } });
  later({ hours: 1 });
  await sendWhatIsDue();
  expect(receiver.calls).toHaveLength(1);
});

it('a webhook that failed for five days is turned off when a delivery fails for good', async () => {
  const { id } = await add();
  await createOne();
  receiver.respondWith((response) => response.writeHead(500).end());
  await sendWhatIsDue();
  expect(await webhookOf(id)).toMatchObject({ isActive: true, disabled: null });
  later({ hours: 5 * 24, seconds: 1 });
  await api.database.pool.query('update webhook_deliveries set tries = 7');
  await sendWhatIsDue();
  expect(await webhookOf(id)).toMatchObject({ isActive: false, disabled: { reason: 'failing' } });
  const on = { events: ['document.created'], isActive: true };
  await api.send('administrator', 'PUT', `/webhooks/${id}`, on);
  expect(await webhookOf(id)).toMatchObject({
    isActive: true,
    disabled: null,
    failingSince: null,
  });
});

it('after a change of the secret both sign for a day', async () => {
  const { id, secret } = await add();
  const answer = await api.send('administrator', 'POST', `/webhooks/${id}/secret`);
  const changed = await parseResponse(webhooksApi.changeWebhookSecret.response, answer);
  await createOne();
  await sendWhatIsDue();
  const call = receiver.calls[0] ?? fail();
  expect(verifyCall(call, changed.secret)).toEqual(verifyCall(call, secret));
  await api.database.pool.query('update webhooks set former_secret_until = now()');
  await createOne();
  await sendWhatIsDue();
  const next = receiver.calls[1] ?? fail();
  verifyCall(next, changed.secret);
  expect(() => verifyCall(next, secret)).toThrow('No matching signature');
});

it('calls no private address, even if one is in the database', async () => {
  const { id } = await add();
  await createOne();
  const strict = createWebhookClient({ allowPrivateAddresses: false });
  const careful = newSender(strict);
  await careful.sendDue();
  await careful.close();
  await strict.close();
  expect(receiver.calls).toHaveLength(0);
  expect(await deliveriesOf(id)).toMatchObject([
    {
      status: null,
      problem: 'The address resolves to a private or reserved one, which is not called.',
    },
  ]);
});

it('removing a webhook does not disturb creating documents; old deliveries are removed', async () => {
  const { id } = await add();
  const students = await Promise.all(Array.from({ length: 20 }, addStudent));
  const [, removed] = await Promise.all([
    Promise.all(students.map(async (student) => createFor([student]))),
    api.send('administrator', 'DELETE', `/webhooks/${id}`),
  ]);
  expect(removed.status).toBe(200);
  const { rows } = await api.database.pool.query('select 1 from webhook_deliveries');
  expect(rows).toEqual([]);

  await add();
  await createOne();
  expect(await removeOldDeliveries(api.database.pool, now.add({ hours: 24 * 29 }))).toBe(0);
  expect(await removeOldDeliveries(api.database.pool, now.add({ hours: 24 * 31 }))).toBe(1);
});
