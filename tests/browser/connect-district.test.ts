/** Connecting a district, from Skyward's pages over a mail and the support console to the initial import. */
import { createTransport } from 'nodemailer';
import pino from 'pino';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type RunningSandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { createAccounts } from '../../src/accounts/accounts.ts';
import { type RunningServer, startServer } from '../../src/api/server/server.ts';
import { buildWeb } from '../../src/api/server/web-build.ts';
import type { Database } from '../../src/database/database.ts';
import { newSealingKey } from '../../src/districts/sealed-secret.ts';
import { processSupportMail } from '../../src/districts/support-inbox.ts';
import { type JobQueue, openJobQueue } from '../../src/jobs/job-queue.ts';
import { enqueueDueImports } from '../../src/jobs/scheduled-imports.ts';
import { startSupportMailbox, type SupportMailbox } from '../../src/mail/support-mailbox.ts';
import { createConnectionCheck } from '../../src/qmlativ/connection-check.ts';
import { unnamedVendor } from '../../src/qmlativ/vendor-identity.ts';
import { neededObjects } from '../../src/qmlativ/objects/needed-objects.ts';
import { createPartnerClient } from '../../src/qmlativ/partner-client.ts';
import { type MailCatcher, mailerTo, startMailCatcher } from '../servers/mail-catcher.ts';
import { insertDistrict } from '../builders/record-builder.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import type { OpenBrowser } from './browser.ts';
import { findViolations } from './accessibility.ts';
import { signIn } from './sign-in.ts';
import { testBrowser } from './test-browser.ts';
import { fastPasswords } from '../servers/fast-password-hashing.ts';

const log = pino({ level: 'silent' });
const supportAddress = 'tier2help@samegoal.example';
const password = 'a long walk at sunrise';
const administrator = 'dana.reyes@larkspur.example';
const technician = 'noor.haddad@samegoal.example';
const requestSubject = 'Complete SameGoal Demographics Integration';
const messageId = '<request-1@larkspur.example>';
const today = Temporal.Now.plainDateISO('America/Chicago').toString();

let database: Database;
let skyward: RunningSandbox;
let mailbox: SupportMailbox;
let postOffice: MailCatcher;
let jobs: JobQueue;
let server: RunningServer;
let chromium: OpenBrowser;

beforeAll(async () => {
  database = await openTestDatabase();
  const sealingKey = newSealingKey();
  const districtId = await insertDistrict(database, {
    domain: 'larkspur.example',
    name: 'Larkspur Springs ISD',
  });
  skyward = await startSandbox({ port: 0, students: 60, schools: 3, seed: 5, today });
  postOffice = await startMailCatcher();
  mailbox = await startSupportMailbox({
    host: '127.0.0.1',
    port: 0,
    addresses: [supportAddress],
    isBehindRelay: false,
    // The DNS records of the district allow mail from this address.
    resolver: async (name, type) =>
      name === 'larkspur.example' && type === 'TXT'
        ? Promise.resolve([['v=spf1 ip4:127.0.0.1 -all']])
        : Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' })),
    log,
    now: () => Temporal.Now.instant(),
    onMail: async (mail) => {
      await processSupportMail(database.pool, mail, [supportAddress]);
    },
  });
  const mailer = mailerTo(postOffice, database.pool);
  jobs = await openJobQueue({ database, log, workers: { concurrency: 1, sealingKey } });
  const accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    log,
    secret: 'a-secret-of-this-test-0123456789-abcdef',
  });
  const people = [
    { email: administrator, name: 'Dana Reyes', districtId, role: 'administrator' },
    { email: technician, name: 'Noor Haddad', districtId: null, role: 'technician' },
  ] as const;
  for (const person of people) await accounts.createAccount({ ...person, password });
  const [webFolder, browser] = await Promise.all([buildWeb(), testBrowser()]);
  chromium = browser;
  const setup = {
    sealingKey,
    partner: createPartnerClient({
      url: skyward.partnerUrl,
      token: skyward.sandbox.partnerToken,
      rules: { allowPrivateAddresses: true },
    }),
    neededObjects: neededObjects(),
    allowPrivateAddress: true,
    mailer,
    checkConnection: createConnectionCheck(unnamedVendor),
    supportAddress,
  };
  const { imports } = jobs;
  server = await startServer({ database, accounts, log, webFolder, port: 0, setup, imports });
});
afterAll(async () => {
  await chromium.close();
  await server.close();
  await jobs.close();
  await mailbox.close();
  await postOffice.close();
  await skyward.close();
  await database.close();
});

const signedIn = async (email: string): Promise<BrowserContext> => {
  const context = await chromium.browser.newContext({
    baseURL: server.url,
    reducedMotion: 'reduce',
  });
  await signIn(context, server.url, { email, password });
  return context;
};

