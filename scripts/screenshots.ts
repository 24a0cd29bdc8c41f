/** Takes the pictures in docs/images/ anew: node scripts/with-node.mjs scripts/screenshots.ts [FOLDER] */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Page } from 'playwright-core';
import pino from 'pino';

import { startServer } from '../src/api/server.ts';
import { buildWeb } from '../src/api/web-build.ts';
import { openBrowser } from '../tests/browser/browser.ts';
import { fillSampleDistrict, samplePerson } from '../tests/sample-district.ts';
import { openThrowawayDatabase } from '../tests/throwaway-server.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/images', import.meta.url));
await mkdir(folder, { recursive: true });

await using cleanUp = new AsyncDisposableStack();
const database = await openThrowawayDatabase();
cleanUp.defer(() => database.close());
const { accounts, studentName } = await fillSampleDistrict(database);
const server = await startServer({
  database,
  accounts,
  log: pino({ level: 'silent' }),
  webFolder: await buildWeb(),
  port: 0,
});
cleanUp.defer(() => server.close());
const { browser, ...opened } = await openBrowser();
cleanUp.defer(() => opened.close());

await picture('desktop', { width: 1180, height: 760 }, 'light');
await picture('dark', { width: 1180, height: 760 }, 'dark');
await picture('phone', { width: 390, height: 780 }, 'light');

/** Signs in and takes list and Details as `students-…png` and `details-…png`; the desktop has no suffix. */
async function picture(
  name: string,
  viewport: { readonly width: number; readonly height: number },
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const suffix = name === 'desktop' ? '' : `-${name}`;
  // Only the two that the README shows are kept by default; the others are for looking at.
  if (suffix !== '' && process.argv[2] === undefined) return;
  const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
  await page.goto(server.url);
  await page.getByLabel('E-mail').fill(samplePerson.email);
  await page.getByLabel('Password', { exact: true }).fill(samplePerson.password);
  if (suffix !== '') await take(page, `sign-in${suffix}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('table').waitFor();
  await take(page, `students${suffix}`);
  await page.getByRole('textbox').fill('castillo vega');
  await page.getByRole('link', { name: studentName }).click();
  await page.getByRole('heading', { name: 'Parents and guardians' }).waitFor();
  await take(page, `details${suffix}`, true);
  await page.close();
}

async function take(page: Page, name: string, fullPage = false): Promise<void> {
  await page.mouse.move(0, 0);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, fullPage });
  console.log(path);
}
