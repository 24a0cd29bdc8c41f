/** A manual student in a real browser, matched by a real import, and a duplicate that is merged. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import pino from 'pino';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type RunningServer, startServer } from '../../src/api/server/server.ts';
import { buildWeb } from '../../src/api/server/web-build.ts';
import { createAccounts } from '../../src/accounts/accounts.ts';
import { openSandboxDistrict, type SandboxDistrict } from '../skyward/sandbox-district.ts';
import { findViolations } from './accessibility.ts';
import type { OpenBrowser } from './browser.ts';
import { signIn } from './sign-in.ts';
import { testBrowser } from './test-browser.ts';
import { fastPasswords } from '../servers/fast-password-hashing.ts';

const password = 'a long walk at sunrise';
const today = '2026-11-23';

let district: SandboxDistrict;
let server: RunningServer;
let chromium: OpenBrowser;
/** A student who is in Skyward from the second import on. */
let late: {
  readonly oldId: number;
  readonly row: Record<string, string | number | boolean | null>;
};

const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 60, seed: 33 });
  const students = rowsOf('Student/Student');
  expect((await district.runImport()).state).toBe('published');
  const [enrolled] = await district.rows<{ id: number; skyward: number }>(
    `select id, skyward_id as skyward from students
     where district_id = $1 and status = 'ENROLLED' order by id desc limit 1`,
  );
  const oldId = enrolled?.skyward ?? 0;
  late = { oldId, row: students.find(oldId) ?? {} };
  students.remove(oldId);
  await district.rows('delete from students where district_id = $1 and id = $2', [enrolled?.id]);

  const log = pino({ level: 'silent' });
  const { database, districtId } = district;
  const accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    log,
    secret: 'a-secret-of-this-test-0123456789-abcdef',
  });
  for (const role of ['administrator', 'staff', 'read-only'] as const) {
    const email = `${role}@demo.example`;
    await accounts.createAccount({ email, password, name: `Jo ${role}`, districtId, role });
  }
  const [webFolder, browser] = await Promise.all([buildWeb(), testBrowser()]);
  chromium = browser;
  const now = () => Temporal.Instant.from(`${today}T18:00:00Z`);
  server = await startServer({ database, accounts, log, webFolder, port: 0, now });
});
afterAll(async () => {
  await chromium.close();
  await server.close();
  await district.close();
});

/** Opens a page of a signed-in user, and collects its errors. */
async function signedIn(role: string, colorScheme: 'light' | 'dark' = 'light') {
  const page = await chromium.browser.newPage({ colorScheme, reducedMotion: 'reduce' });
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await signIn(page.context(), server.url, { email: `${role}@demo.example`, password });
  await page.goto(`${server.url}/a/demo.example/students`);
  await page.getByRole('heading', { name: 'Students' }).waitFor();
  return { page, errors };
}

/** Expects no accessibility violation at desktop and phone width, and no sideways scrolling on the phone. */
async function expectNoBarrier(page: Page): Promise<void> {
  expect(await findViolations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 780 });
  expect(await findViolations(page)).toEqual([]);
  const isWide = await page.locator('html').evaluate((html) => html.scrollWidth > html.clientWidth);
  expect(isWide).toBe(false);
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Saves a screenshot if SHOTS names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const saved = (page: Page, heading: string) =>
  page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();

