/** Settings > District Information as an administrator uses it, against the real sandbox. */
import pino from 'pino';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type RunningSandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { createAccounts } from '../../src/accounts/accounts.ts';
import { type RunningServer, startServer } from '../../src/api/server/server.ts';
import { buildWeb } from '../../src/api/server/web-build.ts';
import type { Database } from '../../src/database/database.ts';
import { setConnection } from '../../src/districts/district.ts';
import { newSealingKey } from '../../src/districts/sealed-secret.ts';
import { createConnectionCheck } from '../../src/qmlativ/connection-check.ts';
import { unnamedVendor } from '../../src/qmlativ/vendor-identity.ts';
import { neededObjects } from '../../src/qmlativ/objects/needed-objects.ts';
import { insertDistrict } from '../builders/record-builder.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import type { OpenBrowser } from './browser.ts';
import { findViolations } from './accessibility.ts';
import { signIn } from './sign-in.ts';
import { testBrowser } from './test-browser.ts';
import { fastPasswords } from '../servers/fast-password-hashing.ts';

const log = pino({ level: 'silent' });
const person = { email: 'dana.reyes@demo.example', password: 'a long walk at sunrise' };
const sealingKey = newSealingKey();

let database: Database;
let skyward: RunningSandbox;
let server: RunningServer;
let chromium: OpenBrowser;
let context: BrowserContext;
let page: Page;
let districtId = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  districtId = await insertDistrict(database);
  skyward = await startSandbox({ port: 0, students: 30, seed: 4, today: '2026-11-23' });
  const accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    log,
    secret: 'a-secret-of-this-test-0123456789-abcdef',
  });
  await accounts.createAccount({
    ...person,
    name: 'Dana Reyes',
    districtId,
    role: 'administrator',
  });
  const [webFolder, browser] = await Promise.all([buildWeb(), testBrowser()]);
  chromium = browser;
  const setup = {
    sealingKey,
    partner: undefined,
    neededObjects: neededObjects(),
    allowPrivateAddress: true,
    mailer: undefined,
    checkConnection: createConnectionCheck(unnamedVendor),
    supportAddress: 'tier2help@samegoal.example',
  };
  server = await startServer({ database, accounts, log, webFolder, port: 0, setup });
  context = await chromium.browser.newContext({ baseURL: server.url, reducedMotion: 'reduce' });
  await signIn(context, server.url, person);
  page = await context.newPage();
});
afterAll(async () => {
  await chromium.close();
  await server.close();
  await skyward.close();
  await database.close();
});

const nightly = () => page.getByText('add Nightly Demographics', { exact: true });
const openSettings = async () => {
  await page.goto('/a/demo.example/students');
  await page
    .getByRole('navigation', { name: 'Menu', exact: true })
    .getByRole('link', { name: 'District Information' })
    .click();
  await page.getByRole('heading', { level: 1, name: 'District Information' }).waitFor();
};

it('R6 to R18: before setup the section leads through Skyward to the request', async () => {
  await openSettings();
  await page.getByRole('heading', { name: 'STUDENT INFORMATION SYSTEM INTEGRATION' }).waitFor();
  await page.getByRole('heading', { name: 'Skyward Qmlativ' }).waitFor();
  await nightly().waitFor();
  await page.getByText('Administrative Access > API > Integration').waitFor();
  await page.getByText('Complete SameGoal Demographics Integration').waitFor();
  await page.getByRole('button', { name: 'Request activation' }).click();
  await page.getByText('Request sent. We’ll check it next.').waitFor();
  await page.getByText('Requested by dana.reyes@demo.example').waitFor();
  expect(await page.getByRole('button', { name: 'Request activation' }).count()).toBe(0);
});

