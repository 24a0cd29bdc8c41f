/** Attacks with malformed or oversized bodies, and with members that callers must not be able to set. */
import { gzipSync } from 'node:zlib';

import { forEachConcurrent, type Family } from '../attack.ts';
import type { RequestOptions } from '../target/http-client.ts';
import { districtPath, password } from '../target/callers.ts';
import { randomAddress, type Target } from '../target/target.ts';

const json = { 'content-type': 'application/json' };
const signInJson = (more: string) => `{"email":"a@a.example","password":"x"${more}}`;

/** Each must be rejected with a status from 400 to 499. */
const rejectedBodies: readonly (readonly [string, Pick<RequestOptions, 'body' | 'headers'>])[] = [
  ['ten thousand arrays deep', { body: `${'['.repeat(10_000)}${']'.repeat(10_000)}` }],
  ['deep objects', { body: `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}` }],
  ['64 KiB and more', { body: signInJson(`,"x":"${'x'.repeat(65 * 1024)}"`) }],
  ['five megabytes', { body: Buffer.alloc(5_000_000, 0x20) }],
  ['__proto__', { body: signInJson(',"__proto__":{"role":"technician"}') }],
  ['constructor', { body: signInJson(',"constructor":{"prototype":{"role":"technician"}}') }],
  ['an unknown member', { body: signInJson(',"role":"technician","districtId":null') }],
  ['gzip', { body: gzipSync(signInJson('')), headers: { ...json, 'content-encoding': 'gzip' } }],
  [
    'a bomb in gzip',
    { body: gzipSync(Buffer.alloc(20_000_000)), headers: { ...json, 'content-encoding': 'gzip' } },
  ],
  ['invalid JSON', { body: '{"email":' }],
  ['nothing', { body: '' }],
  ['null', { body: 'null' }],
  ['an array', { body: '[]' }],
  ['invalid UTF-8', { body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }],
  ['UTF-16', { body: Buffer.from(signInJson(''), 'utf16le') }],
  [
    'a form',
    {
      body: 'email=a%40a.example&password=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
  ],
  [
    'a multipart form',
    { body: '--x\r\n\r\n--x--', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
  ],
  ['an array where a text belongs', { body: '{"email":["a@a.example"],"password":"x"}' }],
  ['an operator where a text belongs', { body: '{"email":"a@a.example","password":{"$ne":""}}' }],
  [
    'a line end in the address',
    { body: '{"email":"a@a.example\\nBcc: b@b.example","password":"x"}' },
  ],
];

export const bodiesFamily: Family = {
  name: 'bodies',
  isQuick: true,
  async attack(target, attempts) {
    await forEachConcurrent(rejectedBodies, async ([what, requestOptions]) => {
      const response = await target.send(undefined, {
        method: 'POST',
        path: '/api/session',
        clientAddress: randomAddress(),
        ...requestOptions,
      });
      const isRejected = response.status >= 400 && response.status < 500;
      attempts.record(
        `unauthenticated, POST /api/session with ${what}`,
        !isRejected && `got ${response.status}`,
      );
    });
    await attackRoles(target, attempts.record.bind(attempts));
  },
};

/** Members that would raise the caller's privileges. */
async function attackRoles(
  target: Target,
  record: (attack: string, finding: string | false) => void,
): Promise<void> {
  const caller = await target.createUser('read-only', 'b');
  const rows: readonly (readonly [string, string, object])[] = [
    ['PUT', '/api/account/name', { name: 'New', role: 'technician' }],
    ['PUT', '/api/account/name', { name: 'New', districtId: target.records.a.districtId }],
    ['PUT', '/api/account/name', { name: 'New', schools: null, two_factor_enabled: false }],
    ['PUT', '/api/account/password', { newPassword: `${password}!`, role: 'administrator' }],
    [
      'POST',
      `${districtPath('b')}/student-views`,
      { name: 'x', isShared: false, query: {}, accountId: target.records.b.person },
    ],
  ];
  for (const [method, path, body] of rows) {
    const response = await target.send(caller, { method, path, body });
    record(
      `${caller.kind}, ${method} ${path} with ${Object.keys(body).join(', ')}`,
      response.status < 400 && `got ${response.status}`,
    );
  }
  const session = await target.send(caller, { path: '/api/session' });
  record(
    `${caller.kind}, after members that set a role`,
    !session.text.includes('"role":"read-only"') && `is ${session.text.slice(0, 200)}`,
  );
  const shared = await target.send(caller, {
    method: 'POST',
    path: `${districtPath('b')}/student-views`,
    body: { name: 'shared', isShared: true, query: {} },
  });
  record(
    `${caller.kind}, a shared view`,
    shared.text.includes('"isShared":true') && 'was shared without permission',
  );
}
