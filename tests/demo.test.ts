/** The README's first command, from an empty data folder to a served page, and cleaning up afterwards. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
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

const demoCommand = (port: number) => `demo --port ${port} --students 80 --days 11`.split(' ');

/** Runs the demo until it serves its page, calls `visit`, and ends it as Ctrl-C does. */
async function runDemo(
  visit: (url: string, output: string) => Promise<void>,
  port = 0,
): Promise<string> {
  const demo = daybreak.start(demoCommand(port));
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
async function listen() {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port');
  return { server, port: address.port };
}

const districtPath = '/api/districts/demo.example';

/** Signs in and returns a function that calls the API. */
async function signIn(url: string, output: string, name: string) {
  const email = new RegExp(`${name}@\\S+`, 'u').exec(output)?.[0];
  const password = /password +(\S+)/u.exec(output)?.[1];
  let cookie = '';
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', origin: url, cookie },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const cookies = response.headers.getSetCookie().map((one) => one.split(';')[0]);
    if (cookies.length > 0) cookie = cookies.join('; ');
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const session = await call('POST', '/api/session', { email, password });
  expect(session.status).toBe(200);
  return { call, session: session.json };
}

interface Runs {
  readonly runs: readonly { readonly state: string; readonly origin: string }[];
}

const listScheduled = (imports: unknown) =>
  (imports as Runs).runs.filter(({ origin }) => origin === 'schedule');

/** The suggested command to change a student in the sandbox, as a request. */
async function runSuggestion(output: string): Promise<{ number: string; lastName: string }> {
  const { control, body } =
    /curl (?<control>\S+) [^']*'[^']*' \\\n\s+-d '(?<body>[^']+)'/u.exec(output)?.groups ?? {};
  const response = await fetch(control ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: body ?? '',
  });
  expect(response.status).toBe(204);
  return {
    number: /student ID (\w+)/u.exec(output)?.[1] ?? '',
    lastName: /"LastName":"(\w+)"/u.exec(body ?? '')?.[1] ?? '',
  };
}

it('serves a district in its third month; another demo meanwhile touches nothing; a restart continues', async () => {
  let student = { number: '', lastName: '' };
  await runDemo(async (url, output) => {
    expect(isServerLeftBehind()).toBe(true);
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(`${url}${districtPath}/students`)).status).toBe(401);

    const another = await daybreak.run(demoCommand(0));
    expect(another).toMatchObject({ status: 1, output: '' });
    expect(another.messages).toMatch(new RegExp(`^A demo is already running at ${url}\\.\n`, 'u'));

    const administrator = await signIn(url, output, 'administrator');
    const read = async (path: string) =>
      (await administrator.call('GET', districtPath + path)).json;
    const imports = await read('/imports');
    expect(listScheduled(imports)).toHaveLength(11);
    const { runs } = imports as unknown as Runs;
    expect(runs[0]).toMatchObject({ state: 'held', failure: { code: 'mass-change' } });
    const failed = runs.findIndex(({ state }) => state === 'failed');
    expect(runs[failed - 1]).toMatchObject({
      origin: 'person',
      state: expect.stringMatching(/^(?:published|unchanged)$/u),
    });
    expect(await read('/home/administrator')).toMatchObject({
      held: { reason: expect.stringContaining('would become Inactive') },
      accessExpiresOn: expect.any(String),
      duplicates: expect.toSatisfy((count: number) => count > 0),
    });
    expect(await read('/students?search=Ashdown')).toMatchObject({ rows: [{ grade: 'PK' }] });
    const manager = await signIn(url, output, 'case.manager');
    expect((await manager.call('GET', `${districtPath}/home/staff`)).json).toMatchObject({
      overdue: { total: 2 },
      dueThisWeek: { total: 3 },
      infoChanged: { rows: expect.arrayContaining([expect.anything()]) },
    });
    const { students } = (await manager.call('GET', `${districtPath}/caseload`)).json;
    expect(students).not.toEqual([]);
    expect(await read('/documents?state=complete')).toMatchObject({ total: 2 });
    expect(await read('/documents?deleted=yes')).toMatchObject({ total: 1 });

    const technician = await signIn(url, output, 'technician');
    expect(technician.session).toEqual({ twoFactor: true });
    expect(output).toMatch(/the secret [A-Z2-7]{32,}/u);
    const code = /backup code, each of them once: (\S+),/u.exec(output)?.[1];
    const second = await technician.call('POST', '/api/session/two-factor', {
      code,
      kind: 'backup',
      trustDevice: false,
    });
    expect(second.status).toBe(200);
    const { districts } = (await technician.call('GET', '/api/districts')).json;
    expect(districts).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          domain: 'cedarhollow.example',
          request: expect.objectContaining({ state: 'waiting' }) as unknown,
        }),
        expect.objectContaining({
          domain: 'mesaridge.example',
          status: expect.objectContaining({ missedByFailure: true }) as unknown,
        }),
      ]) as unknown[],
    );
    expect((await technician.call('GET', '/api/support/mails')).json).toMatchObject({
      mails: [{ subject: 'Which schools do we have to add?' }],
    });

    student = await runSuggestion(output);
    await administrator.call('POST', `${districtPath}/imports`, { isDryRun: false });
    await expect
      .poll(async () => read(`/students?search=${student.number}`), { timeout: 60_000 })
      .toMatchObject({ rows: [{ name: { last: student.lastName } }] });
  });

  const other = await listen();
  try {
    await runDemo(async (url, output) => {
      expect(Number(new URL(url).port)).toBeGreaterThan(other.port);
      const { call } = await signIn(url, output, 'administrator');
      const { json } = await call('GET', `${districtPath}/imports`);
      // The held one was the last that started by schedule.
      expect(listScheduled(json)).toHaveLength(11);
      const found = await call('GET', `${districtPath}/students?search=${student.number}`);
      expect(found.json).toMatchObject({ rows: [{ name: { last: student.lastName } }] });
    }, other.port);
  } finally {
    other.server.close();
  }

  await expect.poll(isServerLeftBehind, { timeout: 20_000, interval: 250 }).toBe(false);
}, 180_000);
