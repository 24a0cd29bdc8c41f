/** Accounts without a password, and districts whose users sign in by single sign-on alone. */
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type MailCatcher, startMailCatcher } from '../../../tests/servers/mail-catcher.ts';
import {
  signInAtProvider,
  startOpenIdProvider,
  type TestProvider,
} from '../../../tests/servers/openid-provider.ts';
import { fastPasswords } from '../../../tests/servers/fast-password-hashing.ts';
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
import { type Accounts, createAccounts } from '../../accounts/accounts.ts';
import type { Database } from '../../database/database.ts';
import { newSealingKey } from '../../districts/sealed-secret.ts';
import { createMailer } from '../../mail/mailer.ts';
import { parseMailSettings } from '../../mail/mail-settings.ts';
import { createApi } from '../server/server.ts';

const log = pino({ level: 'silent' });
const publicUrl = 'http://localhost';
const here = '/api/districts/demo.example';
const newPassword = 'another walk at sunset';

let database: Database;
let accounts: Accounts;
let app: ReturnType<typeof createApi>;
let provider: TestProvider;
let mails: MailCatcher;
let districtId = 0;

beforeAll(async () => {
  [database, mails] = await Promise.all([openTestDatabase(), startMailCatcher()]);
  districtId = await insertDistrict(database);
  const outcome = parseMailSettings(mails.url, 'SameGoal <no-reply@demo.example>');
  if (outcome.kind === 'invalid') throw new Error(outcome.message);
  accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    secret,
    log,
    publicUrl,
    mailer: createMailer({ pool: database.web.pool, settings: outcome.settings, log }),
    sealingKey: newSealingKey(),
    allowPrivateIssuers: true,
  });
  app = createApi({ database, accounts, log, publicUrl });
  provider = await startOpenIdProvider({
    users: ['new', 'staff', 'chief', 'invited'].map((name) => ({
      sub: name,
      email: `${name}@demo.example`,
      email_verified: true,
      name: `Sam ${name}`,
    })),
    redirectUris: [`${publicUrl}/api/single-sign-on/callback/${districtId}`],
  });
  for (const [name, role] of [
    ['staff', 'staff'],
    ['chief', 'administrator'],
    ['helper', 'technician'],
  ] as const) {
    await accounts.createAccount({
      email: `${name}@demo.example`,
      password,
      name,
      districtId: role === 'technician' ? null : districtId,
      role,
    });
  }
  await store();
});
afterAll(async () => {
  await provider.close();
  await mails.close();
  await database.close();
});

async function store(more: { isRequired?: boolean; isEnabled?: boolean } = {}) {
  const outcome = await accounts.singleSignOn.storeSettings(districtId, settings(more));
  expect(outcome).toEqual({ kind: 'stored' });
}
const settings = (more: { isRequired?: boolean; isEnabled?: boolean } = {}) => ({
  issuer: provider.issuer,
  clientId: provider.clientId,
  clientSecret: provider.clientSecret,
  isEnabled: true,
  isRequired: false,
  trustsEmailAddresses: false,
  newAccounts: { role: 'read-only' as const, schools: null },
  ...more,
});

