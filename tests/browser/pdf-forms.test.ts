/** A district's own PDF form in the browser: added, mapped, previewed, filled for a student, the file read back. */
import { buffer as readAll } from 'node:stream/consumers';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Database } from '../../src/database/database.ts';
import { buildReleaseForm, readPdfFields, readPrintedText } from '../builders/pdf-form-builder.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import { findViolations } from './accessibility.ts';
import { openSampleApp, type SampleApp } from './sample-app.ts';
import { testBrowser } from './test-browser.ts';

let database: Database;
let app: SampleApp;

beforeAll(async () => {
  database = await openTestDatabase();
  app = await openSampleApp(database, testBrowser);
});
afterAll(async () => {
  await app.close();
  await database.close();
});

it('R5: is added, mapped, previewed with examples and a student, then filled by staff', async () => {
  const administrator = await app.signedIn('administrator');
  const page = await administrator.newPage();
  await page.goto('/a/pineridge.example/forms');
  await page.getByRole('link', { name: 'PDF forms' }).click();
  await page.getByText('No PDF forms yet').waitFor();
  expect(await findViolations(page)).toEqual([]);

  // A file that is not a form is rejected with advice.
  const file = page.getByLabel('PDF file');
  const noForm = { name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('Hello') };
  await file.setInputFiles(noForm);
  await page.getByText('This file is not a PDF.').waitFor();

  const buffer = Buffer.from(await buildReleaseForm());
  await file.setInputFiles({
    name: 'Release_of_information.pdf',
    mimeType: 'application/pdf',
    buffer,
  });
  await page.getByRole('heading', { level: 1, name: 'Release of information' }).waitFor();
  await page.getByLabel('Value of student.name').selectOption('student.name');
  await page.getByLabel('Value of student.born').selectOption('student.birthDate');
  await page.getByLabel('Format of student.born').selectOption('03/02/2014');
  await page.getByLabel('Value of girl').selectOption('student.gender');
  await page.getByRole('textbox', { name: 'Yes', exact: true }).fill('Female');
  await page.getByLabel('Value of grade').selectOption('student.race');
  await page.getByRole('button', { name: 'Show values' }).click();
  await page.getByText('3 fields are filled in; 1 is left empty.').waitFor();
  await page.getByText('offers no "White"').waitFor();
  expect(await findViolations(page)).toEqual([]);

  await page.getByLabel('Find a field').fill('grade');
  await page.getByLabel('Value of grade').selectOption('student.grade');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText(/^Saved Release of information/).waitFor();
  const preview = await page
    .getByRole('link', { name: 'Open the filled PDF' })
    .getAttribute('href');
  const example = await page.request.get(`${app.url}${preview ?? ''}`);
  expect(await readPrintedText(await example.body())).toContain('Ana Reyes');
  await page.setViewportSize({ width: 390, height: 844 });
  const isWide = await page.locator('html').evaluate((html) => html.scrollWidth > html.clientWidth);
  expect(isWide).toBe(false);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await findViolations(page)).toEqual([]);

  await page.getByRole('combobox', { name: 'Student' }).fill('Castillo Vega');
  await page
    .getByRole('option', { name: /María Elena Castillo Vega/ })
    .first()
    .waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Show values' }).click();
  await page.getByRole('cell', { name: 'María Elena Castillo Vega' }).waitFor();

  // Leaving with unsaved changes asks for confirmation.
  await page.getByLabel('Value of grade').selectOption('');
  await page.getByRole('link', { name: 'PDF forms' }).click();
  const question = page.getByRole('dialog', { name: 'Leave without saving?' });
  await question.getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('heading', { level: 1, name: 'PDF forms' }).waitFor();
  await administrator.close();

  const staff = await app.signedIn('staff');
  const tab = await staff.newPage();
  await tab.goto(`/a/pineridge.example/students/${app.sample.studentId}/documents`);
  await tab.getByLabel('Fill a PDF form').selectOption({ label: 'Release of information' });
  await tab.getByText(/fields are filled in/).waitFor();
  expect(await findViolations(tab)).toEqual([]);
  const [download] = await Promise.all([
    tab.waitForEvent('download'),
    tab.getByRole('link', { name: 'Download the filled PDF' }).click(),
  ]);
  const filled = new Uint8Array(await readAll(await download.createReadStream()));
  const fields = await readPdfFields(filled);
  expect(fields.get('student.name')).toEqual({
    value: 'María Elena Castillo Vega',
    isReadOnly: false,
  });
  expect(fields.get('student.born')?.value).toMatch(/^\d\d\/\d\d\/\d{4}$/);
  expect(await readPrintedText(filled)).toContain('María Elena Castillo Vega');
  await staff.close();
});

it('the second of two administrators chooses whose mapping to keep', async () => {
  const context = await app.signedIn('administrator');
  const [mine, theirs] = [await context.newPage(), await context.newPage()];
  await mine.goto('/a/pineridge.example/pdf-forms');
  await mine.getByRole('link', { name: 'Release of information' }).click();
  await mine.getByLabel('Value of parents').waitFor();
  await theirs.goto(mine.url());
  await theirs.getByLabel('Value of parents').selectOption('guardians');
  await theirs.getByRole('button', { name: 'Save', exact: true }).click();
  await theirs.getByText(/^Saved Release/).waitFor();
  await mine.getByLabel('Value of parents').selectOption('guardians[1].name');
  await mine.getByRole('button', { name: 'Save', exact: true }).click();
  await mine.getByText(/yours is guardians\[1\]\.name .*, theirs guardians /).waitFor();
  expect(await findViolations(mine)).toEqual([]);
  await mine.getByRole('button', { name: 'Keep mine, then save' }).click();
  await mine.getByRole('button', { name: 'Save', exact: true }).click();
  await mine.getByText(/^Saved Release/).waitFor();

  await mine.getByRole('button', { name: 'Remove' }).click();
  await mine.getByText('No PDF forms yet').waitFor();
  await mine.getByRole('button', { name: 'Undo' }).click();
  await mine.getByRole('link', { name: 'Release of information' }).waitFor();
  await context.close();
});
