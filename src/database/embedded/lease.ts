/**
 * A lease on the embedded server: one open connection to its supervisor for as long as the client needs the server.
 *
 * This folder runs the embedded PostgreSQL, for installations without a DATABASE_URL.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { DatabaseError, type DatabaseErrorCode, errorCode } from '../database-error.ts';
import { clusterFiles } from './server-process.ts';
import type { EmbeddedPaths } from './paths.ts';

/** Options of a supervisor; passed as JSON on the command line, so they contain no secret. */
export interface SupervisorOptions {
  readonly paths: EmbeddedPaths;
  readonly throwaway: boolean;
  /** How long the server waits for another lease after the last one ended. */
  readonly graceMs: number;
}

/** A supervisor's message to clients with a lease, as one line of JSON. */
export type LeaseMessage =
  | { readonly state: 'preparing' }
  | { readonly state: 'ready'; readonly port: number }
  | {
      readonly state: 'failed';
      readonly code: DatabaseErrorCode;
      readonly what: string;
      readonly advice: string;
    };

/** A lease on a server that listens on `port` of 127.0.0.1. */
export interface Lease {
  readonly port: number;
  /** Resolves when the supervisor has ended, and with it the lease. */
  readonly lost: Promise<void>;
  /** Ends the lease; the server stops after the last one. */
  release(): void;
}

/** Longer than a first start or a crash recovery on a slow disk. */
const leaseTimeoutMs = 180_000;
/** How often to check while a supervisor starts or ends; short, since a user waits. */
const pollMs = 15;

/**
 * Gets a lease; starts a supervisor if none runs, and waits for one that is closing.
 * Throws the errors that the supervisor reports, such as `embedded-start-failed`.
 */
export async function acquireLease(options: SupervisorOptions): Promise<Lease> {
  const deadline = performance.now() + leaseTimeoutMs;
  while (performance.now() < deadline) {
    const lease = await requestLease(options.paths);
    if (lease !== undefined) return lease;
    if (isLockFree(options.paths)) await startSupervisor(options);
    else await delay(pollMs);
  }
  throw new DatabaseError(
    'embedded-start-timeout',
    `The embedded PostgreSQL in ${options.paths.folder} was not ready after ${leaseTimeoutMs / 1000} seconds.`,
    `See ${clusterFiles(options.paths).log}; then try again.`,
  );
}

/** Gets a lease from the running supervisor; returns `undefined` if none runs or it is closing. */
async function requestLease(paths: EmbeddedPaths): Promise<Lease | undefined> {
  const supervisor = await readSupervisor(paths);
  if (supervisor === undefined) return undefined;
  const socket = connect({ host: '127.0.0.1', port: supervisor.port });
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
  });
  socket.on('error', () => undefined);
  socket.write(`${supervisor.token}\n`);
  try {
    const message = await readFirstMessage(socket);
    if (message === undefined) return undefined;
    if (message.state === 'failed') {
      throw new DatabaseError(message.code, message.what, message.advice);
    }
    // A lease must not keep the process running.
    socket.unref();
    const lease: Lease = { port: message.port, lost: closed, release: () => socket.destroy() };
    return lease;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Waits until `preparing` is over; returns `undefined` if the connection ends without a known message. */
async function readFirstMessage(
  socket: Socket,
): Promise<Exclude<LeaseMessage, { state: 'preparing' }> | undefined> {
  const lines = createInterface({ input: socket });
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      const message = parseMessage(line);
      if (message?.state !== 'preparing') resolve(message);
    });
    lines.on('error', () => resolve(undefined));
    lines.on('close', () => resolve(undefined));
  });
}

function parseMessage(line: string): LeaseMessage | undefined {
  try {
    const message: unknown = JSON.parse(line);
    const isOurs = typeof message === 'object' && message !== null && 'state' in message;
    return isOurs ? (message as LeaseMessage) : undefined;
  } catch {
    return undefined;
  }
}

interface SupervisorAddress {
  readonly port: number;
  readonly token: string;
}

async function readSupervisor(paths: EmbeddedPaths): Promise<SupervisorAddress | undefined> {
  const path = clusterFiles(paths).supervisor;
  try {
    return JSON.parse(await readFile(path, 'utf8')) as SupervisorAddress;
  } catch (error) {
    if (errorCode(error) === 'EACCES') throw folderNotOwned(paths, error);
    return undefined;
  }
}

/** Returns whether no supervisor runs, by trying its lock: a lock cannot be stale. */
function isLockFree(paths: EmbeddedPaths): boolean {
  let lock: DatabaseSync;
  try {
    lock = new DatabaseSync(clusterFiles(paths).lock, { timeout: 0 });
  } catch (error) {
    throw folderNotOwned(paths, error);
  }
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false;
    throw folderNotOwned(paths, error);
  } finally {
    lock.close();
  }
}

function folderNotOwned(paths: EmbeddedPaths, cause: unknown): DatabaseError {
  return new DatabaseError(
    'embedded-folder-inaccessible',
    `The folder ${paths.folder} of the embedded PostgreSQL belongs to another user.`,
    'Start Daybreak as the user who started it first, or give it a data folder of its own.',
    cause,
  );
}

/** Starts a supervisor in its own session and waits until it listens or has ended. */
async function startSupervisor(options: SupervisorOptions): Promise<void> {
  const files = clusterFiles(options.paths);
  const before = await readFile(files.supervisor, 'utf8').catch(() => '');
  const log = openSync(files.supervisorLog, 'w', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(
      process.execPath,
      [fileURLToPath(new URL('supervisor.ts', import.meta.url)), JSON.stringify(options)],
      // In its own session, Ctrl-C in a terminal does not stop the server before our work ends.
      { detached: true, stdio: ['ignore', log, log], cwd: options.paths.folder, windowsHide: true },
    );
  } finally {
    closeSync(log);
  }
  let ended: number | string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended = code ?? signal ?? 'unknown'));
  child.unref();
  for (;;) {
    const now = await readFile(files.supervisor, 'utf8').catch(() => '');
    // Ended with 0: another supervisor has the lock.
    if ((now !== '' && now !== before) || ended === 0) return;
    if (ended !== undefined) {
      const output = await readFile(files.supervisorLog, 'utf8').catch(() => '');
      throw new DatabaseError(
        'embedded-start-failed',
        `The supervisor of the embedded PostgreSQL ended with ${ended} with the output:\n${output.trim().split('\n').slice(-8).join('\n')}\n`,
        'Run npm install and start again; if it happens again, please report it.',
      );
    }
    await delay(pollMs);
  }
}
