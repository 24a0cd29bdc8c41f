import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type MailCatcher, startMailCatcher } from '../../../tests/servers/mail-catcher.ts';
import { insertDistrict } from '../../../tests/builders/record-builder.ts';
import {
  cookieOf,
  errorOf,
  password,
  secret,
  signIn,
  withTwoFactor,
} from '../../../tests/servers/test-api.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import pino from 'pino';
import { type Accounts, createAccounts } from '../../accounts/accounts.ts';
import { invitationDays } from '../../accounts/users/invitations.ts';
import type { Role } from '../../contract/endpoint.ts';
import { usersApi } from '../../contract/accounts/users.ts';
import type { Database } from '../../database/database.ts';
import { createMailer } from '../../mail/mailer.ts';
import { parseMailSettings } from '../../mail/mail-settings.ts';
import { createApi } from '../server/server.ts';
import { generousLimits } from '../../../tests/servers/generous-limits.ts';
import { fastPasswords } from '../../../tests/servers/fast-password-hashing.ts';

const log = pino({ level: 'silent' });
const rejected = 'gone@demo.example';
const here = '/api/districts/demo.example';

let database: Database;
let mails: MailCatcher;
let accounts: Accounts;
let app: ReturnType<typeof createApi>;
let districtId = 0;
let now = Temporal.Now.instant();
let admin = '';

beforeAll(async () => {
  [database, mails] = await Promise.all([
    openTestDatabase(),
    startMailCatcher({ rejectedRecipient: rejected }),
  ]);
  districtId = await insertDistrict(database);
  await insertDistrict(database, { domain: 'other.example' });
  const outcome = parseMailSettings(mails.url, 'no-reply@demo.example');
  if (outcome.kind === 'invalid') throw new Error(outcome.message);
  const mailer = createMailer({ pool: database.web.pool, settings: outcome.settings, log });
  const publicUrl = 'http://localhost';
  const clock = () => now;
  accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    secret,
    log,
    publicUrl,
    mailer,
    now: clock,
  });
  app = createApi({ database, accounts, log, rateLimits: generousLimits() });
  admin = await newPerson('chief', 'administrator');
});
afterAll(async () => {
  await mails.close();
  await database.close();
});

/** Makes an account and gives the cookie of its session. */
async function newPerson(name: string, role: Role = 'staff', district: number | null = districtId) {
  const email = `${name}@demo.example`;
  await accounts.createAccount({ email, password, name, districtId: district, role });
  return cookieOf(await signIn(app, email, password));
}

