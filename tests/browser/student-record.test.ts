import pino from 'pino';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createRateLimits } from '../../src/api/server/rate-limits.ts';
import { type RunningServer, startServer } from '../../src/api/server/server.ts';
import { buildWeb } from '../../src/api/server/web-build.ts';
import { type Limit, type LimitName, limits } from '../../src/contract/limits.ts';
import type { Database } from '../../src/database/database.ts';
import { fillSampleDistrict, sampleNow, samplePerson } from '../builders/sample-district.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import { setColorScheme, findViolations } from './accessibility.ts';
import type { OpenBrowser } from './browser.ts';
import { signIn } from './sign-in.ts';
import { testBrowser } from './test-browser.ts';

/** The rate limits of the server, which a test lowers temporarily. */
const table: Record<LimitName, Limit> = { ...limits };

let database: Database;
let server: RunningServer;
let chromium: OpenBrowser;

beforeAll(async () => {
  database = await openTestDatabase();
  const [{ accounts }, webFolder, browser] = await Promise.all([
    fillSampleDistrict(database),
    buildWeb(),
    testBrowser(),
  ]);
  chromium = browser;
  const log = pino({ level: 'silent' });
  const rateLimits = createRateLimits({ table, now: () => 0 });
  const now = () => sampleNow;
  server = await startServer({ database, accounts, log, webFolder, port: 0, now, rateLimits });
});
afterAll(async () => {
  await chromium.close();
  await server.close();
  await database.close();
});

async function expectNoBarrier(page: Page): Promise<void> {
  expect({ light: await findViolations(page) }).toEqual({ light: [] });
  await setColorScheme(page, 'dark');
  expect({ dark: await findViolations(page, 'colors') }).toEqual({ dark: [] });
  await setColorScheme(page, 'light');
}

/** Returns whether the page is wider than the screen. */
const scrollsSideways = async (page: Page): Promise<boolean> =>
  page.locator('html').evaluate((html) => html.scrollWidth > html.clientWidth);

it('a user signs in, finds a student by name and opens the parents, accessible in light and dark', async () => {
  const page = await chromium.browser.newPage({ reducedMotion: 'reduce' });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // The browser itself logs the 401 before the sign-in.
    if (message.type() === 'error' && !message.text().includes('401')) faults.push(message.text());
  });

  await page.goto(`${server.url}/a/pineridge.example/students?search=vega`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expectNoBarrier(page);
  await page.getByLabel('E-mail').fill(samplePerson.email);
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('E-mail or password is wrong.').waitFor();
  await expectNoBarrier(page);
  await page.getByLabel('Password', { exact: true }).fill(samplePerson.password);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.getByText('1 student', { exact: true }).waitFor();
  expect(new URL(page.url()).search).toBe('?search=vega');
  await page.getByRole('heading', { name: 'Students' }).press('/');
  await page.keyboard.type('ZZZ');
  await page.getByText('No students found').waitFor();
  await expectNoBarrier(page);
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await page.getByText('1–25 of 64 students').waitFor();
  await expectNoBarrier(page);
  await page.getByRole('textbox').fill('CASTILLO maria');
  await page.getByText('1 student', { exact: true }).waitFor();

  const badge = page.getByRole('button', { name: /^Pre-Enrolled: / });
  await badge.focus();
  await page
    .getByText('starts Jan 6, 2027 at Cedar Creek Middle. Pre-Enrolled → Enrolled on Jan 6, 2027.')
    .waitFor();
  await expectNoBarrier(page);
  await page.getByRole('link', { name: 'Castillo Vega, María Elena' }).click();

  const parents = page.getByRole('region', { name: 'Parents and guardians' });
  await parents.getByRole('heading', { name: 'Lucía Vega Romero' }).waitFor();
  await parents.getByText('Restricted access.').waitFor();
  await page.getByRole('tab', { name: 'Details', selected: true }).waitFor();
  const title = page.getByRole('heading', { level: 1 });
  expect(await title.textContent()).toBe('María Elena Castillo Vega');
  expect(await title.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(
    true,
  );
  await expectNoBarrier(page);
  await page.setViewportSize({ width: 390, height: 780 });
  await expectNoBarrier(page);
  expect(await scrollsSideways(page)).toBe(false);

  await page.getByRole('button', { name: samplePerson.name }).click();
  await expectNoBarrier(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto(`${server.url}/a/pineridge.example/students/1`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

it('a rate-limited user sees when to retry, and the app retries only then', async () => {
  const context = await chromium.browser.newContext({ baseURL: server.url });
  await signIn(context, server.url, samplePerson);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto('/a/pineridge.example/students?search=vega');
  const asked: string[] = [];
  page.on('request', (request) => {
    if (/\/api\/.*\/students\/\d+$/.test(request.url())) asked.push(request.url());
  });
  const link = page.getByRole('link', { name: 'Castillo Vega, María Elena' });
  await link.waitFor();
  // Less than one: rejected at once, for a minute.
  table.read = { user: 0.5 };
  await link.click();
  const alert = page.getByRole('alert');
  await alert.getByText(/too many requests .* Wait \d+ seconds?, then try again\./).waitFor();
  expect(asked).toHaveLength(1);
  for (let clicks = 0; clicks < 5; clicks += 1) {
    await alert.getByRole('button', { name: 'Try again' }).click();
    await alert.getByRole('button', { name: 'Try again' }).waitFor();
  }
  expect(asked).toHaveLength(1);
  table.read = limits.read;
  await page.clock.fastForward('02:00');
  await page.getByRole('heading', { level: 1, name: 'María Elena Castillo Vega' }).waitFor();
  expect(asked).toHaveLength(2);
  await context.close();
});

it('the app is loaded without development code, in less than 250 kB compressed', async () => {
  const page = await chromium.browser.newPage();
  let bytes = 0;
  page.on('response', (response) => {
    bytes += Number(response.headers()['content-length'] ?? 0);
  });
  await page.goto(server.url);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(250_000);
  await page.close();
});

it('an unknown address shows an accessible page', async () => {
  const page = await chromium.browser.newPage();
  await page.goto(`${server.url}/nowhere`);
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.close();
});