it('a manual student is added, given a status, edited by two users, deleted and restored, and matched by an import', async () => {
  const number = String(late.row['StudentNumber']);
  const { page, errors } = await signedIn('administrator');
  await page.getByRole('link', { name: 'New student' }).click();
  await saved(page, 'New student');
  await page.getByRole('button', { name: 'Save student' }).click();
  await page.getByText('3 fields need your attention').waitFor();
  await page.getByText('Enter the first name.').waitFor();
  const firstName = await page.getByLabel('First name').getAttribute('id');
  expect(await page.locator(':focus').getAttribute('id')).toBe(firstName);
  await expectNoBarrier(page);

  const [known] = await district.rows<{ first: string; last: string; birth: string }>(
    `select first_name as first, last_name as last, birth_date as birth from students
     where district_id = $1 and skyward_id is not null and status = 'ENROLLED' order by id limit 1`,
  );
  await page.getByLabel('First name').fill(known?.first ?? '');
  await page.getByLabel('Last name').fill((known?.last ?? '').toUpperCase());
  await page.getByLabel('Date of birth').fill(known?.birth ?? '');
  await page.getByText('same name and birth date, from Skyward.').waitFor();
  await expectNoBarrier(page);
  await picture(page, 'new-student');

  await page.getByLabel('First name').fill('Wilhelmina');
  await page.getByLabel('Last name').fill('Byhand');
  await page.getByText('same name and birth date').waitFor({ state: 'detached' });
  await page.getByLabel('Date of birth').fill('2/3/2014');
  await page.getByLabel('Student number').fill(number);
  await page.getByRole('button', { name: 'Add guardian' }).click();
  const guardian = page.getByRole('group', { name: 'Guardian 1', exact: true });
  await guardian.getByLabel('First name').fill('Kim');
  await guardian.getByLabel('Last name').fill('Byhand');
  await guardian.getByRole('button', { name: 'Add phone of guardian 1' }).click();
  await guardian.getByLabel('Phone', { exact: true }).fill('(512) 555-0163');
  await guardian.getByRole('button', { name: 'Add address of guardian 1' }).click();
  await guardian.getByLabel('Street or PO box').fill('418 Juniper Lane');
  await expectNoBarrier(page);
  await picture(page, 'new-student-guardian');
  await page.getByRole('button', { name: 'Save student' }).click();

  await saved(page, 'Wilhelmina Byhand');
  await page.getByText('(512) 555-0163').waitFor();
  await expectNoBarrier(page);
  const id = Number(/students\/(\d+)/.exec(page.url())?.[1]);

  // A manual status that no import sets.
  await page.getByRole('tab', { name: 'Basics' }).click();
  await page.getByRole('button', { name: 'Set status' }).click();
  await page.getByLabel('Status', { exact: true }).selectOption({ label: 'Transferred' });
  await page.getByLabel('Reason').fill('Moved to another district');
  await expectNoBarrier(page);
  await picture(page, 'manual-status');
  await page.getByRole('button', { name: 'Save status' }).click();
  await page.getByText('Transferred since Nov 23, 2026: Moved to another district.').waitFor();

  // Two users at once: the second one sees both versions and keeps their own.
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await saved(page, 'Edit Wilhelmina Byhand');
  const staff = await signedIn('staff', 'dark');
  await staff.page.goto(`${server.url}/a/demo.example/students/${id}/change`);
  await staff.page.getByLabel('Grade').fill('06');
  await staff.page.getByRole('button', { name: 'Save changes' }).click();
  await saved(staff.page, 'Wilhelmina Byhand');
  await page.getByLabel('Grade').fill('07');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Another user has changed this student').waitFor();
  await page.getByRole('row', { name: 'Grade 07 06', exact: true }).waitFor();
  await expectNoBarrier(page);
  await picture(page, 'two-versions');
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await saved(page, 'Wilhelmina Byhand');
  await page.getByText('Grade 7', { exact: false }).first().waitFor();

  // Deleted after a confirmation, and restored from the notice.
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog', { name: 'Delete Wilhelmina Byhand?' }).waitFor();
  await expectNoBarrier(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Deleted Wilhelmina Byhand.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await saved(page, 'Wilhelmina Byhand');

  // The student is now in Skyward with this number, birth date and first name: the import matches the record.
  rowsOf('Demographics/Name').update(Number(late.row['NameID']), {
    FirstName: 'Wilhelmina',
    BirthDate: '2014-02-03T00:00:00',
  });
  const newId = rowsOf('Student/Student').insert({
    StudentNumber: number,
    NameID: late.row['NameID'] ?? null,
  });
  for (const path of ['Enrollment/EntryWithdrawal', 'Family/StudentGuardian']) {
    for (const row of rowsOf(path).where('StudentID', late.oldId)) {
      rowsOf(path).update(row, { StudentID: newId });
    }
  }
  expect((await district.runImport()).state).toBe('published');
  await page.goto(`${server.url}/a/demo.example/students/${id}/basics`);
  await page
    .getByText('Added manually; matched to Skyward by the import of Nov 23, 2026.')
    .waitFor();
  await page.getByText('This student is in Skyward, so the status is recalculated').waitFor();
  await page.getByText('Enrolled', { exact: true }).first().waitFor();
  expect(await page.getByRole('link', { name: 'Edit', exact: true }).count()).toBe(0);
  await expectNoBarrier(page);
  await picture(page, 'matched');
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByText('Matched to Skyward by the import').waitFor();
  await page.getByRole('strong').getByText('Added manually').waitFor();
  expect([...errors, ...staff.errors]).toEqual([]);
  await page.close();
  await staff.page.close();
});

it('a duplicate is compared and merged, the merge undone, or the pair marked as not a duplicate', async () => {
  const [known] = await district.rows<Record<'id' | 'first' | 'last' | 'birth', string>>(
    `select id, first_name as first, last_name as last, birth_date as birth from students
     where district_id = $1 and skyward_id is not null and status = 'ENROLLED' order by id limit 1`,
  );
  const { page, errors } = await signedIn('administrator', 'dark');
  await page.goto(`${server.url}/a/demo.example/students/new`);
  await page.getByLabel('First name').fill(known?.first ?? '');
  await page.getByLabel('Last name').fill(known?.last ?? '');
  await page.getByLabel('Date of birth').fill(known?.birth ?? '');
  await page.getByLabel('Home language').fill('Tagalog');
  await page.getByRole('button', { name: 'Save student' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).waitFor();
  const twin = Number(/students\/(\d+)/.exec(page.url())?.[1]);

  await page.getByRole('link', { name: 'Duplicates' }).click();
  await page.getByText('Same name and birth date').waitFor();
  await expectNoBarrier(page);
  await picture(page, 'duplicates-dark');
  await page.getByRole('link', { name: /^Compare/ }).click();
  await page.getByRole('cell', { name: 'Tagalog' }).waitFor();
  await expectNoBarrier(page);
  await picture(page, 'comparison-dark');
  await page.getByRole('button', { name: 'Merge …' }).click();
  await page.getByRole('dialog', { name: 'Merge these two records?' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Merge', exact: true }).click();
  await page.waitForURL(/students\/\d+\/details/);
  await page.getByText(/ was merged into this record\.$/).waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Duplicates' }).click();
  await page.getByText('No possible duplicates').waitFor();
  await page.getByRole('heading', { name: 'Merged in the last 30 days' }).waitFor();
  await expectNoBarrier(page);
  await picture(page, 'merged-dark');

  await page.getByRole('button', { name: /^Undo the merge/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo the merge' }).click();
  await page.getByText('Same name and birth date').waitFor();
  await page.getByRole('button', { name: 'Not a duplicate' }).click();
  await page.getByText('No possible duplicates').waitFor();
  await page.getByRole('button', { name: /Not duplicates/ }).click();
  await page.getByText('Marked as not a duplicate by Jo administrator').waitFor();
  await expectNoBarrier(page);
  const rows = await district.rows('select id from students where district_id = $1 and id = $2', [
    twin,
  ]);
  expect(rows).toEqual([{ id: twin }]);
  expect(errors).toEqual([]);
  await page.close();
});

it('staff add students but do not review duplicates; read-only users do neither', async () => {
  const staff = await signedIn('staff');
  await staff.page.getByRole('link', { name: 'New student' }).waitFor();
  expect(await staff.page.getByRole('link', { name: 'Duplicates' }).count()).toBe(0);
  await staff.page.goto(`${server.url}/a/demo.example/duplicates`);
  await staff.page.getByRole('heading', { name: 'You don’t have access to this page' }).waitFor();
  await staff.page.close();

  const reader = await signedIn('read-only');
  await reader.page
    .getByText(/students$/)
    .first()
    .waitFor();
  expect(await reader.page.getByRole('link', { name: 'New student' }).count()).toBe(0);
  await reader.page.goto(`${server.url}/a/demo.example/students/new`);
  await reader.page.getByRole('heading', { name: 'You don’t have access to this page' }).waitFor();
  await reader.page.close();
});
