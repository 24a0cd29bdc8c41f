import { readFile } from 'node:fs/promises';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Role } from '../../src/contract/endpoint.ts';
import type { Database } from '../../src/database/database.ts';
import { samplePeople } from '../builders/sample-history.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import { openSampleApp, type SampleApp, waitUntilLoaded } from './sample-app.ts';
import { testBrowser } from './test-browser.ts';
import { screens } from './screens.ts';

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

/** What the menu offers in a district. */
const staffMenu = ['Home', 'Students', 'Documents', 'Import history'];
const administratorMenu = [
  'Home',
  'Students',
  'Documents',
  'Forms',
  'Import history',
  'Upcoming changes',
  'Import issues',
  'Duplicates',
  'Users',
  'Audit log',
  'District Information',
  'Imports',
  'Notifications',
  'Letterhead',
  'Sign-in',
  'Webhooks',
];
const menus: Readonly<Record<Role, readonly string[]>> = {
  technician: [...administratorMenu, 'Districts', 'Support', 'Support audit log'],
  administrator: administratorMenu,
  staff: staffMenu,
  'read-only': staffMenu,
};

/** Addresses of the API behind screens that only some roles have. */
const guarded = [
  ['/audit', ['technician', 'administrator']],
  ['/audit/users', ['technician', 'administrator']],
  ['/users', ['technician', 'administrator']],
  ['/information', ['technician', 'administrator']],
  ['/duplicates', ['technician', 'administrator']],
  ['/upcoming-changes', ['technician', 'administrator']],
] as const;

/** What a user sees at the address of a screen that the role may not open. */
const deniedText =
  /You don’t have access to this page|Page not found|could not be loaded|Couldn’t load/;

/** Opens an address inside the app, like a link, so that the app is loaded once for all screens. */
async function follow(page: Page, address: string): Promise<void> {
  await page.evaluate(
    `history.pushState({}, '', ${JSON.stringify(address)});
     dispatchEvent(new PopStateEvent('popstate', { state: {} }));`,
  );
}

const expectNotFound = async (page: Page): Promise<void> =>
  page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();

async function nothingAt(page: Page, address: string): Promise<void> {
  await follow(page, address);
  await expectNotFound(page);
}

/** Opens a page that every role has. */
async function accountPage(page: Page): Promise<void> {
  await follow(page, '/account');
  await page.getByRole('heading', { level: 1, name: /account/i }).waitFor();
}

const isFor = (roles: readonly Role[] | 'anyone', role: Role): boolean =>
  roles === 'anyone' || roles.includes(role);

/** Lists the paths of denied requests of this role's user in a district's audit trail. */
const listDenied = async (role: Role, domain: string): Promise<readonly string[]> => {
  const { rows } = await database.pool.query<{ path: string }>(
    `select e.detail ->> 'path' as path from audit_events e join districts d on d.id = e.district_id
     where d.domain = $1 and e.account_email = $2 and e.action = 'access-denied'`,
    [domain, samplePeople[role].email],
  );
  return rows.map(({ path }) => path);
};

describe.each(Role.options)('%s', (role) => {
  it('is offered the pages that the role may use, and no others', async () => {
    const context = await app.signedIn(role);
    const page = await context.newPage();
    await page.goto('/a/pineridge.example/students');
    const menu = page.getByRole('navigation', { name: 'Menu', exact: true });
    await menu.getByRole('link', { name: 'Students' }).waitFor();
    expect(await menu.getByRole('listitem').allTextContents()).toEqual(menus[role]);
    const current = menu.locator('[aria-current=page]');
    expect(await current.allTextContents()).toEqual(['Students']);
    await context.close();
  });

  it('sees the screens of the role, and that the others are not for the role', async () => {
    const context = await app.signedIn(role);
    const page = await context.newPage();
    await page.goto('/account');
    const known = screens.filter(
      ({ roles, as = 'administrator' }) =>
        roles !== 'anyone' &&
        // Skips screens that every-screen.test.ts opens as the same role.
        !(isFor(roles, role) && as === role),
    );
    const seen: string[] = [];
    for (const screen of known) {
      const isAllowed = isFor(screen.roles, role);
      // From a different page, so that nothing of the previous screen is mistaken for the new one.
      await (isAllowed ? nothingAt(page, '/nowhere') : accountPage(page));
      await follow(page, screen.address(app.sample));
      const heading = page.getByRole('heading', { level: 1, name: screen.heading });
      const shown = page.getByText(screen.shows).filter({ visible: true }).first();
      if (isAllowed) await Promise.all([heading.waitFor(), shown.waitFor()]);
      else await page.getByRole('main').getByText(deniedText).first().waitFor();
      await waitUntilLoaded(page);
      if ((await heading.isVisible()) && (await shown.isVisible())) seen.push(screen.name);
    }
    expect(seen).toEqual(known.filter(({ roles }) => isFor(roles, role)).map(({ name }) => name));
    await context.close();
  });

  it('gets restricted data only with a permitted role; a denied request is recorded', async () => {
    // Signs in once for all of them, since sign-ins per minute are limited.
    const context = await app.signedIn(role);
    for (const [path, allowed] of guarded) {
      const address = `/api/districts/pineridge.example${path}`;
      const answer = await context.request.get(address);
      const isAllowed = allowed.some((one) => one === role);
      expect([address, answer.status()]).toEqual([address, isAllowed ? 200 : 404]);
      const kept = await listDenied(role, 'pineridge.example');
      expect(kept.includes(`/api/districts/{domain}${path}`)).toBe(!isAllowed);
    }
    await context.close();
  });
});

