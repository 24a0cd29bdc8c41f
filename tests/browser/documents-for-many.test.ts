/** R5: documents for many students selected in the list, with a summary of the outcomes. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Database } from '../../src/database/database.ts';
import { samplePeople } from '../builders/sample-history.ts';
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
  await page.getByLabel('Owner', { exact: true }).selectOption({ label: 'You' });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Print all as one PDF' }).click();
  const file = await (await download).createReadStream();
  const bytes = Buffer.concat(await Array.fromAsync(file));
  const pdf = await readPdf(new Uint8Array(bytes));
  expect(pdf.title).toBe(`${total} documents of Pine Ridge Independent School District`);
  expect(pdf.text.match(/Page 1 of/g)).toHaveLength(total);
  await context.close();
});

it('finds, sorts and completes documents, and says why some are left', async () => {
  const context = await app.signedIn('administrator', { viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  await page.goto('/a/pineridge.example/documents');
  await page
    .getByRole('link', { name: 'All', exact: true })
    .and(page.locator('[aria-current]'))
    .waitFor();
  await page.getByRole('button', { name: 'Student', exact: true }).click();
  await page
    .getByRole('columnheader', { name: 'Student', exact: true })
    .and(page.locator('[aria-sort=ascending]'))
    .waitFor();
  const rows = page.getByRole('row').filter({ has: page.getByRole('checkbox') });
  const search = page.getByLabel('Search documents by student, form or owner');
  await search.fill('104117 cover');
  await page.getByText('1 document', { exact: true }).waitFor();
  await search.fill('104117');
  await page.getByText('3 documents', { exact: true }).waitFor();
  await page.getByLabel('Select all on this page').check();
  await page.getByText('3 selected').waitFor();

  await page.getByRole('button', { name: 'Set due date …' }).click();
  await page.getByRole('dialog').getByLabel('Due date').fill('2026-11-20');
  await page.getByRole('button', { name: 'Set due date', exact: true }).click();
  await page.getByText('Due date set for 3 documents.').waitFor();
  await expect.poll(() => rows.filter({ hasText: 'Overdue Nov 20, 2026' }).count()).toBe(3);
  expect(await findViolations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Complete …' }).click();
  const question = page.getByRole('dialog', { name: 'Complete 3 documents?' });
  await question.getByRole('button', { name: 'Complete' }).click();
  const left = page.getByRole('dialog', { name: /documents not completed/ });
  await left
    .getByText('María Elena Castillo Vega: IEP Cover Page: Meeting date is empty')
    .waitFor();
  expect(await findViolations(page)).toEqual([]);
  await left.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('link', { name: /^Due within 7 days/ }).click();
  await page
    .getByRole('columnheader', { name: 'Due' })
    .and(page.locator('[aria-sort=ascending]'))
    .waitFor();
  await search.fill('nobody at all');
  await page.getByText('No documents found').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).last().click();
  await page
    .getByRole('link', { name: 'All', exact: true })
    .and(page.locator('[aria-current]'))
    .waitFor();
  await context.close();
});

it('a user keeps a list of their own students, which opens first', async () => {
  const context = await app.signedIn('staff', { viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  await page.goto('/a/pineridge.example/students');
  await page.getByRole('link', { name: 'My students 0' }).click();
  await page.getByText('No students of your own yet').waitFor();
  await page.getByRole('button', { name: 'Show all students' }).click();
  const boxes = page.getByRole('checkbox', { name: /^Select (?!all)/ });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  const names = await boxes.evaluateAll((all) =>
    all.map((box) => box.ariaLabel?.replace('Select ', '') ?? ''),
  );
  await page.getByRole('button', { name: 'Add to My students' }).click();
  await page.getByText('Added 2 students to My students.').waitFor();
  await page.goto('/a/pineridge.example/students');
  await page.getByText('2 students', { exact: true }).waitFor();
  await page.getByRole('link', { name: names[0] ?? '' }).click();
  await page.getByRole('button', { name: 'Remove from My students' }).click();
  await page.getByText('Removed 1 student from My students.').waitFor();
  await page.getByRole('button', { name: 'Add to My students' }).waitFor();
  await page.goto('/a/pineridge.example/students');
  await page.getByText('1 student', { exact: true }).waitFor();
  expect(await page.locator('.row-link').allTextContents()).toEqual([names[1]]);
  await context.close();
});

it('a read-only user prints and exports a selection, but creates no documents', async () => {
  const context = await app.signedIn('read-only', {});
  const page = await context.newPage();
  // The browser's own dialog would show this text.
  await page.addInitScript(
    `globalThis.print = () => { document.title = document.querySelector('.printed-students').textContent; };`,
  );
  await page.goto('/a/pineridge.example/students?sort=-name&columns=name,grade');
  await page
    .getByRole('checkbox', { name: /^Select (?!all)/ })
    .first()
    .check();
  await page
    .getByRole('checkbox', { name: /^Select (?!all)/ })
    .nth(1)
    .check();
  const bar = page.getByRole('region', { name: 'Selected students' });
  const names = (await page.locator('.row-link').allTextContents()).slice(0, 2);
  const download = page.waitForEvent('download');
  await bar.getByRole('link', { name: 'Export' }).click();
  const csv = Buffer.concat(await Array.fromAsync(await (await download).createReadStream()));
  expect(csv.toString().trimEnd().split('\r\n')).toHaveLength(3);
  await bar.getByRole('button', { name: 'Print' }).click();
  await expect.poll(() => page.title()).toContain('2 students, Nov 23, 2026NameGrade');
  expect(await page.title()).toMatch(new RegExp(names.join('.*')));
  expect(await bar.getByRole('button', { name: 'Create documents' }).count()).toBe(0);
  await context.close();
});

it('an administrator fills the list of a case manager, who sees it', async () => {
  const context = await app.signedIn('administrator', { viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  await page.goto('/a/pineridge.example/students');
  await page.getByLabel('Select all on this page').check();
  await page.getByRole('button', { name: 'Student lists' }).click();
  await page.getByRole('menuitem', { name: 'Add to another user’s list …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByLabel('User')
    .selectOption({ label: `Robin Hale (${samplePeople.staff.email})` });
  expect(await findViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page
    .getByText(/Added \d+ students to Robin Hale’s list. \d+ students are at a school/)
    .waitFor();

  await page.goto('/a/pineridge.example/users');
  await page.getByRole('button', { name: 'Actions: Robin Hale' }).click();
  await page.getByRole('menuitem', { name: 'Students' }).click();
  await page.getByRole('heading', { level: 1, name: 'Students of Robin Hale' }).waitFor();
  await page.getByLabel('Select all on this page').check();
  await page.getByRole('button', { name: 'Remove from the list' }).click();
  await page.getByText('No students on this list yet').waitFor();
  await page.getByRole('combobox', { name: 'Add a student' }).fill('castillo vega');
  await page.getByRole('option', { name: /María Elena Castillo Vega/ }).click();
  await page.getByText('Added 1 student to Robin Hale’s list.').waitFor();
  expect(await page.locator('.row-link').allTextContents()).toEqual(['Castillo Vega, María Elena']);
  expect(await findViolations(page)).toEqual([]);

  const staff = await app.signedIn('staff');
  const list = await staff.newPage();
  await list.goto('/a/pineridge.example/students?view=mine&search=castillo');
  await list.getByText('1 student', { exact: true }).waitFor();
  await staff.close();
  await context.close();
});
