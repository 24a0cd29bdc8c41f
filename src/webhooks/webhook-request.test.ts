/** A webhook must not reveal anything about other machines. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { checkWebhookUrl, createWebhookClient } from './webhook-request.ts';

const client = createWebhookClient({ allowPrivateAddresses: true }, 500);
const servers: Server[] = [];
const listen = async (onSocket: (socket: Socket) => void): Promise<number> => {
  const server = createServer(onSocket);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

const urls: Record<string, string> = {};
beforeAll(async () => {
  const closed = await listen(() => undefined);
  servers.pop()?.close();
  const silent = await listen((socket) => socket.on('error', () => undefined));
  const broken = await listen((socket) => socket.destroy());
  const other = await listen((socket) => socket.on('error', () => undefined).end('220 mail\r\n'));
  Object.assign(urls, {
    'a port that nobody listens at': `http://127.0.0.1:${closed}/`,
    'a name that nobody has': `https://${'a'.repeat(64)}.example/`,
    'a receiver without a certificate': `https://127.0.0.1:${other}/`,
    'a receiver that is silent': `http://127.0.0.1:${silent}/`,
    'a receiver that hangs up': `http://127.0.0.1:${broken}/`,
    'a server of another protocol': `http://127.0.0.1:${other}/`,
  });
});
afterAll(async () => {
  await client.close();
  for (const server of servers) server.close();
});

it('has one message for everything that was not reached, and the reason in the log', async () => {
  const message = { id: 'msg_1', at: Temporal.Instant.from('2026-11-24T15:00:00Z'), body: '{}' };
  const outcomes = await Promise.all(
    Object.values(urls).map(async (url) => client.call({ ...message, url, secrets: [] })),
  );
  expect(outcomes).toHaveLength(6);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set([null]));
  expect(new Set(outcomes.map(({ problem }) => problem)).size).toBe(1);
  expect(outcomes.map(({ reason }) => reason)).toEqual([
    'ECONNREFUSED',
    expect.stringMatching(/^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL)$/),
    expect.stringMatching(/SSL|TLS|EPROTO/),
    'TimeoutError',
    expect.stringMatching(/SOCKET|ECONNRESET/),
    expect.stringMatching(/HTTPParserError|HPE_/),
  ]);
});

it.each([
  ['https://hooks.example.org/', true],
  ['https://hooks.example.org:443/', true],
  ['https://hooks.example.org:8443/', true],
  ['https://hooks.example.org:22/', false],
  ['https://hooks.example.org:25/', false],
  ['https://hooks.example.org:1023/', false],
  ['https://[2620:4f:8000::1]/', false],
])('takes %s: %s', (url, isTaken) => {
  expect(checkWebhookUrl(url, { allowPrivateAddresses: false }).ok).toBe(isTaken);
});
