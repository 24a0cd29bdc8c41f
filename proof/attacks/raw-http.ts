/** Requests as no library writes them: two lengths, hidden second requests, paths that lead out. */
import { each, type Family } from './attack.ts';
import { sendRaw } from './http-client.ts';

const host = 'Host: iep.example';
const hidden = 'GET /api/openapi.json HTTP/1.1\r\nHost: iep.example\r\n\r\n';
const post = (headers: readonly string[], body: string) =>
  `POST /api/session HTTP/1.1\r\n${[host, 'Content-Type: application/json', ...headers].join('\r\n')}\r\n\r\n${body}`;

/** A second request that a proxy would not see is never answered. */
const smuggled: readonly (readonly [string, string])[] = [
  [
    'a length and chunks',
    post(['Content-Length: 5', 'Transfer-Encoding: chunked'], `0\r\n\r\n${hidden}`),
  ],
  ['two lengths', post(['Content-Length: 0', `Content-Length: ${hidden.length}`], hidden)],
  ['two lengths in one header', post([`Content-Length: 0, ${hidden.length}`], hidden)],
  ['a length with a sign', post(['Content-Length: +0'], hidden)],
  ['a blank before the colon', post([`Content-Length : ${hidden.length}`], hidden)],
  ['unknown chunks', post(['Transfer-Encoding: xchunked'], `0\r\n\r\n${hidden}`)],
  [
    'chunks that are named twice',
    post(['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${hidden}`),
  ],
  [
    'a folded header',
    post(['Transfer-Encoding:\r\n chunked', 'Content-Length: 4'], `0\r\n\r\n${hidden}`),
  ],
  ['a chunk of a bad size', post(['Transfer-Encoding: chunked'], `0x0\r\n\r\n${hidden}`)],
  [
    'a chunk that is too short',
    post(['Transfer-Encoding: chunked'], `1\r\nxx\r\n0\r\n\r\n${hidden}`),
  ],
  [
    'a line feed alone',
    `POST /api/session HTTP/1.1\n${host}\nContent-Length: 0\nTransfer-Encoding: chunked\n\n${hidden}`,
  ],
];

/** Each is answered with 400 to 499, or not at all. */
const refused: readonly (readonly [string, string])[] = [
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['a header of 100 KB', `GET /healthz HTTP/1.1\r\n${host}\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
  ['NUL in a header', `GET /healthz HTTP/1.1\r\n${host}\r\nX: a\0b\r\n\r\n`],
  ['no version', 'GET /healthz\r\n\r\n'],
  ['an address of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n\r\n`],
  ['an unknown method', `BREW /api/session HTTP/1.1\r\n${host}\r\n\r\n`],
  ['CONNECT', `CONNECT 127.0.0.1:22 HTTP/1.1\r\n${host}\r\n\r\n`],
];

/** Paths that would lead out of the folder of the web app. */
const leadingOut = [
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
  async attack({ main: { url } }, tries) {
    const rows = [
      ...smuggled.map(([what, text]) => async () => {
        const answers = (await sendRaw(url, text, 600)).match(/HTTP\/1\.1 \d{3}/g) ?? [];
        tries.note(`nobody, ${what}`, answers.length > 1 && `got ${answers.join(' and ')}`);
      }),
      ...refused.map(([what, text]) => async () => {
        const [, status = '400'] = /HTTP\/1\.1 (\d{3})/.exec(await sendRaw(url, text, 600)) ?? [];
        tries.note(`nobody, ${what}`, !status.startsWith('4') && `answered ${status}`);
      }),
      ...leadingOut.map((path) => async () => {
        const answer = await sendRaw(
          url,
          `GET ${path} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`,
          600,
        );
        const isOutside = /root:x:|"dependencies"|\[core\]|withCommandContext/.test(answer);
        const isTrouble = answer.startsWith('HTTP/1.1 5');
        tries.note(
          `nobody, GET ${path}`,
          (isOutside || isTrouble) && `answered ${answer.slice(0, 60)}`,
        );
      }),
      async () => {
        const text = `GET /sign-in HTTP/1.1\r\n${host}\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n`;
        const answer = await sendRaw(url, text, 600);
        tries.note(
          'nobody, two hosts',
          answer.includes('evil.example') && 'the second is believed',
        );
      },
    ];
    await each(rows, (row) => row(), 8);
  },
};
