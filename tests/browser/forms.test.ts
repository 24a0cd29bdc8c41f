/** A district's own form: edited next to its preview, saved, filled for a student, exported and imported. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Database } from '../../src/database/database.ts';
import { readPdf } from '../builders/pdf-text.ts';
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

const domain = 'pineridge.example';

it('R5: an own form is edited with a live preview, made available, and pre-filled', async () => {
  const context = await app.signedIn('administrator', { viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`/a/${domain}/forms`);
  await page.getByRole('button', { name: 'New form' }).click();
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText('Form: the title is missing.').waitFor();
  await page.getByLabel('Title', { exact: true }).fill('Bus pass');
  await page.getByRole('combobox', { name: 'Special program' }).fill('Our own forms');
  await page.getByRole('textbox', { name: 'Section 1' }).fill('Rider');
  await page.getByRole('button', { name: 'Add a field' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Who rides');
  await page.getByLabel('Filled with').selectOption('student.legalName');
  await preview.getByText('Ana María Reyes').waitFor();

  // Undo restores what was removed by mistake.
  await page.getByRole('button', { name: 'Remove field “Who rides”' }).click();
  await preview.getByText('Who rides').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await preview.getByText('Ana María Reyes').waitFor();
  await preview.getByRole('combobox', { name: 'Filled in for' }).fill('Castillo Vega');
  await page
    .getByRole('option', { name: /Castillo Vega/ })
    .first()
    .click();
  await preview.getByText(/^María .*Castillo Vega$/).waitFor();
  expect(await findViolations(page)).toEqual([]);

  // Leaving asks for confirmation.
  await page.getByRole('link', { name: 'Documents', exact: true }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Save the form' }).click();
  await page.getByRole('heading', { level: 1, name: 'Bus pass' }).waitFor();
  await page.getByText(/^Version 1: .* by Jordan Avery$/).waitFor();

  await page.goto(`/a/${domain}/students/${app.sample.studentId}/documents`);
  await page.getByRole('button', { name: 'New document' }).click();
  await page.getByRole('menuitem', { name: 'Bus pass' }).click();
  await page.getByRole('heading', { level: 1, name: /Castillo Vega: Bus pass$/ }).waitFor();
  await page
    .getByRole('region', { name: 'Rider' })
    .getByText(/^María .*Castillo Vega$/)
    .waitFor();
  await context.close();
});

it('a form is exported as JSON and imported as an own form; a broken file is rejected with a message', async () => {
  const context = await app.signedIn('administrator', { viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`/a/${domain}/forms`);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export Transfer Letter' }).click();
  const text = Buffer.concat(await Array.fromAsync(await (await download).createReadStream()));

  const choose = async (name: string, buffer: Buffer) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import a form' }).click();
    await (await chooser).setFiles({ name, mimeType: 'application/json', buffer });
  };
  await choose('broken.json', Buffer.from('{"key": 7}'));
  await page.getByText('This is not a form').waitFor();
  await choose('transfer-letter.json', text);
  await page.getByLabel('Title', { exact: true }).fill('Our transfer letter');
  await page.getByRole('button', { name: 'Save the form' }).click();
  await page.getByRole('heading', { level: 1, name: 'Our transfer letter' }).waitFor();

  await page.getByRole('link', { name: 'Form library', exact: true }).click();
  const offer = page.getByLabel('Transfer Letter is available to staff', { exact: true });
  await offer.press(' ');
  await expect.poll(async () => offer.isChecked()).toBe(false);
  await page.goto(`/a/${domain}/students/${app.sample.studentId}/documents`);
  await page.getByRole('button', { name: 'New document' }).click();
  await page.getByRole('menuitem', { name: 'Our transfer letter' }).waitFor();
  expect(await page.getByRole('menuitem').allTextContents()).not.toContain('Transfer Letter');
  await context.close();
});

it('the letterhead of Settings is printed on documents', async () => {
  const context = await app.signedIn('administrator', { viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`/a/${domain}/settings/letterhead`);
  await page
    .getByLabel('Lines (the first one is printed large)')
    .fill('Pine Ridge ISD\n400 Oak Ave, Pine Ridge');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved. It appears on every document').waitFor();
  const answer = await page.request.get(
    `/api/districts/${domain}/documents/${app.sample.documentId}/document.pdf`,
  );
  const pdf = await readPdf(await answer.body());
  expect(pdf.text).toContain('400 Oak Ave, Pine Ridge');
  await context.close();
});
