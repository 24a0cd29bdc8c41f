/** Users of a district in a real browser: invitation, two-step verification, sign-out, single sign-on. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import type { Page } from 'playwright-core';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type Accounts, createAccounts } from '../../src/accounts/accounts.ts';
import { type RunningServer, startServer } from '../../src/api/server/server.ts';
import { buildWeb } from '../../src/api/server/web-build.ts';
import type { Database } from '../../src/database/database.ts';
import { AppPage } from '../../src/contract/app-page.ts';
import { newSealingKey } from '../../src/districts/sealed-secret.ts';
import { createMailer } from '../../src/mail/mailer.ts';
import { parseMailSettings } from '../../src/mail/mail-settings.ts';
import { type MailCatcher, startMailCatcher } from '../servers/mail-catcher.ts';
import { startOpenIdProvider, type TestProvider } from '../servers/openid-provider.ts';
import { oneTimeCode } from '../builders/one-time-code.ts';
import { insertDistrict, insertStudent } from '../builders/record-builder.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import type { OpenBrowser } from './browser.ts';
import { testBrowser } from './test-browser.ts';
import { fastPasswords } from '../servers/fast-password-hashing.ts';

const log = pino({ level: 'silent' });
const password = 'a long walk at sunrise';
const administrator = 'jordan@demo.example';
const invited = 'robin@demo.example';
const colleague = 'kim@demo.example';

let database: Database;
let mails: MailCatcher;
let accounts: Accounts;
let provider: TestProvider;
let server: RunningServer;
let chromium: OpenBrowser;
let districtId = 0;

/** Backup codes of the administrator, once two-step verification is set up. */
let codesOfChief: string[] = [];

beforeAll(async () => {
  [database, mails] = await Promise.all([openTestDatabase(), startMailCatcher()]);
  districtId = await insertDistrict(database);
  for (const [entity_id, school_name] of [
    [401, 'Pine Elementary'],
    [402, 'Lake High'],
  ] as const) {
    await insertStudent(database, districtId, { entity_id, school_name });
  }
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const outcome = parseMailSettings(mails.url, 'SameGoal <no-reply@demo.example>');
  if (outcome.kind === 'invalid') throw new Error(outcome.message);
  const mailer = createMailer({ pool: database.web.pool, settings: outcome.settings, log });
  const secret = 'a-secret-of-this-test-0123456789-abcdef';
  accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    log,
    secret,
    publicUrl,
    mailer,
    sealingKey: newSealingKey(),
    allowPrivateIssuers: true,
  });
  provider = await startOpenIdProvider({
    users: [{ sub: 'p1', email: colleague, email_verified: true, name: 'Kim Lee' }],
    redirectUris: [`${publicUrl}/api/single-sign-on/callback/${districtId}`],
  });
  await accounts.createAccount({
    email: colleague,
    password,
    name: 'Kim Lee',
    districtId,
    role: 'staff',
  });
  await accounts.createAccount({
    email: administrator,
    password,
    name: 'Jordan Avery',
    districtId,
    role: 'administrator',
  });
  const [webFolder, browser] = await Promise.all([buildWeb(), testBrowser()]);
  chromium = browser;
  server = await startServer({ database, accounts, log, publicUrl, webFolder, port });
});
afterAll(async () => {
  await chromium.close();
  await server.close();
  await provider.close();
  await mails.close();
  await database.close();
});

it('takes a user from the invitation to a sign-in with two-step verification, and out everywhere', async () => {
  const admin = await newPage();
  await signIn(admin, administrator, password);
  await admin.getByRole('link', { name: 'Users' }).click();
  await admin.getByRole('button', { name: 'Invite user' }).click();
  await admin.getByRole('dialog').getByLabel('E-mail').fill(invited);
  await admin.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Robin Shaw');
  await admin.getByRole('radio', { name: 'Read-only' }).check();
  expect(await admin.getByRole('radio', { name: 'All schools' }).isChecked()).toBe(false);
  await admin.getByRole('radio', { name: 'Selected schools' }).check();
  await admin.getByRole('combobox', { name: 'Selected schools' }).fill('lake');
  await admin.getByRole('option', { name: 'Lake High' }).click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Invite' }).click();
  await admin.getByText(`Invitation sent to ${invited}.`).waitFor();

  const page = await newPage();
  await page.goto(mails.linkTo(invited, '/invitation/'));
  expect(await page.getByLabel('Your name').inputValue()).toBe('Robin Shaw');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Accept and sign in' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);

  const {
    uri,
    backupCodes: [backupCode = ''],
  } = await setUpTwoFactor(page);
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();

  await signIn(page, invited, password, 'Two-step verification');
  await page.getByRole('textbox', { name: 'Code' }).fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This code is wrong.').waitFor();
  await page.getByRole('textbox', { name: 'Code' }).fill(oneTimeCode(uri, Date.now() + 30_000));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();

  const other = await newPage();
  await signIn(other, invited, password, 'Two-step verification');
  await other.getByRole('button', { name: 'Use a backup code' }).click();
  await other.getByLabel('Backup code').fill(backupCode);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByRole('heading', { name: 'Home' }).waitFor();

  await page.goto(`${server.url}/account`);
  await page.getByRole('button', { name: /^Sign out on Chrome on Linux/ }).click();
  await page.getByText('Signed out on Chrome on Linux.').waitFor();
  await other.goto(server.url);
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
});