it.each(['administrator', 'staff', 'read-only'] as const)(
  '%s finds nothing at the address of another district, and both districts keep that it was tried',
  async (role) => {
    const context = await app.signedIn(role);
    const page = await context.newPage();
    await page.goto('/a/cedarhollow.example/students');
    await expectNotFound(page);
    expect(await page.getByText('Cedar Hollow').count()).toBe(0);
    expect(await listDenied(role, 'pineridge.example')).toContain('/api/districts/{domain}');
    expect(await listDenied(role, 'cedarhollow.example')).toContain(
      '/api/districts/cedarhollow.example',
    );
    await context.close();
  },
);

it('an administrator sees in the audit log who was denied access', async () => {
  const staff = await app.signedIn('staff');
  await staff.request.get('/api/districts/pineridge.example/users');
  await staff.close();
  const context = await app.signedIn('administrator');
  const page = await context.newPage();
  await page.goto('/a/pineridge.example/audit?action=access-denied');
  const line = page
    .getByRole('listitem')
    .filter({ hasText: 'Robin Hale tried to open the list of users without permission' })
    .first();
  expect(await line.getAttribute('data-denied')).toBe('true');
  await line.getByRole('button', { name: 'Details' }).click();
  await line.getByText('robin.hale@pineridge.example').waitFor();
  expect(await line.getByText('robin.hale@pineridge.example').isVisible()).toBe(true);
  await context.close();
});

it('a technician finds a district with trouble first, filters, searches, and exports the list', async () => {
  const context = await app.signedIn('technician');
  const page = await context.newPage();
  await page.goto('/districts');
  const names = page.locator('.data-table .row-link');
  await names.first().waitFor();
  expect(await names.allTextContents()).toEqual([
    'Cedar Hollow Schools',
    'Pine Ridge Independent School District',
  ]);
  await page
    .getByRole('group', { name: 'State' })
    .getByRole('button', { name: /Access expires/ })
    .click();
  await expect
    .poll(() => names.allTextContents())
    .toEqual(['Pine Ridge Independent School District']);
  await page.getByLabel('Search districts by name or e-mail domain').fill('hollow');
  await page.getByText('No districts found').waitFor();
  await page.getByRole('button', { name: 'Show all districts' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ]);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv).toContain('Cedar Hollow Schools,cedarhollow.example,America/Denver');
  await names.first().click();
  await page.getByRole('heading', { name: 'Import on hold: needs review' }).waitFor();
  await page.getByRole('link', { name: 'Districts' }).first().click();
  await names.first().waitFor();
  await context.close();
});

it('staff of one school see its students and no others', async () => {
  const context = await app.signedIn('staff');
  const page = await context.newPage();
  await page.goto('/a/pineridge.example/students');
  await page.getByText('Castillo Vega, María Elena').first().waitFor();
  expect(await page.getByText('Pine Ridge Elementary').count()).toBe(0);
  await page.goto(`/a/pineridge.example/students/${app.sample.manualStudentId}`);
  await page.getByRole('heading', { level: 1, name: 'Student not found' }).waitFor();
  await page.goto('/a/pineridge.example/settings');
  const denied = { level: 1, name: 'You don’t have access to this page.' };
  await page.getByRole('heading', denied).waitFor();
  await context.close();
});

it('staff update all documents whose student information has changed, from Home', async () => {
  const context = await app.signedIn('staff');
  const page = await context.newPage();
  await page.goto('/a/pineridge.example');
  const card = page.getByRole('region', { name: /^Student information changed/ });
  await card.getByRole('link', { name: /Castillo Vega, María Elena/ }).waitFor();
  await card.getByRole('button', { name: 'Update all' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('what is current in Skyward').waitFor();
  await dialog.getByRole('button', { name: 'Update all' }).click();
  await page.getByText('1 document updated.').waitFor();
  await card.waitFor({ state: 'detached' });
  expect(await page.getByRole('link', { name: /IEP Cover Page/ }).count()).toBe(0);
  await context.close();
});
