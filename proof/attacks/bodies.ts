/** Bodies that a parser or a handler could trip over, and members that nobody should be able to set. */
import { gzipSync } from 'node:zlib';

import { each, type Family } from './attack.ts';
import type { Ask } from './http-client.ts';
import { districtPath, password } from './callers.ts';
import { freshAddress, type Target } from './target.ts';

const json = { 'content-type': 'application/json' };
const signInText = (more: string) => `{"email":"a@a.example","password":"x"${more}}`;

/** Each is refused with a status from 400 to 499. */
const refused: readonly (readonly [string, Pick<Ask, 'body' | 'headers'>])[] = [
  ['ten thousand arrays deep', { body: `${'['.repeat(10_000)}${']'.repeat(10_000)}` }],
  ['deep objects', { body: `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}` }],
  ['64 KiB and more', { body: signInText(`,"x":"${'x'.repeat(65 * 1024)}"`) }],
  ['five megabytes', { body: Buffer.alloc(5_000_000, 0x20) }],
  ['__proto__', { body: signInText(',"__proto__":{"role":"technician"}') }],
  ['constructor', { body: signInText(',"constructor":{"prototype":{"role":"technician"}}') }],
  ['an unknown member', { body: signInText(',"role":"technician","districtId":null') }],
  ['gzip', { body: gzipSync(signInText('')), headers: { ...json, 'content-encoding': 'gzip' } }],
  [
    'a bomb in gzip',
    { body: gzipSync(Buffer.alloc(20_000_000)), headers: { ...json, 'content-encoding': 'gzip' } },
  ],
  ['no JSON', { body: '{"email":' }],
  ['nothing', { body: '' }],
  ['null', { body: 'null' }],
  ['an array', { body: '[]' }],
  ['bytes that are no text', { body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }],
  ['UTF-16', { body: Buffer.from(signInText(''), 'utf16le') }],
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
  async attack(target, tries) {
    await each(refused, async ([what, ask]) => {
      const answer = await target.ask(undefined, {
        method: 'POST',
        path: '/api/session',
        from: freshAddress(),
        ...ask,
      });
      const isRefused = answer.status >= 400 && answer.status < 500;
      tries.note(
        `nobody, POST /api/session with ${what}`,
        !isRefused && `answered ${answer.status}`,
      );
    });
    await attackRoles(target, tries.note.bind(tries));
  },
};

/** Members that would raise the caller. */
async function attackRoles(
  target: Target,
  note: (attack: string, seen: string | false) => void,
): Promise<void> {
  const caller = await target.newPerson('read-only', 'b');
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
    const answer = await target.ask(caller, { method, path, body });
    note(
      `${caller.kind}, ${method} ${path} with ${Object.keys(body).join(', ')}`,
      answer.status < 400 && `answered ${answer.status}`,
    );
  }
  const session = await target.ask(caller, { path: '/api/session' });
  note(
    `${caller.kind}, after members that set a role`,
    !session.text.includes('"role":"read-only"') && `is ${session.text.slice(0, 200)}`,
  );
  const shared = await target.ask(caller, {
    method: 'POST',
    path: `${districtPath('b')}/student-views`,
    body: { name: 'for everybody', isShared: true, query: {} },
  });
  note(
    `${caller.kind}, a view for everybody`,
    shared.text.includes('"isShared":true') && 'was shared by somebody who may not',
  );
}
