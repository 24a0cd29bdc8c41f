/** The tabs of a student's record in a real browser: staff notes, the date slider, the history, roles. */
import pino from 'pino';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type RunningServer, startServer } from '../../src/api/server/server.ts';
import { buildWeb } from '../../src/api/server/web-build.ts';
import type { Database } from '../../src/database/database.ts';
import { fillSampleDistrict, samplePerson } from '../builders/sample-district.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import { findViolations } from './accessibility.ts';
import type { OpenBrowser } from './browser.ts';
import { signIn } from './sign-in.ts';
import { testBrowser } from './test-browser.ts';

let database: Database;
let server: RunningServer;
let chromium: OpenBrowser;
let studentId = 0;

const staff = { email: 'casey.lund@pineridge.example', password: 'a long walk at sunrise' };
const reader = { email: 'remy.shaw@pineridge.example', password: 'a long walk at sunrise' };

beforeAll(async () => {
  database = await openTestDatabase();
  const [{ accounts }, webFolder, browser] = await Promise.all([
    fillSampleDistrict(database),
    buildWeb(),
    testBrowser(),
  ]);
  chromium = browser;
  const { pool } = database;
  const { rows } = await pool.query<{ id: number; district: number; run: number }>(
    `update students set status_decided_on = '2026-11-23',
       status_decided_under = '[2027,"01","CECS",false]'
     where skyward_id = 4711 returning id, district_id as district, first_run_id as run`,
  );
  const [student = { id: 0, district: 0, run: 0 }] = rows;
  studentId = student.id;
  await pool.query(
    `insert into student_changes (district_id, student_id, run_id, record, field, old_value, new_value)
     values ($1, $2, $3, 'student', 'legal_first_name', '"Maria"', '"María"'),
       ($1, $2, $3, 'student', 'status', '"INACTIVE"', '"PRE_ENROLLED"'),
       ($1, $2, $3, 'student', 'status_rule', '"no-enrollment"', '"future-without-past"')`,
    [student.district, student.id, student.run],
  );
  await pool.query(
    `insert into import_problems (district_id, run_id, kind, skyward_student_id, message)
     values ($1, $2, 'no-number', 4711, 'A phone has no number and was left out.')`,
    [student.district, student.run],
  );
  const person = { districtId: student.district };
  await accounts.createAccount({ ...staff, ...person, name: 'Casey Lund', role: 'staff' });
  await accounts.createAccount({ ...reader, ...person, name: 'Remy Shaw', role: 'read-only' });
  const log = pino({ level: 'silent' });
  const now = () => Temporal.Instant.from('2026-11-23T18:00:00Z');
  server = await startServer({ database, accounts, log, webFolder, port: 0, now });
});
afterAll(async () => {
  await chromium.close();
  await server.close();
  await database.close();
});

/** Opens a tab of the student's record as this user, in a separate browser context. */
async function open(
  tab: string,
  person: { readonly email: string; readonly password: string } = samplePerson,
): Promise<Page> {
  const page = await chromium.browser.newPage({ reducedMotion: 'reduce' });
  await signIn(page.context(), server.url, person);
  await page.goto(`${server.url}/a/pineridge.example/students/${studentId}/${tab}`);
  await page.getByRole('heading', { level: 1, name: 'María Elena Castillo Vega' }).waitFor();
  return page;
}

const scrollsSideways = async (page: Page): Promise<boolean> =>
  page.locator('html').evaluate((html) => html.scrollWidth > html.clientWidth);

/** Text that shows that a tab has loaded. */
const landmarks = [
  ['Details', 'Parents and guardians'],
  ['Documents', 'No documents yet'],
  ['Enrollment', 'Determines status'],
  ['History', 'Import of Nov 23, 2026'],
  ['Basics', 'Identity'],
] as const;

