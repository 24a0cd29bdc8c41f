import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  type CookieJar,
  signInAtProvider,
  startOpenIdProvider,
  type TestProvider,
  visitProvider,
} from '../../../tests/servers/openid-provider.ts';
import { insertDistrict } from '../../../tests/builders/record-builder.ts';
import { cookieOf, errorOf, password, secret, signIn } from '../../../tests/servers/test-api.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import { type Accounts, type AccountsOptions, createAccounts } from '../../accounts/accounts.ts';
import type { SingleSignOnSettings } from '../../contract/accounts/single-sign-on.ts';
import type { Database } from '../../database/database.ts';
import { newSealingKey } from '../../districts/sealed-secret.ts';
import { createApi } from '../server/server.ts';
import { generousLimits } from '../../../tests/servers/generous-limits.ts';
import { fastPasswords } from '../../../tests/servers/fast-password-hashing.ts';

const log = pino({ level: 'silent' });
const here = '/api/districts/demo.example';

let database: Database;
let options: AccountsOptions;
let accounts: Accounts;
let app: ReturnType<typeof createApi>;
let provider: TestProvider;
let formProvider: TestProvider;
let districtId = 0;
let callback = '';
let admin = '';

const users = [
  { sub: 'p1', email: 'Robin@demo.example', email_verified: true, name: 'Robin Shaw' },
  { sub: 'p2', email: 'robin@demo.example', email_verified: true, name: 'Another Robin' },
  { sub: 'p3', email: 'unverified@demo.example', email_verified: false },
  { sub: 'p4', email: 'silent@demo.example' },
  { sub: 'p5', email: 'robin@elsewhere.example', email_verified: true },
  { sub: 'p6', email: 'new@demo.example', email_verified: true, name: 'Nico New' },
  { sub: 'p7', email: 'helper@demo.example', email_verified: true },
  { sub: 'p8', email: 'locked@demo.example', email_verified: true },
  { sub: 'p9' },
  { sub: 'p10', email: 'robin+x@demo.example', email_verified: true },
  { sub: 'p11', email: 'robin@demo.example.', email_verified: true },
  // The Kelvin sign: in small letters, it is an ASCII k.
  { sub: 'p12', email: '\u{212a}im@demo.example', email_verified: true },
  { sub: 'p13', email: '"robin@x"@demo.example', email_verified: true },
  { sub: 'p14', email: 'robin@demo.example ', email_verified: true },
  { sub: 'p15', email: 'robin@demo.example\u0000', email_verified: true },
  { sub: 'p16', email: 'kim@demo.example', email_verified: true },
];

beforeAll(async () => {
  database = await openTestDatabase();
  districtId = await insertDistrict(database);
  callback = `http://localhost/api/single-sign-on/callback/${districtId}`;
  await insertDistrict(database, { domain: 'other.example' });
  options = {
    passwordHashing: fastPasswords,
    database,
    secret,
    log,
    sealingKey: newSealingKey(),
    allowPrivateIssuers: true,
  };
  accounts = createAccounts(options);
  app = createApi({ database, accounts, log, rateLimits: generousLimits() });
  provider = await startOpenIdProvider({ users, redirectUris: [callback] });
  formProvider = await startOpenIdProvider({ users, redirectUris: [callback], secretIn: 'form' });
  const base = { password, districtId, role: 'staff' } as const;
  for (const name of ['robin', 'unverified', 'silent', 'locked', 'kim']) {
    await accounts.createAccount({ ...base, name, email: `${name}@demo.example` });
  }
  await accounts.createAccount({
    ...base,
    name: 'Helper',
    email: 'helper@demo.example',
    districtId: null,
    role: 'technician',
  });
  const email = 'chief@demo.example';
  await accounts.createAccount({ ...base, name: 'Chief', email, role: 'administrator' });
  admin = cookieOf(await signIn(app, email, password));
  expect((await store()).status).toBe(200);
});
afterAll(async () => {
  await provider.close();
  await formProvider.close();
  await database.close();
});

