/** Addresses that would make the server call something inside of its network, and answers that lead there. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { eventOf, startReceiver, verified } from '../../tests/servers/webhook-receiver.ts';
import { each, type Family, type Tries } from './attack.ts';
import { askServer } from './http-client.ts';
import { type Caller, districtPath } from './callers.ts';
import type { Target } from './target.ts';

/** Hosts that are inside, however they are written. */
const inside: readonly string[] = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '１２７.０.０.１',
  '127。0。0。1',
  'localhost',
  'LOCALHOST.',
  'x.localhost',
  '0.0.0.0',
  '0',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[fe80::1]',
  '[fe80::1%25lo]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[ff02::1]',
  '[2001:db8::1]',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  'user@127.0.0.1',
  '127.0.0.1%2f@example.com',
];

/** Whole addresses that are no web address, or not one of https. */
const others: readonly string[] = [
  'http://example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_x',
  'https:///127.0.0.1',
  'https://',
  '//127.0.0.1/',
  'javascript:alert(1)',
  'https://127.0.0.1\\@example.com/',
];

export const outgoingFamily: Family = {
  name: 'outgoing requests',
  isQuick: true,
  async attack(target, tries) {
    // Whatever arrives here was let through.
    let hits = 0;
    const trap = createServer((_, response) => {
      hits += 1;
      response.end('inside');
    });
    trap.on('connection', () => {
      hits += 1;
    });
    const listening = Promise.withResolvers<void>();
    trap.listen(0, '127.0.0.1', () => listening.resolve());
    await listening.promise;
    const { port } = trap.address() as AddressInfo;
    const urls = [...inside.map((host) => `https://${host}:${port}/`), ...others];
    try {
      await attackAddresses(target, tries, tries.sample(urls, 10));
      tries.note('all of these', hits > 0 && `reached a server inside ${hits} times`);
      await attackReceiver(target, tries, port, () => hits);
    } finally {
      trap.closeAllConnections();
      trap.close();
    }
  },
};

/** Such calls are limited: by turns in both districts, by somebody new every few addresses. */
async function attackAddresses(target: Target, tries: Tries, urls: readonly string[]) {
  let administrators: Caller[] = [];
  for (const [index, url] of urls.entries()) {
    if (index % 8 === 0)
      administrators = [
        await target.newPerson('administrator', 'a'),
        await target.newPerson('administrator', 'b'),
      ];
    await attackAddress(
      target,
      tries,
      url,
      index % 2 ? administrators.toReversed() : administrators,
    );
  }
}

async function attackAddress(
  target: Target,
  tries: Tries,
  url: string,
  administrators: readonly Caller[],
): Promise<void> {
  const send = async (caller: Caller | undefined, method: string, path: string, body: unknown) =>
    target.ask(caller, { method, path: `${districtPath(caller?.district ?? 'b')}${path}`, body });
  const [one, other] = administrators;
  const answers = [
    ['a webhook', await send(one, 'POST', '/webhooks', { url, events: ['document.created'] })],
    [
      'a provider',
      await send(other, 'PUT', '/single-sign-on', {
        issuer: url,
        clientId: 'x',
        clientSecret: 'x',
        isEnabled: true,
        trustsEmailAddresses: false,
        isRequired: false,
        newAccounts: null,
      }),
    ],
    [
      'a Skyward',
      await send(one, 'PUT', '/connection', { baseUrl: url, clientKey: 'x', clientSecret: 'x' }),
    ],
  ] as const;
  for (const [what, answer] of answers) {
    const isTaken = answer.status === 200 && !answer.text.includes('"isStored":false');
    const isTrouble = answer.status === 0 || answer.status >= 500;
    // What a limit keeps from being asked was not tried.
    if (answer.status !== 429)
      tries.note(
        `${what} at ${url}`,
        (isTaken || isTrouble) && `answered ${answer.status} ${answer.text.slice(0, 100)}`,
      );
  }
}

/** A receiver that is allowed: its signatures, its redirects, and what the sender tells about it. */
async function attackReceiver(
  target: Target,
  tries: Tries,
  trapPort: number,
  hits: () => number,
): Promise<void> {
  const receiver = await startReceiver();
  const caller = await target.newPerson('administrator', 'b');
  const send = async (as: Caller, path: string, body?: unknown) =>
    askServer(target.inner.url, {
      method: 'POST',
      path: `${districtPath('b')}${path}`,
      cookie: as.cookie,
      body,
    });
  try {
    const added = await send(caller, '/webhooks', {
      url: receiver.url,
      events: ['document.created'],
    });
    if (added.status !== 200) throw new Error(`No webhook was added: ${added.text}`);
    const { webhook, secret } = JSON.parse(added.text) as {
      webhook: { id: number };
      secret: string;
    };
    await send(caller, `/webhooks/${webhook.id}/test`);
    const call = receiver.calls[0];
    if (call === undefined) throw new Error('No webhook was sent');
    const isGood = (changed: Partial<typeof call>, key = secret) => {
      try {
        verified({ ...call, ...changed }, key);
        return true;
      } catch {
        return false;
      }
    };
    tries.note('a webhook', (!isGood({}) || eventOf(call) !== 'webhook.test') && 'does not verify');
    tries.note(
      'a webhook with another body',
      isGood({ body: call.body.replace('test', 'tset') }) && 'verifies',
    );
    tries.note(
      'a webhook with another key',
      isGood({}, `whsec_${Buffer.alloc(32, 7).toString('base64')}`) && 'verifies',
    );
    tries.note(
      'a webhook at another time',
      isGood({ headers: { ...call.headers, 'webhook-timestamp': '1700000000' } }) && 'verifies',
    );
    tries.note(
      'a webhook with another id',
      isGood({ headers: { ...call.headers, 'webhook-id': 'msg_x' } }) && 'verifies',
    );

    const before = hits();
    receiver.answerWith((response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${trapPort}/` });
      response.end();
    });
    await send(caller, `/webhooks/${webhook.id}/test`);
    tries.note('a receiver that redirects', hits() > before && 'is followed');

    const problems = new Set<string>();
    for (const url of [
      'http://127.0.0.1:1/',
      'http://no-such-host.invalid/',
      `https://127.0.0.1:${trapPort}/`,
    ]) {
      const one = await send(caller, '/webhooks', { url, events: ['document.created'] });
      if (one.status !== 200) continue;
      const { webhook: unreached } = JSON.parse(one.text) as { webhook: { id: number } };
      const test = await send(caller, `/webhooks/${unreached.id}/test`);
      problems.add((JSON.parse(test.text) as { problem?: string }).problem ?? test.text);
    }
    tries.note(
      'a closed port, an unknown name and a bad certificate',
      problems.size > 1 && `are told apart: ${Array.from(problems).join(' / ')}`,
    );

    receiver.answerWith((response) => response.end('thanks'));
    const sent = receiver.calls.length;
    const other = await target.newPerson('administrator', 'b');
    await each(Array.from({ length: 60 }), async () => {
      await send(other, `/webhooks/${webhook.id}/test`);
    });
    const made = receiver.calls.length - sent;
    tries.note('60 tests of a webhook within seconds', made > 30 && `make ${made} requests`);
  } finally {
    await receiver.close();
  }
}
