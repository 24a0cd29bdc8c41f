/** `daybreak doctor`, `backup` and `restore`, run as commands. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { startSandbox, type RunningSandbox } from '../../../sandbox/sandbox.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import {
  openDaybreakProcesses,
  type DaybreakProcesses,
} from '../../../tests/servers/daybreak-process.ts';

const Finding = z.object({
  check: z.string(),
  result: z.string(),
  message: z.string(),
  advice: z.string(),
});

let daybreak: DaybreakProcesses;
let other: DaybreakProcesses;
let skyward: RunningSandbox;
beforeAll(async () => {
  daybreak = await openDaybreakProcesses();
  other = await openDaybreakProcesses('', { DAYBREAK_PUBLIC_URL: 'https://iep.example.org' });
  skyward = await startSandbox({ port: 0, students: 60, seed: 5, today: '2026-11-23' });
  const args = ['--domain', 'demo.example', '--name', 'Demo', '--timezone', 'America/Chicago'];
  const skywardArgs = ['--base-url', skyward.baseUrl, '--key', skyward.clientKey];
  await daybreak.run(
    ['district', 'add', ...args, ...skywardArgs, '--allow-private-address'],
    `${skyward.clientSecret}\n`,
  );
});
afterAll(async () => {
  await skyward.close();
  await daybreak.remove();
  await other.remove();
});

async function doctor(processes = daybreak) {
  const { output, status } = await processes.run(['doctor', '--json']);
  const lines = output.trim().split('\n');
  const found = lines.map((line) => Finding.parse(JSON.parse(line)));
  return { status, output, found: new Map(found.map((one) => [one.check, one])) };
}

it('reports checks that pass, and warnings', async () => {
  const { status, found, output } = await doctor();
  expect(status).toBe(0);
  for (const check of [
    'proxies',
    'sealing key',
    'two-step verification',
    'database',
    'database roles',
    'clock',
    'connection of demo.example',
  ])
    expect(found.get(check)).toMatchObject({ result: 'ok' });
  expect(found.get('mail')).toMatchObject({ result: 'warning' });
  expect(found.get('mail')?.advice).toMatch(/DAYBREAK_SMTP_URL/);
  expect(output).not.toContain(skyward.clientSecret);
});

it('reports an error when the web signs in as the owner of the tables', async () => {
  const { user, password, host, port } = inject('testServer');
  const database = await openTestDatabase();
  const own = await openDaybreakProcesses(
    `postgres://${user}:${password}@${host}:${port}/${database.pool.options.database}`,
  );
  const { status, found } = await doctor(own);
  await own.remove();
  await database.close();
  expect(status).toBe(1);
  expect(found.get('database roles')).toMatchObject({ result: 'error' });
  expect(found.get('database roles')?.advice).toContain('DATABASE_WEB_PASSWORD');
});

it('gives advice for a rejected connection, with exit status 1', async () => {
  const { accesses, clientKey } = skyward.sandbox;
  accesses.change(clientKey, { isActive: false });
  const { status, found } = await doctor();
  accesses.change(clientKey, { isActive: true });
  expect(status).toBe(1);
  expect(found.get('connection of demo.example')).toMatchObject({ result: 'error' });
  expect(found.get('connection of demo.example')?.advice).toMatch(/Is Active/);
});

it('backs up a district and restores it into another folder', async () => {
  const file = join(daybreak.dataDirectory, 'all.backup');
  expect(await daybreak.run(['backup', file])).toMatchObject({ status: 0 });
  expect(await other.run(['restore', file])).toMatchObject({ status: 0 });
  const list = await other.run(['district', 'list', '--json']);
  expect(JSON.parse(list.output)).toMatchObject({ domain: 'demo.example' });
  const again = await other.run(['restore', file]);
  expect(again.status).toBe(1);
  expect(again.messages).toMatch(/empty/);
});

it('warns that users behind an untrusted proxy share one address', async () => {
  const { found } = await doctor(other);
  expect(found.get('proxies')).toMatchObject({ result: 'warning' });
  expect(found.get('proxies')?.advice).toMatch(/DAYBREAK_TRUSTED_PROXIES/);
});
