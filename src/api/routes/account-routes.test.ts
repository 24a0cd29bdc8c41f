import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';

import { type MailCatcher, startMailCatcher } from '../../../tests/servers/mail-catcher.ts';
import { insertDistrict } from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  cookieOf,
  errorOf,
  password,
  secret,
} from '../../../tests/servers/test-api.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import { type Accounts, createAccounts } from '../../accounts/accounts.ts';
import { lockoutMinutes, maxAttempts } from '../../accounts/sign-in/sign-in-failures.ts';
import { accountApi } from '../../contract/accounts/account.ts';
import type { Database } from '../../database/database.ts';
import { createMailer } from '../../mail/mailer.ts';
import { parseMailSettings } from '../../mail/mail-settings.ts';
import { createApi } from '../server/server.ts';
import { generousLimits } from '../../../tests/servers/generous-limits.ts';
import { fastPasswords } from '../../../tests/servers/fast-password-hashing.ts';

const log = pino({ level: 'silent' });
const publicUrl = 'https://iep.example.org';

let database: Database;
let mails: MailCatcher;
let accounts: Accounts;
let app: ReturnType<typeof createApi>;
let districtId = 0;
let now = Temporal.Now.instant();

beforeAll(async () => {
  [database, mails] = await Promise.all([openTestDatabase(), startMailCatcher()]);
  districtId = await insertDistrict(database);
  const outcome = parseMailSettings(mails.url, 'SameGoal <no-reply@demo.example>');
  if (outcome.kind === 'invalid') throw new Error(outcome.message);
  const mailer = createMailer({ pool: database.web.pool, settings: outcome.settings, log });
  accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    secret,
    log,
    publicUrl,
    mailer,
    now: () => now,
  });
  app = createApi({ database, accounts, log, publicUrl, rateLimits: generousLimits() });
});
afterAll(async () => {
  await mails.close();
  await database.close();
});

/** An account of its own for each test. */
async function newPerson(name: string, role: 'administrator' | 'staff' = 'staff') {
  const email = `${name}@demo.example`;
  await accounts.createAccount({ email, password, name, districtId, role });
  return email;
}

