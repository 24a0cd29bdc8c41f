/** The embedded server is shared, never left behind, and heals what a crash leaves. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, lstat, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { makeDataFolder } from '../../../tests/servers/data-folder.ts';
import { type EmbeddedServer, startEmbeddedServer } from './shared-server.ts';

/** Data that an earlier start has made: making them takes a second of processor time. */
let madeData: string;
let base: string;
let dataDirectory: string;
let clients: ChildProcess[];
let servers: EmbeddedServer[];

beforeAll(async () => {
  madeData = await makeDataFolder('embedded');
  await (await startEmbeddedServer({ dataDirectory: madeData, graceMs: 0 })).release();
  await until(() => !isServed(join(madeData, 'postgres')));
});
afterAll(() => rm(madeData, { recursive: true, force: true }));

beforeEach(async () => {
  base = await makeDataFolder('embedded');
  dataDirectory = join(base, 'data');
  clients = [];
  servers = [];
});

afterEach(async () => {
  for (const client of clients) client.kill('SIGKILL');
  for (const server of servers) await server.release();
  const folder = await realpath(join(dataDirectory, 'postgres')).catch(() => undefined);
  if (folder !== undefined) {
    await until(() => !isServed(folder));
    await rm(folder, { recursive: true, force: true });
  }
  await rm(base, { recursive: true, force: true });
});

test('starts, accepts a role that is not a superuser, and stops after the last release', async () => {
  const server = await start();
  const rows = await ask(
    server.connection,
    `SELECT rolsuper AS super, current_setting('server_encoding') AS encoding,
            current_setting('fsync') AS fsync FROM pg_roles WHERE rolname = current_user`,
  );
  expect(rows).toEqual([{ super: false, encoding: 'UTF8', fsync: 'on' }]);
  // Others may at most pass through.
  expect((await stat(dataDirectory)).mode & 0o066).toBe(0);
  expect((await stat(server.folder)).mode & 0o066).toBe(0);
  const pid = await serverPid(server.folder);
  await server.release();
  await until(() => !isAlive(pid));
  expect(await stat(join(server.folder, 'supervisor.json')).catch(() => 'gone')).toBe('gone');
});

test('keeps committed data from one start to the next', async () => {
  await useMadeData();
  const first = await start();
  await ask(first.connection, 'CREATE TABLE kept (day date)');
  await ask(first.connection, "INSERT INTO kept VALUES ('2026-11-23')");
  await first.release();
  const second = await start();
  expect(await ask(second.connection, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1 }]);
});

