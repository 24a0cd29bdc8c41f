/** Takes the setup guide's screenshots of the sandbox Skyward's pages: npm run guide-screenshots */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Page } from 'playwright-core';

import { startSandbox } from '../sandbox/sandbox.ts';
import { openBrowser } from '../tests/browser/browser.ts';

const folder = fileURLToPath(new URL('../docs/images/guide', import.meta.url));
await mkdir(folder, { recursive: true });

await using cleanUp = new AsyncDisposableStack();
// A fixed day and seed, so that the screenshots do not change.
const skyward = await startSandbox({
  port: 0,
  students: 60,
  schools: 3,
  seed: 5,
  today: '2026-11-24',
});
cleanUp.defer(() => skyward.close());
const chromium = await openBrowser();
cleanUp.defer(() => chromium.close());
const page = await chromium.browser.newPage({ viewport: { width: 1040, height: 640 } });

await signIn(page);
for (const step of ['Administrative Access', 'API', 'Integration']) {
  await page.getByRole('link', { name: step, exact: true }).first().click();
}
await take('1-integration');
await page.getByRole('link', { name: 'SameGoal Demographics', exact: true }).first().click();
await page.getByRole('tab', { name: 'Integration Accesses' }).click();
await take('2-integration-accesses');
await page.getByRole('link', { name: 'Add Integration Access' }).click();
await page.getByLabel('Name', { exact: true }).fill('Nightly demographics');
await page.getByLabel('Key', { exact: true }).fill('larkspur-demographics');
await page.getByLabel('Authentication Type').selectOption('OAuth 2.0');
const entities = page.getByRole('group', { name: 'Custom API Entities' }).getByRole('checkbox');
for (const entity of await entities.all()) await entity.check();
await take('3-access-record');
await page.getByRole('button', { name: 'Save' }).click();
await page.getByText('larkspur-demographics').first().waitFor();
await take('4-access-saved');

async function signIn(at: Page): Promise<void> {
  const { adminUser, adminPassword } = skyward.sandbox;
  await at.goto(skyward.adminUrl);
  await at.getByLabel('Login').fill(adminUser);
  await at.getByLabel('Password').fill(adminPassword);
  await at.getByRole('button', { name: 'Sign In' }).click();
}

async function take(name: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  await page.mouse.move(0, 0);
  await page.screenshot({ path, fullPage: true });
  console.log(path);
}
