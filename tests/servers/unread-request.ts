/** Requests over real sockets whose answers nobody reads, or hardly: what a reader can do to hold up the server. */
import { once } from 'node:events';
import { connect } from 'node:net';

export interface UnreadRequest {
  /** The status of the answer; no more than it is read. */
  readonly status: Promise<number>;
  /** Takes at most so many bytes more; false once the server has ended the connection. */
  readOn(bytes: number): boolean;
  /** Goes away. */
  close(): void;
}

/** Asks and leaves the answer in the kernel's buffers, which take some 4 MB of it; the rest stays at the server. */
export function requestUnread(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): UnreadRequest {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let isEnded = false;
  socket.on('error', () => undefined).on('close', () => (isEnded = true));
  socket.pause();
  const lines = Object.entries({ host: `${hostname}:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const status = (async () => {
    await once(socket, 'readable');
    return Number((socket.read(12) as Buffer).toString().slice(9));
  })();
  // A test that does not ask for the status does not mind what becomes of it.
  status.catch(() => undefined);
  return {
    status,
    readOn: (bytes) => {
      socket.read(Math.min(bytes, socket.readableLength));
      return !isEnded;
    },
    close: () => socket.destroy(),
  };
}
