/** The import screens for each role, with a sandbox Skyward over HTTP, the queue and a real browser. */
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type RunningSandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { createAccounts } from '../../src/accounts/accounts.ts';
import { type RunningServer, startServer } from '../../src/api/server/server.ts';
import { buildWeb } from '../../src/api/server/web-build.ts';
import { Role } from '../../src/contract/endpoint.ts';
import type { Database } from '../../src/database/database.ts';
import { addDistrict, type District } from '../../src/districts/district.ts';
import { newSealingKey } from '../../src/districts/sealed-secret.ts';
import { importDistrict } from '../../src/import/district-import.ts';
import { runDailyUpdates } from '../../src/jobs/daily-updates.ts';
import { runForecastUpdates } from '../../src/jobs/forecast-updates.ts';
import { type JobQueue, openJobQueue } from '../../src/jobs/job-queue.ts';
import { insertRun } from '../builders/record-builder.ts';
import { openBlockingProxy, type BlockingProxy } from '../skyward/blocking-proxy.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import { findViolations } from './accessibility.ts';
import type { OpenBrowser } from './browser.ts';
import { type BackupCodes, signIn } from './sign-in.ts';
import { testBrowser } from './test-browser.ts';
import { fastPasswords } from '../servers/fast-password-hashing.ts';

const log = pino({ level: 'silent' });
const password = 'a long walk at sunrise';
const sealingKey = newSealingKey();
/** A Monday in November, at noon in Chicago: most students are enrolled. */
const now = () => Temporal.Instant.from('2026-11-23T18:00:00Z');
const today = Temporal.PlainDate.from('2026-11-23');

let database: Database;
let skyward: RunningSandbox;
let proxy: BlockingProxy;
let district: District;
let jobs: JobQueue;
let server: RunningServer;
let chromium: OpenBrowser;

const backupCodes: BackupCodes = new Map();

beforeAll(async () => {
  database = await openTestDatabase();
  skyward = await startSandbox({ port: 0, students: 120, seed: 5, today: today.toString() });
  proxy = await openBlockingProxy(skyward.baseUrl);
  district = await addDistrict(
    database.pool,
    { domain: 'demo.example', name: 'Cedar Hollow ISD', timeZone: 'America/Chicago' },
    { ...skyward, baseUrl: proxy.baseUrl, allowPrivateAddress: true },
    sealingKey,
  );
  for (let back = 30; back > 0; back -= 1) {
    const day = today.subtract({ days: back }).toString();
    await insertRun(database, district.id, {
      today: day,
      started_at: `${day}T08:02:00Z`,
      finished_at: `${day}T08:02:${10 + back}Z`,
      report: { received: 130, added: 1, changed: back, unchanged: 100 },
    });
  }
  expect((await heldImport()).state).toBe('published');
  const accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    log,
    secret: 'a-secret-of-this-test-0123456789',
  });
  for (const role of Role.options) {
    await accounts.createAccount({
      email: `${role}@demo.example`,
      password,
      name: 'Jordan Avery',
      districtId: role === 'technician' ? null : district.id,
      role,
    });
  }
  jobs = await openJobQueue({ database, log, now, workers: { concurrency: 1, sealingKey } });
  const [webFolder, browser] = await Promise.all([buildWeb(), testBrowser()]);
  chromium = browser;
  const { imports } = jobs;
  server = await startServer({ database, accounts, log, webFolder, port: 0, now, imports });
});
afterAll(async () => {
  await chromium.close();
  await server.close();
  await jobs.close();
  await proxy.close();
  await skyward.close();
  await database.close();
});

/** Runs an import that is held when five students and 2 % are lost. */
const heldImport = () =>
  importDistrict(
    database.pool,
    { ...district, ownLimits: { inactive: { district: { share: 0.02, minimum: 5 } } } },
    { sealingKey, today },
  );

