/** Webhooks as an administrator sets them up, against a real receiver. */
import pino from 'pino';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createAccounts } from '../../src/accounts/accounts.ts';
import { type RunningServer, startServer } from '../../src/api/server/server.ts';
import { buildWeb } from '../../src/api/server/web-build.ts';
import type { Database } from '../../src/database/database.ts';
import { newSealingKey } from '../../src/districts/sealed-secret.ts';
import { insertDistrict } from '../builders/record-builder.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import { startReceiver, verifyCall, type WebhookReceiver } from '../servers/webhook-receiver.ts';
import { findViolations } from './accessibility.ts';
import type { OpenBrowser } from './browser.ts';
import { signIn } from './sign-in.ts';
import { testBrowser } from './test-browser.ts';
import { fastPasswords } from '../servers/fast-password-hashing.ts';

const log = pino({ level: 'silent' });
const person = { email: 'dana.reyes@demo.example', password: 'a long walk at sunrise' };

let database: Database;
let receiver: WebhookReceiver;
let server: RunningServer;
let chromium: OpenBrowser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  database = await openTestDatabase();
  const districtId = await insertDistrict(database);
  receiver = await startReceiver();
  const secret = 'a-secret-of-this-test-0123456789-abcdef';
  const accounts = createAccounts({ passwordHashing: fastPasswords, database, log, secret });
  await accounts.createAccount({
    ...person,
    name: 'Dana Reyes',
    districtId,
    role: 'administrator',
  });
  const [webFolder, browser] = await Promise.all([buildWeb(), testBrowser()]);
  chromium = browser;
  const webhooks = { sealingKey: newSealingKey(), allowPrivateAddresses: true };
  server = await startServer({ database, accounts, log, webFolder, port: 0, webhooks });
  context = await chromium.browser.newContext({ baseURL: server.url, reducedMotion: 'reduce' });
  await signIn(context, server.url, person);
  page = await context.newPage();
});
afterAll(async () => {
  await chromium.close();
  await server.close();
  await receiver.close();
  await database.close();
});

const card = () => page.getByRole('article', { name: receiver.url });

it('an administrator adds a webhook, gets its secret, and sees the result of a test', async () => {
  await page.goto('/a/demo.example/settings/webhooks');
  await page.getByText('No webhooks yet').waitFor();
  await page.getByRole('button', { name: 'Add webhook …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('A document was completed').uncheck();
  await dialog.getByRole('textbox', { name: 'Address' }).fill('ftp://hooks.example.org/');
  await dialog.getByRole('button', { name: 'Add webhook' }).click();
  await dialog.getByText('The address must begin with https://.').waitFor();
  await dialog.getByRole('textbox', { name: 'Address' }).fill(receiver.url);
  await dialog.getByRole('button', { name: 'Add webhook' }).click();
  const secret = await dialog.getByRole('textbox', { name: 'Secret' }).inputValue();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await card().getByText('On', { exact: true }).waitFor();
  expect(await card().getByRole('listitem').allTextContents()).toEqual([
    'A document was created',
    'An import changed the record that an incomplete document was filled from',
  ]);
  expect(await page.content()).not.toContain(secret);

  await card().getByRole('button', { name: 'Send test' }).click();
  await card().getByText('Test delivered: the receiver responded 200.').waitFor();
  expect(
    verifyCall(receiver.calls[0] ?? { path: '', headers: {}, body: '' }, secret),
  ).toMatchObject({
    type: 'webhook.test',
  });
  receiver.respondWith((response) => response.writeHead(500).end());
  await card().getByText('Deliveries', { exact: true }).click();
  await card()
    .getByRole('row', { name: /webhook\.test Delivered \(200\)/ })
    .waitFor();
  await card().getByRole('button', { name: 'Send test' }).click();
  await card().getByText('Not delivered. The receiver responded 500.').first().waitFor();
  await card()
    .getByRole('row', { name: /webhook\.test Not delivered/ })
    .waitFor();
  expect(await findViolations(page)).toEqual([]);
});

it('failed deliveries can be resent; a new secret is shown once; removing asks first', async () => {
  await database.pool.query(
    `insert into webhook_deliveries (district_id, webhook_id, event, document_id, body, next_try_at, tries,
       tried_at, failed_at, last_status, last_problem)
     select district_id, id, 'document.created', 41, '{}', null, 8, now(), now(), 503,
       'The receiver responded 503.' from webhooks`,
  );
  await page.reload();
  await card().getByText('Deliveries', { exact: true }).click();
  const row = card().getByRole('row', { name: /document\.created/ });
  await row.getByText('Failed. The receiver responded 503. 8 attempts.').waitFor();
  await row.getByRole('button', { name: 'Resend document.created of document 41' }).click();
  await row.getByText(/Next attempt:/).waitFor();

  await card().getByRole('button', { name: 'New secret …' }).click();
  await page.getByRole('button', { name: 'Create new secret' }).click();
  expect(
    await page.getByRole('dialog').getByRole('textbox', { name: 'Secret' }).inputValue(),
  ).toMatch(/^whsec_/);
  await page.getByRole('button', { name: 'Done' }).click();

  await card().getByRole('button', { name: 'Turn off' }).click();
  await card().getByText('Off', { exact: true }).waitFor();
  await row.getByText('Waiting until the webhook is turned on').waitFor();
  await card().getByRole('button', { name: 'Remove …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await card().waitFor();
  await card().getByRole('button', { name: 'Remove …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('No webhooks yet').waitFor();
  await page.getByRole('link', { name: 'Format and signature of messages' }).click();
  await page.getByRole('heading', { name: 'Webhooks' }).waitFor();
});