const call = async (method: string, path: string, cookie: string, body?: unknown) =>
  app.request(path, {
    method,
    headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const list = async () =>
  usersApi.listUsers.response.parse(await (await call('GET', `${here}/users`, admin)).json());
const find = async (name: string) => {
  const user = (await list()).users.find((one) => one.name === name);
  if (user === undefined) throw new Error(`${name} is not listed`);
  return user;
};
const invite = async (email: string, more: object = {}) =>
  call('POST', `${here}/invitations`, admin, { email, role: 'staff', schools: [401], ...more });
const tokenFor = (email: string) => mails.linkTo(email, '/invitation/').split('/').at(-1) ?? '';
const accept = async (token: string) =>
  call('POST', `/api/invitations/${token}`, '', { name: 'Robin Shaw', password });

describe('an invitation', () => {
  it('comes by mail, makes the account with its role and schools, and works once', async () => {
    const email = 'robin@demo.example';
    expect(await (await invite('Robin@Demo.example')).json()).toEqual({
      mailState: 'sent',
      link: null,
    });
    const token = tokenFor(email);
    const shown = await call('GET', `/api/invitations/${token}`, '');
    expect(await shown.json()).toMatchObject({ email, invitedBy: 'chief' });
    const accepted = await accept(token);
    expect(accepted.status).toBe(200);
    expect((await call('GET', `${here}/students`, cookieOf(accepted))).status).toBe(200);
    expect(await find('Robin Shaw')).toMatchObject({
      email,
      role: 'staff',
      schools: [401],
      lastSignedInAt: expect.any(String),
    });
    expect((await errorOf(await accept(token))).code).toBe('link-not-valid');
  });

  it('has the same content as text and as escaped HTML, and requests no automatic reply', async () => {
    const cookie = await newPerson('eve', 'administrator');
    await call('PUT', '/api/account/name', cookie, { name: '<b>Eve' });
    const body = { email: 'mailed@demo.example', role: 'staff', schools: null };
    await call('POST', `${here}/invitations`, cookie, body);
    const mail = mails.mails.at(-1);
    expect(mail?.text).toContain('<b>Eve invites you');
    expect(mail?.html).toContain('&lt;b&gt;Eve invites you');
    expect(mail?.html).toContain(mails.linkTo('mailed@demo.example', '/invitation/'));
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('ends after seven days', async () => {
    await invite('late@demo.example');
    const token = tokenFor('late@demo.example');
    now = now.add({ hours: 24 * invitationDays });
    expect((await accept(token)).status).toBe(410);
    expect((await list()).invitations.find((one) => one.hasExpired)?.email).toBeDefined();
  });

  it('is replaced by a new one, and gone when it is withdrawn', async () => {
    await invite('again@demo.example');
    const first = tokenFor('again@demo.example');
    const waiting = (await list()).invitations.find((one) => one.email === 'again@demo.example');
    await call('POST', `${here}/invitations/${waiting?.id}/resend`, admin);
    const second = tokenFor('again@demo.example');
    expect((await accept(first)).status).toBe(410);
    await call('DELETE', `${here}/invitations/${waiting?.id}`, admin);
    expect((await accept(second)).status).toBe(410);
  });

  it('is accepted once by two who come at the same moment', async () => {
    await invite('twins@demo.example');
    const token = tokenFor('twins@demo.example');
    const responses = await Promise.all([accept(token), accept(token)]);
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 410]));
  });

  it('shows its link to the administrator when the mail could not be sent', async () => {
    const response = await (await invite(rejected)).json();
    expect(response).toMatchObject({ mailState: 'failed' });
    expect(response).toHaveProperty('link', expect.stringContaining('/invitation/'));
    const { rows } = await database.pool.query(
      `select state, answer from sent_mails where recipient = $1`,
      [rejected],
    );
    expect(rows).toMatchObject([{ state: 'failed', answer: expect.stringContaining('mailbox') }]);
  });

  it('is not created for a user with an account in the district', async () => {
    expect((await errorOf(await invite('chief@demo.example'))).code).toBe('not-possible');
  });

  it('does not tell whether an address has an account elsewhere: answer, list and trail are the same', async () => {
    const { rows } = await database.pool.query<{ id: number }>(
      `select id from districts where domain = 'other.example'`,
    );
    await newPerson('elsewhere', 'staff', rows[0]?.id);
    await newPerson('vendor', 'technician', null);
    const told = async (name: string) => {
      const email = `${name}@demo.example`;
      const response = await invite(email.toUpperCase());
      const {
        id,
        createdAt: _,
        expiresAt: __,
        ...entry
      } = (await list()).invitations.find((one) => one.email === email) ?? {
        id: '',
        createdAt: '',
        expiresAt: '',
      };
      const again = await call('POST', `${here}/invitations/${id}/resend`, admin);
      const { rows: lines } = await database.pool.query<{ action: string }>(
        `select action from audit_events where detail ->> 'email' = $1`,
        [email],
      );
      const texts = [await response.text(), await again.text(), JSON.stringify([entry, lines])];
      return [response.status, again.status, ...texts.map((text) => text.replaceAll(name, '…'))];
    };
    const free = await told('nobody-yet');
    expect(free).toContain('{"mailState":"sent","link":null}');
    expect(await told('elsewhere')).toEqual(free);
    expect(await told('vendor')).toEqual(free);
    // The owner of the address is told; the mail leads nowhere.
    const mail = mails.mails.findLast(({ text }) => text?.includes('already has an account'));
    expect(mail?.subject).toBe('chief invites you to SameGoal');
    expect(`${mail?.text} ${String(mail?.html)}`).not.toContain('/invitation/');
  });

  it('does not open an existing account', async () => {
    await database.pool.query(
      `insert into account_invitations (district_id, email, role, token_digest, invited_by_name,
         expires_at, mail_state)
       values ($1, 'vendor@demo.example', 'staff', sha256('taken'), 'chief', $2, 'no-mail')
       on conflict (district_id, email) do update set token_digest = excluded.token_digest`,
      [districtId, now.add({ hours: 24 }).toString()],
    );
    expect((await accept('taken')).status).toBe(410);
    const { rows } = await database.pool.query(
      `select role from accounts where email = 'vendor@demo.example'`,
    );
    expect(rows).toEqual([{ role: 'technician' }]);
  });

  it('cannot be made to look like another sender’s mail by a name', async () => {
    const cookie = await newPerson('mallory', 'administrator');
    for (const name of ['A\r\nBcc: x@evil.example', 'https://evil.example/reset', 'evil.example']) {
      expect((await call('PUT', '/api/account/name', cookie, { name })).status).toBe(400);
    }
    // A name from before the rule, and a district's name.
    await database.pool.query(`update accounts set name = $1 where name = 'mallory'`, [
      'AdminTwo Bcc: x@evil.example https://evil.example/reset',
    ]);
    await database.pool.query(`update districts set name = 'evil.example/reset' where id = $1`, [
      districtId,
    ]);
    const body = { email: 'phished@demo.example', role: 'staff', schools: null };
    expect((await call('POST', `${here}/invitations`, cookie, body)).status).toBe(200);
    await database.pool.query(`update districts set name = 'Demo District' where id = $1`, [
      districtId,
    ]);
    const mail = mails.mails.at(-1);
    expect(mail?.subject).toBe('An administrator invites you to SameGoal');
    expect(`${mail?.text} ${String(mail?.html)}`).not.toContain('evil');
  });

  it('keeps no token in the database', async () => {
    await invite('digest@demo.example');
    const { rows } = await database.pool.query(
      'select i::text from account_invitations i union all select m::text from sent_mails m',
    );
    expect(JSON.stringify(rows)).not.toContain(tokenFor('digest@demo.example'));
  });
});

describe('the people of a district', () => {
  it('get another role, and their sessions end', async () => {
    const cookie = await newPerson('moving');
    const { id, version } = await find('moving');
    const body = { role: 'read-only', schools: [402], version };
    expect((await call('PUT', `${here}/users/${id}`, admin, body)).status).toBe(200);
    expect((await call('GET', '/api/session', cookie)).status).toBe(401);
    expect(await find('moving')).toMatchObject({ role: 'read-only', schools: [402] });
  });

  it('are not changed from an outdated version', async () => {
    await newPerson('contested');
    const { id, version } = await find('contested');
    const change = async (role: string) =>
      call('PUT', `${here}/users/${id}`, admin, { role, schools: null, version });
    expect((await change('read-only')).status).toBe(200);
    expect((await errorOf(await change('administrator'))).code).toBe('conflict');
    expect((await find('contested')).role).toBe('read-only');
  });

  it('are locked out at once and come in again when unlocked', async () => {
    const cookie = await newPerson('suspect');
    const path = `${here}/users/${(await find('suspect')).id}/suspended`;
    await call('PUT', path, admin, { isSuspended: true });
    expect((await call('GET', '/api/session', cookie)).status).toBe(401);
    const locked = await signIn(app, 'suspect@demo.example', password);
    expect((await errorOf(locked)).message).toContain('suspended');
    const wrong = await signIn(app, 'suspect@demo.example', 'wrong');
    expect((await errorOf(wrong)).message).toBe('E-mail or password is wrong.');
    await call('PUT', path, admin, { isSuspended: false });
    expect((await signIn(app, 'suspect@demo.example', password)).status).toBe(200);
  });

  it('are unlocked by an administrator after too many wrong passwords', async () => {
    await newPerson('clumsy');
    const patient = createAccounts({
      passwordHashing: fastPasswords,
      database,
      secret,
      log,
      now: () => now,
    });
    const request = new Request('http://localhost/api/session', { method: 'POST' });
    const credentials = { email: 'clumsy@demo.example', password: 'wrong' };
    for (let count = 0; count < 11; count++) await patient.signIn(credentials, request, '::1');
    const { id, lockedOutUntil } = await find('clumsy');
    expect(lockedOutUntil).not.toBeNull();
    await call('PUT', `${here}/users/${id}/suspended`, admin, { isSuspended: false });
    expect((await find('clumsy')).lockedOutUntil).toBeNull();
  });

  it('are removed with their sessions; the audit trail keeps what they did', async () => {
    const cookie = await newPerson('leaving');
    const { id } = await find('leaving');
    expect((await call('DELETE', `${here}/users/${id}`, admin)).status).toBe(200);
    expect((await call('GET', '/api/session', cookie)).status).toBe(401);
    const { rows } = await database.pool.query(
      `select action from audit_events where account_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ action: 'signed-in' }]);
  });

  it('keep one administrator who can sign in, also when two act at once', async () => {
    for (let round = 0; round < 10; round++) {
      const small = await insertDistrict(database, { domain: `small${round}.example` });
      const base = { password, districtId: small, role: 'administrator' } as const;
      const ids: string[] = [];
      for (const name of ['first', 'second']) {
        const email = `${name}@small${round}.example`;
        const made = await accounts.createAccount({ ...base, name, email });
        if (made.kind === 'created') ids.push(made.accountId);
      }
      const outcomes = await Promise.all(ids.map(async (id) => accounts.users.remove(small, id)));
      const kinds = new Set(outcomes.map(({ kind }) => kind));
      expect(kinds).toEqual(new Set(['done', 'last-administrator']));
    }
  });

  it('are visible to technicians in every district, but not to users of other districts', async () => {
    const technician = await withTwoFactor(app, await newPerson('helper', 'technician', null));
    expect((await call('GET', '/api/districts/other.example/users', technician)).status).toBe(200);
    expect((await call('GET', '/api/districts/other.example/users', admin)).status).toBe(404);
    const { id } = await find('chief');
    const path = `/api/districts/other.example/users/${id}`;
    expect((await call('DELETE', path, technician)).status).toBe(404);
  });

  it('have every change of theirs in the audit trail', async () => {
    const { rows } = await database.pool.query<{ action: string }>(
      `select distinct action from audit_events where account_email = 'chief@demo.example'`,
    );
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'user-invited',
        'invitation-canceled',
        'user-updated',
        'user-suspended',
        'user-reactivated',
        'user-removed',
      ]),
    );
  });
});
