/** R5: documents for many students selected in the list, with a summary of the outcomes. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Database } from '../../src/database/database.ts';
import { readPdf } from '../builders/pdf-text.ts';
import { openTestDatabase } from '../servers/test-database.ts';
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

const documents = async (): Promise<number> => {
  const { rows } = await database.pool.query<{ many: number }>(
    'select count(*)::integer as many from documents',
  );
  return rows[0]?.many ?? 0;
};

it('R5: creates a document for every student of the list; repeating it creates none twice', async () => {
  const context = await app.signedIn('administrator', { viewport: { width: 1180, height: 760 } });
  const page = await context.newPage();
  const before = await documents();
  await page.goto('/a/pineridge.example/students');
  await page.getByLabel('Select Abbott, Amara').check();
  await page.getByText('1 selected').waitFor();
  await page.getByLabel('Select all on this page').check();
  await page.getByText('25 selected').waitFor();
  const all = page.getByRole('button', { name: /Select all \d+/ });
  const total = Number(/\d+/.exec((await all.textContent()) ?? '')?.[0]);
  expect(total).toBeGreaterThan(25);
  await all.click();
  await page.getByText(`${total} selected`).waitFor();

  const create = async (form: string) => {
    await page.getByRole('button', { name: 'Create documents' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Form').selectOption({ label: form });
    await dialog.getByLabel('Due date').fill('2026-12-04');
    await dialog.getByRole('button', { name: `Create for ${total} students` }).click();
    await dialog.getByText(`${total} of ${total} students done.`).waitFor();
    const summary = (await dialog.locator('output').textContent()) ?? '';
    await dialog.getByRole('button', { name: 'Close' }).click();
    return summary;
  };
  const form = 'Section 504 Plan';
  expect(await create(form)).toContain(`${total} documents created`);
  expect(await documents()).toBe(before + total);
  expect(await create(form)).toContain(
    `0 documents created, ${total} already had an incomplete one`,
  );
  expect(await documents()).toBe(before + total);

  // All documents created together are found and printed together.
  await page.goto('/a/pineridge.example/documents?form=section-504-plan');
  await page.getByLabel('Due').selectOption({ label: 'Any date' });
  await page.getByLabel('Owner').selectOption({ label: 'You' });
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Print all as one PDF' }).click();
  const file = await (await download).createReadStream();
  const bytes = Buffer.concat(await Array.fromAsync(file));
  const pdf = await readPdf(new Uint8Array(bytes));
  expect(pdf.title).toBe(`${total} documents of Pine Ridge Independent School District`);
  expect(pdf.text.match(/Page 1 of/g)).toHaveLength(total);
  await context.close();
});

it('a read-only user can select nothing', async () => {
  const context = await app.signedIn('read-only', {});
  const page = await context.newPage();
  await page.goto('/a/pineridge.example/students');
  await page
    .getByText(/students$/)
    .first()
    .waitFor();
  expect(await page.getByRole('checkbox').count()).toBe(0);
  await context.close();
});