const send = async (method: string, path: string, body: unknown, cookie = '') =>
  app.request(path, {
    method,
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
/** The token of the link that is mailed; `undefined` when none is. */
async function mailedToken(email: string): Promise<string | undefined> {
  const before = mails.mails.length;
  expect((await send('POST', '/api/password-resets', { email })).status).toBe(200);
  await accounts.idle();
  if (mails.mails.length === before) return undefined;
  return mails.linkTo(email, '/new-password/').split('/').at(-1);
}
const setPassword = async (token: string) =>
  send('POST', '/api/new-password', { token, password: newPassword });
const statusOf = async (cookie: string) =>
  (await app.request('/api/session', { headers: { cookie } })).status;
const comeBackAs = async (name: string) => signInAtProvider(app, { domain: 'demo.example' }, name);

/** A session by single sign-on that has just shown who it is. */
async function provenAs(name: string): Promise<string> {
  const cookie = cookieOf(await comeBackAs(name));
  await signInAtProvider(app, { domain: 'demo.example', fresh: 'true' }, name, cookie);
  return cookie;
}

describe('an account without a password', () => {
  const email = 'new@demo.example';

  it('gets no password link, and signs in only through its district', async () => {
    expect(await statusOf(cookieOf(await comeBackAs('new')))).toBe(200);
    expect(await mailedToken(email)).toBeUndefined();
    expect((await signIn(app, email, newPassword)).status).toBe(401);
  });

  it('gets none with an older link, from when it had one', async () => {
    const staff = 'staff@demo.example';
    const token = (await mailedToken(staff)) ?? '';
    const { rows } = await database.pool.query(
      `update account_credentials set provider_id = 'taken away' where provider_id = 'credential'
         and account_id = (select id from accounts where email = $1) returning id`,
      [staff],
    );
    expect(rows).toHaveLength(1);
    expect((await setPassword(token)).status).toBe(410);
    expect((await signIn(app, staff, newPassword)).status).toBe(401);
    await database.pool.query(
      `update account_credentials set provider_id = 'credential' where provider_id = 'taken away'`,
    );
    expect((await signIn(app, staff, password)).status).toBe(200);
  });
});

describe('a district with single sign-on only', () => {
  it('ends sessions opened by password and accepts passwords of technicians only', async () => {
    const staff = 'staff@demo.example';
    const [byPassword, technician] = await Promise.all(
      [staff, 'helper@demo.example'].map(async (email) =>
        cookieOf(await signIn(app, email, password)),
      ),
    );
    const bySingleSignOn = cookieOf(await comeBackAs('staff'));
    const token = (await mailedToken(staff)) ?? '';
    await store({ isRequired: true });

    expect(await statusOf(byPassword ?? '')).toBe(401);
    expect(await statusOf(bySingleSignOn)).toBe(200);
    expect(await statusOf(technician ?? '')).toBe(200);
    expect((await signIn(app, staff, password)).status).toBe(401);
    expect((await signIn(app, 'helper@demo.example', password)).status).toBe(200);
    expect((await setPassword(token)).status).toBe(410);
    expect(await mailedToken(staff)).toBeUndefined();
    expect(await mailedToken('helper@demo.example')).toBeDefined();
    const offer = await app.request('/api/single-sign-on?domain=demo.example');
    expect(await offer.json()).toMatchObject({ district: { isRequired: true } });
  });

  it('accepts no password to confirm the identity, and lets none be set', async () => {
    const cookie = cookieOf(await comeBackAs('staff'));
    const given = await send('POST', '/api/session/reauthentication', { password }, cookie);
    expect((await errorOf(given)).code).toBe('not-possible');
    const account = await app.request('/api/account', { headers: { cookie } });
    expect(await account.json()).toMatchObject({ hasPassword: false });
  });

  it('responds to a correct password as to a wrong one', async () => {
    const [right, wrong] = await Promise.all(
      [password, 'something else entirely'].map(async (given) =>
        errorOf(await signIn(app, 'staff@demo.example', given)),
      ),
    );
    expect(right).toEqual(wrong);
  });

  it('does not accept an older session opened by password, even if it is in the table', async () => {
    await store();
    const cookie = cookieOf(await signIn(app, 'staff@demo.example', password));
    await database.pool.query('update district_sign_on set is_required = true');
    expect(await statusOf(cookie)).toBe(401);
  });

  it('accepts invitations by single sign-on, with the given role, and not by password', async () => {
    const chief = await provenAs('chief');
    const invited = 'invited@demo.example';
    const invitation = { email: invited, role: 'administrator', schools: null };
    expect((await send('POST', `${here}/invitations`, invitation, chief)).status).toBe(200);
    await accounts.idle();
    const path = `/api/invitations/${mails.linkTo(invited, '/invitation/').split('/').at(-1)}`;
    expect(await (await app.request(path)).json()).toMatchObject({
      singleSignOn: { domain: 'demo.example' },
    });
    const byPassword = await send('POST', path, { name: 'Sam', password });
    expect((await errorOf(byPassword)).code).toBe('not-possible');
    const session = await app.request('/api/session', {
      headers: { cookie: cookieOf(await comeBackAs('invited')) },
    });
    expect(await session.json()).toMatchObject({
      account: { email: invited, role: 'administrator', name: 'Sam invited' },
    });
    expect((await app.request(path)).status).toBe(410);
  });

  it('is turned on in a session by single sign-on, and turned off by a technician', async () => {
    await store();
    const byPassword = cookieOf(await signIn(app, 'chief@demo.example', password));
    const path = `${here}/single-sign-on`;
    const required = settings({ isRequired: true });
    const rejected = await send('PUT', path, required, byPassword);
    expect((await errorOf(rejected)).field).toBe('isRequired');
    const bySingleSignOn = await provenAs('chief');
    expect((await send('PUT', path, required, bySingleSignOn)).status).toBe(200);
    expect(await statusOf(byPassword)).toBe(401);

    // The provider is gone: nobody of the district gets in, and a technician opens the door again.
    const technician = await withTwoFactor(
      app,
      cookieOf(await signIn(app, 'helper@demo.example', password)),
    );
    const off = settings({ isRequired: false, isEnabled: false });
    expect((await send('PUT', path, off, technician)).status).toBe(200);
    expect((await signIn(app, 'chief@demo.example', password)).status).toBe(200);
  });

  it('accepts passwords again while single sign-on is turned off', async () => {
    await store({ isRequired: true, isEnabled: false });
    expect((await signIn(app, 'staff@demo.example', password)).status).toBe(200);
  });
});
