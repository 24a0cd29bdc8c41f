/** Malformed requests: request smuggling, invalid headers and path traversal. */
import { forEachConcurrent, type Family } from '../attack.ts';
import { sendRaw } from '../target/http-client.ts';

const host = 'Host: iep.example';
const hiddenRequest = 'GET /api/openapi.json HTTP/1.1\r\nHost: iep.example\r\n\r\n';
const post = (headers: readonly string[], body: string) =>
  `POST /api/session HTTP/1.1\r\n${[host, 'Content-Type: application/json', ...headers].join('\r\n')}\r\n\r\n${body}`;

/** Smuggled requests, which a proxy would not see, must get no response. */
const smugglingRequests: readonly (readonly [string, string])[] = [
  [
    'a length and chunks',
    post(['Content-Length: 5', 'Transfer-Encoding: chunked'], `0\r\n\r\n${hiddenRequest}`),
  ],
  [
    'two lengths',
    post(['Content-Length: 0', `Content-Length: ${hiddenRequest.length}`], hiddenRequest),
  ],
  [
    'two lengths in one header',
    post([`Content-Length: 0, ${hiddenRequest.length}`], hiddenRequest),
  ],
  ['a length with a sign', post(['Content-Length: +0'], hiddenRequest)],
  ['a space before the colon', post([`Content-Length : ${hiddenRequest.length}`], hiddenRequest)],
  ['unknown chunks', post(['Transfer-Encoding: xchunked'], `0\r\n\r\n${hiddenRequest}`)],
  [
    'chunks that are named twice',
    post(['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${hiddenRequest}`),
  ],
  [
    'a folded header',
    post(['Transfer-Encoding:\r\n chunked', 'Content-Length: 4'], `0\r\n\r\n${hiddenRequest}`),
  ],
  ['a chunk of a bad size', post(['Transfer-Encoding: chunked'], `0x0\r\n\r\n${hiddenRequest}`)],
  [
    'a chunk that is too short',
    post(['Transfer-Encoding: chunked'], `1\r\nxx\r\n0\r\n\r\n${hiddenRequest}`),
  ],
  [
    'a line feed alone',
    `POST /api/session HTTP/1.1\n${host}\nContent-Length: 0\nTransfer-Encoding: chunked\n\n${hiddenRequest}`,
  ],
];

/** Each must get a status from 400 to 499, or no response. */
const rejectedRequests: readonly (readonly [string, string])[] = [
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['a header of 100 KB', `GET /healthz HTTP/1.1\r\n${host}\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
  ['NUL in a header', `GET /healthz HTTP/1.1\r\n${host}\r\nX: a\0b\r\n\r\n`],
  ['no version', 'GET /healthz\r\n\r\n'],
  ['an address of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n\r\n`],
  ['an unknown method', `BREW /api/session HTTP/1.1\r\n${host}\r\n\r\n`],
  ['CONNECT', `CONNECT 127.0.0.1:22 HTTP/1.1\r\n${host}\r\n\r\n`],
];

/** Paths outside of the web app's folder. */
const traversalPaths = [
  '/../package.json',
  '/../../../../etc/passwd',
  '/%2e%2e/%2e%2e/package.json',
  '/assets/..%2f..%2f..%2fpackage.json',
  '/assets/..%5c..%5cpackage.json',
  '/assets//etc/passwd',
  '//etc/passwd',
  '/assets/%00.js',
  '/assets/....//....//package.json',
  '/.env',
  '/.git/config',
  '/src/cli/main.ts',
  '/node_modules/pg/package.json',
  'http://127.0.0.1:1/healthz',
  'file:///etc/passwd',
];

export const rawHttpFamily: Family = {
  name: 'raw HTTP',
  isQuick: true,
  async attack({ main: { url } }, attempts) {
    const rows = [
      ...smugglingRequests.map(([what, text]) => async () => {
        const statusLines = (await sendRaw(url, text, 600)).match(/HTTP\/1\.1 \d{3}/g) ?? [];
        attempts.record(
          `unauthenticated, ${what}`,
          statusLines.length > 1 && `got ${statusLines.join(' and ')}`,
        );
      }),
      ...rejectedRequests.map(([what, text]) => async () => {
        const [, status = '400'] = /HTTP\/1\.1 (\d{3})/.exec(await sendRaw(url, text, 600)) ?? [];
        attempts.record(`unauthenticated, ${what}`, !status.startsWith('4') && `got ${status}`);
      }),
      ...traversalPaths.map((path) => async () => {
        const response = await sendRaw(
          url,
          `GET ${path} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`,
          600,
        );
        const isOutside = /root:x:|"dependencies"|\[core\]|withCommandContext/.test(response);
        const isServerError = response.startsWith('HTTP/1.1 5');
        attempts.record(
          `unauthenticated, GET ${path}`,
          (isOutside || isServerError) && `got ${response.slice(0, 60)}`,
        );
      }),
      async () => {
        const text = `GET /sign-in HTTP/1.1\r\n${host}\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n`;
        const response = await sendRaw(url, text, 600);
        attempts.record(
          'unauthenticated, two hosts',
          response.includes('evil.example') && 'the second is used',
        );
      },
    ];
    await forEachConcurrent(rows, (row) => row(), 8);
  },
};
