/**
 * The process that keeps the embedded PostgreSQL of one data folder: started detached by the first
 * Daybreak process that needs it, shared by all, gone soon after the last. Not called by hand.
 *
 * States, each entered once:
 *   locking    It takes the folder's lock (an operating-system lock that ends with the process, so
 *              it is never stale). Taken by another: it ends at once, the other one serves.
 *   preparing  It listens on 127.0.0.1 for leases and writes port and token to `supervisor.json`.
 *              Data is made if missing or half made; the server is started, or a server that a killed
 *              supervisor left running is taken over. Leases wait.
 *   ready      Every lease is told the port. A lease is one open connection: it ends with the
 *              client's process, however that ends. A server that dies is started again.
 *   failed     Every lease is told why, the first that comes within 3 s included; then as `closing`.
 *   closing    No lease for the time of grace, or SIGTERM: `supervisor.json` goes, then the
 *              connections, then the server is stopped, then the lock ends with the process. Who
 *              comes now finds nobody, waits for the lock and starts the next supervisor.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

import { DatabaseFault } from './database-fault.ts';
import {
  boundLog,
  ensureData,
  placeFiles,
  type RunningCluster,
  startCluster,
  stopCluster,
} from './embedded-cluster.ts';
import type { LeaseMessage, SupervisorOrder } from './embedded-lease.ts';
import { deathsOfLastHour, isBeyondHelp } from './embedded-restarts.ts';

const logCheckMs = 30_000;
/** How long a failure waits for the first client to hear of it. */
const answerLimitMs = 3_000;

class Supervisor {
  readonly #order: SupervisorOrder;
  readonly #token = randomBytes(24).toString('hex');
  readonly #leases = new Set<Socket>();
  readonly #server: Server;
  #state: LeaseMessage = { state: 'preparing' };
  #cluster: RunningCluster | undefined;
  #closing: Promise<void> | undefined;
  #grace: NodeJS.Timeout | undefined;
  #deaths: readonly number[] = [];

  constructor(order: SupervisorOrder) {
    this.#order = order;
    this.#server = createServer((socket) => this.#greet(socket));
  }

  async run(): Promise<void> {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => void this.close());
    process.on('SIGHUP', () => undefined);
    await this.#announce();
    setInterval(() => void boundLog(this.#order.place), logCheckMs).unref();
    try {
      await ensureData(this.#order.place, this.#order);
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
    const { place, throwaway } = this.#order;
    this.#server.close();
    await rm(placeFiles(place).supervisor, { force: true });
    for (const lease of this.#leases) lease.end();
    if (this.#cluster !== undefined) await stopCluster(place, this.#cluster, this.#order);
    if (throwaway) await this.#removeFolder();
    process.exit(0);
  }

  async #removeFolder(): Promise<void> {
    const { folder } = this.#order.place;
    process.chdir('/');
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    // The temporary folder around it, when nothing else is in it.
    await rmdir(dirname(folder)).catch(() => undefined);
  }

  /** Listens and says where, in one step for readers of the file. */
  async #announce(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.on('error', reject);
      this.#server.listen({ host: '127.0.0.1', port: 0 }, resolve);
    });
    const address = this.#server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const path = placeFiles(this.#order.place).supervisor;
    const text = JSON.stringify({ pid: process.pid, port, token: this.#token });
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  async #start(): Promise<void> {
    const cluster = await startCluster(this.#order.place, this.#order);
    this.#cluster = cluster;
    void cluster.ended.then(() => this.#startAgain());
    this.#tell({ state: 'ready', port: cluster.port });
  }

  async #startAgain(): Promise<void> {
    if (this.#closing !== undefined) return;
    this.#cluster = undefined;
    try {
      this.#deaths = deathsOfLastHour(this.#deaths, performance.now());
      if (isBeyondHelp(this.#deaths)) {
        throw new DatabaseFault(
          'embedded-start-failed',
          `The embedded PostgreSQL ended by itself ${this.#deaths.length} times within an hour.`,
          `See its log: ${placeFiles(this.#order.place).log}.`,
        );
      }
      await this.#start();
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** Whoever started us may not have asked yet: without an answer he would start the next one for ever. */
  async #fail(error: unknown): Promise<void> {
    this.#tell(failureOf(error));
    const deadline = performance.now() + answerLimitMs;
    while (this.#leases.size === 0 && performance.now() < deadline) await delay(10);
    await this.close();
  }

  #greet(socket: Socket): void {
    socket.on('error', () => undefined);
    // Whoever does not show the token of the 0600 file at once is no client of ours.
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
    const [given, wanted] = [Buffer.from(text), Buffer.from(this.#token)];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  #tell(message: LeaseMessage): void {
    this.#state = message;
    for (const lease of this.#leases) lease.write(`${JSON.stringify(message)}\n`);
  }

  /** The time of grace lets one command follow another without a new start. */
  #waitForLease(): void {
    clearTimeout(this.#grace);
    if (this.#leases.size > 0 || this.#cluster === undefined) return;
    this.#grace = setTimeout(() => void this.close(), this.#order.graceMs);
  }
}

function failureOf(error: unknown): LeaseMessage {
  if (error instanceof DatabaseFault) {
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

/** Takes the lock for the life of this process; false when another supervisor has it. */
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

const order = JSON.parse(process.argv[2] ?? '{}') as SupervisorOrder;
process.title = 'daybreak-database';
const lock = takeLock(placeFiles(order.place).lock);
if (lock !== undefined) {
  await new Supervisor(order).run();
  // Held on purpose: a lock that is collected is a lock given up.
  process.on('exit', () => lock.close());
}
