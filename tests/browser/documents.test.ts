/** A document from creation to PDF: Skyward changes, an import runs, one field is updated, the PDF shows it. */
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type RunningSandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { createAccounts } from '../../src/accounts/accounts.ts';
import { type RunningServer, startServer } from '../../src/api/server/server.ts';
import { buildWeb } from '../../src/api/server/web-build.ts';
import { formatDay } from '../../src/contract/day-format.ts';
import type { Database } from '../../src/database/database.ts';
import { addDistrict } from '../../src/districts/district.ts';
import { newSealingKey } from '../../src/districts/sealed-secret.ts';
import { importDistrict } from '../../src/import/district-import.ts';
import { readPdf } from '../builders/pdf-text.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import { findViolations } from './accessibility.ts';
import type { OpenBrowser } from './browser.ts';
import { signIn } from './sign-in.ts';
import { testBrowser } from './test-browser.ts';
import { fastPasswords } from '../servers/fast-password-hashing.ts';

const log = pino({ level: 'silent' });
const person = { email: 'jordan.avery@demo.example', password: 'a long walk at sunrise' };
const sealingKey = newSealingKey();

let database: Database;
let skyward: RunningSandbox;
let server: RunningServer;
let chromium: OpenBrowser;
let district: Awaited<ReturnType<typeof addDistrict>>;

const runImport = async (day: string) =>
  importDistrict(database.pool, district, { sealingKey, today: Temporal.PlainDate.from(day) });

beforeAll(async () => {
  database = await openTestDatabase();
  skyward = await startSandbox({ port: 0, students: 60, seed: 11, today: '2026-11-23' });
  district = await addDistrict(
    database.pool,
    { domain: 'demo.example', name: 'Cedar Hollow ISD', timeZone: 'America/Chicago' },
    { ...skyward, allowPrivateAddress: true },
    sealingKey,
  );
  expect((await runImport('2026-11-23')).state).toBe('published');
  const accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    log,
    secret: 'a-secret-of-this-test-0123456789',
  });
  await accounts.createAccount({
    ...person,
    name: 'Jordan Avery',
    districtId: district.id,
    role: 'administrator',
  });
  const [webFolder, browser] = await Promise.all([buildWeb(), testBrowser()]);
  chromium = browser;
  const now = () => Temporal.Instant.from('2026-11-24T15:00:00Z');
  server = await startServer({ database, accounts, log, webFolder, port: 0, now });
});
afterAll(async () => {
  await chromium.close();
  await server.close();
  await skyward.close();
  await database.close();
});

it('R5: is pre-filled, shows what Skyward changed, updates one field, and prints the right values', async () => {
  const { rows } = await database.pool.query<{ id: number; sisStudentId: number }>(
    `select id, skyward_id as "sisStudentId" from students where status = 'ENROLLED'
     and status_rule = 'current-enrollment' order by id limit 1`,
  );
  const [student = { id: 0, sisStudentId: 0 }] = rows;
  const names = skyward.sandbox.rows('Demographics/Name');
  const nameId = Number(
    skyward.sandbox.rows('Student/Student').find(student.sisStudentId)?.['NameID'],
  );

  const page = await chromium.browser.newPage({ reducedMotion: 'reduce' });
  await page.goto(`${server.url}/a/demo.example/students/${student.id}/documents`);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'New document' }).click();
  await page.getByRole('menuitem', { name: 'Consent for Evaluation' }).click();
  await page.getByRole('heading', { level: 1, name: /.+: Consent for Evaluation$/ }).waitFor();
  expect(await page.title()).toMatch(/^.+: Consent for Evaluation · SameGoal$/);
  const born = String(names.find(nameId)?.['BirthDate']).slice(0, 10);
  const studentSection = page.getByRole('region', { name: 'Student', exact: true });
  // Copied values are read-only, and their source is named once, until the section is edited.
  expect(await studentSection.getByText('From Skyward, Nov 23, 2026').count()).toBe(1);
  expect(await studentSection.getByRole('textbox').count()).toBe(0);
  expect(await studentSection.innerText()).toContain(formatDay(born));
  await page.getByLabel('Reason for the evaluation').fill('Reading takes long.');
  await page.getByLabel('Areas and methods of the evaluation').fill('Reading aloud, with a test.');
  await page.getByText(/^Saved \d+:\d\d/).waitFor();

  // Skyward changes two values; the import updates Details, not the document.
  names.update(nameId, { LastName: 'Ångström-Díaz', BirthDate: '2014-02-03T00:00:00' });
  expect((await runImport('2026-11-24')).state).toBe('published');
  await page.reload();
  const changes = page.getByRole('region', { name: /Student information has changed/ });
  await changes.waitFor();
  expect(await studentSection.innerText()).toContain(formatDay(born));
  // Only the changed word is marked.
  expect(await changes.locator('ins').first().innerText()).toBe('Ångström-Díaz');
  expect(await changes.innerText()).toContain('Feb 3, 2014');
  expect(await findViolations(page)).toEqual([]);

  // The name is updated, the birth date is kept.
  await changes.getByRole('checkbox', { name: 'Date of birth' }).uncheck();
  await changes.getByRole('button', { name: 'Update 1 field' }).click();
  await changes.getByText('Ångström-Díaz').waitFor({ state: 'detached' });
  await studentSection.getByText('Ångström-Díaz').waitFor();
  await studentSection.getByRole('button', { name: 'Edit Student' }).click();
  const [year, month, day] = born.split('-').map(Number);
  expect(await studentSection.getByLabel('Date of birth').inputValue()).toBe(
    `${month}/${day}/${year}`,
  );
  await studentSection.getByRole('button', { name: 'Finish editing Student' }).click();
  await changes.getByRole('button', { name: 'Keep as is' }).click();
  await changes.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Complete', exact: true }).click();
  await page.getByText('Complete. No further edits. Completed by Jordan Avery').waitFor();
  expect(await page.getByRole('textbox').count()).toBe(0);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Version history' }).click();
  const versions = page.getByRole('dialog', { name: 'Version history' });
  await expect.poll(() => versions.getByRole('listitem').count()).toBe(5);
  expect(await findViolations(page)).toEqual([]);
  await versions.getByRole('button', { name: 'View version 1' }).click();
  const version = page.getByRole('dialog', { name: 'Version 1' });
  await version.getByText('From Skyward').or(version.getByText('Date of birth')).first().waitFor();
  await page.keyboard.press('Escape');
  await version.waitFor({ state: 'detached' });

  const address = await page.getByRole('link', { name: 'PDF' }).getAttribute('href');
  const response = await page.request.get(`${server.url}${address ?? ''}`);
  const pdf = await readPdf(await response.body());
  const formattedBirthDate = Temporal.PlainDate.from(born).toLocaleString('en-US', {
    dateStyle: 'long',
  });
  for (const text of [
    'Ångström-Díaz',
    formattedBirthDate,
    'Reading takes long.',
    'Complete, version',
  ]) {
    expect(pdf.text).toContain(text);
  }
  expect(pdf.text).not.toContain('February 3, 2014');
  expect(pdf.isTagged).toBe(true);
  await page.close();
});