const call = async (method: string, path: string, cookie?: string, body?: unknown) =>
  app.request(`${publicUrl}${path}`, {
    method,
    headers: {
      'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0',
      ...(cookie !== undefined && { cookie }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const enter = async (email: string, given = password, cookie?: string) =>
  call('POST', '/api/session', cookie, { email, password: given });
const toSession = async (email: string) => cookieOf(await enter(email));
const read = async <Schema extends z.ZodType>(
  { path, response }: { readonly path: string; readonly response: Schema },
  cookie: string,
): Promise<z.output<Schema>> => parseResponse(response, await call('GET', path, cookie));
const actionsOf = async (email: string): Promise<string[]> => {
  const { rows } = await database.pool.query<{ action: string }>(
    'select action from audit_events where account_email = $1 order by id',
    [email],
  );
  return rows.map(({ action }) => action);
};

describe('too many wrong passwords', () => {
  it('lock the e-mail, even for the correct password, until the time is over', async () => {
    const email = await newPerson('locked');
    for (let count = 0; count < maxAttempts; count++) {
      expect((await enter(email, 'not the password')).status).toBe(401);
    }
    const locked = await enter(email);
    expect(locked.status).toBe(429);
    expect(locked.headers.get('retry-after')).toBe(String(lockoutMinutes * 60));
    expect(await actionsOf(email)).toContain('sign-in-failed');
    now = now.add({ minutes: lockoutMinutes });
    expect((await enter(email)).status).toBe(200);
  });

  it('lock an e-mail without an account with the same message', async () => {
    const email = await newPerson('known');
    const responses: string[] = [];
    for (const address of [email, 'unknown@demo.example']) {
      for (let count = 0; count < maxAttempts; count++) await enter(address, 'wrong');
      responses.push(await (await enter(address, 'wrong')).text());
    }
    expect(responses[0]).toContain('too many wrong passwords');
    expect(responses[1]).toBe(responses[0]);
  });

  it('are counted before they are checked, so that concurrent attempts do not help', async () => {
    const email = await newPerson('parallel');
    const statuses = await Promise.all(
      Array.from({ length: maxAttempts * 2 }, async () => (await enter(email, 'wrong')).status),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(maxAttempts);
    expect(statuses.filter((status) => status === 429)).toHaveLength(maxAttempts);
  });

  it('start over after a correct one, and after 15 minutes', async () => {
    const email = await newPerson('patient');
    for (let round = 0; round < 3; round++) {
      for (let count = 1; count < maxAttempts; count++) await enter(email, 'wrong');
      if (round === 1) await enter(email);
      else now = now.add({ minutes: lockoutMinutes, seconds: 1 });
    }
    expect((await enter(email)).status).toBe(200);
  });

  it('are also counted where the account asks for the password again', async () => {
    const cookie = await toSession(await newPerson('thief'));
    const guess = async () =>
      call('POST', '/api/session/reauthentication', cookie, { password: 'a guess' });
    for (let count = 0; count < maxAttempts; count++) {
      expect(await errorOf(await guess())).toMatchObject({ field: 'password' });
    }
    expect((await guess()).status).toBe(429);
  });
});

describe('a device that has signed in before', () => {
  const wrong = async (email: string, cookie?: string) => enter(email, 'wrong', cookie);
  const lockOut = async (email: string, cookie?: string) => {
    for (let count = 0; count <= maxAttempts; count++) await wrong(email, cookie);
  };
  const describeDevice = async (email: string, before?: string) =>
    (await enter(email, password, before)).headers
      .getSetCookie()
      .find((cookie) => cookie.startsWith('__Host-daybreak_device='));

  it('can still sign in when others have locked the e-mail, which stays locked for them', async () => {
    const email = await newPerson('owner');
    const device = await describeDevice(email);
    expect(device).toMatch(/; HttpOnly; SameSite=Lax; Max-Age=\d{8}; Secure$/);
    const cookie = device?.split(';')[0];
    await lockOut(email);
    expect((await enter(email)).status).toBe(429);
    expect((await enter(email, password, cookie)).status).toBe(200);
    expect((await enter(email)).status).toBe(429);
  });

  it('has its own ten attempts, which lock neither the e-mail nor another device', async () => {
    const email = await newPerson('robbed');
    const [stolen, other] = [await describeDevice(email), await describeDevice(email)];
    await lockOut(email, stolen);
    expect((await enter(email, password, stolen)).status).toBe(429);
    expect((await enter(email, password, other)).status).toBe(200);
    expect((await enter(email)).status).toBe(200);
  });

  it('is not known for other users, nor by a forged cookie', async () => {
    const [mine, theirs] = [await newPerson('known-one'), await newPerson('other-one')];
    const cookie = (await describeDevice(mine))?.split(';')[0] ?? '';
    await lockOut(theirs);
    await lockOut(mine);
    expect((await enter(theirs, password, cookie)).status).toBe(429);
    const forged = cookie.replace(/=./, (start) => (start === '=A' ? '=B' : '=A'));
    expect((await enter(mine, password, forged)).status).toBe(429);
    expect((await enter(mine, password, cookie)).status).toBe(200);
  });

  it('can be shared: it is known for the latest five users', async () => {
    const emails = await Promise.all(
      Array.from({ length: 6 }, async (_, index) => newPerson(`shared${index}`)),
    );
    let device: string | undefined;
    for (const email of emails) device = (await describeDevice(email, device))?.split(';')[0];
    for (const email of emails) await lockOut(email);
    const statuses = await Promise.all(
      emails.map(async (email) => (await enter(email, password, device)).status),
    );
    expect(statuses).toEqual([429, 200, 200, 200, 200, 200]);
  });
});

it('sends as many queries at the sign-in of an unknown address as of one with an account', async () => {
  const [known, unknown] = [await newPerson('asked-for'), 'nobody@demo.example'];
  const questionsOf = async (work: () => Promise<unknown>) => {
    let questions = 0;
    const count = () => (questions += 1);
    database.web.pool.on('acquire', count);
    await work();
    database.web.pool.off('acquire', count);
    return questions;
  };
  expect(await questionsOf(async () => enter(unknown, 'wrong'))).toBe(
    await questionsOf(async () => enter(known, 'wrong')),
  );
});

describe('a forgotten password', () => {
  it('is replaced with a link that works once and ends all sessions', async () => {
    const email = await newPerson('forgetful');
    const cookie = await toSession(email);
    const asked = await call('POST', '/api/password-resets', undefined, { email });
    expect(await asked.json()).toEqual({ accepted: true, canMail: true });
    await accounts.idle();
    const token = mails.linkTo(email, '/new-password/').split('/').at(-1);
    const body = { token, password: 'quite another password' };
    expect((await call('POST', '/api/new-password', undefined, body)).status).toBe(200);
    expect((await call('GET', '/api/session', cookie)).status).toBe(401);
    expect((await enter(email)).status).toBe(401);
    expect((await enter(email, 'quite another password')).status).toBe(200);
    const again = await call('POST', '/api/new-password', undefined, body);
    expect((await errorOf(again)).code).toBe('link-not-valid');
  });

  it('sends nothing for an address without an account, and responds the same', async () => {
    const before = mails.mails.length;
    const email = 'stranger@demo.example';
    const asked = await call('POST', '/api/password-resets', undefined, { email });
    expect(await asked.json()).toEqual({ accepted: true, canMail: true });
    await accounts.idle();
    expect(mails.mails.length).toBe(before);
  });

  it('sends a mailbox only a few links in 15 minutes, and always responds the same', async () => {
    const [email, other] = [await newPerson('flooded'), await newPerson('flooded-not')];
    const before = mails.mails.length;
    const responses = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const address = index % 2 === 0 ? email : email.toUpperCase();
        return call('POST', '/api/password-resets', undefined, { email: address });
      }),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    await accounts.idle();
    expect(mails.mails.length).toBe(before + 5);
    await call('POST', '/api/password-resets', undefined, { email: other });
    await accounts.idle();
    expect(mails.mails.length).toBe(before + 6);
    // Signing in is another count.
    expect((await enter(email)).status).toBe(200);
  });

  it('is not replaced with a link from before its last change', async () => {
    const email = await newPerson('warned');
    await call('POST', '/api/password-resets', undefined, { email });
    await accounts.idle();
    const token = mails.linkTo(email, '/new-password/').split('/').at(-1);
    const changed = { newPassword: 'changed by the owner' };
    const cookie = await toSession(email);
    expect((await call('PUT', '/api/account/password', cookie, changed)).status).toBe(200);
    const body = { token, password: 'quite another password' };
    expect((await call('POST', '/api/new-password', undefined, body)).status).toBe(410);
    expect((await enter(email, changed.newPassword)).status).toBe(200);
  });

  it('stores no usable link in the database', async () => {
    const email = await newPerson('stored');
    await call('POST', '/api/password-resets', undefined, { email });
    await accounts.idle();
    const token = mails.linkTo(email, '/new-password/').split('/').at(-1) ?? '';
    const { rows } = await database.pool.query(
      `select v::text from account_verifications v union all select m::text from sent_mails m`,
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe('sessions', () => {
  it('are listed with their device, and can be ended one by one or all at once', async () => {
    const email = await newPerson('busy');
    const [first, second] = [await toSession(email), await toSession(email)];
    const { sessions } = await read(accountApi.listSessions, first);
    expect(sessions).toHaveLength(2);
    expect(sessions[0]).toMatchObject({ device: 'Firefox on Windows', address: '127.0.0.1' });
    const other = sessions.find(({ isCurrent }) => !isCurrent);
    await call('DELETE', `/api/account/sessions/${other?.id}`, first);
    expect((await call('GET', '/api/session', second)).status).toBe(401);
    await call('DELETE', '/api/account/sessions', first);
    expect((await call('GET', '/api/session', first)).status).toBe(401);
    expect(await actionsOf(email)).toEqual([
      'signed-in',
      'signed-in',
      'session-ended',
      'all-sessions-ended',
    ]);
  });

  it('of another user are not found', async () => {
    const [mine, theirs] = [await newPerson('mine'), await newPerson('theirs')];
    const cookie = await toSession(theirs);
    const [session] = (await read(accountApi.listSessions, cookie)).sessions;
    const path = `/api/account/sessions/${session?.id}`;
    expect((await call('DELETE', path, await toSession(mine))).status).toBe(404);
    expect((await call('GET', '/api/session', cookie)).status).toBe(200);
  });

  it('get a new cookie at every sign-in, whatever cookie was sent', async () => {
    const email = await newPerson('rotating');
    const first = await toSession(email);
    expect(cookieOf(await enter(email, password, first))).not.toBe(first);
  });

  it('end elsewhere when the password changes', async () => {
    const email = await newPerson('changing');
    const [here, elsewhere] = [await toSession(email), await toSession(email)];
    const body = { newPassword: 'a password of today' };
    const changed = await call('PUT', '/api/account/password', here, body);
    expect(changed.status).toBe(200);
    expect((await call('GET', '/api/session', elsewhere)).status).toBe(401);
    expect((await call('GET', '/api/session', here)).status).toBe(401);
    expect((await call('GET', '/api/session', cookieOf(changed))).status).toBe(200);
  });

  it('end after a week even if they are used', async () => {
    const cookie = await toSession(await newPerson('tireless'));
    const age = async (days: number) =>
      database.pool.query(
        `update account_sessions set created_at = now() - make_interval(days => $1)
         where account_id = (select id from accounts where email = 'tireless@demo.example')`,
        [days],
      );
    await age(6);
    expect((await call('GET', '/api/session', cookie)).status).toBe(200);
    await age(7);
    expect((await call('GET', '/api/session', cookie)).status).toBe(401);
  });
});
