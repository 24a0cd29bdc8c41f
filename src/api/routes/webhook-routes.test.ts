/** Administrators add, change, test and remove webhooks; a secret is shown once. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import {
  parseResponse,
  errorOf,
  openTestApi,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import {
  startReceiver,
  verifyCall,
  type WebhookReceiver,
} from '../../../tests/servers/webhook-receiver.ts';
import { webhooksApi } from '../../contract/districts/webhooks.ts';
import type { Role } from '../../contract/endpoint.ts';
import { limits } from '../../contract/limits.ts';
import { writeInDistrict } from '../../database/district-and-school-scope.ts';
import { newSealingKey } from '../../districts/sealed-secret.ts';
import { createRateLimits } from '../server/rate-limits.ts';

const sealingKey = newSealingKey();
const url = 'https://hooks.example.org/daybreak?key=a-key-of-theirs';

let api: TestApi;
/** Calls public addresses only, as a server does unless its settings say otherwise. */
let strict: TestApi;
let receiver: WebhookReceiver;
/** Each test has the allowance of a minute. */
let minutes = 0;
beforeAll(async () => {
  api = await openTestApi({
    webhooks: { sealingKey, allowPrivateAddresses: true },
    rateLimits: createRateLimits({ now: () => minutes * 60_000 }),
  });
  strict = await openTestApi({ webhooks: { sealingKey, allowPrivateAddresses: false } });
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.close();
  await strict.close();
  await api.close();
});
beforeEach(async () => {
  minutes += 2;
  await api.database.pool.query('delete from webhooks');
});

const ask = async (method: string, path = '', body?: unknown, role: Role = 'administrator') =>
  api.send(role, method, `/webhooks${path}`, body);
const add = async (given = url) => {
  const answer = await ask('POST', '', { url: given, events: ['document.created'] });
  return parseResponse(webhooksApi.addWebhook.response, answer);
};
const list = async () =>
  (await parseResponse(webhooksApi.listWebhooks.response, await ask('GET'))).webhooks;

it('shows a secret once and stores it sealed', async () => {
  const { webhook, secret } = await add();
  expect(webhook).toMatchObject({ url, isActive: true, createdBy: 'Sam Poe', disabled: null });
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(JSON.stringify(await list())).not.toContain('whsec_');
  const answer = await ask('POST', `/${webhook.id}/secret`);
  const changed = await parseResponse(webhooksApi.changeWebhookSecret.response, answer);
  expect(changed.secret).not.toBe(secret);
  const { rows } = await api.database.pool.query('select to_jsonb(w) as row from webhooks w');
  const stored = JSON.stringify(rows);
  expect(stored).toContain('v1:');
  for (const one of [secret, changed.secret]) expect(stored).not.toContain(one.slice(6));
  const scope = { districtId: api.districtId, schools: null };
  const reading = writeInDistrict(api.database.pool, scope, async ({ client }) =>
    client.query('select secret_sealed from webhooks'),
  );
  await expect(reading).rejects.toThrow(/permission denied/);
});

it.each([
  ['http://hooks.example.org/', 'The address must begin with https://.'],
  ['https://127.0.0.1/hooks', 'The address is private or reserved.'],
  ['https://[::1]/hooks', 'The address is private or reserved.'],
  ['https://2130706433/hooks', 'The address is private or reserved.'],
  ['https://169.254.169.254/latest/meta-data', 'The address is private or reserved.'],
  ['https://hooks.internal/', 'The address is private or reserved.'],
  ['https://sam:poe@hooks.example.org/', 'The address must not contain a user name or password'],
  ['ftp://hooks.example.org/', 'The address must begin with https://.'],
  ['hooks', 'This is not a web address.'],
])('refuses to call %s', async (given, sentence) => {
  const body = { url: given, events: ['document.created'] };
  const answer = await strict.send('administrator', 'POST', '/webhooks', body);
  expect(answer.status).toBe(400);
  const { message, field } = await errorOf(answer);
  expect({ message, field }).toEqual({
    message: expect.stringContaining(sentence),
    field: 'url',
  });
});

it('changes its events, and removes it permanently', async () => {
  const { webhook } = await add();
  const events = ['document.completed', 'document.demographics-changed'];
  const answer = await ask('PUT', `/${webhook.id}`, { events, isActive: false });
  expect(await parseResponse(webhooksApi.changeWebhook.response, answer)).toMatchObject({
    events,
    isActive: false,
  });
  expect((await ask('PUT', `/${webhook.id}`, { events: [], isActive: true })).status).toBe(400);
  expect((await ask('DELETE', `/${webhook.id}`)).status).toBe(200);
  expect(await list()).toEqual([]);
  for (const [method, path] of [
    ['DELETE', ''],
    ['POST', '/secret'],
    ['POST', '/test'],
    ['GET', '/deliveries'],
  ] as const) {
    expect((await ask(method, `/${webhook.id}${path}`)).status).toBe(404);
  }
});

