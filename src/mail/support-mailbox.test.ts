import { once } from 'node:events';
import { connect } from 'node:net';

import { createTransport } from 'nodemailer';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type ReceivedMail, startSupportMailbox, type SupportMailbox } from './support-mailbox.ts';

const support = 'tier2help@samegoal.com';
let mailbox: SupportMailbox;
let received: ReceivedMail[] = [];
let isFailing = false;
/** DNS queries so far. */
let dnsQueries = 0;

/** The DNS records of the domains in these tests. */
const records: Readonly<Record<string, string[][]>> = {
  'TXT open.example': [['v=spf1 ip4:127.0.0.1 -all']],
  'TXT closed.example': [['v=spf1 ip4:192.0.2.1 -all']],
};
/** Domains whose name server does not respond. */
const unreachable = /(?:^|\.)unreachable\.example$/;

beforeAll(async () => {
  mailbox = await startSupportMailbox({
    host: '127.0.0.1',
    port: 0,
    addresses: [support],
    isBehindRelay: false,
    resolver: async (name, type) => {
      dnsQueries += 1;
      const found = records[`${type} ${name}`];
      if (found !== undefined) return Promise.resolve(found);
      const code = unreachable.test(name) ? 'ETIMEOUT' : 'ENOTFOUND';
      return Promise.reject(Object.assign(new Error('no answer'), { code }));
    },
    log: pino({ level: 'silent' }),
    now: () => Temporal.Instant.from('2026-11-23T15:00:00Z'),
    onMail: async (mail) => {
      if (isFailing) throw new Error('the database is away');
      received.push(mail);
      return Promise.resolve();
    },
  });
});
afterAll(() => mailbox.close());
beforeEach(() => {
  received = [];
  isFailing = false;
});

const send = async (mail: object) => {
  const transport = createTransport({ host: '127.0.0.1', port: mailbox.port, ignoreTLS: true });
  return transport.sendMail({
    from: 'Pat Poe <pat@open.example>',
    to: support,
    subject: 'Complete SameGoal Demographics Integration',
    text: '',
    ...mail,
  });
};

describe('mail to the support address over real SMTP', () => {
  it('is received as it was sent; an empty body is enough (R18)', async () => {
    await send({ messageId: '<one@open.example>', references: ['<a@x.example>', '<b@x.example>'] });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      envelopeFrom: 'pat@open.example',
      from: ['pat@open.example'],
      subject: 'Complete SameGoal Demographics Integration',
      messageId: 'one@open.example',
      references: ['a@x.example', 'b@x.example'],
      text: '',
    });
    expect(received[0]?.headers.get('to')).toBe(support);
  });

  it.each([
    ['pat@open.example', 'confirmed'],
    ['pat@closed.example', 'contradicted'],
    ['pat@silent.example', 'unknown'],
  ])('has its sender checked by what the domain publishes: %s is %s', async (from, verdict) => {
    await send({ from });
    expect(received[0]?.sender.verdict).toBe(verdict);
  });

  it('is not confirmed when only the domain of the envelope passes', async () => {
    await send({ from: 'pat@silent.example', envelope: { from: 'x@open.example', to: support } });
    expect(received[0]?.sender.verdict).toBe('unknown');
  });

  it('is accepted with the logo of a signature, and rejected with an attachment', async () => {
    const logo = { filename: 'logo.png', content: 'x', cid: 'logo' };
    await send({ html: '<img src="cid:logo">', attachments: [logo] });
    expect(received).toHaveLength(1);
    await expect(
      send({ attachments: [{ filename: 'list.csv', content: 'a,b' }] }),
    ).rejects.toMatchObject({ responseCode: 554 });
    expect(received).toHaveLength(1);
  });

  it('is accepted without its text when it contains too much HTML', async () => {
    await send({ html: '<p>Please <b>call</b> me.</p>' });
    expect(received.pop()?.text).toBe('Please call me.');
    await send({ html: '<a href="x">y</a>'.repeat(50_000) });
    expect(received[0]?.text).toBe('[This mail contains more HTML than can be shown here.]');
  });

  it('is rejected when it is too large', async () => {
    await expect(send({ text: 'x'.repeat(2_000_000) })).rejects.toMatchObject({
      responseCode: 552,
    });
    expect(received).toEqual([]);
  });

  it.each([
    [
      'signatures',
      { key: 'DKIM-Signature', value: 'v=1; a=rsa-sha256; d=open.example; s=x; b=x' },
      11,
    ],
    ['headers', { key: 'X-Long', value: 'x'.repeat(900) }, 80],
  ])('is rejected before its %s are processed if there are too many', async (_, header, count) => {
    const asked = dnsQueries;
    const mail = { headers: Array.from({ length: count }, () => header) };
    await expect(send(mail)).rejects.toMatchObject({ responseCode: 552 });
    expect(dnsQueries).toBe(asked);
  });

  it('is rejected for other addresses, so this is no open relay', async () => {
    await expect(send({ to: 'someone@elsewhere.example' })).rejects.toMatchObject({
      responseCode: 550,
    });
  });

  it('is asked for again when it could not be stored', async () => {
    isFailing = true;
    await expect(send({})).rejects.toMatchObject({ responseCode: 451 });
  });

  it('is asked for again while the DNS of its sender does not respond', async () => {
    const from = 'admin@unreachable.example';
    await expect(send({ from })).rejects.toMatchObject({ responseCode: 451 });
    const envelope = { from: 'x@silent.example', to: support };
    await expect(send({ from, envelope })).rejects.toMatchObject({ responseCode: 451 });
    expect(received).toEqual([]);
  });

  it('is accepted while another address has opened too many connections', async () => {
    const idle = Array.from({ length: 50 }, () =>
      connect({ host: '127.0.0.1', port: mailbox.port, localAddress: '127.0.0.2' }),
    );
    try {
      const greetings = await Promise.all(
        idle.map(async (socket) => String((await once(socket, 'data'))[0])),
      );
      expect(greetings.filter((line) => line.startsWith('220 '))).toHaveLength(5);
      expect(greetings.filter((line) => line.startsWith('421 '))).toHaveLength(45);
      await send({});
      expect(received).toHaveLength(1);
    } finally {
      for (const socket of idle) socket.destroy();
    }
  });

  it('that bounces has no envelope sender', async () => {
    await send({ envelope: { from: '', to: support } });
    expect(received[0]?.envelopeFrom).toBe('');
  });
});
