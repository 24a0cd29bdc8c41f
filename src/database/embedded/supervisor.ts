/**
 * The supervisor process of the embedded PostgreSQL of one data folder: started detached by the first Daybreak process
 * that needs the server, shared by all, ends soon after the last.
 *
 * States, each entered once:
 *   locking    Takes the folder's lock (an operating-system lock that ends with the process, so it is never
 *              stale). If another supervisor has it, ends at once.
 *   preparing  Listens on 127.0.0.1 for leases and writes port and token to `supervisor.json`. Creates the
 *              data if missing or incomplete; starts the server, or adopts one that a killed supervisor left
 *              running. Leases wait.
 *   ready      Sends the port to every lease. A lease is one open connection, so it ends with the client's
 *              process. Restarts the server if it ends.
 *   failed     Sends the reason to every lease that arrives within 3 s; then as `closing`.
 *   closing    After the grace period without a lease, or on SIGTERM: removes `supervisor.json`, closes the
 *              connections and stops the server; the lock ends with the process. A client that arrives now
 *              waits for the lock and starts the next supervisor.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

import { DatabaseError } from '../database-error.ts';
import {
  limitLogSize,
  ensureData,
  clusterFiles,
  type RunningCluster,
  startCluster,
  stopCluster,
} from './server-process.ts';
import type { LeaseMessage, SupervisorOptions } from './lease.ts';
import { exitsInLastHour, hasTooManyExits } from './restart-limit.ts';

const logCheckMs = 30_000;
/** How long a failed supervisor waits to report the error to the first client. */
const failureLingerMs = 3_000;

class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #token = randomBytes(24).toString('hex');
  readonly #leases = new Set<Socket>();
  readonly #server: Server;
  #state: LeaseMessage = { state: 'preparing' };
  #cluster: RunningCluster | undefined;
  #closing: Promise<void> | undefined;
  #grace: NodeJS.Timeout | undefined;
  #exits: readonly number[] = [];

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  async run(): Promise<void> {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => void this.close());
    process.on('SIGHUP', () => undefined);
    await this.#announce();
    setInterval(() => void limitLogSize(this.#options.paths), logCheckMs).unref();
    try {
      await ensureData(this.#options.paths, this.#options);
      await this.#start();
      this.#waitForLease();
    } catch (error) {
      await this.#fail(error);
    }
  }

  async close(): Promise<void> {
    await (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const { paths, throwaway } = this.#options;
    this.#server.close();
    await rm(clusterFiles(paths).supervisor, { force: true });
    for (const lease of this.#leases) lease.end();
    if (this.#cluster !== undefined) await stopCluster(paths, this.#cluster, this.#options);
    if (throwaway) await this.#removeFolder();
    process.exit(0);
  }

  async #removeFolder(): Promise<void> {
    const { folder } = this.#options.paths;
    process.chdir('/');
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    // Removes the temporary folder around it if it is empty.
    await rmdir(dirname(folder)).catch(() => undefined);
  }

  /** Listens and writes the address, atomically for readers of the file. */
  async #announce(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.on('error', reject);
      this.#server.listen({ host: '127.0.0.1', port: 0 }, resolve);
    });
    const address = this.#server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const path = clusterFiles(this.#options.paths).supervisor;
    const text = JSON.stringify({ pid: process.pid, port, token: this.#token });
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  async #start(): Promise<void> {
    const cluster = await startCluster(this.#options.paths, this.#options);
    this.#cluster = cluster;
    void cluster.ended.then(() => this.#restart());
    this.#broadcast({ state: 'ready', port: cluster.port });
  }

  async #restart(): Promise<void> {
    if (this.#closing !== undefined) return;
    this.#cluster = undefined;
    try {
      this.#exits = exitsInLastHour(this.#exits, performance.now());
      if (hasTooManyExits(this.#exits)) {
        throw new DatabaseError(
          'embedded-start-failed',
          `The embedded PostgreSQL stopped unexpectedly ${this.#exits.length} times within an hour.`,
          `See its log: ${clusterFiles(this.#options.paths).log}.`,
        );
      }
      await this.#start();
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** The client that started us may not have connected yet: without a message it would keep starting supervisors. */
  async #fail(error: unknown): Promise<void> {
    this.#broadcast(toFailure(error));
    const deadline = performance.now() + failureLingerMs;
    while (this.#leases.size === 0 && performance.now() < deadline) await delay(10);
    await this.close();
  }

  #accept(socket: Socket): void {
    socket.on('error', () => undefined);
    // Only our clients can read the token in the 0600 file, and they send it at once.
    socket.setTimeout(5_000, () => socket.destroy());
    socket.setEncoding('utf8').once('data', (text) => {
      if (this.#closing !== undefined || !this.#isToken(String(text).trimEnd())) {
        socket.destroy();
        return;
      }
      socket.setTimeout(0);
      this.#leases.add(socket);
      clearTimeout(this.#grace);
      socket.on('close', () => {
        this.#leases.delete(socket);
        this.#waitForLease();
      });
      socket.resume();
      socket.write(`${JSON.stringify(this.#state)}\n`);
    });
  }

  #isToken(text: string): boolean {
    const [given, expected] = [Buffer.from(text), Buffer.from(this.#token)];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #broadcast(message: LeaseMessage): void {
    this.#state = message;
    for (const lease of this.#leases) lease.write(`${JSON.stringify(message)}\n`);
  }

  /** The grace period lets one command follow another without a restart. */
  #waitForLease(): void {
    clearTimeout(this.#grace);
    if (this.#leases.size > 0 || this.#cluster === undefined) return;
    this.#grace = setTimeout(() => void this.close(), this.#options.graceMs);
  }
}

function toFailure(error: unknown): LeaseMessage {
  if (error instanceof DatabaseError) {
    const what = error.message.slice(0, -error.advice.length).trimEnd();
    return { state: 'failed', code: error.code, what, advice: error.advice };
  }
  return {
    state: 'failed',
    code: 'embedded-start-failed',
    what: `The embedded PostgreSQL did not start: ${error instanceof Error ? error.message : 'unknown reason'}.`,
    advice: 'Check the disk and the data folder, then start again.',
  };
}

/** Takes the lock for the lifetime of this process; returns false if another supervisor has it. */
function takeLock(path: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch {
    lock.close();
    return undefined;
  }
}

const options = JSON.parse(process.argv[2] ?? '{}') as SupervisorOptions;
process.title = 'daybreak-database';
const lock = takeLock(clusterFiles(options.paths).lock);
if (lock !== undefined) {
  await new Supervisor(options).run();
  // Keeps a reference: garbage collection would release the lock.
  process.on('exit', () => lock.close());
}