it('leads to the missing field, and deletes a complete document only after a question', async () => {
  const page = await chromium.browser.newPage({ reducedMotion: 'reduce' });
  await signIn(page.context(), server.url, person);
  const { rows } = await database.pool.query<{ id: number }>(
    `select id from students where status = 'ENROLLED' order by id desc offset 2 limit 1`,
  );
  await page.goto(`${server.url}/a/demo.example/students/${rows[0]?.id ?? 0}/documents`);
  await page.getByRole('button', { name: 'New document' }).click();
  await page.getByRole('menuitem', { name: 'IEP Cover Page' }).click();
  await page.getByRole('button', { name: '1 of 3 required fields left' }).waitFor();
  await page.getByRole('button', { name: 'Complete', exact: true }).click();
  const notice = page.getByRole('alert');
  expect(await notice.innerText()).toBe(
    'Can’t complete yet: 1 required field is empty (Meeting date).',
  );
  const meetingDate = page.getByLabel('Meeting date');
  expect(await meetingDate.evaluate((input) => input.matches(':focus'))).toBe(true);
  expect(await meetingDate.getAttribute('aria-invalid')).toBe('true');
  expect(await findViolations(page)).toEqual([]);
  // What is no date stays to be corrected, and counts as empty.
  await meetingDate.fill('12/41/2026');
  await meetingDate.blur();
  await page.getByText('Enter a date like 8/12/2026.').waitFor();
  await meetingDate.fill('12/1/26');
  await meetingDate.blur();
  expect(await meetingDate.inputValue()).toBe('12/1/2026');
  await notice.waitFor({ state: 'detached' });
  await page.getByText('All required fields filled').waitFor();
  await page.getByRole('button', { name: 'Complete', exact: true }).click();
  await page.getByText('Complete. No further edits.').waitFor();

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const question = page.getByRole('dialog', { name: /^Delete .+: IEP Cover Page\?$/ });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Complete. No further edits.').waitFor();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await question.getByRole('button', { name: 'Delete' }).click();
  await page.getByText(/^Deleted .+ You can restore it for 90 days\.$/).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Complete. No further edits.').waitFor();
  await page.close();
});

it('R5: the Create new menu creates a pre-filled document from any screen', async () => {
  const page = await chromium.browser.newPage({ reducedMotion: 'reduce' });
  await signIn(page.context(), server.url, person);
  await page.goto(`${server.url}/a/demo.example/imports`);
  const { rows } = await database.pool.query<{ number: string; first: string }>(
    `select student_number as number, legal_first_name as first from students
     where status = 'ENROLLED' order by id desc limit 1`,
  );
  const [student = { number: '', first: '' }] = rows;
  const menu = page.getByRole('button', { name: 'Create new' });
  await menu.click();
  await page.getByRole('link', { name: 'Section 504 Plan' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Section 504 Plan' }).waitFor({ state: 'hidden' });
  await menu.click();
  await page.getByRole('link', { name: 'Section 504 Plan' }).click();
  await page.getByRole('heading', { level: 1, name: 'New document' }).waitFor();
  await page.getByRole('combobox', { name: 'Student', exact: true }).fill(student.number);
  await page.getByRole('option', { name: new RegExp(student.number) }).click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: /.+: Section 504 Plan$/ }).waitFor();
  await page
    .getByRole('region', { name: 'Student', exact: true })
    .getByText(student.number)
    .waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.close();
});