/** Signs in as this role and opens the imports. */
async function openImports(
  role: Role,
  options: Parameters<typeof chromium.browser.newPage>[0] = {},
) {
  const page = await chromium.browser.newPage({ reducedMotion: 'reduce', ...options });
  await signIn(
    page.context(),
    server.url,
    { email: `${role}@demo.example`, password },
    backupCodes,
  );
  await page.goto(`${server.url}/a/demo.example/imports`);
  await page.getByRole('heading', { name: 'Import history', exact: true }).waitFor();
  await page.locator('.day-grid').waitFor();
  await page.locator('.run-table').waitFor();
  return page;
}

/** Ends the enrollments of `count` enrolled students yesterday, and removes the last names of three others. */
async function withdrawStudents(count: number): Promise<void> {
  const { rows } = await database.pool.query<{ id: number }>(
    `select skyward_id as id from students
     where district_id = $1 and status = 'ENROLLED' and status_rule = 'current-enrollment'
     order by id limit $2`,
    [district.id, count + 3],
  );
  const yesterday = `${today.subtract({ days: 1 }).toString()}T00:00:00`;
  const enrollments = skyward.sandbox.rows('Enrollment/EntryWithdrawal');
  const students = skyward.sandbox.rows('Student/Student');
  for (const { id } of rows.slice(0, 3)) {
    const nameId = Number(students.find(id)?.['NameID']);
    skyward.sandbox.rows('Demographics/Name').update(nameId, { LastName: null });
  }
  for (const { id } of rows.slice(3)) {
    for (const enrollment of enrollments.where('StudentID', id)) {
      if (enrollments.get(enrollment, 'EndDate') === null) {
        enrollments.update(enrollment, { EndDate: yesterday, WithdrawalDate: yesterday });
      }
    }
  }
}

it('moves through the days with arrow keys and opens an import with Enter', async () => {
  const page = await openImports('read-only');
  await page.locator('.day-grid a[tabindex="0"]').focus();
  const focused = () => page.locator('.day:focus .visually-hidden').innerText();
  const last = await focused();
  await page.keyboard.press('ArrowUp');
  const before = await focused();
  expect(before).toMatch(/: completed\. 1 student added, 1 updated\. Import time: 11 s\.$/);
  await page.keyboard.press('Home');
  expect(await focused()).toMatch(/30 updated\. Import time: 40 s\.$/);
  await page.keyboard.press('End');
  expect(await focused()).toBe(last);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^Import, / }).waitFor();
  await page.getByText(/ students in Skyward/).waitFor();
  await page.close();
});

it('pages through older runs', async () => {
  const page = await openImports('staff');
  const first = await page.locator('.run-table .row-link').first().innerText();
  await page.getByRole('button', { name: 'Page 2' }).click();
  await page.waitForURL(/page=2/);
  await expect.poll(() => page.locator('.run-table tbody tr').count()).toBe(11);
  expect(await page.locator('.run-table .row-link').first().innerText()).not.toBe(first);
  await page.close();
});

it.each(['staff', 'read-only'] as const)('shows %s no button that starts one', async (role) => {
  const page = await openImports(role);
  expect(await page.getByRole('button', { name: /Import now|Dry run|Cancel/ }).count()).toBe(0);
  await page.close();
});

it('fits a phone', async () => {
  const page = await openImports('technician', { viewport: { width: 390, height: 780 } });
  const isTooWide = () =>
    page.locator('html').evaluate((html) => html.scrollWidth > html.clientWidth);
  expect(await isTooWide()).toBe(false);
  await page.locator('.run-table a').first().click();
  await page.getByText(/ students in Skyward/).waitFor();
  expect(await isTooWide()).toBe(false);
  await page.close();
});

it('lets an administrator start, follow and cancel a dry run; a second one is rejected meanwhile', async () => {
  const page = await openImports('administrator');
  proxy.block();
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('Dry run in progress').waitFor();
  await page.getByText(/ elapsed$/).waitFor();
  expect(await page.getByRole('button', { name: 'Import now' }).isDisabled()).toBe(true);
  expect(await findViolations(page)).toEqual([]);
  const second = await page.request.post(`${server.url}/api/districts/demo.example/imports`, {
    data: { isDryRun: false },
  });
  expect(second.status()).toBe(409);
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Cancel import' }).click();
  await page.locator('.run-table').getByText('Canceled').waitFor();
  // The run is marked before its job has ended; the buttons wait for the job.
  await page.getByRole('button', { name: 'Import now', disabled: false }).waitFor();
  proxy.unblock();
  await page.close();
});