/** Sets single sign-on as the administrator does on the screen. */
const store = async (more: Partial<SingleSignOnSettings> & { clientSecret?: string } = {}) =>
  app.request(`${here}/single-sign-on`, {
    method: 'PUT',
    headers: { cookie: admin, 'content-type': 'application/json' },
    body: JSON.stringify({
      issuer: provider.issuer,
      clientId: provider.clientId,
      clientSecret: provider.clientSecret,
      isEnabled: true,
      isRequired: false,
      trustsEmailAddresses: false,
      newAccounts: null,
      ...more,
    }),
  });

const start = async (next = '/a/demo.example/students') => {
  const query = new URLSearchParams({ domain: 'demo.example', next });
  return app.request(`/api/single-sign-on/start?${query.toString()}`);
};

/** The whole way there and back as this person. */
const comeBackAs = async (sub: string) =>
  signInAtProvider(app, { domain: 'demo.example', next: '/a/demo.example/students' }, sub);
const problemOf = (response: Response) =>
  new URL(response.headers.get('location') ?? '', 'http://localhost').searchParams.get('problem');

describe('signing in with the district', () => {
  it('is offered only for e-mail domains that have it turned on', async () => {
    const offer = async (domain: string) =>
      (await app.request(`/api/single-sign-on?domain=${domain}`)).json();
    expect(await offer('DEMO.example')).toEqual({
      district: { name: 'Demo District', domain: 'demo.example', isRequired: false },
    });
    expect(await offer('other.example')).toEqual({ district: null });
    expect(await offer('nowhere.example')).toEqual({ district: null });
  });

  it('opens the account of the verified e-mail, on the requested page', async () => {
    const response = await comeBackAs('p1');
    expect(response.headers.get('location')).toBe('/a/demo.example/students');
    const session = await app.request('/api/session', { headers: { cookie: cookieOf(response) } });
    expect(await session.json()).toMatchObject({ account: { email: 'robin@demo.example' } });
    const { rows } = await database.pool.query(
      `select detail from audit_events where action = 'signed-in' and account_email = $1`,
      ['robin@demo.example'],
    );
    expect(rows).toEqual([{ detail: { by: 'single-sign-on' } }]);
  });

  it.each([
    ['an address that was given to another user since', 'p2', 'other-identity'],
    ['an address that is not verified', 'p3', 'not-verified'],
    ['an address of which nothing is said', 'p4', 'not-verified'],
    ['an address of another domain', 'p5', 'wrong-domain'],
    ['a user without an account', 'p6', 'unknown-user'],
    ['a technician, who belongs to no district', 'p7', 'unknown-user'],
    ['a user without an address', 'p9', 'wrong-domain'],
    ['an address with something more before the at sign', 'p10', 'unknown-user'],
    ['a domain that ends with a dot', 'p11', 'wrong-domain'],
    ['a letter of another script that looks the same', 'p12', 'wrong-domain'],
    ['an address within an address', 'p13', 'wrong-domain'],
    ['an address with a space', 'p14', 'wrong-domain'],
    ['an address with a control character', 'p15', 'wrong-domain'],
  ])('refuses %s', async (_, sub, problem) => {
    const response = await comeBackAs(sub);
    expect(problemOf(response)).toBe(problem);
    expect(response.headers.getSetCookie().join()).not.toContain('session_token');
  });

  it('rejects a suspended account', async () => {
    const user = (await accounts.users.list(districtId)).find((one) => one.name === 'locked');
    await accounts.users.setSuspended(districtId, user?.id ?? '', true);
    expect(problemOf(await comeBackAs('p8'))).toBe('account-suspended');
  });

  it('accepts an address without verification claim if the district trusts its provider', async () => {
    await store({ trustsEmailAddresses: true });
    expect(problemOf(await comeBackAs('p4'))).toBeNull();
    expect(problemOf(await comeBackAs('p3'))).toBe('not-verified');
    await store();
  });

  it('rejects a user of the provider whose address belongs to another account now', async () => {
    expect(problemOf(await comeBackAs('p16'))).toBeNull();
    const kim = users.find(({ sub }) => sub === 'p16');
    const robin = users.find(({ sub }) => sub === 'p1');
    const before = robin?.email;
    Object.assign(robin ?? {}, { email: kim?.email });
    expect(problemOf(await comeBackAs('p1'))).toBe('other-identity');
    Object.assign(robin ?? {}, { email: before });
  });

  it('creates an account if the district allows it, with the configured role and schools', async () => {
    await store({ newAccounts: { role: 'read-only', schools: [401] } });
    expect(problemOf(await comeBackAs('p6'))).toBeNull();
    const made = (await accounts.users.list(districtId)).find((one) => one.name === 'Nico New');
    expect(made).toMatchObject({ role: 'read-only', schools: [401], email: 'new@demo.example' });
    await store();
  });

  it('works with a provider that accepts the secret in the form', async () => {
    await store({ issuer: formProvider.issuer, clientSecret: formProvider.clientSecret });
    expect(problemOf(await comeBackAs('p4'))).toBe('not-verified');
    await store();
  });

  it('needs no two-step verification even if the district requires it: the provider has its own', async () => {
    await accounts.users.setRequiresTwoFactor(districtId, true);
    const response = await comeBackAs('p1');
    const headers = { cookie: cookieOf(response) };
    expect((await app.request(`${here}/students`, { headers })).status).toBe(200);
    await accounts.users.setRequiresTwoFactor(districtId, false);
  });
});

