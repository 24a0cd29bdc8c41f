/** `daybreak probe`, run as a command. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../../sandbox/sandbox.ts';
import {
  openDaybreakProcesses,
  type DaybreakProcesses,
} from '../../../tests/servers/daybreak-process.ts';

let daybreak: DaybreakProcesses;
let skyward: RunningSandbox;
beforeAll(async () => {
  daybreak = await openDaybreakProcesses();
  skyward = await startSandbox({ port: 0, students: 110, seed: 5, today: '2026-11-23' });
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
});

it('prints a report and writes it to a file that a sandbox can load', async () => {
  const switches = { 'date-form': 'us-date', sort: 'refused' } as const;
  skyward.sandbox.switches.set(switches);
  const file = join(daybreak.dataDirectory, 'report.json');
  const { output, status } = await daybreak.run([
    'probe',
    '--district',
    'demo.example',
    '--output',
    file,
  ]);
  expect(status).toBe(0);
  expect(output).toMatch(/Token by post-form/);
  expect(output).toMatch(/Nothing is missing|look {5}Student\/Student StudentStateID/);
  expect(output).toMatch(/date-form +us-date/);
  skyward.sandbox.switches.reset();

  // Over HTTP, as for a sandbox in another process.
  const answer = await fetch(`${skyward.controlUrl}/switches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: await readFile(file),
  });
  expect(answer.status).toBe(204);
  expect(skyward.sandbox.switches.values).toMatchObject(switches);
  skyward.sandbox.switches.reset();
}, 60_000);

it('exits with status 1 and JSON with the reason when no token is issued', async () => {
  const { accesses, clientKey } = skyward.sandbox;
  accesses.change(clientKey, { isActive: false });
  const { output, status } = await daybreak.run(['probe', '--district', 'demo.example', '--json']);
  accesses.change(clientKey, { isActive: true });
  expect(status).toBe(1);
  expect(JSON.parse(output)).toMatchObject({
    report: 'daybreak-probe',
    stop: { code: 'access-denied' },
    token: { form: null },
  });
}, 60_000);

it('reports an unknown district', async () => {
  const { messages, status } = await daybreak.run(['probe', '--district', 'nobody.example']);
  expect(status).toBe(1);
  expect(messages).toMatch(/nobody\.example/);
}, 60_000);
