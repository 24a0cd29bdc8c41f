/** Addresses that a caller makes up, and limits that one caller uses up for others. */
import { each, type Family } from './attack.ts';
import { askServer } from './http-client.ts';
import { password } from './callers.ts';
import type { Target } from './target.ts';

const attempts = 40;

export const behindAProxyFamily: Family = {
  name: 'behind a proxy',
  isQuick: false,
  async attack(target, tries) {
    const victim = await target.newPerson('staff', 'a');
    const attacker = '198.51.100.77';
    const wrong = async (from: string, index: number) =>
      target.ask(undefined, {
        method: 'POST',
        path: '/api/session',
        from,
        body: { email: `nobody-${index}@b.example`, password: 'wrong, surely' },
      });
    await all(attempts, (index) => wrong(`10.9.8.${index}, ${attacker}`, index));
    const limited = await wrong(`192.0.2.1, ${attacker}`, attempts);
    tries.note(
      `${attempts} sign-ins from one address with another one made up each time`,
      limited.status !== 429 && `answered ${limited.status}`,
    );
    tries.note(
      'an answer beyond the limit',
      limited.status === 429 &&
        limited.headers['retry-after'] === undefined &&
        'has no Retry-After',
    );
    const other = await target.signIn(victim.email, '198.51.100.78');
    tries.note(
      'another address',
      other.status !== 200 && `is answered ${other.status} since an attacker used up the limit`,
    );
    for (const from of ['2001:db8:1:2::', '2001:db8:7:8::']) {
      const whole = from === '2001:db8:1:2::';
      await all(whole ? attempts : 0, (index) => wrong(`${from}${index + 1}`, index));
      const next = await wrong(`${from}ffff`, attempts);
      tries.note(
        whole ? 'forty addresses of one IPv6 network' : 'another IPv6 network',
        (next.status === 429) !== whole && `answered ${next.status}`,
      );
    }
    await attackDirectly(target, tries.note.bind(tries));
    const { rows } = await target.database.pool.query<{ address: string }>(
      `select distinct address from audit_events where account_email = $1 and action = 'signed-in'`,
      [victim.email],
    );
    tries.note(
      'the audit trail',
      !rows.some(({ address }) => address === '198.51.100.78') &&
        'does not hold the address of the person',
    );
  },
};

/** A server that believes no proxy counts by the connection, whatever headers say. */
async function attackDirectly(
  target: Target,
  note: (attack: string, seen: string | false) => void,
): Promise<void> {
  const headers = [
    'x-forwarded-for',
    'x-real-ip',
    'forwarded',
    'x-client-ip',
    'cf-connecting-ip',
    'true-client-ip',
    'x-daybreak-address',
  ];
  const statuses: number[] = [];
  await all(attempts, async (index) => {
    const address = `203.0.113.${index}`;
    const made = headers.map((name) => [name, name === 'forwarded' ? `for=${address}` : address]);
    const { status } = await askServer(target.inner.url, {
      method: 'POST',
      path: '/api/session',
      headers: Object.fromEntries(made) as Record<string, string>,
      body: { email: `no-one-${index}@b.example`, password },
    });
    statuses.push(status);
  });
  note(
    `${attempts} sign-ins without a proxy, with made-up headers`,
    !statuses.includes(429) && 'are all looked at',
  );
}

/** That many at nearly the same time, so that they fall into one minute on a busy machine, too. */
const all = async (count: number, attempt: (index: number) => Promise<unknown>) =>
  each(
    Array.from({ length: count }, (_, index) => index),
    async (index) => {
      await attempt(index);
    },
    10,
  );