describe('the way back from the provider', () => {
  it('works for two tabs of a browser in any order', async () => {
    const [first, second] = [await start('/first'), await start('/second')];
    const headers = { cookie: `${cookieOf(first)}; ${cookieOf(second)}` };
    for (const [tab, page] of [
      [second, '/second'],
      [first, '/first'],
    ] as const) {
      const back = await visitProvider(tab.headers.get('location') ?? '', 'p1');
      const response = await app.request(back, { headers });
      expect(response.headers.get('location')).toBe(page);
    }
  });

  it('does not work with the address only, without the cookie', async () => {
    const started = await start();
    const back = await visitProvider(started.headers.get('location') ?? '', 'p1');
    const state = new URL(back).searchParams.get('state') ?? '';
    const [name] = cookieOf(started).split('=');
    const forged = await app.request(back, { headers: { cookie: `${name}=${state}` } });
    expect(problemOf(forged)).toBe('expired');
    const own = await app.request(back, { headers: { cookie: cookieOf(started) } });
    expect(problemOf(own)).toBeNull();
  });

  it('accepts no code together with an error, and no code of another sign-in', async () => {
    const both = await start();
    const back = new URL(await visitProvider(both.headers.get('location') ?? '', 'p1'));
    back.searchParams.set('error', 'server_error');
    const headers = { cookie: cookieOf(both) };
    expect(problemOf(await app.request(back.href, { headers }))).toBe('provider-error');

    const other = await start();
    back.searchParams.delete('error');
    const state = new URL(other.headers.get('location') ?? '').searchParams.get('state') ?? '';
    back.searchParams.set('state', state);
    const response = await app.request(back.href, { headers: { cookie: cookieOf(other) } });
    expect(problemOf(response)).toBe('provider-error');
  });

  it('fails if single sign-on was turned off in the meantime', async () => {
    const started = await start();
    const back = await visitProvider(started.headers.get('location') ?? '', 'p1');
    await store({ isEnabled: false });
    const response = await app.request(back, { headers: { cookie: cookieOf(started) } });
    expect(problemOf(response)).toBe('not-available');
    await store();
  });

  it('opens a new session each time, whatever session the browser had', async () => {
    const [one, two] = [cookieOf(await comeBackAs('p1')), cookieOf(await comeBackAs('p1'))];
    expect(one).not.toBe(two);
    const started = await start();
    const back = await visitProvider(started.headers.get('location') ?? '', 'p1');
    const headers = { cookie: `${cookieOf(started)}; ${one}` };
    expect(cookieOf(await app.request(back, { headers }))).not.toContain(one);
  });

  it('works only in the same browser, and only once', async () => {
    const started = await start();
    const back = await visitProvider(started.headers.get('location') ?? '', 'p1');
    const other = await app.request(back, { headers: { cookie: cookieOf(await start()) } });
    expect(problemOf(other)).toBe('expired');
    const headers = { cookie: cookieOf(started) };
    expect(problemOf(await app.request(back, { headers }))).toBeNull();
    expect(problemOf(await app.request(back, { headers }))).toBe('expired');
  });

  it.each(['', '?state=made-up&code=made-up', '?error=access_denied'])(
    'opens nothing for a made-up address: %s',
    async (query) => {
      expect(problemOf(await app.request(`${callback}${query}`))).toBe('expired');
    },
  );

  it('fails for a code that the provider does not know', async () => {
    const started = await start();
    const state = new URL(started.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const query = new URLSearchParams({ state, code: 'made-up', iss: provider.issuer });
    const response = await app.request(`${callback}?${query.toString()}`, {
      headers: { cookie: cookieOf(started) },
    });
    expect(problemOf(response)).toBe('provider-error');
  });

  it.each([
    '//elsewhere.example',
    '/\\elsewhere.example',
    'https://elsewhere.example',
    '/\t/elsewhere.example',
    '/\t\\elsewhere.example',
    '/\n/elsewhere.example',
    '/\r/elsewhere.example',
    '/\0',
    '/.//elsewhere.example',
  ])('never leads to another site: %j', async (next) => {
    expect((await start(next)).status).toBe(400);
  });

  it.each([
    ['/%09/elsewhere.example', '/'],
    ['/a/ünal?search=日本 1#top', '/a/%C3%BCnal?search=%E6%97%A5%E6%9C%AC%201#top'],
    ['/x/../api/session', '/'],
    ['/%61pi/single-sign-on/start?domain=demo.example', '/'],
    ['/%', '/'],
  ])('leads to a page of this app alone: %s', async (next, page) => {
    const started = await start(next);
    const back = await visitProvider(started.headers.get('location') ?? '', 'p1');
    const response = await app.request(back, { headers: { cookie: cookieOf(started) } });
    expect([response.status, response.headers.get('location')]).toEqual([302, page]);
  });
});

describe('the settings of single sign-on', () => {
  it('never return the secret and store it sealed', async () => {
    const headers = { cookie: admin };
    const shown = await (await app.request(`${here}/single-sign-on`, { headers })).text();
    expect(shown).toContain(provider.issuer);
    expect(shown).not.toContain(provider.clientSecret);
    const { rows } = await database.pool.query('select * from district_sign_on');
    expect(JSON.stringify(rows)).not.toContain(provider.clientSecret);
  });

  it('send a stored secret to no other issuer', async () => {
    const body = { issuer: formProvider.issuer, clientSecret: undefined };
    expect((await errorOf(await store(body as object))).field).toBe('clientSecret');
    expect((await store({ clientSecret: undefined } as object)).status).toBe(200);
  });

  it('are not stored if the issuer does not respond, or responds with something else', async () => {
    const silent = await store({ issuer: 'http://127.0.0.1:9' });
    expect(await errorOf(silent)).toMatchObject({ field: 'issuer' });
    const slash = await store({ issuer: `${provider.issuer}/` });
    expect((await errorOf(slash)).message).toContain('another issuer');
    expect((await accounts.singleSignOn.readSettings(districtId))?.issuer).toBe(provider.issuer);
  });

  it.each([
    'http://127.0.0.1/',
    'http://accounts.example.com',
    'https://10.0.0.1',
    'ftp://x.example',
  ])('refuse the address %s unless private ones are allowed', async (issuer) => {
    const strict = createAccounts({
      passwordHashing: fastPasswords,
      database,
      secret,
      log,
      sealingKey: newSealingKey(),
    });
    const outcome = await strict.singleSignOn.storeSettings(districtId, {
      issuer,
      clientId: 'x',
      clientSecret: 'x',
      isEnabled: false,
      isRequired: false,
      trustsEmailAddresses: false,
      newAccounts: null,
    });
    expect(outcome).toMatchObject({ kind: 'invalid', field: 'issuer' });
  });

  it('do not redirect to the provider if turned off', async () => {
    await store({ isEnabled: false });
    expect(problemOf(await start())).toBe('not-available');
    await store();
  });
});

describe('single sign-on to confirm the identity', () => {
  const fresh = { domain: 'demo.example', fresh: 'true', next: '/a/demo.example/users' };
  const isRecentlyAuthenticated = async (cookie: string) =>
    (await accounts.findCaller(new Headers({ cookie })))?.isRecentlyAuthenticated;
  const startFresh = async (cookie: string, query: Readonly<Record<string, string>> = fresh) =>
    app.request(`/api/single-sign-on/start?${new URLSearchParams(query).toString()}`, {
      headers: { cookie },
    });

  it('confirms the user of the open session, and returns to the page', async () => {
    const cookie = cookieOf(await comeBackAs('p1'));
    expect(await isRecentlyAuthenticated(cookie)).toBe(false);
    const response = await signInAtProvider(app, fresh, 'p1', cookie);
    expect(response.headers.get('location')).toBe('/a/demo.example/users');
    expect(response.headers.getSetCookie().join()).not.toContain('session_token');
    expect(await isRecentlyAuthenticated(cookie)).toBe(true);
    const { rows } = await database.pool.query(
      `select detail from audit_events where action = 'reauthenticated'`,
    );
    expect(rows).toEqual([{ detail: { by: 'single-sign-on' } }]);
  });

  it('fails with another user of the provider, without signing that one in', async () => {
    const cookie = cookieOf(await comeBackAs('p1'));
    const response = await signInAtProvider(app, fresh, 'p16', cookie);
    expect(problemOf(response)).toBe('other-account');
    expect(cookieOf(response)).not.toContain('session_token');
    expect(await isRecentlyAuthenticated(cookie)).toBe(false);
    const stranger = await signInAtProvider(app, fresh, 'p10', cookie);
    expect(problemOf(stranger)).toBe('unknown-user');
  });

  it('fails if the provider uses an earlier session', async () => {
    const jar: CookieJar = new Map();
    const before = await start();
    await visitProvider(before.headers.get('location') ?? '', 'p1', jar);
    const cookie = cookieOf(await comeBackAs('p1'));
    const started = await startFresh(cookie);
    const address = new URL(started.headers.get('location') ?? '');
    const asked = ['prompt', 'max_age'].map((name) => address.searchParams.get(name));
    expect(asked).toEqual(['login', '0']);
    // A user can change the address in the browser.
    address.searchParams.delete('prompt');
    address.searchParams.delete('max_age');
    const back = await visitProvider(address.href, 'p1', jar);
    const headers = { cookie: `${cookie}; ${cookieOf(started)}` };
    expect(problemOf(await app.request(back, { headers }))).toBe('not-recent');
    expect(await isRecentlyAuthenticated(cookie)).toBe(false);
  });

  it('fails if the user signed in at the provider more than five minutes ago', async () => {
    const cookie = cookieOf(await comeBackAs('p1'));
    const started = await startFresh(cookie);
    const back = await visitProvider(started.headers.get('location') ?? '', 'p1');
    const now = () => Temporal.Now.instant().add({ minutes: 5, seconds: 2 });
    const later = createApi({ database, accounts: createAccounts({ ...options, now }), log });
    const headers = { cookie: `${cookie}; ${cookieOf(started)}` };
    expect(problemOf(await later.request(back, { headers }))).toBe('not-recent');
    expect(await isRecentlyAuthenticated(cookie)).toBe(false);
  });

  it('is for signed-in users of the district, and never for technicians', async () => {
    expect(problemOf(await startFresh(''))).toBe('expired');
    const technician = cookieOf(await signIn(app, 'helper@demo.example', password));
    expect(problemOf(await startFresh(technician))).toBe('not-available');
    const other = { ...fresh, domain: 'other.example' };
    expect(problemOf(await startFresh(cookieOf(await comeBackAs('p1')), other))).toBe(
      'not-available',
    );
  });

  it('fails if the session has ended in the meantime', async () => {
    const cookie = cookieOf(await comeBackAs('p1'));
    const started = await startFresh(cookie);
    const back = await visitProvider(started.headers.get('location') ?? '', 'p1');
    await app.request('/api/session', { method: 'DELETE', headers: { cookie } });
    const response = await app.request(back, { headers: { cookie: cookieOf(started) } });
    expect(problemOf(response)).toBe('expired');
    expect(cookieOf(response)).not.toContain('session_token');
  });
});

describe('attacks on single sign-on', () => {
  const linesOfAudit = async () => {
    const { rows } = await database.pool.query<{ count: number }>(
      'select count(*)::int as count from audit_events',
    );
    return rows[0]?.count;
  };

  it('stores nothing of callbacks without a start', async () => {
    const before = await linesOfAudit();
    const { cookie } = { cookie: cookieOf(await start()) };
    for (let i = 0; i < 20; i++) {
      const state = i.toString().padStart(43, 'x');
      await app.request(`${callback}?state=${state}&code=x`, { headers: { cookie } });
    }
    expect(await linesOfAudit()).toBe(before);
  });

  it('counts failed responses in one entry a minute, however many sign-ins were started', async () => {
    await database.pool.query("delete from audit_events where action = 'sign-in-failed'");
    for (let i = 0; i < 20; i++) {
      const started = await start();
      const state = new URL(started.headers.get('location') ?? '').searchParams.get('state');
      const back = `${callback}?state=${state}&error=reason${i}`;
      await app.request(back, { headers: { cookie: cookieOf(started) } });
    }
    const { rows } = await database.pool.query<{ times: number }>(
      "select times from audit_events where action = 'sign-in-failed' and district_id = $1",
      [districtId],
    );
    // Two lines where a minute ends meanwhile.
    expect(rows.length).toBeLessThan(3);
    expect(rows.reduce((sum, { times }) => sum + times, 0)).toBe(20);
  });

  it('reads the provider’s discovery document once, and stores no start longer than it is valid', async () => {
    const path = '/.well-known/openid-configuration';
    await start();
    const before = provider.countCalls(path);
    for (let i = 0; i < 20; i++) await start();
    expect(provider.countCalls(path)).toBe(before);
    await database.pool.query(
      `update single_sign_on_starts set expires_at = now() - interval '1 second'`,
    );
    await start();
    const { rows } = await database.pool.query('select from single_sign_on_starts');
    expect(rows).toHaveLength(1);
  });

  it('keeps only the latest open starts of one network and of one district, up to a limit', async () => {
    await database.pool.query('delete from single_sign_on_starts');
    await database.pool.query(
      `insert into single_sign_on_starts (key_digest, district_id, network, kept, started_at, expires_at)
       select sha256(i::text::bytea), $1, case when i <= 400 then '127.0.0.1' else 'n' || i end, '{}',
         now() - make_interval(secs => i), now() + interval '5 minutes'
       from generate_series(1, 2500) as i`,
      [districtId],
    );
    const started = await start();
    const { rows } = await database.pool.query(
      `select count(*)::int as count, count(*) filter (where network = '127.0.0.1')::int as here,
         max(now() - started_at) < interval '2100 seconds' and
           max(now() - started_at) filter (where network = '127.0.0.1') < interval '350 seconds' as latest
       from single_sign_on_starts`,
    );
    expect(rows).toEqual([{ count: 1_899, here: 300, latest: true }]);
    const back = await visitProvider(started.headers.get('location') ?? '', 'p1');
    const response = await app.request(back, { headers: { cookie: cookieOf(started) } });
    expect(problemOf(response)).toBeNull();
  });
});
