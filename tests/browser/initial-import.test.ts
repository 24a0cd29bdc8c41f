/** An initial import from Skyward over HTTP, read back through the API and a real browser. */
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import { createAccounts, type Accounts } from '../../src/accounts/accounts.ts';
import { createApi, startServer, type RunningServer } from '../../src/api/server/server.ts';
import { buildWeb } from '../../src/api/server/web-build.ts';
import { studentsApi } from '../../src/contract/students/students.ts';
import type { Database } from '../../src/database/database.ts';
import { addDistrict } from '../../src/districts/district.ts';
import { newSealingKey } from '../../src/districts/sealed-secret.ts';
import { importDistrict } from '../../src/import/district-import.ts';
import { openTestDatabase } from '../servers/test-database.ts';
import type { OpenBrowser } from './browser.ts';
import { testBrowser } from './test-browser.ts';
import { fastPasswords } from '../servers/fast-password-hashing.ts';

const log = pino({ level: 'silent' });
const administrator = { email: 'administrator@demo.example', password: 'a long walk at sunrise' };

let database: Database;
let skyward: RunningSandbox;
let accounts: Accounts;
let server: RunningServer;
let chromium: OpenBrowser;

beforeAll(async () => {
  database = await openTestDatabase();
  skyward = await startSandbox({ port: 0, students: 250, seed: 11, today: '2026-11-23' });
  const sealingKey = newSealingKey();
  const district = await addDistrict(
    database.pool,
    { domain: 'demo.example', name: 'Cedar Hollow ISD', timeZone: 'America/Chicago' },
    { ...skyward, allowPrivateAddress: true },
    sealingKey,
  );
  const today = Temporal.PlainDate.from('2026-11-23');
  const outcome = await importDistrict(database.pool, district, { sealingKey, today });
  expect(outcome.state).toBe('published');
  accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    log,
    secret: 'a-secret-of-this-test-0123456789-abcdef',
  });
  await accounts.createAccount({
    ...administrator,
    name: 'Jordan Avery',
    districtId: district.id,
    role: 'administrator',
  });
  const [webFolder, browser] = await Promise.all([buildWeb(), testBrowser()]);
  chromium = browser;
  server = await startServer({ database, accounts, log, webFolder, port: 0 });
});

afterAll(async () => {
  await chromium.close();
  await server.close();
  await skyward.close();
  await database.close();
});

it('R4: the API returns every imported student’s Details as in the contract', async () => {
  const api = createApi({ database, accounts, log });
  const signedIn = await api.request('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(administrator),
  });
  const cookie = signedIn.headers.getSetCookie().map((one) => one.split(';')[0]);
  const { rows } = await database.pool.query<{ id: number }>('select id from students');
  expect(rows.length).toBeGreaterThan(250);
  for (const { id } of rows) {
    const answer = await api.request(`/api/districts/demo.example/students/${id}`, {
      headers: { cookie: cookie.join('; ') },
    });
    expect(answer.status).toBe(200);
    const { enrollments } = studentsApi.getStudent.response.parse(await answer.json());
    for (const row of enrollments) {
      const isOpen = row.endDate === null && row.withdrawalDate === null;
      expect(row.closedWithYearOn !== null).toBe(isOpen && row.schoolYear < 2027);
    }
  }
});

it('R4: the Details tab shows a student and a parent with Skyward’s values', async () => {
  const { rows } = await database.pool.query<{ studentId: number; personId: number }>(
    `select s.skyward_id as "studentId" from students s
     where s.status = 'ENROLLED' and s.suffix is null and exists (select from guardians g
       where g.student_id = s.id and jsonb_array_length(g.phones) > 0)
     order by s.skyward_id limit 1`,
  );
  const student = skyward.sandbox.rows('Student/Student').find(rows[0]?.studentId ?? 0);
  const names = skyward.sandbox.rows('Demographics/Name');
  const text = z.string();
  const name = names.find(Number(student?.['NameID']));
  const link = skyward.sandbox
    .rows('Family/StudentGuardian')
    .where('StudentID', rows[0]?.studentId ?? 0)
    .map((id) => skyward.sandbox.rows('Family/StudentGuardian').find(id))
    .find((row) => row?.['Rank'] === 1);
  const parent = names.find(Number(link?.['NameIDGuardian']));

  const page = await chromium.browser.newPage();
  await page.goto(server.url);
  await page.getByLabel(/e-mail/i).fill(administrator.email);
  await page
    .getByLabel(/password/i)
    .first()
    .fill(administrator.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Last import: ').first().waitFor();
  await page.getByRole('link', { name: 'Students', exact: true }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Students' }).waitFor();
  await page.getByRole('main').getByRole('textbox').fill(text.parse(student?.['StudentNumber']));
  await page.getByRole('link', { name: new RegExp(text.parse(name?.['LastName'])) }).click();
  await page.getByRole('heading', { name: 'Parents and guardians' }).waitFor();
  const shown = await page.locator('main').innerText();
  expect(shown).toContain(text.parse(student?.['StudentNumber']));
  expect(shown).toContain(text.parse(name?.['FirstName']));
  expect(shown).toContain(text.parse(parent?.['FirstName']));
  expect(shown).toMatch(/Enrolled: at .+ since \w+ \d+, \d{4}\./);
  await page.close();
});
