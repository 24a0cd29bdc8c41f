import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Role } from '../../src/contract/endpoint.ts';
import type { Database } from '../../src/database/database.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import { setColorScheme, findViolations } from './accessibility.ts';
import { openSampleApp, type SampleApp, visit } from './sample-app.ts';
import { testBrowser } from './test-browser.ts';
import { screens, getViewer } from './screens.ts';

let database: Database;
let app: SampleApp;
const pages = new Map<Role | undefined, Page>();

beforeAll(async () => {
  database = await openTestDatabase();
  app = await openSampleApp(database, testBrowser);
});
afterAll(async () => {
  await app.close();
  await database.close();
});

const pageOf = async (role: Role | undefined): Promise<Page> => {
  const known = pages.get(role);
  if (known) return known;
  const page = await (await app.signedIn(role)).newPage();
  pages.set(role, page);
  return page;
};

/** Returns by how many pixels the page is wider than the window, which hides content on a phone. */
const measureOverflow = async (page: Page): Promise<number> =>
  page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);

describe.each(screens.map((screen) => [screen.name, screen] as const))('%s', (_name, screen) => {
  it('is complete and accessible in light and dark, and fits on a phone', async () => {
    const page = await pageOf(getViewer(screen));
    const faults: string[] = [];
    const note = (fault: Error) => faults.push(fault.message);
    page.on('pageerror', note);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
    await visit(page, screen, app.sample);
    expect(await page.title()).toMatch(/^.+ · SameGoal$/);
    expect({ light: await findViolations(page) }).toEqual({ light: [] });
    expect(await measureOverflow(page)).toBe(0);
    await setColorScheme(page, 'dark');
    expect({ dark: await findViolations(page, 'colors') }).toEqual({ dark: [] });
    await page.setViewportSize({ width: 390, height: 780 });
    expect({ phone: await findViolations(page) }).toEqual({ phone: [] });
    expect(await measureOverflow(page)).toBe(0);
    page.off('pageerror', note);
    expect(faults).toEqual([]);
  });
});
