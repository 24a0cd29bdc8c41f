/** Session cookies that were changed, made up, or kept after their session ended. */
import { randomBytes } from 'node:crypto';

import type { Family } from './attack.ts';
import { type Answer, codeOf } from './http-client.ts';
import { type Caller, districtPath, password } from './callers.ts';
import type { Target } from './target.ts';

/** `name=token.signature`, as it is sent. */
function partsOf(cookie: string) {
  const one = cookie.split('; ').find((part) => part.includes('session')) ?? cookie;
  const name = one.slice(0, one.indexOf('='));
  const value = decodeURIComponent(one.slice(name.length + 1));
  const dot = value.lastIndexOf('.');
  return { name, token: value.slice(0, dot), signature: value.slice(dot + 1) };
}

const flip = (text: string, place: number) =>
  `${text.slice(0, place)}${text[place] === 'A' ? 'B' : 'A'}${text.slice(place + 1)}`;

export const sessionsFamily: Family = {
  name: 'sessions',
  isQuick: true,
  async attack(target, tries) {
    const one = await target.newPerson('administrator', 'b');
    const other = await target.newPerson('administrator', 'a');
    const { name, token, signature } = partsOf(one.cookie ?? '');
    const theirs = partsOf(other.cookie ?? '');
    const isOpen = async (cookie: string | undefined) =>
      (await target.ask(undefined, { path: '/api/session', cookie })).status === 200;
    const madeUp: readonly (readonly [string, string])[] = [
      ['a token of somebody else', `${theirs.token}.${signature}`],
      ['a changed token', `${flip(token, 3)}.${signature}`],
      ['a changed signature', `${token}.${flip(signature, 3)}`],
      ['half a signature', `${token}.${signature.slice(0, 20)}`],
      ['no signature', token],
      ['an empty signature', `${token}.`],
      ['a token of nobody', `${randomBytes(24).toString('base64url')}.${signature}`],
      ['nothing', ''],
      ['the e-mail address', `${one.email}.${signature}`],
      ['10 KB', 'x'.repeat(10_000)],
    ];
    for (const [what, value] of madeUp)
      tries.note(
        `cookie with ${what}`,
        (await isOpen(`${name}=${encodeURIComponent(value)}`)) && 'is a session',
      );
    const bearer = await target.ask(undefined, {
      path: '/api/session',
      headers: { authorization: `Bearer ${token}`, 'x-daybreak-address': '127.0.0.1' },
    });
    tries.note('token as a bearer', bearer.status === 200 && 'is a session');

    const again = await target.signIn(one.email);
    tries.note(
      'signing in again',
      partsOf(again.cookies).token === token && 'gives the same token',
    );
    const chosen = await target.ask(undefined, {
      method: 'POST',
      path: '/api/session',
      cookie: `${name}=chosen.chosen`,
      body: { email: one.email, password },
    });
    tries.note(
      'signing in with a cookie that was planted',
      chosen.cookies.includes('chosen') && 'keeps it',
    );

    for (const [what, end] of endings(target, await target.newPerson('administrator', 'b'))) {
      const person = await target.newPerson('staff', 'b');
      const second = await target.signIn(person.email);
      const answer = await end(person);
      if (answer.status !== 200)
        throw new Error(`${what}: answered ${answer.status} ${codeOf(answer)}`);
      const left = what.startsWith('signing out here')
        ? [person.cookie]
        : [person.cookie, second.cookies];
      const ownIsKept = what.startsWith('a new password of one');
      for (const cookie of ownIsKept ? [second.cookies] : left)
        tries.note(`a session after ${what}`, (await isOpen(cookie)) && 'goes on');
    }

    const old = await target.newPerson('staff', 'b');
    await target.database.pool.query(
      `update account_sessions set created_at = now() - interval '31 days'
       where account_id = (select id from accounts where email = $1)`,
      [old.email],
    );
    tries.note(
      'a session of 31 days that was used all the time',
      (await isOpen(old.cookie)) && 'goes on',
    );
  },
};

/** What ends sessions. */
const endings = (
  target: Target,
  administrator: Caller,
): (readonly [string, (person: Caller) => Promise<Answer>])[] => {
  const idOf = async ({ email }: Caller) => {
    const { rows } = await target.database.pool.query<{ id: string }>(
      'select id from accounts where email = $1',
      [email],
    );
    return rows[0]?.id ?? '';
  };
  const people = `${districtPath('b')}/users`;
  const remove = async (person: Caller) =>
    target.ask(administrator, { method: 'DELETE', path: `${people}/${await idOf(person)}` });
  return [
    [
      'signing out here',
      (person) => target.ask(person, { method: 'DELETE', path: '/api/session' }),
    ],
    [
      'signing out everywhere',
      (person) => target.ask(person, { method: 'DELETE', path: '/api/account/sessions' }),
    ],
    [
      'a new password of one of them',
      (person) =>
        target.ask(person, {
          method: 'PUT',
          path: '/api/account/password',
          body: { newPassword: `${password} again` },
        }),
    ],
    [
      'a lock',
      async (person) =>
        target.ask(administrator, {
          method: 'PUT',
          path: `${people}/${await idOf(person)}/suspended`,
          body: { isSuspended: true },
        }),
    ],
    [
      'another role',
      async (person) => {
        const listed = await target.ask(administrator, { path: people });
        const { users: all } = JSON.parse(listed.text) as {
          users: { email: string; version: string }[];
        };
        const version = all.find(({ email }) => email === person.email)?.version;
        return target.ask(administrator, {
          method: 'PUT',
          path: `${people}/${await idOf(person)}`,
          body: { role: 'read-only', schools: null, version },
        });
      },
    ],
    ['its account was removed', remove],
  ];
};