it('lets an administrator edit, suspend and remove users, and never the last administrator', async () => {
  const page = await newPage();
  await signIn(page, administrator, password);
  await page.goto(`${server.url}/a/demo.example/users`);
  const act = async (name: string, action: string) => {
    await page.getByRole('button', { name: `Actions: ${name}` }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  await act('Jordan Avery', 'Edit');
  await page.getByRole('radio', { name: 'Staff' }).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('This is the last active administrator').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();

  expect(await page.getByRole('row', { name: /Robin Shaw/ }).innerText()).not.toContain('Never');
  await act('Robin Shaw', 'Edit');
  await page.getByRole('radio', { name: 'Staff' }).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Robin Shaw is now Staff: Lake High.').waitFor();

  await act('Robin Shaw', 'Suspend');
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await page.getByText('Robin Shaw is suspended.').waitFor();
  await act('Robin Shaw', 'Reactivate');
  await page.getByText('Robin Shaw can sign in again.').waitFor();

  await act('Robin Shaw', 'Remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Robin Shaw is removed.').waitFor();
  await page.getByText(invited).waitFor({ state: 'detached' });
  expect(await page.getByRole('button', { name: /^Actions:/ }).count()).toBe(2);
});

it('lets an administrator set up single sign-on, and a colleague sign in with it', async () => {
  const admin = await newPage();
  await signIn(admin, administrator, password);
  await admin.goto(`${server.url}/a/demo.example/settings/sign-in`);
  await admin.getByLabel('Issuer').fill(provider.issuer);
  await admin.getByLabel('Client ID').fill(provider.clientId);
  await admin.getByLabel('Client secret').fill(provider.clientSecret);
  await admin.getByRole('switch', { name: 'Turn on single sign-on' }).click();
  await admin.getByRole('button', { name: 'Save' }).click();
  await admin.getByText('Saved: single sign-on is on.').waitFor();

  const page = await newPage();
  await page.goto(`${server.url}/sign-in?next=/account`);
  await page.getByLabel('E-mail').fill(colleague);
  await page.getByRole('link', { name: 'Sign in with Demo District' }).click();
  await page.locator('[name=login]').fill('p1');
  await page.locator('[name=password]').fill('any');
  await page.getByRole('button').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await page.getByText('with the district, since').waitFor();
  expect(new URL(page.url()).pathname).toBe('/account');

  await admin.getByRole('switch', { name: 'Single sign-on only' }).click();
  await admin.getByRole('button', { name: 'Save' }).click();
  await admin.getByText('You are signed in by password.').waitFor();
  const given = await accounts.singleSignOn.readSettings(districtId);
  if (given === undefined) throw new Error('nothing was stored');
  await accounts.singleSignOn.storeSettings(districtId, { ...given, isRequired: true });
  const door = await newPage();
  await door.goto(`${server.url}/sign-in`);
  await door.getByLabel('E-mail').fill(colleague);
  await door.getByText('Demo District signs in here without a password.').waitFor();
  expect(await door.getByLabel('Password', { exact: true }).count()).toBe(0);
  await door.getByRole('button', { name: 'Support staff: sign in with password' }).click();
  await door.getByLabel('Password', { exact: true }).waitFor();
  await accounts.singleSignOn.storeSettings(districtId, given);
});

it('never redirects to another site after signing in, as Chromium parses addresses', async () => {
  const page = await newPage();
  const outside = ['//evil.example', '/\\evil.example', '/\t/evil.example', '/\n\\evil.example'];
  const inside = ['/.//evil.example', '/%09/evil.example', '/students?next=//evil.example'];
  await page.goto(`${server.url}/sign-in?next=${encodeURIComponent('/\t/evil.example')}`);
  const found = await page.evaluate(
    ([href, all]) => all.filter((one) => new URL(one, href).hostname === 'evil.example'),
    [page.url(), [...outside, ...inside]] as const,
  );
  expect(found).toEqual(outside);
  expect(outside.filter((one) => AppPage.safeParse(one).success)).toEqual([]);
  await page.getByLabel('E-mail').fill(administrator);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  expect(new URL(page.url()).origin).toBe(server.url);
});

it('lets a user who forgot the password sign in again by mail', async () => {
  const page = await newPage();
  await page.goto(server.url);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor();
  await page.getByLabel('E-mail').fill(administrator);
  await page.getByRole('button', { name: 'Send link' }).click();
  await page.getByText('Check your e-mail').waitFor();
  await accounts.idle();
  await page.goto(mails.linkTo(administrator, '/new-password/'));
  await page.getByLabel('New password', { exact: true }).fill('another walk at sunset');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Password changed').waitFor();
  await page.getByRole('link', { name: 'Back to sign-in' }).click();
  await signIn(page, administrator, 'another walk at sunset');
  expect(new URL(page.url()).pathname).toBe('/a/demo.example');
});

it('asks an administrator for two-step verification first if the district requires it', async () => {
  const page = await newPage();
  await signIn(page, administrator, 'another walk at sunset');
  await page.goto(`${server.url}/a/demo.example/settings/sign-in`);
  await page
    .getByRole('switch', { name: 'Require two-step verification for administrators' })
    .click();
  await page.getByText('Administrators now need two-step verification.').waitFor();
  await page.goto(`${server.url}/a/demo.example/students`);
  await page.getByText('Set up two-step verification first').waitFor();
  ({ backupCodes: codesOfChief } = await setUpTwoFactor(page, 'another walk at sunset'));
  await page.goto(`${server.url}/a/demo.example/students`);
  await page.getByRole('heading', { name: 'Students' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/a/demo.example/students');
});

it('asks for password and code again before a change of access', async () => {
  const page = await newPage();
  await signIn(page, administrator, 'another walk at sunset', 'Two-step verification');
  await page.getByRole('button', { name: 'Use a backup code' }).click();
  await page.getByLabel('Backup code').fill(codesOfChief.shift() ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  await page.goto(`${server.url}/a/demo.example/settings/sign-in`);
  await database.pool.query('update account_sessions set proven_at = null');
  const rule = page.getByRole('switch', {
    name: 'Require two-step verification for administrators',
  });
  const dialog = page.getByRole('dialog', { name: 'Confirm that it’s you' });
  await rule.click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('you did not confirm your identity').waitFor();
  expect(await rule.isChecked()).toBe(true);
  await rule.click();
  await dialog.getByLabel('Your password').fill('another walk at sunset');
  await dialog.getByRole('textbox', { name: 'Code' }).fill('000000');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await dialog.getByText('This code is wrong.').waitFor();
  await dialog.getByRole('button', { name: 'Use a backup code' }).click();
  await dialog.getByLabel('Backup code').fill(codesOfChief.shift() ?? '');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Administrators no longer need two-step verification.').waitFor();
});

it('sends a user without a password to the district’s sign-in for the same', async () => {
  await database.pool.query(
    `update accounts set role = 'administrator' where email = '${colleague}'`,
  );
  const page = await newPage();
  await signIn(page, colleague, password);
  await database.pool.query(
    `delete from account_credentials where provider_id = 'credential'
       and account_id = (select id from accounts where email = '${colleague}')`,
  );
  await database.pool.query('update account_sessions set proven_at = null');
  await page.goto(`${server.url}/a/demo.example/settings/sign-in`);
  await page
    .getByRole('switch', { name: 'Require two-step verification for administrators' })
    .click();
  const link = page.getByRole('link', { name: 'Sign in with your district' });
  expect(await link.getAttribute('href')).toBe(
    '/api/single-sign-on/start?domain=demo.example&fresh=true&next=%2Fa%2Fdemo.example%2Fsettings%2Fsign-in',
  );
});

async function setUpTwoFactor(page: Page, known = password) {
  await page.getByRole('button', { name: /Robin Shaw|Jordan Avery/ }).click();
  await page.getByRole('link', { name: 'Your account' }).click();
  await database.pool.query('update account_sessions set proven_at = null');
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByLabel('Your password').fill(known);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('img', { name: /key for the authenticator app/ }).waitFor();
  const secret = await page.getByText('Enter this key').locator('code').innerText();
  const uri = `otpauth://totp/x?secret=${secret.replaceAll(/\s/g, '')}`;
  const codes = page.getByRole('list', { name: 'Backup codes' }).getByRole('listitem');
  const backupCodes = await codes.allInnerTexts();
  await page.getByRole('textbox', { name: 'Code' }).fill(oneTimeCode(uri, Date.now()));
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('Two-step verification is on.').waitFor();
  return { uri, backupCodes };
}

async function newPage(): Promise<Page> {
  const context = await chromium.browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return page;
}

async function signIn(page: Page, email: string, given: string, then = 'Home'): Promise<void> {
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(given);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: then }).waitFor();
}

/** The port must be known before the server starts, since mails contain links to it. */
async function freePort(): Promise<number> {
  const probe = createServer();
  const listening = Promise.withResolvers<void>();
  probe.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const { port } = probe.address() as AddressInfo;
  const closed = Promise.withResolvers<void>();
  probe.close(() => closed.resolve());
  await closed.promise;
  return port;
}
