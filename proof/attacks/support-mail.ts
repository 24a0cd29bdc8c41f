/** The support mailbox: hidden second mails, senders that nobody confirms, relaying, connections that do nothing. */
import { connect, type Socket } from 'node:net';

import type { Family, Tries } from './attack.ts';
import { domainOf } from './callers.ts';
import { supportAddress, type Target } from './target.ts';

/** Ends of a mail that some servers take for one, with a second mail behind. */
const ends: readonly (readonly [string, string])[] = [
  ['LF . LF', '\n.\n'],
  ['LF . CRLF', '\n.\r\n'],
  ['CRLF . LF', '\r\n.\n'],
  ['CR . CR', '\r.\r'],
  ['CR . CRLF', '\r.\r\n'],
  ['CRLF . CR', '\r\n.\r'],
  ['CRLF NUL . CRLF', '\r\n\0.\r\n'],
];

export const supportMailFamily: Family = {
  name: 'support mail',
  isQuick: false,
  async attack(target, tries) {
    await attackEnds(target, tries);
    await attackSenders(target, tries);
    await attackRelay(target, tries);
    await attackSizes(target, tries);
    await attackByIdling(target, tries);
  },
};

const subject = 'Complete SameGoal Demographics Integration';
const headers = (from: string) =>
  `From: ${from}\r\nTo: ${supportAddress}\r\nSubject: ${subject}\r\nMessage-ID: <${Math.random()}@x.example>\r\n\r\n`;

/** Speaks SMTP: sends each part once the server has answered the one before; gives all answers. */
async function speak(target: Target, parts: readonly string[], waitMs = 5000): Promise<string> {
  const socket = connect(target.supportMailPort, '127.0.0.1');
  const { promise, resolve } = Promise.withResolvers<string>();
  const left = [...parts];
  let heard = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    heard += chunk;
    if (!/^\d{3} [^\n]*\r\n$/m.test(chunk)) return;
    const next = left.shift();
    if (next === undefined) socket.end();
    else socket.write(Buffer.from(next, 'latin1'));
  });
  socket.on('error', () => resolve(heard));
  socket.on('close', () => resolve(heard));
  socket.setTimeout(waitMs, () => socket.destroy());
  return promise;
}

const envelope = (from: string, to = supportAddress) => [
  'EHLO x.example\r\n',
  `MAIL FROM:<${from}>\r\n`,
  `RCPT TO:<${to}>\r\n`,
  'DATA\r\n',
];

const kept = async (target: Target, where = 'true') => {
  const { rows } = await target.database.pool.query<{ count: number }>(
    `select count(*)::int as count from support_mails where ${where}`,
  );
  return rows[0]?.count ?? 0;
};

async function attackEnds(target: Target, tries: Tries): Promise<void> {
  for (const [what, end] of ends) {
    const before = await kept(target, `body like '%hidden%' or subject = 'hidden'`);
    const second = `MAIL FROM:<admin@a.example>\r\nRCPT TO:<${supportAddress}>\r\nDATA\r\nSubject: hidden\r\nFrom: admin@a.example\r\n\r\nhidden`;
    await speak(target, [
      ...envelope('pat@b.example'),
      `${headers('pat@b.example')}first${end}${second}\r\n.\r\n`,
      'QUIT\r\n',
    ]);
    const { rows } = await target.database.pool.query<{ count: number }>(
      `select count(*)::int as count from support_mails where subject = 'hidden'`,
    );
    const after = await kept(target, `body like '%hidden%' or subject = 'hidden'`);
    tries.note(
      `a mail with ${what} inside`,
      ((rows[0]?.count ?? 0) > 0 || after - before > 1) && 'is two mails',
    );
  }
}

