/** Server-side request forgery: URLs and redirects that would make the server call its internal network. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  readEventType,
  startReceiver,
  verifyCall,
} from '../../../tests/servers/webhook-receiver.ts';
import { forEachConcurrent, type Family, type Attempts } from '../attack.ts';
import { sendRequest } from '../target/http-client.ts';
import { type Caller, districtPath } from '../target/callers.ts';
import type { Target } from '../target/target.ts';

/** Internal hosts in various notations. */
const internalHosts: readonly string[] = [
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

/** URLs that are invalid or not https. */
const invalidUrls: readonly string[] = [
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
  async attack(target, attempts) {
    // Any request that arrives here is a finding.
    let hitCount = 0;
    const trap = createServer((_, response) => {
      hitCount += 1;
      response.end('inside');
    });
    trap.on('connection', () => {
      hitCount += 1;
    });
    const listening = Promise.withResolvers<void>();
    trap.listen(0, '127.0.0.1', () => listening.resolve());
    await listening.promise;
    const { port } = trap.address() as AddressInfo;
    const urls = [...internalHosts.map((host) => `https://${host}:${port}/`), ...invalidUrls];
    try {
      await attackAddresses(target, attempts, attempts.sample(urls, 10));
      attempts.record(
        'all of these',
        hitCount > 0 && `reached an internal server ${hitCount} times`,
      );
      await attackReceiver(target, attempts, port, () => hitCount);
    } finally {
      trap.closeAllConnections();
      trap.close();
    }
  },
};

/** Alternates between both districts, with new users every few URLs, since these calls are rate-limited. */
async function attackAddresses(target: Target, attempts: Attempts, urls: readonly string[]) {
  let administrators: Caller[] = [];
  for (const [index, url] of urls.entries()) {
    if (index % 8 === 0)
      administrators = [
        await target.createUser('administrator', 'a'),
        await target.createUser('administrator', 'b'),
      ];
    await attackAddress(
      target,
      attempts,
      url,
      index % 2 ? administrators.toReversed() : administrators,
    );
  }
}

async function attackAddress(
  target: Target,
  attempts: Attempts,
  url: string,
  administrators: readonly Caller[],
): Promise<void> {
  const send = async (caller: Caller | undefined, method: string, path: string, body: unknown) =>
    target.send(caller, { method, path: `${districtPath(caller?.district ?? 'b')}${path}`, body });
  const [one, other] = administrators;
  const responses = [
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
  for (const [what, response] of responses) {
    const isAccepted = response.status === 200 && !response.text.includes('"isStored":false');
    const isServerError = response.status === 0 || response.status >= 500;
    // A rate-limited request does not count.
    if (response.status !== 429)
      attempts.record(
        `${what} at ${url}`,
        (isAccepted || isServerError) && `got ${response.status} ${response.text.slice(0, 100)}`,
      );
  }
}

/** Attacks through an allowed webhook receiver: signatures, redirects, and error messages. */
async function attackReceiver(
  target: Target,
  attempts: Attempts,
  trapPort: number,
  hitCount: () => number,
): Promise<void> {
  const receiver = await startReceiver();
  const caller = await target.createUser('administrator', 'b');
  const send = async (as: Caller, path: string, body?: unknown) =>
    sendRequest(target.direct.url, {
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
    const isVerified = (changed: Partial<typeof call>, key = secret) => {
      try {
        verifyCall({ ...call, ...changed }, key);
        return true;
      } catch {
        return false;
      }
    };
    attempts.record(
      'a webhook',
      (!isVerified({}) || readEventType(call) !== 'webhook.test') && 'does not verify',
    );
    attempts.record(
      'a webhook with another body',
      isVerified({ body: call.body.replace('test', 'tset') }) && 'verifies',
    );
    attempts.record(
      'a webhook with another key',
      isVerified({}, `whsec_${Buffer.alloc(32, 7).toString('base64')}`) && 'verifies',
    );
    attempts.record(
      'a webhook at another time',
      isVerified({ headers: { ...call.headers, 'webhook-timestamp': '1700000000' } }) && 'verifies',
    );
    attempts.record(
      'a webhook with another id',
      isVerified({ headers: { ...call.headers, 'webhook-id': 'msg_x' } }) && 'verifies',
    );

    const before = hitCount();
    receiver.respondWith((response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${trapPort}/` });
      response.end();
    });
    await send(caller, `/webhooks/${webhook.id}/test`);
    attempts.record('a receiver that redirects', hitCount() > before && 'is followed');

    const problems = new Set<string>();
    for (const url of [
      'http://127.0.0.1:1/',
      'http://no-such-host.invalid/',
      `https://127.0.0.1:${trapPort}/`,
    ]) {
      const one = await send(caller, '/webhooks', { url, events: ['document.created'] });
      if (one.status !== 200) continue;
      const { webhook: unreachable } = JSON.parse(one.text) as { webhook: { id: number } };
      const test = await send(caller, `/webhooks/${unreachable.id}/test`);
      problems.add((JSON.parse(test.text) as { problem?: string }).problem ?? test.text);
    }
    attempts.record(
      'a closed port, an unknown name and a bad certificate',
      problems.size > 1 && `have different messages: ${Array.from(problems).join(' / ')}`,
    );

    receiver.respondWith((response) => response.end('thanks'));
    const callsBefore = receiver.calls.length;
    const other = await target.createUser('administrator', 'b');
    await forEachConcurrent(Array.from({ length: 60 }), async () => {
      await send(other, `/webhooks/${webhook.id}/test`);
    });
    const requestCount = receiver.calls.length - callsBefore;
    attempts.record(
      '60 tests of a webhook within seconds',
      requestCount > 30 && `make ${requestCount} requests`,
    );
  } finally {
    await receiver.close();
  }
}
