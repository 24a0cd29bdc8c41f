/** Requests that no browser sends, over a socket of our own. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fastPasswords } from '../../../tests/servers/fast-password-hashing.ts';
import {
  emailOf,
  openTestApi,
  password,
  secret,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { createAccounts } from '../../accounts/accounts.ts';
import { ErrorResponse } from '../../contract/endpoint.ts';
import { type RunningServer, startServer } from './server.ts';

let api: TestApi;
let server: RunningServer;
beforeAll(async () => {
  api = await openTestApi();
  const { database } = api;
  const log = pino({ level: 'silent' });
  const accounts = createAccounts({ passwordHashing: fastPasswords, database, secret, log });
  server = await startServer({ database, accounts, log, port: 0 });
});
afterAll(async () => {
  await server.close();
  await api.close();
});

interface RawResponse {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** What comes back for these very bytes. */
async function send(bytes: string): Promise<RawResponse> {
  const socket = connect(server.port, '127.0.0.1');
  socket.write(Buffer.from(bytes, 'latin1'));
  const response = await text(socket);
  const [headers = '', rest = ''] = response.split('\r\n\r\n');
  const isInPieces = /^transfer-encoding: chunked/im.test(headers);
  const body = isInPieces ? rest.split('\r\n').slice(1).join('') : rest;
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(headers)?.[1]), headers, body };
}

const head = 'Host: localhost\r\nConnection: close\r\n';
const get = (target: string, more = ''): string => `GET ${target} HTTP/1.1\r\n${head}${more}\r\n`;

describe('a request that no browser sends', () => {
  it.each([
    ['an address that is half a character', get('/%E0%A4%A'), 404],
    ['the same within the API', get('/api/districts/%E0%A4%A/students'), 401],
    ['U+0000 in an address', get('/api/single-sign-on?domain=%00'), 400],
    ['a lone surrogate in an address', get('/api/invitations/%ED%A0%80'), 410],
    ['a whole address for a target', get('http://evil.example/api/session'), 401],
    ['a target of another scheme', get('ftp://evil.example/'), 400],
    ['a target that begins like a host', get('//evil.example/api/session'), 404],
    ['a backslash', get(String.raw`/\evil.example`), 400],
    ['the asterisk', `OPTIONS * HTTP/1.1\r\n${head}\r\n`, 400],
    ['HTTP/1.0 with a host', `GET /healthz HTTP/1.0\r\n${head}\r\n`, 200],
    ['HTTP/1.0 without a host', 'GET /healthz HTTP/1.0\r\n\r\n', 400],
    ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['a host with a space', 'GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    [
      'a port that is none',
      'GET /healthz HTTP/1.1\r\nHost: a:99999\r\nConnection: close\r\n\r\n',
      400,
    ],
    ['a header line of 20 KB', get('/healthz', `X-Long: ${'a'.repeat(20_000)}\r\n`), 431],
    ['U+0000 in a cookie', get('/api/session', 'Cookie: daybreak.session_token=a\0b\r\n'), 400],
    [
      'an escaped U+0000 in a cookie',
      get('/api/session', 'Cookie: daybreak.session_token=%00.a\r\n'),
      401,
    ],
    [
      'a cookie that is half a character',
      get('/api/session', 'Cookie: daybreak.session_token=%E0%A4%A\r\n'),
      401,
    ],
    ['a method to trace', `TRACE /api/session HTTP/1.1\r\n${head}\r\n`, 405],
    ['a method of another protocol', `PROPFIND /api/session HTTP/1.1\r\n${head}\r\n`, 405],
    ['a method that nobody knows', `BREW /api/session HTTP/1.1\r\n${head}\r\n`, 400],
    ['an upgrade', get('/healthz', 'Upgrade: h2c\r\n'), 200],
    ['an expectation', get('/healthz', 'Expect: the-moon\r\n'), 417],
    ['no HTTP at all', 'GARBAGE\r\n\r\n', 400],
  ])(
    '%s is answered, never with a 5xx, and in the form of every error',
    async (_, bytes, status) => {
      const response = await send(bytes);
      expect(response.status).toBe(status);
      // What can't be parsed as HTTP is refused before there is an API to say more.
      const isOfError =
        status < 400 ||
        response.body === '' ||
        (ErrorResponse.safeParse(JSON.parse(response.body)).success &&
          /^content-security-policy: default-src 'none'/m.test(response.headers));
      expect(isOfError).toBe(true);
      expect(response.headers).not.toMatch(/^(?:server|x-powered-by|via):/im);
    },
  );

  it('cannot override its method', async () => {
    const override = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']
      .map((name) => `${name}: DELETE\r\n`)
      .join('');
    expect((await send(get('/healthz?_method=DELETE'))).status).toBe(400);
    expect((await send(get('/healthz', override))).status).toBe(200);
  });

  it('keeps a session under a name of a browser that holds every byte', async () => {
    const body = JSON.stringify({ email: emailOf('staff'), password });
    const agent = Array.from({ length: 128 }, (_, index) => String.fromCodePoint(index + 128)).join(
      '',
    );
    const response = await send(
      `POST /api/session HTTP/1.1\r\n${head}User-Agent: ${agent}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(response.status).toBe(200);
  });
});

describe('every response', () => {
  it('sets HSTS over https, but not over plain http', async () => {
    expect((await send(get('/healthz'))).headers).not.toMatch(/^strict-transport-security/m);
    const publicUrl = 'https://daybreak.example';
    const secure = await openTestApi({ publicUrl });
    const { headers } = await secure.app.request('/healthz');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=31536000/);
    await secure.close();
  });

  it('isolates our pages from frames and windows of other sites', async () => {
    const { headers } = await send(get('/api/session'));
    for (const line of [
      'cross-origin-opener-policy: same-origin',
      'cross-origin-resource-policy: same-origin',
      'referrer-policy: same-origin',
      'x-content-type-options: nosniff',
      'x-frame-options: DENY',
      'cache-control: no-store',
    ]) {
      expect(headers).toContain(line);
    }
    expect(headers).not.toMatch(/^access-control-/im);
  });
});