it('R23 to R27: once connected, the section is open with three items; the secret requires the password', async () => {
  const { baseUrl, clientKey, clientSecret } = skyward;
  const connection = {
    baseUrl,
    clientKey,
    clientSecret,
    entityId: null,
    allowPrivateAddress: true,
  };
  await setConnection(database.pool, districtId, connection, sealingKey);
  await openSettings();
  await page.getByText(clientKey, { exact: true }).waitFor();
  expect(await page.locator('.credentials dt').allTextContents()).toEqual([
    'API Base URL',
    'Client Key',
    'Client Secret',
  ]);
  expect(await page.content()).not.toContain(clientSecret);
  await database.pool.query('update account_sessions set proven_at = null');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Confirm that it’s you' });
  await dialog.getByRole('textbox', { name: 'Your password' }).fill('not the password');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await dialog.getByText('This is not your password.').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await dialog.getByRole('textbox', { name: 'Your password' }).fill(person.password);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText(clientSecret, { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Hide' }).click();
  expect(await page.content()).not.toContain(clientSecret);
});

it('a test shows whether Skyward responds; credentials that do not work replace nothing', async () => {
  await openSettings();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText(/The connection works.* all 9 objects an import needs/).waitFor();
  await page.getByRole('button', { name: 'Replace key and secret …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Client Secret').fill('mistyped');
  await dialog.getByRole('button', { name: 'Test and replace' }).click();
  await dialog.getByText(/Skyward issued no token for this client key and secret/).waitFor();
  await dialog.getByLabel('Client Secret').fill(skyward.clientSecret);
  await dialog.getByRole('button', { name: 'Test and replace' }).click();
  await page.getByText('Skyward accepted the new credentials').waitFor();
  expect(await dialog.count()).toBe(0);
});

it('settings are saved; a user who had them open before sees both versions', async () => {
  await openSettings();
  const other = await context.newPage();
  await other.goto('/a/demo.example/settings');
  await other.getByLabel('Name', { exact: true }).fill('Demo Unified District');
  await other.getByRole('button', { name: 'Save' }).click();
  await other.getByText('District saved.').waitFor();
  await other.close();
  await page.getByRole('combobox', { name: 'Time zone' }).fill('America/Denver');
  // Closes the suggestions, which cover the button.
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Save' }).click();
  const conflict = page.getByRole('alert');
  await conflict.getByRole('row', { name: /Name Demo Unified District Demo District/ }).waitFor();
  await conflict.getByRole('row', { name: /Time zone America\/Chicago America\/Denver/ }).waitFor();
  await conflict.getByRole('button', { name: 'Use saved settings' }).click();
  await page.getByRole('combobox', { name: 'Time zone' }).fill('America/Denver');
  // Closes the suggestions, which cover the button.
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('District saved.').waitFor();
  const { rows } = await database.pool.query(
    'select name, time_zone from districts where id = $1',
    [districtId],
  );
  expect(rows).toEqual([{ name: 'Demo Unified District', time_zone: 'America/Denver' }]);
});

it('a safety limit is changed and reset with the keyboard', async () => {
  await page.goto('/a/demo.example/settings/imports');
  const limits = page.getByRole('table', { name: 'Safety limits' });
  const share = limits.getByRole('textbox', {
    name: 'Damaged characters, each school: more than this percentage',
  });
  await share.fill('');
  await share.pressSequentially('0.5');
  await page.keyboard.press('Enter');
  await page.getByText('Saved. The next import uses these settings.').waitFor();
  const stored = async () =>
    (await database.pool.query('select own_limits from districts where id = $1', [districtId]))
      .rows;
  expect(await stored()).toEqual([
    { own_limits: { damaged: { school: { share: 0.005, minimum: 3 } } } },
  ]);
  await limits.getByText('Default: 1%, at least 3').waitFor();
  await limits
    .getByRole('button', { name: 'Reset Damaged characters, each school' })
    .press('Enter');
  expect(await share.inputValue()).toBe('1%');
  await page.getByRole('button', { name: 'Save', exact: true }).press('Enter');
  await expect.poll(stored).toEqual([{ own_limits: {} }]);
});
