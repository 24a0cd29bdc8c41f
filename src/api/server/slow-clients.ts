/** Ends connections whose reader does not take what is sent: every answer, also one that goes on and on. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface SlowClientLimits {
  /** A reader who takes nothing for this long is gone. */
  readonly stallMs: number;
  /** What a reader has to take on average, beyond the first `stallMs`: a few bytes now and then are not enough. */
  readonly bytesPerSecond: number;
}

/** Slower than any line that a school has. */
const defaultSlowClientLimits: SlowClientLimits = { stallMs: 30_000, bytesPerSecond: 8 * 1024 };

/** How one reader fares while something waits for them. */
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

  /** Whether the reader is too slow, `passedMs` later and with so many bytes taken in all. */
  isTooSlow(passedMs: number, sent: number): boolean {
    this.#waitedMs += passedMs;
    this.#stalledMs = sent > this.#sent ? 0 : this.#stalledMs + passedMs;
    this.#sent = sent;
    const { stallMs, bytesPerSecond } = this.#limits;
    const allowedMs = stallMs + ((sent - this.#sentBefore) / bytesPerSecond) * 1000;
    return this.#stalledMs >= stallMs || this.#waitedMs > allowedMs;
  }
}

/** Looks so often in the time of a stall. */
const checksPerStall = 6;

/** Watches all connections of a server until it closes; returns how many it has ended so far. */
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
      // The first look only begins to count; a late one counts as one in time, since others may have held it up.
      if (pace === undefined) paces.set(socket, new ClientPace(limits, sent));
      else if (pace.isTooSlow(everyMs, sent)) {
        ended += 1;
        // Resets, so that the kernel gives its buffers back too.
        socket.resetAndDestroy();
      }
    }
  }, everyMs);
  timer.unref();
  server.once('close', () => clearInterval(timer));
  return () => ended;
}
