import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Role } from '../../src/contract/endpoint.ts';
import type { Database } from '../../src/database/database.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import { showIn, violations } from './barriers.ts';
import { openSampleApp, type SampleApp, visit } from './sample-app.ts';
import { testBrowser } from './test-browser.ts';
import { screens, viewerOf } from './screens.ts';

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

/** By how much the page is wider than the window: what stands there can't be read on a phone. */
const overhang = async (page: Page): Promise<number> =>
  page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);

describe.each(screens.map((screen) => [screen.name, screen] as const))('%s', (_name, screen) => {
  it('is whole, without a barrier in light and dark, and fits a phone', async () => {
    const page = await pageOf(viewerOf(screen));
    const faults: string[] = [];
    const note = (fault: Error) => faults.push(fault.message);
    page.on('pageerror', note);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
    await visit(page, screen, app.sample);
    expect(await page.title()).toMatch(/^.+ · SameGoal$/);
    expect({ light: await violations(page) }).toEqual({ light: [] });
    expect(await overhang(page)).toBe(0);
    await showIn(page, 'dark');
    expect({ dark: await violations(page, 'colors') }).toEqual({ dark: [] });
    await page.setViewportSize({ width: 390, height: 780 });
    expect({ phone: await violations(page) }).toEqual({ phone: [] });
    expect(await overhang(page)).toBe(0);
    page.off('pageerror', note);
    expect(faults).toEqual([]);
  });
});
