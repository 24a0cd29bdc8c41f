/** Requests over real sockets whose responses are read slowly or not at all. */
import { once } from 'node:events';
import { connect } from 'node:net';

export interface UnreadRequest {
  /** Status of the response; nothing more is read. */
  readonly status: Promise<number>;
  /** Reads at most `bytes` more; returns false if the server has closed the connection. */
  readOn(bytes: number): boolean;
  /** Closes the connection. */
  close(): void;
}

/** Sends a request without reading the response: the kernel buffers about 4 MB, the rest stays at the server. */
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
  // A test that does not use the status ignores its failure.
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
