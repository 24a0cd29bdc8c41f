/** Closes connections whose client does not read what is sent, event streams included. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface SlowClientLimits {
  /** A client that reads nothing for this long is gone. */
  readonly stallMs: number;
  /** What a client must read on average after the first `stallMs`: a few bytes now and then are not enough. */
  readonly bytesPerSecond: number;
}

/** Slower than any line of a school. */
const defaultSlowClientLimits: SlowClientLimits = { stallMs: 30_000, bytesPerSecond: 8 * 1024 };

/** How fast one client reads while data is waiting for it. */
export class ClientPace {
  readonly #limits: SlowClientLimits;
  readonly #sentBefore: number;
  #sent: number;
  #stalledMs = 0;
  #waitedMs = 0;

  constructor(limits: SlowClientLimits, sent: number) {
    this.#limits = limits;
    this.#sentBefore = sent;
    this.#sent = sent;
  }

  /** Returns whether the client is too slow, `passedMs` after the last check and with `sent` bytes read in total. */
  isTooSlow(passedMs: number, sent: number): boolean {
    this.#waitedMs += passedMs;
    this.#stalledMs = sent > this.#sent ? 0 : this.#stalledMs + passedMs;
    this.#sent = sent;
    const { stallMs, bytesPerSecond } = this.#limits;
    const allowedMs = stallMs + ((sent - this.#sentBefore) / bytesPerSecond) * 1000;
    return this.#stalledMs >= stallMs || this.#waitedMs > allowedMs;
  }
}

/** How often to check during `stallMs`. */
const checksPerStall = 6;

/** Watches all connections of a server until it closes; returns a function that counts those it has closed. */
export function closeSlowConnections(
  server: Server,
  limits: SlowClientLimits = defaultSlowClientLimits,
): () => number {
  const sockets = new Set<Socket>();
  const paces = new WeakMap<Socket, ClientPace>();
  let ended = 0;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const everyMs = limits.stallMs / checksPerStall;
  const timer = setInterval(() => {
    for (const socket of sockets) {
      const waiting = socket.writableLength;
      if (waiting === 0) {
        paces.delete(socket);
        continue;
      }
      const sent = socket.bytesWritten - waiting;
      const pace = paces.get(socket);
      // The first check only starts counting. A late check counts as one on time, since the event loop may have
      // delayed it.
      if (pace === undefined) paces.set(socket, new ClientPace(limits, sent));
      else if (pace.isTooSlow(everyMs, sent)) {
        ended += 1;
        // A reset also frees the kernel's buffers.
        socket.resetAndDestroy();
      }
    }
  }, everyMs);
  timer.unref();
  server.once('close', () => clearInterval(timer));
  return () => ended;
}
