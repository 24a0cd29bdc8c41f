/** The README's first command, from an empty data folder to a served page, and cleaning up afterwards. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDaybreakProcesses, type DaybreakProcesses } from './servers/daybreak-process.ts';

let daybreak: DaybreakProcesses;

beforeAll(async () => {
  daybreak = await openDaybreakProcesses();
});

afterAll(async () => {
  await daybreak.remove();
});

/** Runs the demo until it serves its page, calls `visit`, and ends it as Ctrl-C does. */
async function runDemo(visit: (url: string, output: string) => Promise<void>): Promise<string> {
  const demo = daybreak.start(['demo', '--port', '0', '--students', '80']);
  let output = '';
  const ended = new Promise<number | null>((resolve) => demo.once('close', resolve));
  try {
    if (demo.stdout === null) throw new Error('The demo has no output');
    for await (const line of createInterface({ input: demo.stdout })) {
      output += `${line}\n`;
      if (!line.startsWith('Press Ctrl-C')) continue;
      const url = /http:\/\/\S+/.exec(output)?.[0];
      if (url === undefined) throw new Error('The demo printed no address');
      await visit(url, output);
      demo.kill('SIGINT');
    }
  } finally {
    demo.kill('SIGKILL');
  }
  expect(await ended).toBe(0);
  return output;
}

/** Returns whether the server's pid file exists, which a running server has. */
const isServerLeftBehind = () =>
  existsSync(join(daybreak.dataDirectory, 'postgres', 'data', 'postmaster.pid'));

it('imports a sandbox district and serves a sign-in page; a second run changes nothing', async () => {
  const first = await runDemo(async (url, output) => {
    const email = /Sign in with\s+(\S+)/.exec(output)?.[1];
    const password = /the password\s+(\S+)/.exec(output)?.[1];
    expect(isServerLeftBehind()).toBe(true);
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(`${url}/api/districts/demo.example/students`)).status).toBe(401);
    const signIn = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ email, password }),
    });
    expect(signIn.status).toBe(200);
    const cookie = signIn.headers.getSetCookie().map((one) => one.split(';')[0]);
    const students = await fetch(`${url}/api/districts/demo.example/students`, {
      headers: { cookie: cookie.join('; ') },
    });
    expect(await students.json()).toMatchObject({ page: 1 });
  });
  expect(first).toContain('Completed.');
  const second = await runDemo(async () => undefined);
  expect(second).toContain('Completed: no changes.');

  await expect.poll(isServerLeftBehind, { timeout: 20_000, interval: 250 }).toBe(false);
});