it('says at the end of a dry run what would change, and links the preview', async () => {
  const page = await openImports('administrator');
  await page.getByRole('button', { name: 'Dry run', disabled: false }).click();
  await page.getByText(/^Dry run finished: .*Nothing was changed\.$/).waitFor();
  expect(await page.getByText(/^(Dry run|Import) (queued|starting)/).count()).toBe(0);
  await page.getByRole('button', { name: 'Import now', disabled: false }).waitFor();
  await page
    .getByRole('link', { name: /Preview of changes|View import report/ })
    .last()
    .waitFor();
  await page.locator('.ended-import a').click();
  await page.getByRole('heading', { name: /^Dry run, / }).waitFor();
  await page.close();
});

it('shows the live progress again after the connection broke, and the report when the run has ended', async () => {
  const page = await openImports('administrator');
  proxy.block();
  await page.getByRole('button', { name: 'Import now' }).click();
  await page.getByText('Import in progress').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'View progress' }).click();
  await page.getByRole('heading', { name: /^Import, / }).waitFor();
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  proxy.unblock();
  await page.getByText('Import time').waitFor();
  expect(await page.getByText('Import in progress').count()).toBe(0);
  await page.close();
});

it('shows the preview and issues of a held import; a technician discards it, an administrator imports it anyway', async () => {
  await withdrawStudents(8);
  const names = skyward.sandbox.rows('Demographics/Name');
  const students = skyward.sandbox.rows('Student/Student');
  for (const id of [...students.ids()].slice(0, 40)) {
    const nameId = Number(students.get(id, 'NameID'));
    const gender = names.get(nameId, 'Gender') === 'Female' ? 'Male' : 'Female';
    names.update(nameId, { Gender: gender });
  }
  const held = await heldImport();
  expect(held.state).toBe('held');
  const reader = await openImports('read-only');
  await reader.locator('.run-table a').first().click();
  await reader.getByRole('heading', { name: 'Preview of changes' }).waitFor();
  expect(await reader.getByRole('button', { name: /Import anyway|Discard/ }).count()).toBe(0);
  await reader.close();

  const technician = await openImports('technician');
  await technician.locator('.run-table a').first().click();
  const reasons = held.failure?.reasons?.map(({ message }) => message) ?? [];
  await technician
    .getByText(`There are ${reasons.length} reasons to review this import.`)
    .waitFor();
  expect(reasons).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/would get another value in “Gender”/),
      expect.stringMatching(/would become Inactive/),
    ]),
  );
  await technician.locator('.run-failure li', { hasText: reasons[0] ?? '' }).waitFor();
  const ofStatus = technician.getByRole('button', { name: /Status changes/ });
  await ofStatus.click();
  const [expected] = /^\d+/.exec(await ofStatus.innerText()) ?? [];
  expect(Number(expected)).toBeGreaterThanOrEqual(5);
  const rows = technician.locator('.plan-rows > li');
  await expect.poll(() => rows.count()).toBe(Number(expected));
  expect(await rows.filter({ hasText: 'Inactive' }).count()).toBeGreaterThanOrEqual(5);
  const name = await technician.locator('.plan-head a').first().innerText();
  const [lastName = ''] = name.split(',');
  await technician.getByLabel(/Search the changes/).fill(lastName);
  await technician.waitForURL(/search=/);
  await technician.locator('.plan-head a', { hasText: name }).waitFor();
  await technician.getByText('First or last name missing').click();
  const issues = technician.locator('.issues > li');
  await issues.filter({ hasText: 'Last name' }).first().waitFor();
  expect(await issues.getByRole('link').count()).toBeGreaterThan(0);
  expect(await technician.getByText('Demographics/Name').first().isVisible()).toBe(false);
  await issues.getByText('Details for support').first().click();
  await technician.getByText('Demographics/Name, field LastName').first().waitFor();
  expect(await findViolations(technician)).toEqual([]);
  await technician.getByRole('button', { name: 'Discard …' }).click();
  await technician.getByRole('button', { name: 'Discard', exact: true }).click();
  await technician.getByText('Enter a reason.').waitFor();
  await technician.getByRole('textbox', { name: 'Reason' }).fill('Skyward is being rolled over');
  await technician.getByRole('button', { name: 'Discard', exact: true }).click();
  await technician.getByText('“Skyward is being rolled over”').waitFor();
  await technician.close();

  expect((await heldImport()).state).toBe('held');
  const administrator = await openImports('administrator');
  await administrator.locator('.run-table a').first().click();
  await administrator.getByRole('button', { name: 'Import anyway …' }).click();
  expect(await findViolations(administrator)).toEqual([]);
  await administrator.getByRole('textbox', { name: 'Reason' }).fill('A school closed');
  await administrator.getByRole('button', { name: 'Import anyway', exact: true }).click();
  await administrator.locator('.run-table').getByText('Approved').waitFor();
  await administrator.locator('.run-table tbody tr', { hasText: 'Completed' }).first().waitFor();
  const events = await database.pool.query<{ action: string }>(
    `select action from audit_events where district_id = $1 and action ~ 'import|dry-run' and action !~ 'listed' order by id`,
    [district.id],
  );
  expect(events.rows.map(({ action }) => action)).toEqual([
    'dry-run-started',
    'import-canceled',
    'dry-run-started',
    'import-started',
    'import-discarded',
    'import-approved',
  ]);
  await administrator.close();
});

