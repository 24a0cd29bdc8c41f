/** Attacks with session cookies that were altered, forged, or kept after the session ended. */
import { randomBytes } from 'node:crypto';

import type { Family } from '../attack.ts';
import { type HttpResponse, findErrorCode } from '../target/http-client.ts';
import { type Caller, districtPath, password } from '../target/callers.ts';
import type { Target } from '../target/target.ts';

/** Parses a cookie `name=token.signature`. */
function parseCookie(cookie: string) {
  const one = cookie.split('; ').find((part) => part.includes('session')) ?? cookie;
  const name = one.slice(0, one.indexOf('='));
  const value = decodeURIComponent(one.slice(name.length + 1));
  const dot = value.lastIndexOf('.');
  return { name, token: value.slice(0, dot), signature: value.slice(dot + 1) };
}

const changeCharacter = (text: string, index: number) =>
  `${text.slice(0, index)}${text[index] === 'A' ? 'B' : 'A'}${text.slice(index + 1)}`;

export const sessionsFamily: Family = {
  name: 'sessions',
  isQuick: true,
  async attack(target, attempts) {
    const one = await target.createUser('administrator', 'b');
    const other = await target.createUser('administrator', 'a');
    const { name, token, signature } = parseCookie(one.cookie ?? '');
    const otherSession = parseCookie(other.cookie ?? '');
    const isOpen = async (cookie: string | undefined) =>
      (await target.send(undefined, { path: '/api/session', cookie })).status === 200;
    const forgedValues: readonly (readonly [string, string])[] = [
      ['a token of another user', `${otherSession.token}.${signature}`],
      ['a changed token', `${changeCharacter(token, 3)}.${signature}`],
      ['a changed signature', `${token}.${changeCharacter(signature, 3)}`],
      ['half a signature', `${token}.${signature.slice(0, 20)}`],
      ['no signature', token],
      ['an empty signature', `${token}.`],
      ['a random token', `${randomBytes(24).toString('base64url')}.${signature}`],
      ['nothing', ''],
      ['the e-mail address', `${one.email}.${signature}`],
      ['10 KB', 'x'.repeat(10_000)],
    ];
    for (const [what, value] of forgedValues)
      attempts.record(
        `cookie with ${what}`,
        (await isOpen(`${name}=${encodeURIComponent(value)}`)) && 'is a session',
      );
    const bearer = await target.send(undefined, {
      path: '/api/session',
      headers: { authorization: `Bearer ${token}`, 'x-daybreak-address': '127.0.0.1' },
    });
    attempts.record('token as a bearer', bearer.status === 200 && 'is a session');

    const secondSignIn = await target.signIn(one.email);
    attempts.record(
      'signing in again',
      parseCookie(secondSignIn.cookies).token === token && 'returns the same token',
    );
    const plantedSignIn = await target.send(undefined, {
      method: 'POST',
      path: '/api/session',
      cookie: `${name}=chosen.chosen`,
      body: { email: one.email, password },
    });
    attempts.record(
      'signing in with a planted cookie',
      plantedSignIn.cookies.includes('chosen') && 'keeps the cookie',
    );

    for (const [what, endSessions] of listEndings(
      target,
      await target.createUser('administrator', 'b'),
    )) {
      const user = await target.createUser('staff', 'b');
      const second = await target.signIn(user.email);
      const response = await endSessions(user);
      if (response.status !== 200)
        throw new Error(`${what}: got ${response.status} ${findErrorCode(response)}`);
      const endedCookies = what.startsWith('signing out here')
        ? [user.cookie]
        : [user.cookie, second.cookies];
      const keepsOwnSession = what.startsWith('a new password of one');
      for (const cookie of keepsOwnSession ? [second.cookies] : endedCookies)
        attempts.record(`a session after ${what}`, (await isOpen(cookie)) && 'stays open');
    }

    const old = await target.createUser('staff', 'b');
    await target.database.pool.query(
      `update account_sessions set created_at = now() - interval '31 days'
       where account_id = (select id from accounts where email = $1)`,
      [old.email],
    );
    attempts.record(
      'a session of 31 days in constant use',
      (await isOpen(old.cookie)) && 'stays open',
    );
  },
};

/** Returns the actions that end sessions. */
const listEndings = (
  target: Target,
  administrator: Caller,
): (readonly [string, (user: Caller) => Promise<HttpResponse>])[] => {
  const findId = async ({ email }: Caller) => {
    const { rows } = await target.database.pool.query<{ id: string }>(
      'select id from accounts where email = $1',
      [email],
    );
    return rows[0]?.id ?? '';
  };
  const usersPath = `${districtPath('b')}/users`;
  const remove = async (user: Caller) =>
    target.send(administrator, { method: 'DELETE', path: `${usersPath}/${await findId(user)}` });
  return [
    ['signing out here', (user) => target.send(user, { method: 'DELETE', path: '/api/session' })],
    [
      'signing out everywhere',
      (user) => target.send(user, { method: 'DELETE', path: '/api/account/sessions' }),
    ],
    [
      'a new password of one of them',
      (user) =>
        target.send(user, {
          method: 'PUT',
          path: '/api/account/password',
          body: { newPassword: `${password} again` },
        }),
    ],
    [
      'suspending the account',
      async (user) =>
        target.send(administrator, {
          method: 'PUT',
          path: `${usersPath}/${await findId(user)}/suspended`,
          body: { isSuspended: true },
        }),
    ],
    [
      'a change of role',
      async (user) => {
        const listed = await target.send(administrator, { path: usersPath });
        const { users: all } = JSON.parse(listed.text) as {
          users: { email: string; version: string }[];
        };
        const version = all.find(({ email }) => email === user.email)?.version;
        return target.send(administrator, {
          method: 'PUT',
          path: `${usersPath}/${await findId(user)}`,
          body: { role: 'read-only', schools: null, version },
        });
      },
    ],
    ['removing the account', remove],
  ];
};
