/**
 * Attacks with forged client addresses, and rate limits that one caller exhausts for others.
 *
 * This folder attacks the HTTP server itself: addresses, limits, bodies, files.
 */
import { forEachConcurrent, type Family, type Attempts } from '../attack.ts';
import { type HttpResponse, sendRequest } from '../target/http-client.ts';
import type { Target } from '../target/target.ts';

/** More than any rate limit allows, even while it refills on a slow machine. */
const attemptCount = 150;

export const behindAProxyFamily: Family = {
  name: 'behind a proxy',
  isQuick: true,
  async attack(target, attempts) {
    const victim = await target.createUser('staff', 'a');
    const attacker = '198.51.100.77';
    const limited = await sendUntilLimited((index) =>
      sendWrongCode(target, `10.9.8.${index}, ${attacker}`),
    );
    attempts.record(
      'sign-ins from one address with forged addresses',
      limited === undefined && 'are never limited',
    );
    attempts.record(
      'a response beyond the limit',
      limited?.headers['retry-after'] === undefined && 'has no Retry-After',
    );
    const other = await target.signIn(victim.email, '198.51.100.78');
    attempts.record(
      'another address',
      other.status !== 200 && `gets ${other.status} after an attacker exhausted the limit`,
    );
    const network = await sendUntilLimited((index) =>
      sendWrongCode(target, `2001:db8:1:2::${index + 1}`),
    );
    attempts.record('addresses of one IPv6 network', network === undefined && 'are never limited');
    const next = await sendWrongCode(target, '2001:db8:7:8::1');
    attempts.record('another IPv6 network', next.status === 429 && 'shares the limit of the first');
    await attackDirectly(target, attempts);
    const { rows } = await target.database.pool.query<{ address: string }>(
      `select distinct address from audit_events where account_email = $1 and action = 'signed-in'`,
      [victim.email],
    );
    attempts.record(
      'the audit trail',
      !rows.some(({ address }) => address === '198.51.100.78') &&
        'does not contain the address of the user',
    );
  },
};

/** Sends a wrong code: it is rate-limited like a sign-in, but needs no password hash. */
const sendWrongCode = async (target: Target, from: string): Promise<HttpResponse> =>
  target.send(undefined, {
    method: 'POST',
    path: '/api/session/two-factor',
    clientAddress: from,
    body: { code: '000000', kind: 'app', trustDevice: false },
  });

/** A server that trusts no proxy must limit by connection, whatever the headers say. */
async function attackDirectly(target: Target, attempts: Attempts): Promise<void> {
  const headers = [
    'x-forwarded-for',
    'x-real-ip',
    'forwarded',
    'x-client-ip',
    'cf-connecting-ip',
    'true-client-ip',
    'x-daybreak-address',
  ];
  const limited = await sendUntilLimited((index) => {
    const address = `203.0.113.${index}`;
    const madeUpHeaders = headers.map((name) => [
      name,
      name === 'forwarded' ? `for=${address}` : address,
    ]);
    return sendRequest(target.direct.url, {
      method: 'POST',
      path: '/api/session/two-factor',
      headers: Object.fromEntries(madeUpHeaders) as Record<string, string>,
      body: { code: '000000', kind: 'app', trustDevice: false },
    });
  });
  attempts.record(
    'sign-ins without a proxy, with forged headers',
    limited === undefined && 'are never limited',
  );
}

/** Sends requests until one is limited and returns its response; undefined if none was. */
async function sendUntilLimited(
  sendAttempt: (index: number) => Promise<HttpResponse>,
): Promise<HttpResponse | undefined> {
  let limited: HttpResponse | undefined;
  const indexes = Array.from({ length: attemptCount }, (_, index) => index);
  await forEachConcurrent(
    indexes,
    async (index) => {
      if (limited !== undefined) return;
      const response = await sendAttempt(index);
      if (response.status === 429) limited ??= response;
    },
    6,
  );
  return limited;
}