it('names a field that was empty for all students; an administrator accepts it with a reason, others only read it', async () => {
  const middleNames = async () => {
    const { rows } = await database.pool.query<{ count: number }>(
      'select count(middle_name)::integer as count from students where district_id = $1',
      [district.id],
    );
    return rows[0]?.count ?? 0;
  };
  const before = await middleNames();
  expect(before).toBeGreaterThan(5);
  skyward.sandbox.switches.set({ 'field-not-granted': 'null-for-all' });
  await heldImport();
  expect(await middleNames()).toBe(before);

  const reader = await openImports('read-only');
  await reader.locator('.run-table a').first().click();
  await reader.getByText('Middle name', { exact: true }).waitFor();
  expect(await reader.getByRole('button', { name: /Accept as empty/ }).count()).toBe(0);
  await reader.close();

  const administrator = await openImports('administrator');
  await administrator.locator('.run-table a').first().click();
  await administrator.getByRole('button', { name: 'Accept as empty …' }).click();
  const accept = administrator.getByRole('button', { name: 'Accept as empty', exact: true });
  await accept.click();
  await administrator.getByText('Enter a reason.').waitFor();
  expect(await findViolations(administrator)).toEqual([]);
  await administrator.getByLabel('Reason').fill('Middle names are not kept any more');
  await accept.click();
  await administrator.getByText('accepted as empty by').waitFor();
  await administrator.close();
  await heldImport();
  expect(await middleNames()).toBe(0);
});

