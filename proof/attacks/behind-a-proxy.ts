/** Addresses that a caller makes up, and limits that one caller uses up for others. */
import { each, type Family, type Tries } from './attack.ts';
import { type Answer, askServer } from './http-client.ts';
import type { Target } from './target.ts';

/** More than any limit allows, also while it fills up again on a slow machine. */
const attempts = 150;

export const behindAProxyFamily: Family = {
  name: 'behind a proxy',
  isQuick: true,
  async attack(target, tries) {
    const victim = await target.newPerson('staff', 'a');
    const attacker = '198.51.100.77';
    const limited = await untilLimited((index) => wrong(target, `10.9.8.${index}, ${attacker}`));
    tries.note(
      'sign-ins from one address with another one made up each time',
      limited === undefined && 'never meet a limit',
    );
    tries.note(
      'an answer beyond the limit',
      limited?.headers['retry-after'] === undefined && 'has no Retry-After',
    );
    const other = await target.signIn(victim.email, '198.51.100.78');
    tries.note(
      'another address',
      other.status !== 200 && `is answered ${other.status} since an attacker used up the limit`,
    );
    const network = await untilLimited((index) => wrong(target, `2001:db8:1:2::${index + 1}`));
    tries.note('addresses of one IPv6 network', network === undefined && 'never meet a limit');
    const next = await wrong(target, '2001:db8:7:8::1');
    tries.note('another IPv6 network', next.status === 429 && 'meets the limit of the first');
    await attackDirectly(target, tries);
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

/** A code for nobody: it is limited as a sign-in is, and costs no hash. */
const wrong = async (target: Target, from: string): Promise<Answer> =>
  target.ask(undefined, {
    method: 'POST',
    path: '/api/session/two-factor',
    from,
    body: { code: '000000', kind: 'app', trustDevice: false },
  });

/** A server that believes no proxy counts by the connection, whatever headers say. */
async function attackDirectly(target: Target, tries: Tries): Promise<void> {
  const headers = [
    'x-forwarded-for',
    'x-real-ip',
    'forwarded',
    'x-client-ip',
    'cf-connecting-ip',
    'true-client-ip',
    'x-daybreak-address',
  ];
  const limited = await untilLimited((index) => {
    const address = `203.0.113.${index}`;
    const made = headers.map((name) => [name, name === 'forwarded' ? `for=${address}` : address]);
    return askServer(target.inner.url, {
      method: 'POST',
      path: '/api/session/two-factor',
      headers: Object.fromEntries(made) as Record<string, string>,
      body: { code: '000000', kind: 'app', trustDevice: false },
    });
  });
  tries.note(
    'sign-ins without a proxy, with made-up headers',
    limited === undefined && 'never meet a limit',
  );
}

/** The first answer that says it was too often; undefined: none ever did. */
async function untilLimited(
  attempt: (index: number) => Promise<Answer>,
): Promise<Answer | undefined> {
  let limited: Answer | undefined;
  const places = Array.from({ length: attempts }, (_, index) => index);
  await each(
    places,
    async (index) => {
      if (limited !== undefined) return;
      const answer = await attempt(index);
      if (answer.status === 429) limited ??= answer;
    },
    6,
  );
  return limited;
}
