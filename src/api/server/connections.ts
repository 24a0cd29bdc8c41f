/**
 * Shares the server's connections: no network can keep others out by opening many, and the server holds at most one
 * response for each connection that is not read.
 */
import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';

import { callerAddress, toNetwork } from '../../network/caller-address.ts';

/** Counts connections by network, and decides which one to close when there are too many. */
export class ConnectionShares<Connection> {
  /** Connections by network, the least recently used first. */
  readonly #networks = new Map<string, Set<Connection>>();
  readonly #busy = new Set<Connection>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(network: string, connection: Connection): void {
    const others = this.#networks.get(network);
    if (others === undefined) this.#networks.set(network, new Set([connection]));
    else others.add(connection);
    this.#count += 1;
  }

  remove(network: string, connection: Connection): void {
    const own = this.#networks.get(network);
    if (own?.delete(connection) !== true) return;
    if (own.size === 0) this.#networks.delete(network);
    this.#busy.delete(connection);
    this.#count -= 1;
  }

  /** Marks a connection as busy; returns false if it is already. */
  begin(connection: Connection): boolean {
    if (this.#busy.has(connection)) return false;
    this.#busy.add(connection);
    return true;
  }

  end(network: string, connection: Connection): void {
    this.#busy.delete(connection);
    const own = this.#networks.get(network);
    if (own?.delete(connection) === true) own.add(connection);
  }

  /** Returns the least recently used connection of the network that has the most; a busy one only if all are. */
  leastMissed(): Connection | undefined {
    let max: Set<Connection> | undefined;
    for (const own of this.#networks.values()) if (own.size > (max?.size ?? 0)) max = own;
    if (max === undefined) return undefined;
    for (const one of max) if (!this.#busy.has(one)) return one;
    return max.values().next().value;
  }
}

/** Watches the connections of one server. */
export class Connections {
  readonly #shares = new ConnectionShares<Socket>();
  readonly #most: number;

  /** `max`: connections at a time. */
  constructor(max: number) {
    this.#most = max;
  }

  /** Counts the server's connections from now on. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const network = networkOfSocket(socket);
      if (this.#shares.count >= this.#most) this.#end(this.#shares.leastMissed());
      this.#shares.add(network, socket);
      socket.once('close', () => this.#shares.remove(network, socket));
    });
  }

  /**
   * Passes requests on. A request that arrives before the previous one is answered (pipelining) closes the
   * connection: no browser or proxy does so, and one packet can hold more than a thousand requests, whose responses
   * would all be kept in memory.
   */
  guard(listener: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request;
      if (socket.destroyed) return;
      if (!this.#shares.begin(socket)) return this.#end(socket);
      response.once('close', () => this.#shares.end(networkOfSocket(socket), socket));
      listener(request, response);
    };
  }

  #end(socket: Socket | undefined): void {
    if (socket === undefined) return;
    this.#shares.remove(networkOfSocket(socket), socket);
    // A reset also frees the kernel's buffers.
    socket.resetAndDestroy();
  }
}

const networks = new WeakMap<Socket, string>();

/** Cached, since a closed socket has no address any more. */
function networkOfSocket(socket: Socket): string {
  const known = networks.get(socket);
  if (known !== undefined) return known;
  const network = toNetwork(callerAddress(socket.remoteAddress ?? 'unknown', undefined, undefined));
  networks.set(socket, network);
  return network;
}
