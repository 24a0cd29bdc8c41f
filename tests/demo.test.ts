/** The README's first command, from an empty data folder to a served page, and cleaning up afterwards. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
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
async function runDemo(
  visit: (url: string, output: string) => Promise<void>,
  port = 0,
): Promise<string> {
  const demo = daybreak.start(['demo', '--port', String(port), '--students', '80']);
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

/** Another program that uses a port. */
async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port');
  return { server, port: address.port };
}

it('imports a sandbox district and serves a sign-in page; another demo meanwhile touches nothing', async () => {
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

    const another = await daybreak.run(['demo', '--port', '0', '--students', '80']);
    expect(another).toMatchObject({ status: 1, output: '' });
    expect(another.messages).toMatch(new RegExp(`^A demo is already running at ${url}\\.\n`, 'u'));
  });
  expect(first).toContain('Completed.');

  const other = await listen();
  try {
    const second = await runDemo(
      async (url) => expect(Number(new URL(url).port)).toBeGreaterThan(other.port),
      other.port,
    );
    expect(second).toContain('Completed: no changes.');
  } finally {
    other.server.close();
  }

  await expect.poll(isServerLeftBehind, { timeout: 20_000, interval: 250 }).toBe(false);
}, 180_000);