/** R6 to R13: the record is added in Skyward, at first without the District Entity. */
async function addAccess(page: Page): Promise<void> {
  const { adminUser, adminPassword } = skyward.sandbox;
  await page.goto(skyward.adminUrl);
  await page.getByLabel('Login').fill(adminUser);
  await page.getByLabel('Password').fill(adminPassword);
  await page.getByRole('button', { name: 'Sign In' }).click();
  for (const step of ['Administrative Access', 'API', 'Integration', 'SameGoal Demographics']) {
    await page.getByRole('link', { name: step, exact: true }).first().click();
  }
  await page.getByRole('tab', { name: 'Integration Accesses' }).click();
  await page.getByRole('link', { name: 'Add Integration Access' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Nightly demographics');
  await page.getByLabel('Key', { exact: true }).fill('larkspur-demographics');
  await page.getByLabel('Authentication Type').selectOption('OAuth 2.0');
  const entities = page.getByRole('group', { name: 'Custom API Entities' }).getByRole('checkbox');
  for (let index = 1; index < (await entities.count()); index++) {
    await entities.nth(index).check();
  }
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('larkspur-demographics').first().waitFor();
}

/** Fixes what Verify found. */
async function addDistrictEntity(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Edit' }).click();
  const entities = page.getByRole('group', { name: 'Custom API Entities' }).getByRole('checkbox');
  await entities.first().check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('larkspur-demographics').first().waitFor();
}

it('R6 to R31: from the access record over mail and console to the confirmation and the first students', async () => {
  const atDistrict = await signedIn(administrator);
  const home = await atDistrict.newPage();
  const step = (title: string) => home.getByRole('listitem').filter({ hasText: title });
  await home.goto('/a/larkspur.example');
  await step('Create the Integration Access record').getByText('Next: you').waitFor();
  await step('Request activation').getByRole('button', { name: 'Request activation' }).waitFor();
  expect(await findViolations(home)).toEqual([]);
  await home.goto('/a/larkspur.example/imports');
  await home.getByText('This district is not connected to Skyward yet.').waitFor();
  expect(await home.getByRole('button', { name: 'Import now' }).isDisabled()).toBe(true);
  await home.getByRole('link', { name: 'See the steps' }).click();
  await home.goto('/a/larkspur.example/students');
  await home.getByRole('link', { name: 'See the steps on Home' }).click();
  await step('First import').getByText('Later').waitFor();

  const skywardPage = await atDistrict.newPage();
  await addAccess(skywardPage);

  // R15 to R18: the mail from the district's address, with nothing in it.
  const transport = createTransport({ host: '127.0.0.1', port: mailbox.port, ignoreTLS: true });
  await transport.sendMail({
    from: `Dana Reyes <${administrator}>`,
    to: supportAddress,
    subject: requestSubject,
    text: '',
    messageId,
  });

  // R12, R19: Verify names the entity that is missing.
  const atSupport = await signedIn(technician);
  const support = await atSupport.newPage();
  await support.goto('/support');
  await support.getByRole('link', { name: 'Larkspur Springs ISD' }).click();
  await support.getByText(`By e-mail from ${administrator}`).waitFor();
  const skywardDistrict = support.getByLabel('Skyward district');
  await skywardDistrict.selectOption({ index: 1 });
  await support.getByRole('button', { name: 'Verify', exact: true }).click();
  await support.getByText('1 problem to fix.').waitFor();
  expect(await support.getByRole('button', { name: 'Generate secret' }).count()).toBe(0);
  const settings = await atDistrict.newPage();
  await settings.goto('/a/larkspur.example/settings');
  await settings.getByText('Something is missing in Skyward.').waitFor();
  await home.goto('/a/larkspur.example');
  await step('Create the Integration Access record').getByText('Next: you').waitFor();
  await step('Request activation').getByText(`Requested by ${administrator}`).waitFor();
  expect(await findViolations(home)).toEqual([]);

  await addDistrictEntity(skywardPage);
  await support.getByRole('button', { name: 'Verify again' }).click();
  await support.getByText('Everything an import needs is in place.').waitFor();
  await home.reload();
  await step('We verify the record').getByText('Next: SameGoal support').waitFor();

  // R20, R21, R28: the secret, the credentials, the reply in the thread.
  await support.getByRole('button', { name: 'Generate secret' }).click();
  await support.getByText('Secret generated.').waitFor();
  await support.getByRole('button', { name: 'Complete' }).click();
  await support.getByText('The district is connected. Its first import has started.').waitFor();
  const reply = postOffice.mails.at(-1);
  expect([reply?.to].flat()[0]?.text).toBe(administrator);
  expect(reply?.inReplyTo).toBe(messageId);
  expect(reply?.subject).toBe(`Re: ${requestSubject}`);

  // R22 to R27: the three items on District Information.
  await settings.goto('/a/larkspur.example/settings');
  await settings.getByText('larkspur-demographics', { exact: true }).waitFor();
  expect(await settings.locator('.credentials dt').allTextContents()).toEqual([
    'API Base URL',
    'Client Key',
    'Client Secret',
  ]);

  // R31: the initial import has run, and the students exist.
  await settings.goto('/a/larkspur.example/imports');
  await settings.getByRole('cell', { name: 'Completed' }).first().waitFor();
  await home.reload();
  await home.getByRole('main').getByText('Last import: today').waitFor();
  await settings.goto('/a/larkspur.example/students');
  await settings.getByText(/1–25 of \d+ students/).waitFor();
  const { rows } = await database.pool.query<{ students: number; origin: string }>(
    `select (select count(*)::integer from students) as students, origin from import_runs`,
  );
  expect(rows).toEqual([{ students: expect.any(Number), origin: 'person' }]);
  expect(rows[0]?.students).toBeGreaterThan(55);

  // Later imports start by schedule; this clock is at tomorrow morning.
  const tomorrow = Temporal.Now.zonedDateTimeISO('America/Chicago').add({ days: 1 });
  const morning = tomorrow.withPlainTime('04:30').toInstant();
  const { pool } = database;
  // A district with an open job is checked again only some minutes later.
  await expect
    .poll(async () => {
      const open = await pool.query(
        "select from pgboss.job where state in ('created', 'retry', 'active')",
      );
      return open.rowCount;
    })
    .toBe(0);
  expect(await enqueueDueImports({ pool, imports: jobs.imports, log, now: () => morning })).toBe(1);
  await settings.goto('/a/larkspur.example/imports');
  await settings.getByRole('cell', { name: 'No changes' }).first().waitFor();
  await atDistrict.close();
  await atSupport.close();
});