it('undoes an import after a preview, with a reason; imports then wait until an administrator lets them continue', async () => {
  const administrator = await openImports('administrator');
  await administrator.locator('.run-table a').first().click();
  await administrator.getByRole('button', { name: 'Undo this import …' }).click();
  await administrator.getByText(/students get earlier values back/).waitFor();
  expect(await findViolations(administrator)).toEqual([]);
  const undo = administrator.getByRole('button', { name: 'Undo import', exact: true });
  await undo.click();
  await administrator.getByText('Enter a reason.').waitFor();
  await administrator.getByLabel('Reason').fill('Middle names were lost in Skyward');
  await undo.click();
  await administrator.getByRole('heading', { name: 'Import history', exact: true }).waitFor();
  const notice = administrator.locator('.run-notice');
  await notice.getByText('“Middle names were lost in Skyward”').waitFor();
  await administrator.getByText('Imports wait after an undo.').waitFor();
  expect(await administrator.getByRole('button', { name: 'Import now' }).isDisabled()).toBe(true);
  expect(await findViolations(administrator)).toEqual([]);
  const { rows } = await database.pool.query<{ count: number }>(
    'select count(middle_name)::integer as count from students where district_id = $1',
    [district.id],
  );
  expect(rows[0]?.count).toBeGreaterThan(5);
  expect(await heldImport().catch((error: unknown) => error)).toMatchObject({
    code: 'imports-wait',
  });
  await notice.getByRole('link', { name: 'See what changed back' }).click();
  await administrator.getByRole('heading', { name: /^Undo of the import of/ }).waitFor();
  await administrator.locator('.plan-rows > li').first().waitFor();
  expect(await findViolations(administrator)).toEqual([]);
  const undone = administrator.url();
  await administrator.locator('.plan-rows > li a').first().click();
  await administrator.getByRole('tab', { name: 'History' }).click();
  await administrator.getByRole('heading', { name: /^Import of .+ undone by / }).waitFor();
  await administrator.goto(undone);
  await administrator.getByRole('link', { name: /^See the import of/ }).click();
  await administrator.getByText(/undid this import on/).waitFor();
  await administrator.getByRole('link', { name: 'Import history' }).first().click();
  await administrator.getByRole('button', { name: 'Let imports continue …' }).click();
  await administrator.getByRole('button', { name: 'Let imports continue', exact: true }).click();
  await notice.waitFor({ state: 'detached' });
  expect(await administrator.getByRole('button', { name: 'Import now' }).isEnabled()).toBe(true);
  await administrator.close();
});

it('shows what dates will change, lets an administrator choose a setting, and a hold that is applied', async () => {
  const enrollments = skyward.sandbox.rows('Enrollment/EntryWithdrawal');
  for (const id of enrollments.ids()) {
    const isOfThisYear = String(enrollments.get(id, 'StartDate')) >= '2026-07-01';
    if (!isOfThisYear || enrollments.get(id, 'WithdrawalDate') !== null) continue;
    enrollments.update(id, { EndDate: '2026-11-27T00:00:00' });
  }
  const all = { sealingKey, today, allowsMassChange: true };
  expect((await importDistrict(database.pool, district, all)).state).toBe('published');
  const workOn = (day: string) => ({
    pool: database.pool,
    log,
    now: () => Temporal.Instant.from(`${day}T18:00:00Z`),
  });
  await runForecastUpdates(workOn('2026-11-23'));

  const page = await openImports('administrator');
  await page.getByRole('link', { name: 'Upcoming changes' }).first().click();
  const days = page.getByRole('table', { name: 'Status changes by date' });
  const last = days.getByRole('row', { name: /Nov 28, 2026 Will be on hold/ }).first();
  await last.getByRole('cell', { name: 'Enrolled → Inactive' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Use: Students who have not left' }).click();
  await page.getByText('Setting saved.').waitFor();
  const inUse = page.getByRole('row', { name: /Students who have not left/ }).getByText('In use');
  await inUse.waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await inUse.waitFor({ state: 'detached' });
  await page.goto(`${server.url}/a/demo.example`);
  const ahead = page.getByRole('region', { name: 'Many statuses will change soon' });
  await ahead.getByText(/On Nov 28, 2026, the date alone would change the status of/).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await ahead.getByRole('link', { name: 'Upcoming changes' }).click();

  await runDailyUpdates(workOn('2026-11-28'));
  await page.reload();
  const hold = page.getByRole('region', { name: 'Status changes on hold: needs review' });
  await hold.getByText(/^Since .* students keep their status/).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.goto(`${server.url}/a/demo.example`);
  await hold.getByRole('button', { name: 'Apply …' }).click();
  await page.getByLabel('Reason').fill('The year is over');
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await hold.getByText(/Jordan Avery decided/).waitFor();
  await runDailyUpdates(workOn('2026-11-28'));
  await hold.waitFor({ state: 'detached' });
  await page.close();
});