it('a test returns the response, is signed like any message, and is recorded', async () => {
  const { webhook, secret } = await add(receiver.url);
  receiver.respondWith((response) => response.end());
  const path = `/${webhook.id}/test`;
  const worked = await parseResponse(webhooksApi.testWebhook.response, await ask('POST', path));
  expect(worked).toMatchObject({ event: 'webhook.test', state: 'delivered', status: 200 });
  const call = receiver.calls[0] ?? { path: '', headers: {}, body: '' };
  expect(verifyCall(call, secret)).toMatchObject({
    type: 'webhook.test',
    data: { district: 'demo.example' },
  });
  expect(call.headers['webhook-id']).toBe(`msg_${worked.id}`);

  receiver.respondWith((response) => response.writeHead(401).end('who are you, Ximena?'));
  const failed = await parseResponse(webhooksApi.testWebhook.response, await ask('POST', path));
  const problem = 'The receiver responded 401.';
  expect(failed).toMatchObject({ state: 'failed', status: 401, problem });
  const answer = await ask('GET', `/${webhook.id}/deliveries`);
  const { deliveries } = await parseResponse(webhooksApi.listWebhookDeliveries.response, answer);
  expect(deliveries.map(({ id }) => id)).toEqual([failed.id, worked.id]);
  // A test is sent by its button, once.
  const again = await ask('POST', `/${webhook.id}/deliveries/${failed.id}/retry`);
  expect((await errorOf(again)).code).toBe('not-possible');
});

it('another district has none of them, and only its administrators see its own', async () => {
  const { webhook } = await add();
  const theirs = '/api/districts/other.example/webhooks';
  const seen = await api.ask('technician', theirs);
  expect(await seen.json()).toEqual({ webhooks: [] });
  for (const [method, path] of [
    ['DELETE', ''],
    ['POST', '/test'],
    ['POST', '/secret'],
    ['GET', '/deliveries'],
  ] as const) {
    const answer = await api.ask('technician', `${theirs}/${webhook.id}${path}`, { method });
    expect(answer.status).toBe(404);
  }
  expect((await api.ask('administrator', theirs)).status).toBe(404);
  expect((await ask('GET', '', undefined, 'staff')).status).toBe(404);
  expect(await list()).toHaveLength(1);
});

it('a district has at most ten', async () => {
  for (let count = 0; count < 10; count++) await add();
  const answer = await ask('POST', '', { url, events: ['document.created'] });
  expect((await errorOf(answer)).message).toBe('A district can have at most 10 webhooks.');
});

it('the audit trail keeps who did what, with the host alone', async () => {
  await api.database.pool.query('delete from audit_events');
  const { webhook } = await add();
  await ask('PUT', `/${webhook.id}`, { events: ['document.created'], isActive: false });
  await ask('POST', `/${webhook.id}/secret`);
  await ask('DELETE', `/${webhook.id}`);
  const { rows } = await api.database.pool.query<{ action: string; detail: unknown }>(
    'select action, detail from audit_events order by id',
  );
  expect(rows.map(({ action }) => action)).toEqual([
    'webhook-added',
    'webhook-changed',
    'webhook-secret-changed',
    'webhook-removed',
  ]);
  expect(JSON.stringify(rows)).toContain('hooks.example.org');
  expect(JSON.stringify(rows)).not.toMatch(/a-key-of-theirs|whsec_/);
  expect(api.log()).not.toMatch(/a-key-of-theirs|whsec_/);
});

it('a server without a sealing key shows webhooks and adds none', async () => {
  const bare = await openTestApi();
  try {
    expect((await bare.askDistrict('administrator', '/webhooks')).status).toBe(200);
    const body = { url, events: ['document.created'] };
    const answer = await bare.send('administrator', 'POST', '/webhooks', body);
    expect((await errorOf(answer)).code).toBe('not-possible');
  } finally {
    await bare.close();
  }
});

it('sends a few tests of sixty that are asked for at once', async () => {
  const { webhook } = await add(receiver.url);
  receiver.respondWith((response) => response.end());
  const before = receiver.calls.length;
  const responses = await Promise.all(
    Array.from({ length: 60 }, async () => ask('POST', `/${webhook.id}/test`)),
  );
  const allowed = limits.outside.user;
  expect(responses.filter(({ status }) => status === 200)).toHaveLength(allowed);
  const rejected = responses.filter(({ status }) => status === 429);
  expect(rejected).toHaveLength(60 - allowed);
  expect(rejected.every(({ headers }) => headers.get('retry-after') === '6')).toBe(true);
  expect(receiver.calls.length - before).toBe(allowed);
});
