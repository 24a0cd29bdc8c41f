import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Role } from '../../src/contract/endpoint.ts';
import type { Database } from '../../src/database/database.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import { setColorScheme, findViolations } from './accessibility.ts';
import { openSampleApp, type SampleApp, visit } from './sample-app.ts';
import { findTechnicalWords } from './technical-words.ts';
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

/** The help shows pages of the documentation, which explain technical words. */
const showsDocumentation = (name: string): boolean => name.startsWith('help');

/** Returns by how many pixels the page is wider than the window, which hides content on a phone. */
const measureOverflow = async (page: Page): Promise<number> =>
  page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);

describe.each(screens.map((screen) => [screen.name, screen] as const))('%s', (_name, screen) => {
  it('is complete and accessible in light and dark, fits on a phone, and has no technical words', async () => {
    const page = await pageOf(getViewer(screen));
    const faults: string[] = [];
    const note = (fault: Error) => faults.push(fault.message);
    page.on('pageerror', note);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
    await visit(page, screen, app.sample);
    expect(await page.title()).toMatch(/^.+ · SameGoal$/);
    const part = showsDocumentation(screen.name) ? 'nav' : 'body';
    expect(findTechnicalWords(await page.locator(part).first().innerText())).toEqual([]);
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

describe('the frame', () => {
  const openFirst = async (path: string): Promise<Page> => {
    const page = await pageOf('administrator');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`/a/pineridge.example/${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  };

  it('finds a student from any page by keyboard alone', async () => {
    const page = await openFirst('imports');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('castillo vega');
    const option = page.getByRole('option', { name: /Castillo Vega, María Elena/ });
    await option.waitFor();
    expect(await findViolations(page)).toEqual([]);
    await expect.poll(async () => option.getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /Castillo Vega/ }).waitFor();
    // The other shortcut; more students than fit lead to the list.
    await page.keyboard.press('/');
    await page.keyboard.type('104');
    await page.getByRole('option', { name: 'See all results for “104”' }).click();
    await page.getByRole('heading', { level: 1, name: 'Students' }).waitFor();
    expect(new URL(page.url()).searchParams.get('search')).toBe('104');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('zzzzz');
    await page.getByText('No students found. You can').waitFor();
    await page.keyboard.press('Escape');
    // Without a text, the students that the user viewed last.
    await page.keyboard.press('Control+k');
    await page.getByText('Recently viewed').waitFor();
    // In any order: in this test all views have the same time.
    await page.getByRole('option', { name: /Castillo Vega/ }).waitFor();
  });

  it('keeps the menu narrow for a user who collapsed it', async () => {
    const page = await openFirst('imports');
    const menu = page.getByRole('navigation', { name: 'Menu', exact: true });
    const label = menu.getByText('Import history');
    const measure = async () => (await menu.boundingBox())?.width ?? 0;
    expect(await measure()).toBeGreaterThan(200);
    await menu.getByRole('button', { name: 'Collapse menu' }).click();
    await page.reload();
    await label.waitFor();
    expect(await measure()).toBeLessThan(80);
    expect(await findViolations(page)).toEqual([]);
    await menu.getByRole('button', { name: 'Expand menu' }).click();
    expect(await measure()).toBeGreaterThan(200);
  });

  it('opens one menu at a time on a phone, and everything with it', async () => {
    const page = await openFirst('imports');
    await page.setViewportSize({ width: 390, height: 780 });
    await page.getByRole('button', { name: 'Menu' }).click();
    const drawer = page.getByRole('dialog', { name: 'Menu' });
    await drawer.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('heading', { level: 1, name: /Audit/ }).waitFor();
    expect(await drawer.count()).toBe(0);
    // The focus is at the new page's heading.
    expect(await page.locator(':focus').innerText()).toMatch(/Audit/);
    await page.getByRole('button', { name: 'Search students' }).click();
    await page.getByRole('combobox', { name: 'Search students' }).fill('castillo vega');
    await page.getByRole('option', { name: /Castillo Vega, María Elena/ }).click();
    await page.getByRole('heading', { level: 1, name: /Castillo Vega/ }).waitFor();
  });

  it('shows one notice at a time, which covers nothing of the page', async () => {
    const page = await openFirst('settings/letterhead');
    const lines = page.getByLabel('Lines (the first one is printed large)');
    for (const text of ['Pine Ridge ISD', 'Pine Ridge Independent School District']) {
      await lines.fill(text);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved. It appears on every document').waitFor();
    }
    const notices = page.getByRole('region', { name: 'Notices' });
    const close = notices.getByRole('button', { name: 'Close the notice' });
    expect(await close.count()).toBe(1);
    expect(await findViolations(page)).toEqual([]);
    const content = await page.getByRole('main').boundingBox();
    const notice = await page.locator('.notice').boundingBox();
    expect((notice?.x ?? 0) + (notice?.width ?? 0)).toBeLessThanOrEqual(content?.x ?? 0);
    const items = page.getByRole('navigation', { name: 'Menu', exact: true }).locator('ul');
    const last = await items.last().boundingBox();
    expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(notice?.y ?? 0);
    await close.click();
  });

  it('leaves the window to the page at 200 % zoom, and keeps the buttons of dialogs in sight', async () => {
    const page = await openFirst('settings/district-information');
    await page.setViewportSize({ width: 683, height: 384 });
    await page.getByRole('button', { name: 'Replace key and secret …' }).click();
    const button = await page.getByRole('button', { name: 'Test and replace' }).boundingBox();
    expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThanOrEqual(384);
    await page.keyboard.press('Escape');
    await page.mouse.wheel(0, 400);
    const bar = page.getByRole('banner');
    await expect.poll(async () => (await bar.boundingBox())?.y).toBeLessThan(-50);
  });
});