async function attackSenders(target: Target, tries: Tries): Promise<void> {
  const requests = async () => {
    const { rows } = await target.database.pool.query<{ count: number }>(
      'select count(*)::int as count from setup_requests where channel = $1',
      ['mail'],
    );
    return rows[0]?.count ?? 0;
  };
  const admin = `admin@${domainOf('a')}`;
  const forged: readonly (readonly [string, string, string])[] = [
    ['an address of the district', admin, admin],
    ['an address in the header only', 'x@elsewhere.example', admin],
    ['two senders', admin, `${admin}, x@elsewhere.example`],
    ['a display name', 'x@elsewhere.example', `"${admin}" <x@elsewhere.example>`],
    ['no envelope sender', '', admin],
    ['another letter case', admin.toUpperCase(), admin.toUpperCase()],
    ['a comment', admin, `admin(x@elsewhere.example)@${domainOf('a')}`],
  ];
  for (const [what, envelopeFrom, from] of forged) {
    const before = await requests();
    const heard = await speak(
      target,
      [...envelope(envelopeFrom), `${headers(from)}Please connect us.\r\n.\r\n`, 'QUIT\r\n'],
      15_000,
    );
    tries.note(
      `a mail with ${what}`,
      (await requests()) > before && 'opens a request that the domain never confirmed',
    );
    tries.note(`a mail with ${what}`, heard === '' && 'gets no answer');
  }
}

async function attackRelay(target: Target, tries: Tries): Promise<void> {
  for (const to of [
    'someone@elsewhere.example',
    `someone@${domainOf('a')}`,
    `${supportAddress}@elsewhere.example`,
    `someone%elsewhere.example@vendor.example`,
  ]) {
    const heard = await speak(target, [...envelope('pat@b.example', to).slice(0, 3), 'QUIT\r\n']);
    tries.note(`mail to ${to}`, !/^5\d\d /m.test(heard) && 'is taken');
  }
  const text = await speak(target, [
    'EHLO x.example\r\n',
    `MAIL FROM:<pat@b.example> SIZE=99999999\r\n`,
    'QUIT\r\n',
  ]);
  tries.note('a mail that says it has 100 MB', !/^5\d\d /m.test(text) && 'is taken');
}

async function attackSizes(target: Target, tries: Tries): Promise<void> {
  const bombs: readonly (readonly [string, string])[] = [
    ['60,000 headers', `${'X: y\r\n'.repeat(60_000)}\r\nx`],
    [
      '3,000 parts',
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(3000)}--b--`,
    ],
    ['a thousand parts inside of each other', nested(1000)],
    ['one line of a megabyte', `${headers('pat@b.example')}${'x'.repeat(1_000_000)}`],
    ['a header of 200 KB', `From: ${'<a@b.example>,'.repeat(15_000)}\r\n\r\nx`],
  ];
  for (const [what, text] of bombs) {
    const begun = performance.now();
    await speak(target, [...envelope('pat@b.example'), `${text}\r\n.\r\n`, 'QUIT\r\n'], 10_000);
    const health = await target.ask(undefined, { path: '/healthz' });
    tries.note(
      `a mail with ${what}`,
      (health.status !== 200 || health.ms > 5000) &&
        `makes others wait ${Math.round(performance.now() - begun)} ms`,
    );
  }
}

const nested = (depth: number) =>
  Array.from(
    { length: depth },
    (_, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}\r\n`,
  ).join('');

async function attackByIdling(target: Target, tries: Tries): Promise<void> {
  const idle: Socket[] = Array.from({ length: 60 }, () =>
    connect(target.supportMailPort, '127.0.0.1')
      .on('error', () => undefined)
      .resume(),
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  const open = idle.filter((socket) => !socket.destroyed && socket.readyState === 'open').length;
  tries.note('60 connections from one address that say nothing', open > 50 && `keep ${open} open`);
  for (const socket of idle) socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const heard = await speak(target, ['EHLO x.example\r\n', 'QUIT\r\n']);
  tries.note('the mailbox after that', !heard.startsWith('220') && `answers ${heard.slice(0, 40)}`);
}