it('arrow keys move through the tabs; each has an address and no accessibility violation', async () => {
  const page = await open('details');
  await page.getByLabel('Pronouns').waitFor();
  await page.getByRole('tab', { name: 'Details' }).focus();
  for (const [tab, landmark] of landmarks) {
    await page.getByRole('tab', { name: tab, selected: true }).waitFor();
    await page.getByRole('tabpanel').getByText(landmark).first().waitFor();
    expect(new URL(page.url()).pathname).toMatch(new RegExp(`/${tab.toLowerCase()}$`));
    expect([tab, await findViolations(page)]).toEqual([tab, []]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect([tab, await scrollsSideways(page)]).toEqual([tab, false]);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.keyboard.press('ArrowRight');
  }
  await page.getByRole('tab', { name: 'Details', selected: true }).waitFor();
  await page.close();
});

describe('the Details', () => {
  it('put guardians first, mark recent changes with the old value, and say what is missing', async () => {
    const page = await open('details');
    await page.getByText('A phone has no number and was left out.').waitFor();
    const titles = await page.getByRole('tabpanel').getByRole('heading', { level: 2 }).all();
    expect(await Promise.all(titles.map(async (title) => title.textContent()))).toEqual([
      'Parents and guardians',
      'Student',
      'Contact',
      'School',
      'Staff notes',
    ]);
    const student = page.getByRole('region', { name: 'Student', exact: true });
    await student.getByText('Changed Nov 23, 2026, was Maria').waitFor();
    await student.getByText('From Skyward, last updated Nov 23, 2026').waitFor();
    const school = page.getByRole('region', { name: 'School', exact: true });
    await school.getByText('Not in Skyward').first().waitFor();
    const mother = page.getByRole('article', { name: 'Lucía Vega Romero' });
    expect(await mother.getByRole('link', { name: '(512) 555-0163' }).getAttribute('href')).toBe(
      'tel:5125550163',
    );
    await page.close();
  });

  it('keep the head in sight, with safety flags and status, and leave room on small screens', async () => {
    const page = await open('details');
    const head = page.locator('.student-head');
    await head.getByText('Restricted guardian').waitFor();
    await page.getByText('Date of birth Apr 17, 2013 (age 13)').waitFor();
    await page.getByText('Pre-Enrolled → Enrolled on Jan 6, 2027.').first().waitFor();
    const coveredAt = async (width: number, height: number) => {
      await page.setViewportSize({ width, height });
      await page.getByText('See all changes in History').scrollIntoViewIfNeeded();
      const box = await head.boundingBox();
      return box === null ? 0 : Math.max(0, box.y + box.height) / height;
    };
    // The last one is a laptop at 200 %.
    const covered = [await coveredAt(1366, 768), await coveredAt(390, 844)];
    expect(covered.every((share) => share > 0 && share < 0.25)).toBe(true);
    expect(await coveredAt(683, 384)).toBe(0);
    await page.close();
  });

  it('start a new document of the student from the head', async () => {
    const page = await open('history', staff);
    await page.getByRole('button', { name: 'New document' }).click();
    await page.getByRole('menuitem', { name: 'Meeting Notice (ARD/IEP)' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Meeting Notice (ARD/IEP)' }).click();
    await page.waitForURL(/\/documents\/\d+$/);
    await page.close();
  });

  it('save staff notes automatically, and keep them through a lost connection', async () => {
    const page = await open('details', staff);
    const pronouns = page.getByLabel('Pronouns');
    await pronouns.fill('she/her');
    await page.getByText(/^Saved \d+:\d\d [AP]M by you\.$/).waitFor();
    await page.getByLabel('Preferred gender').selectOption('Non-binary');
    await page.context().setOffline(true);
    const notes = page.getByLabel('Notes', { exact: true });
    await notes.fill('Prefers to be called Malena.');
    await notes.blur();
    await page
      .getByText(/^Not saved yet: the server can’t be reached/)
      .first()
      .waitFor();
    expect(await findViolations(page)).toEqual([]);
    // The text is still there after switching tabs.
    await page.context().setOffline(false);
    await page.getByRole('tab', { name: 'Documents' }).click();
    await page.getByRole('tab', { name: 'Details' }).click();
    await expect
      .poll(async () => page.getByLabel('Notes', { exact: true }).inputValue())
      .toBe('Prefers to be called Malena.');
    await expect
      .poll(async () => {
        const { rows } = await database.pool.query<{ field: string; value: string }>(
          'select field, value from student_staff_values where student_id = $1 order by field',
          [studentId],
        );
        return rows.map(({ field, value }) => [field, value]);
      })
      .toEqual([
        ['notes', 'Prefers to be called Malena.'],
        ['preferred-gender', 'Non-binary'],
        ['pronouns', 'she/her'],
      ]);
    await page.close();
  });

  it('save unsaved text when the user leaves the page', async () => {
    const page = await open('details', staff);
    await page.getByLabel('Pronouns').fill('they/them');
    await page.getByRole('link', { name: 'Students' }).first().click();
    await expect
      .poll(async () => {
        const { rows } = await database.pool.query<{ value: string }>(
          `select value from student_staff_values where student_id = $1 and field = 'pronouns'`,
          [studentId],
        );
        return rows[0]?.value;
      })
      .toBe('they/them');
    await page.close();
  });

  it('show both versions when another user has saved, and keep the selected one', async () => {
    const [mine, theirs] = await Promise.all([open('details', staff), open('details')]);
    await mine.getByLabel('Notes', { exact: true }).waitFor();
    await theirs.getByLabel('Notes', { exact: true }).fill('From the administrator.');
    await theirs.getByLabel('Notes', { exact: true }).blur();
    await theirs
      .getByText(/^Saved .* by you\.$/)
      .first()
      .waitFor();
    await mine.getByLabel('Notes', { exact: true }).fill('From the case manager.');
    await mine.getByLabel('Notes', { exact: true }).blur();
    const conflict = mine.getByRole('alert');
    await conflict.getByText('Jordan Avery has saved this in the meantime.').waitFor();
    await conflict.getByText('From the administrator.').waitFor();
    await conflict.getByText('From the case manager.').waitFor();
    expect(await findViolations(mine)).toEqual([]);
    await conflict.getByRole('button', { name: 'Keep both' }).click();
    await conflict.waitFor({ state: 'hidden' });
    await expect
      .poll(async () => {
        const { rows } = await database.pool.query<{ value: string }>(
          `select value from student_staff_values where student_id = $1 and field = 'notes'`,
          [studentId],
        );
        return rows[0]?.value;
      })
      .toBe('From the administrator.\n\nFrom the case manager.');
    await mine.close();
    await theirs.close();
  });

  it('show staff notes read-only to read-only users', async () => {
    const page = await open('details', reader);
    const kept = page.getByRole('region', { name: 'Staff notes' });
    await kept.getByText('Pronouns').waitFor();
    expect(await kept.getByRole('textbox').count()).toBe(0);
    await page.close();
  });

  it('print one student without navigation', async () => {
    const page = await open('details');
    await page.getByLabel('Pronouns').waitFor();
    await page.emulateMedia({ media: 'print' });
    const hidden = ['Sign out', 'Print'].map(async (name) =>
      page.getByRole('button', { name }).isVisible(),
    );
    expect(await Promise.all(hidden)).toEqual([false, false]);
    expect(await page.getByRole('tablist').isVisible()).toBe(false);
    expect(await page.getByRole('banner').isVisible()).toBe(false);
    expect(await page.getByRole('heading', { name: 'Parents and guardians' }).isVisible()).toBe(
      true,
    );
    await page.close();
  });
});

describe('the Enrollment', () => {
  it('shows the status on another date by slider and date field, and returns to today', async () => {
    const page = await open('enrollment', staff);
    await page
      .getByText('Pre-Enrolled: starts Jan 6, 2027 at Cedar Creek Middle.')
      .first()
      .waitFor();
    await page.getByText('Pre-Enrolled → Enrolled on Jan 6, 2027.').first().waitFor();
    const shown = page.locator('output.day-answer');
    await shown.getByText('Pre-Enrolled on Nov 23, 2026 (today)').waitFor();
    const slider = page.getByRole('slider', { name: 'Selected date' });
    await slider.press('ArrowRight');
    await shown.getByText('Pre-Enrolled on Nov 24, 2026').waitFor();
    await page.getByRole('button', { name: 'Next change' }).click();
    await shown.getByText('Enrolled on Jan 6, 2027').waitFor();
    await shown.getByText('At Cedar Creek Middle since Jan 6, 2027.').waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toBe('Jan 6, 2027: Enrolled');
    await page.getByRole('columnheader', { name: 'Status on Jan 6, 2027' }).waitFor();
    await page.getByLabel('Status on').fill('2027-01-05');
    await shown.getByText('Pre-Enrolled on Jan 5, 2027').waitFor();
    await page.getByLabel('Status on').fill('2027-07-01');
    await shown.getByText('Not known yet: 2027–28 enrollments are not in Skyward.').waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toBe('Jul 1, 2027: not known yet');
    await page.getByLabel('Status on').fill('2026-07-02');
    await shown.getByText('No status: this is before the first enrollment.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Back to today' }).click();
    await shown.getByText('(today)').waitFor();
    await page.close();
  });
});

describe('the History', () => {
  it('lists every change with labels and filters by kind, field and source', async () => {
    const page = await open('history', staff);
    const importGroup = page.getByRole('region', { name: 'Import of Nov 23, 2026' });
    await importGroup.getByText('Legal first name').waitFor();
    await page.getByRole('button', { name: 'Status' }).click();
    await importGroup.getByText('Legal first name').waitFor({ state: 'detached' });
    expect(await importGroup.innerText()).toMatch(
      /Status\s+from\s+Inactive\s*→\s*to\s+Pre-Enrolled\s+Pre-Enrolled: /,
    );
    await page.getByLabel('Source').selectOption('Users');
    await page.getByText('No changes found').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('Field').selectOption('Legal first name');
    await page.getByText('1 change with these filters.').waitFor();
    await page.close();
  });
});

describe('the Basics', () => {
  it('have no tab and no page for staff', async () => {
    const page = await open('details', staff);
    await page.getByRole('tab', { name: 'Enrollment' }).waitFor();
    expect(await page.getByRole('tab', { name: 'Basics' }).count()).toBe(0);
    await page.goto(`${server.url}/a/pineridge.example/students/${studentId}/basics`);
    await page.getByRole('heading', { name: /don’t have access to this page/ }).waitFor();
    await page.close();
  });
});
