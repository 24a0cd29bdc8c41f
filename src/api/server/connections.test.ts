/** A client that holds many connections, or sends requests without reading, blocks no other client. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { openTestApi, type TestApi } from '../../../tests/servers/test-api.ts';
import { ConnectionShares } from './connections.ts';
import { type RunningServer, startServer } from './server.ts';

const most = 5;

let api: TestApi;
let server: RunningServer;
let asked = 0;
beforeAll(async () => {
  api = await openTestApi();
  const { accounts, database, logger: log } = api;
  const counted = new Proxy(accounts, {
    get: (target, name: keyof typeof accounts) => {
      if (name === 'findCaller') asked += 1;
      return target[name];
    },
  });
  server = await startServer({ accounts: counted, database, log, port: 0, maxConnections: most });
});
afterAll(async () => {
  await server.close();
  await api.close();
});

const open = async (localAddress = '127.0.0.1'): Promise<Socket> => {
  const socket = connect({ host: '127.0.0.1', port: server.port, localAddress });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
};

/** `once` would take a reset for a failure. */
const closed = async (socket: Socket): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.resume().once('close', () => resolve());
  await promise;
};

/** Asks on the connection and leaves it open. */
const ask = async (socket: Socket): Promise<string> => {
  socket.write('GET /healthz HTTP/1.1\r\nhost: daybreak\r\n\r\n');
  const [response] = (await once(socket, 'data')) as [Buffer];
  return response.toString().slice(9, 12);
};

describe('a server with the maximum number of connections', () => {
  it('accepts one more, and closes the least recently used one', async () => {
    const held: Socket[] = [];
    for (let n = 0; n < most; n++) held.push(await open());
    const [first, second] = held as [Socket, Socket];
    expect(await ask(first)).toBe('200');
    const ended = closed(second);
    expect(await ask(await open())).toBe('200');
    await ended;
    expect(await ask(first)).toBe('200');
  });

  it('closes a connection of the network that has the most', async () => {
    for (let n = 0; n < most; n++) await open();
    const own = await open('127.0.0.2');
    for (let n = 0; n < 2 * most; n++) await open();
    expect(await ask(own)).toBe('200');
  });
});

it('closes a connection that sends requests before the response of the previous one', async () => {
  const socket = await open();
  const before = asked;
  socket.write('GET /api/session HTTP/1.1\r\nhost: daybreak\r\n\r\n'.repeat(1000));
  await closed(socket);
  expect(asked - before).toBeLessThanOrEqual(1);
});

it('answers sequential requests on a connection', async () => {
  const socket = await open();
  for (let n = 0; n < 20; n++) expect(await ask(socket)).toBe('200');
});

it('a network with fewer connections loses none, and a busy one stays while another is idle', () => {
  const shares = new ConnectionShares<string>();
  shares.add('a', 'a1');
  for (const name of ['b1', 'b2', 'b3']) shares.add('b', name);
  expect(shares.begin('b1')).toBe(true);
  expect(shares.begin('b1')).toBe(false);
  expect(shares.leastMissed()).toBe('b2');
  shares.begin('b2');
  shares.begin('b3');
  expect(shares.leastMissed()).toBe('b1');
  shares.end('b', 'b1');
  expect(shares.leastMissed()).toBe('b1');
  shares.remove('b', 'b1');
  shares.remove('b', 'b1');
  expect(shares.count).toBe(3);
  shares.remove('b', 'b2');
  shares.remove('a', 'a1');
  expect(shares.leastMissed()).toBe('b3');
});
