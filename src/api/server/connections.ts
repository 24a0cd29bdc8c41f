/**
 * Shares the connections of the server: nobody keeps others out by holding many, and nobody makes the server hold more
 * than one answer for a connection on which nothing is read.
 */
import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';

import { callerAddress, toNetwork } from '../../network/caller-address.ts';

/** Who has how many connections, without sockets: whom to end when there is no room for one more. */
export class ConnectionShares<Connection> {
  /** Of each network, the one longest unused first. */
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

  /** A request is under way on it. False if there is one already. */
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

  /** Of the network that has the most, the one longest without a request; if all have one, the oldest of them. */
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

  /** `most`: connections at a time. */
  constructor(max: number) {
    this.#most = max;
  }

  /** Counts the connections of the server from now on. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const network = networkOfSocket(socket);
      if (this.#shares.count >= this.#most) this.#end(this.#shares.leastMissed());
      this.#shares.add(network, socket);
      socket.once('close', () => this.#shares.remove(network, socket));
    });
  }

  /**
   * Passes requests on. One that comes before the request before it is answered ends the connection: no browser and no
   * proxy does so, and a single packet has room for more than a thousand, whose answers would all have to be kept.
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
    // Resets, so that the kernel gives its buffers back too.
    socket.resetAndDestroy();
  }
}

const networks = new WeakMap<Socket, string>();

/** Known once it is closed too. */
function networkOfSocket(socket: Socket): string {
  const known = networks.get(socket);
  if (known !== undefined) return known;
  const network = toNetwork(callerAddress(socket.remoteAddress ?? 'unknown', undefined, undefined));
  networks.set(socket, network);
  return network;
}