test('processes that start at the same time share one server, which outlives the first of them', async () => {
  const [one, two, three] = await Promise.all([startClient(), startClient(), start()]);
  expect(new Set([one.port, two.port, three.connection.port]).size).toBe(1);
  const pid = await serverPid(three.folder);
  one.child.kill('SIGKILL');
  two.child.kill('SIGTERM');
  await Promise.all([once(one.child, 'exit'), once(two.child, 'exit')]);
  expect(await ask(three.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await serverPid(three.folder)).toBe(pid);
});

test('kill -9 of the only client leaves no process behind', async () => {
  await useMadeData();
  const { child, folder } = await startClient();
  const [server, supervisor] = [await serverPid(folder), await supervisorPid(folder)];
  child.kill('SIGKILL');
  await until(() => !isAlive(server) && !isAlive(supervisor));
  expect(isServed(folder)).toBe(false);
});

test('a killed supervisor is replaced, and the server keeps running', async () => {
  await useMadeData();
  const server = await start();
  const [pid, supervisor] = [await serverPid(server.folder), await supervisorPid(server.folder)];
  process.kill(supervisor, 'SIGKILL');
  await until(
    async () => ![undefined, supervisor].includes(await findSupervisorPid(server.folder)),
  );
  expect(await serverPid(server.folder)).toBe(pid);
  expect(await ask(server.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.release();
  await until(() => !isAlive(pid));
});

test('the next start adopts the server of a supervisor that was killed together with its client', async () => {
  await useMadeData();
  const { child, folder } = await startClient();
  const pid = await serverPid(folder);
  child.kill('SIGKILL');
  process.kill(await supervisorPid(folder), 'SIGKILL');
  await once(child, 'exit');
  expect(isAlive(pid)).toBe(true);
  const next = await start();
  expect(await ask(next.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await next.release();
  await until(() => !isAlive(pid));
});

test('a server killed with kill -9 is restarted on its port', async () => {
  await useMadeData();
  const server = await start();
  await ask(server.connection, 'CREATE TABLE kept (id integer)');
  const pid = await serverPid(server.folder);
  process.kill(pid, 'SIGKILL');
  await until(async () => {
    const rows = await ask(server.connection, 'SELECT 1 FROM kept').catch(() => undefined);
    return rows !== undefined;
  });
  expect(await serverPid(server.folder)).not.toBe(pid);
});

test('a pid file with the pid of another program does not prevent the start', async () => {
  await useMadeData();
  const first = await start();
  const { folder } = first;
  const pidFile = join(folder, 'data', 'postmaster.pid');
  const text = await readFile(pidFile, 'utf8');
  await first.release();
  await until(() => !isServed(folder));
  const owner = await stat(join(folder, 'data'));
  // A program of the server's own user: one of another user PostgreSQL would pass over by itself.
  const { uid, gid } = owner;
  const other = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid, gid } : {});
  clients.push(other);
  await writeFile(pidFile, text.replace(/^\d+/, String(other.pid)));
  if (process.getuid?.() === 0) spawnSync('chown', [`${uid}:${gid}`, pidFile]);
  const second = await start();
  expect(await ask(second.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(isAlive(other.pid ?? 0)).toBe(true);
});

test('the files of a killed supervisor do not count as a running one', async () => {
  await useMadeData();
  await (await start()).release();
  const folder = await realpath(join(dataDirectory, 'postgres'));
  await until(() => !isServed(folder));
  await writeFile(join(folder, 'supervisor.json'), '{"pid":1,"port":1,"token":"stale"}');
  const server = await start();
  expect(await ask(server.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('creates the data again after an interrupted start', async () => {
  const folder = join(dataDirectory, 'postgres');
  await mkdir(join(folder, 'fresh', 'data', 'base'), { recursive: true });
  for (const made of [dataDirectory, folder]) await chmod(made, 0o755);
  await writeFile(join(folder, 'fresh', 'data', 'PG_VERSION'), '18\n');
  await writeFile(join(folder, 'password'), 'from the interrupted start');
  const server = await start();
  expect(await ask(server.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await stat(join(folder, 'fresh')).catch(() => 'gone')).toBe('gone');
});

test('rejects data of another PostgreSQL version and does not change it', async () => {
  const folder = join(dataDirectory, 'postgres');
  await mkdir(join(folder, 'data'), { recursive: true });
  for (const made of [dataDirectory, folder]) await chmod(made, 0o755);
  await writeFile(join(folder, 'data', 'PG_VERSION'), '15\n');
  await expect(start()).rejects.toMatchObject({ code: 'embedded-data-version' });
  expect(await readFile(join(folder, 'data', 'PG_VERSION'), 'utf8')).toBe('15\n');
});

test('reports why a folder cannot be created', async () => {
  await writeFile(dataDirectory, 'a file where the folder should be');
  await expect(start()).rejects.toMatchObject({ code: 'embedded-folder-inaccessible' });
});

test('data of an earlier version get a role for the web, and a superuser without a known password', async () => {
  await useMadeData();
  await rm(join(await realpath(join(dataDirectory, 'postgres')), 'web-password'));
  const { connection } = await start();
  const web = { ...connection, user: 'daybreak_web_login', password: connection.webPassword };
  expect(await ask(web, 'SELECT current_user AS name')).toEqual([{ name: 'daybreak_web_login' }]);
  const superuser = { ...connection, user: 'postgres' };
  await expect(ask(superuser, 'SELECT 1')).rejects.toThrow('password authentication failed');
});

test('the password file is private, and server and supervisor have their own sessions', async () => {
  await useMadeData();
  const { folder } = await start();
  for (const name of ['password', 'web-password'])
    expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
  const own = session(process.pid);
  expect(own).toMatch(/^\d+$/);
  for (const pid of [await supervisorPid(folder), await serverPid(folder)]) {
    expect(session(pid)).toMatch(/^\d+$/);
    expect(session(pid)).not.toBe(own);
  }
});

test.runIf(process.getuid?.() === 0)(
  'as root the server runs as an unprivileged user',
  async () => {
    const { folder } = await start();
    const status = await readFile(`/proc/${await serverPid(folder)}/status`, 'utf8');
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0');
  },
);

test.runIf(process.getuid?.() === 0)(
  'as root below a folder closed to others, data live elsewhere behind a link and no mode is changed',
  async () => {
    await chmod(base, 0o700);
    const server = await start();
    expect(await ask(server.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await lstat(join(dataDirectory, 'postgres'))).isSymbolicLink()).toBe(true);
    expect(server.folder.startsWith(base)).toBe(false);
    expect((await stat(base)).mode & 0o777).toBe(0o700);
    await server.release();
    const again = await start();
    expect(again.folder).toBe(server.folder);
  },
);

/** Begins with data of an earlier start, owners and modes included. */
async function useMadeData(): Promise<void> {
  await promisify(execFile)('cp', ['-a', madeData, dataDirectory]);
}

async function start(): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ dataDirectory, graceMs: 100 });
  servers.push(server);
  return server;
}

/** Another process with a share in the server, which it holds until it is killed. */
async function startClient(): Promise<{ child: ChildProcess; port: number; folder: string }> {
  const module = fileURLToPath(new URL('shared-server.ts', import.meta.url));
  const program = `
    const { startEmbeddedServer } = await import(${JSON.stringify(module)});
    const server = await startEmbeddedServer({ dataDirectory: ${JSON.stringify(dataDirectory)}, graceMs: 100 });
    console.log(JSON.stringify({ port: server.connection.port, folder: server.folder }));
    setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  clients.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, ...(JSON.parse(String(line)) as { port: number; folder: string }) };
}

async function ask(connection: EmbeddedServer['connection'], sql: string): Promise<unknown[]> {
  const client = new Client(connection);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

async function serverPid(folder: string): Promise<number> {
  return Number((await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function findSupervisorPid(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'supervisor.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { pid: number }).pid;
}

async function supervisorPid(folder: string): Promise<number> {
  const pid = await findSupervisorPid(folder);
  if (pid === undefined) throw new Error('no supervisor runs');
  return pid;
}

interface ProcessEntry {
  readonly pid: number;
  readonly session: string;
  readonly command: string;
}

/** All running processes; one that ended but was not yet collected by its parent is not one of them. */
function listProcesses(): ProcessEntry[] {
  const entries = process.platform === 'linux' ? linuxProcesses() : processesOfPs();
  return entries.filter(({ state }) => !state.startsWith('Z'));
}

/** From /proc, because small systems have no `ps`. */
function linuxProcesses() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // proc_pid_stat(5): the name in parentheses may contain spaces; state and session follow it.
        const text = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state = '', , , session = ''] = text.slice(text.lastIndexOf(')') + 2).split(' ');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), state, session, command }];
      } catch {
        // It ended in the meantime.
        return [];
      }
    });
}

function processesOfPs() {
  const { stdout } = spawnSync('ps', ['-ww', '-axo', 'pid=,stat=,sess=,args='], {
    encoding: 'utf8',
  });
  return stdout.split('\n').map((line) => {
    const [pid, state = '', session = '', ...command] = line.trim().split(/\s+/);
    return { pid: Number(pid), state, session, command: command.join(' ') };
  });
}

const session = (pid: number) => listProcesses().find((entry) => entry.pid === pid)?.session;

const isAlive = (pid: number) => listProcesses().some((entry) => entry.pid === pid);

/** Whether any process works on this folder. */
const isServed = (folder: string) =>
  listProcesses().some(({ command }) => command.includes(folder));

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}
