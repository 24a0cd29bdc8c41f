/** Attacks on the support mailbox: SMTP smuggling, forged senders, relaying, mail bombs and idle connections. */
import { connect, type Socket } from 'node:net';

import type { Family, Attempts } from '../attack.ts';
import { getDomain } from '../target/callers.ts';
import { supportAddress, type Target } from '../target/target.ts';

/** Sequences that some servers accept as the end of a mail; a second mail follows. */
const fakeEndings: readonly (readonly [string, string])[] = [
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
  async attack(target, attempts) {
    await attackWithFakeEndings(target, attempts);
    await attackSenders(target, attempts);
    await attackRelay(target, attempts);
    await attackSizes(target, attempts);
    await attackByIdling(target, attempts);
  },
};

const subject = 'Complete SameGoal Demographics Integration';
const headers = (from: string) =>
  `From: ${from}\r\nTo: ${supportAddress}\r\nSubject: ${subject}\r\nMessage-ID: <${Math.random()}@x.example>\r\n\r\n`;

/** Sends each part of an SMTP session after the reply to the previous one, and returns all replies. */
async function sendSmtp(target: Target, parts: readonly string[], waitMs = 5000): Promise<string> {
  const socket = connect(target.supportMailPort, '127.0.0.1');
  const { promise, resolve } = Promise.withResolvers<string>();
  const remainingParts = [...parts];
  let responses = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    responses += chunk;
    if (!/^\d{3} [^\n]*\r\n$/m.test(chunk)) return;
    const next = remainingParts.shift();
    if (next === undefined) socket.end();
    else socket.write(Buffer.from(next, 'latin1'));
  });
  socket.on('error', () => resolve(responses));
  socket.on('close', () => resolve(responses));
  socket.setTimeout(waitMs, () => socket.destroy());
  return promise;
}

const envelope = (from: string, to = supportAddress) => [
  'EHLO x.example\r\n',
  `MAIL FROM:<${from}>\r\n`,
  `RCPT TO:<${to}>\r\n`,
  'DATA\r\n',
];

const countMails = async (target: Target, where = 'true') => {
  const { rows } = await target.database.pool.query<{ count: number }>(
    `select count(*)::int as count from support_mails where ${where}`,
  );
  return rows[0]?.count ?? 0;
};

async function attackWithFakeEndings(target: Target, attempts: Attempts): Promise<void> {
  for (const [what, fakeEnding] of fakeEndings) {
    const before = await countMails(target, `body like '%hidden%' or subject = 'hidden'`);
    const second = `MAIL FROM:<admin@a.example>\r\nRCPT TO:<${supportAddress}>\r\nDATA\r\nSubject: hidden\r\nFrom: admin@a.example\r\n\r\nhidden`;
    await sendSmtp(target, [
      ...envelope('pat@b.example'),
      `${headers('pat@b.example')}first${fakeEnding}${second}\r\n.\r\n`,
      'QUIT\r\n',
    ]);
    const { rows } = await target.database.pool.query<{ count: number }>(
      `select count(*)::int as count from support_mails where subject = 'hidden'`,
    );
    const after = await countMails(target, `body like '%hidden%' or subject = 'hidden'`);
    attempts.record(
      `a mail with ${what} inside`,
      ((rows[0]?.count ?? 0) > 0 || after - before > 1) && 'is two mails',
    );
  }
}

async function attackSenders(target: Target, attempts: Attempts): Promise<void> {
  const requests = async () => {
    const { rows } = await target.database.pool.query<{ count: number }>(
      'select count(*)::int as count from setup_requests where channel = $1',
      ['mail'],
    );
    return rows[0]?.count ?? 0;
  };
  const admin = `admin@${getDomain('a')}`;
  const forged: readonly (readonly [string, string, string])[] = [
    ['an address of the district', admin, admin],
    ['an address in the header only', 'x@elsewhere.example', admin],
    ['two senders', admin, `${admin}, x@elsewhere.example`],
    ['a display name', 'x@elsewhere.example', `"${admin}" <x@elsewhere.example>`],
    ['no envelope sender', '', admin],
    ['another letter case', admin.toUpperCase(), admin.toUpperCase()],
    ['a comment', admin, `admin(x@elsewhere.example)@${getDomain('a')}`],
  ];
  for (const [what, envelopeFrom, from] of forged) {
    const before = await requests();
    const responses = await sendSmtp(
      target,
      [...envelope(envelopeFrom), `${headers(from)}Please connect us.\r\n.\r\n`, 'QUIT\r\n'],
      15_000,
    );
    attempts.record(
      `a mail with ${what}`,
      (await requests()) > before && 'creates a setup request that the domain did not confirm',
    );
    attempts.record(`a mail with ${what}`, responses === '' && 'gets no reply');
  }
}

async function attackRelay(target: Target, attempts: Attempts): Promise<void> {
  for (const to of [
    'someone@elsewhere.example',
    `someone@${getDomain('a')}`,
    `${supportAddress}@elsewhere.example`,
    `someone%elsewhere.example@vendor.example`,
  ]) {
    const responses = await sendSmtp(target, [
      ...envelope('pat@b.example', to).slice(0, 3),
      'QUIT\r\n',
    ]);
    attempts.record(`mail to ${to}`, !/^5\d\d /m.test(responses) && 'is accepted');
  }
  const text = await sendSmtp(target, [
    'EHLO x.example\r\n',
    `MAIL FROM:<pat@b.example> SIZE=99999999\r\n`,
    'QUIT\r\n',
  ]);
  attempts.record('a mail with a declared size of 100 MB', !/^5\d\d /m.test(text) && 'is accepted');
}

async function attackSizes(target: Target, attempts: Attempts): Promise<void> {
  const bombs: readonly (readonly [string, string])[] = [
    ['60,000 headers', `${'X: y\r\n'.repeat(60_000)}\r\nx`],
    [
      '3,000 parts',
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(3000)}--b--`,
    ],
    ['a thousand nested parts', nested(1000)],
    ['one line of a megabyte', `${headers('pat@b.example')}${'x'.repeat(1_000_000)}`],
    ['a header of 200 KB', `From: ${'<a@b.example>,'.repeat(15_000)}\r\n\r\nx`],
  ];
  for (const [what, text] of bombs) {
    const startedAt = performance.now();
    await sendSmtp(target, [...envelope('pat@b.example'), `${text}\r\n.\r\n`, 'QUIT\r\n'], 10_000);
    const health = await target.send(undefined, { path: '/healthz' });
    attempts.record(
      `a mail with ${what}`,
      (health.status !== 200 || health.durationMs > 5000) &&
        `delays others by ${Math.round(performance.now() - startedAt)} ms`,
    );
  }
}

const nested = (depth: number) =>
  Array.from(
    { length: depth },
    (_, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}\r\n`,
  ).join('');

async function attackByIdling(target: Target, attempts: Attempts): Promise<void> {
  const idle: Socket[] = Array.from({ length: 60 }, () =>
    connect(target.supportMailPort, '127.0.0.1')
      .on('error', () => undefined)
      .resume(),
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  const open = idle.filter((socket) => !socket.destroyed && socket.readyState === 'open').length;
  attempts.record('60 idle connections from one address', open > 50 && `keep ${open} open`);
  for (const socket of idle) socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const responses = await sendSmtp(target, ['EHLO x.example\r\n', 'QUIT\r\n']);
  attempts.record(
    'the mailbox after that',
    !responses.startsWith('220') && `replies ${responses.slice(0, 40)}`,
  );
}
