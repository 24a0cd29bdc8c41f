import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { generousLimits } from '../../../tests/servers/generous-limits.ts';
import { oneTimeCode } from '../../../tests/builders/one-time-code.ts';
import { fastPasswords } from '../../../tests/servers/fast-password-hashing.ts';
import { insertDistrict } from '../../../tests/builders/record-builder.ts';
import {
  parseResponse,
  cookieOf,
  errorOf,
  password,
  secret,
} from '../../../tests/servers/test-api.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import { createAccounts } from '../../accounts/accounts.ts';
import { accountApi } from '../../contract/accounts/account.ts';
import type { Role } from '../../contract/endpoint.ts';
import type { Database } from '../../database/database.ts';
import { newSealingKey, type SealingKey } from '../../districts/sealed-secret.ts';
import { createApi } from '../server/server.ts';

const log = pino({ level: 'silent' });
const sealingKey = newSealingKey();

let database: Database;
let districtId = 0;
let server: ReturnType<typeof openServer>;

beforeAll(async () => {
  database = await openTestDatabase();
  districtId = await insertDistrict(database);
  server = openServer({ sealingKey });
});
afterAll(() => database.close());

/** A server over the same database, such as one that was restarted with other keys. */
function openServer(keys: { readonly secret?: string; readonly sealingKey?: SealingKey }) {
  const accounts = createAccounts({
    database,
    log,
    secret,
    passwordHashing: fastPasswords,
    ...keys,
  });
  const app = createApi({ database, accounts, log, rateLimits: generousLimits() });
  const call = async (method: string, path: string, cookie = '', body?: unknown) =>
    app.request(path, {
      method,
      headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const enter = async (email: string, cookie = '') =>
    call('POST', '/api/session', cookie, { email, password });
  return {
    accounts,
    call,
    enter,
    /** Password, then code. */
    async step(email: string, code: string, kind: 'app' | 'backup' = 'app', trustDevice = false) {
      const cookie = cookieOf(await enter(email));
      return call('POST', '/api/session/two-factor', cookie, { code, kind, trustDevice });
    },
    /** Turns it on, with the code that an app would show. */
    async setUp(email: string, given?: string) {
      const cookie = given ?? cookieOf(await enter(email));
      const started = await call('POST', '/api/account/two-factor', cookie);
      const { uri, backupCodes } = await parseResponse(accountApi.startTwoFactor.response, started);
      const confirmed = await call('PUT', '/api/account/two-factor', cookie, { code: codeOf(uri) });
      expect(confirmed.status).toBe(200);
      return { cookie: cookieOf(confirmed), uri, backupCodes };
    },
  };
}

/** What the app shows now, or will show next; the server takes that one already. */
const codeOf = (uri: string, when: 'now' | 'next' = 'now') =>
  oneTimeCode(uri, Date.now() + (when === 'next' ? 30_000 : 0));

async function newPerson(name: string, role: Role = 'staff') {
  const email = `${name}@demo.example`;
  const ofDistrict = role === 'technician' ? null : districtId;
  await server.accounts.createAccount({ email, password, name, districtId: ofDistrict, role });
  return email;
}

/** As if none of the app's codes had been used. */
const forgetCodes = async () =>
  database.pool.query('update account_two_factors set last_step = null');

describe('two-factor authentication', () => {
  it('asks for a code after the password, and a backup code works once', async () => {
    const email = await newPerson('careful');
    const { cookie, uri, backupCodes } = await server.setUp(email);
    expect(await (await server.call('GET', '/api/account', cookie)).json()).toMatchObject({
      hasTwoFactor: true,
    });
    expect(await (await server.enter(email)).json()).toEqual({ twoFactor: true });
    expect((await server.step(email, '000000')).status).toBe(401);
    expect((await server.step(email, codeOf(uri, 'next'))).status).toBe(200);
    const [code = ''] = backupCodes;
    expect((await server.step(email, code, 'backup')).status).toBe(200);
    expect((await server.step(email, code, 'backup')).status).toBe(401);
  });

  it('gives no session before the code', async () => {
    const email = await newPerson('half');
    await server.setUp(email);
    const cookie = cookieOf(await server.enter(email));
    expect((await server.call('GET', '/api/session', cookie)).status).toBe(401);
  });

  it('is not asked on a trusted device, until one signs out everywhere', async () => {
    const email = await newPerson('trusting');
    const { uri } = await server.setUp(email);
    const device = cookieOf(await server.step(email, codeOf(uri, 'next'), 'app', true));
    const known = await server.enter(email, device);
    expect(await known.json()).toHaveProperty('account');
    // No code was given: it proves nothing.
    const renewing = await server.call('POST', '/api/account/backup-codes', cookieOf(known));
    expect((await errorOf(renewing)).code).toBe('reauthentication-required');
    await server.call('DELETE', '/api/account/sessions', cookieOf(known));
    expect(await (await server.enter(email, cookieOf(known))).json()).toEqual({
      twoFactor: true,
    });
  });

  it('is turned off, and no device is trusted any longer', async () => {
    const email = await newPerson('off');
    const { cookie } = await server.setUp(email);
    expect((await server.call('DELETE', '/api/account/two-factor', cookie)).status).toBe(200);
    expect(await (await server.enter(email)).json()).toHaveProperty('account');
    expect((await server.call('POST', '/api/account/backup-codes', cookie)).status).toBe(422);
  });

  it('has new backup codes in place of the old', async () => {
    const email = await newPerson('renewing');
    const { cookie, backupCodes } = await server.setUp(email);
    const renewed = await server.call('POST', '/api/account/backup-codes', cookie);
    const { backupCodes: codes } = await parseResponse(
      accountApi.replaceBackupCodes.response,
      renewed,
    );
    expect(new Set(codes).size).toBe(10);
    expect((await server.step(email, backupCodes[0] ?? '', 'backup')).status).toBe(401);
    expect((await server.step(email, codes[0] ?? '', 'backup')).status).toBe(200);
  });

  it('is not set up again while it is on', async () => {
    const { cookie } = await server.setUp(await newPerson('twice'));
    expect((await server.call('POST', '/api/account/two-factor', cookie)).status).toBe(422);
  });

  it('is required before everything else for administrators of a district that requires it', async () => {
    const email = await newPerson('chief', 'administrator');
    await server.accounts.users.setRequiresTwoFactor(districtId, true);
    const cookie = cookieOf(await server.enter(email));
    const students = '/api/districts/demo.example/students';
    const rejected = await server.call('GET', students, cookie);
    expect((await errorOf(rejected)).code).toBe('two-factor-required');
    expect((await server.call('GET', '/api/account', cookie)).status).toBe(200);
    const { cookie: after } = await server.setUp(email, cookie);
    expect((await server.call('GET', students, after)).status).toBe(200);
    await server.accounts.users.setRequiresTwoFactor(districtId, false);
  });

  it('is required before everything else for technicians, regardless of the district’s setting', async () => {
    const email = await newPerson('technician', 'technician');
    const cookie = cookieOf(await server.enter(email));
    for (const path of ['/api/districts', '/api/districts/demo.example/students', '/api/audit']) {
      const rejected = await server.call('GET', path, cookie);
      expect([path, (await errorOf(rejected)).code]).toEqual([path, 'two-factor-required']);
    }
    const session = await server.call('GET', '/api/session', cookie);
    expect(await session.json()).toMatchObject({ account: { needsTwoFactor: true } });
    const { cookie: after } = await server.setUp(email, cookie);
    expect((await server.call('GET', '/api/districts', after)).status).toBe(200);
    await server.call('DELETE', '/api/account/two-factor', after);
    expect((await server.call('GET', '/api/districts', after)).status).toBe(403);
  });
});

/** As if the last proof of every session were too long ago. */
const forgetProofs = async () =>
  database.pool.query('update account_sessions set proven_at = null');

describe('two-factor authentication with an open session', () => {
  it('needs a password first: a code alone confirms nothing', async () => {
    const email = await newPerson('left-open');
    const { cookie, uri, backupCodes } = await server.setUp(email);
    await forgetProofs();
    for (const [kind, code = ''] of [
      ['app', codeOf(uri, 'next')],
      ['backup', backupCodes[0]],
    ] as const) {
      const body = { code, kind, trustDevice: false };
      const response = await server.call('POST', '/api/session/two-factor', cookie, body);
      expect([kind, response.status]).toEqual([kind, 401]);
    }
    const rejected = await server.call('DELETE', '/api/account/two-factor', cookie);
    expect((await errorOf(rejected)).code).toBe('reauthentication-required');
    // Neither code was looked at.
    expect((await server.step(email, codeOf(uri, 'next'))).status).toBe(200);
    expect((await server.step(email, backupCodes[0] ?? '', 'backup')).status).toBe(200);
  });

  it('counts wrong codes that are sent with the session', async () => {
    const email = await newPerson('guessed');
    const { cookie } = await server.setUp(email);
    const statuses: number[] = [];
    for (let count = 0; count < 12; count++) {
      const step = cookieOf(await server.enter(email));
      const body = { code: '000000', kind: 'app', trustDevice: false };
      const both = `${cookie}; ${step}`;
      statuses.push((await server.call('POST', '/api/session/two-factor', both, body)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
  });

  it('is that of the session that is proven, also where two cookies are read in two ways', async () => {
    const { cookie } = await server.setUp(await newPerson('victim'));
    const other = await server.setUp(await newPerson('other'));
    await forgetProofs();
    await forgetCodes();
    const [name, theirs = ''] = toSession(cookie);
    const [, own = ''] = toSession(other.cookie);
    const proof = { password, code: { kind: 'app', text: codeOf(other.uri) } };
    for (const first of [`"${own}x`, `"${own}"`, own, ` ${own}`, `${own}\\`]) {
      for (const both of [
        `${name}=${first}; ${name}=${theirs}`,
        `${name}=${theirs}; ${name}=${first}`,
      ]) {
        await server.call('POST', '/api/session/reauthentication', both, proof);
      }
    }
    const rejected = await server.call('DELETE', '/api/account/two-factor', cookie);
    expect((await errorOf(rejected)).code).toBe('reauthentication-required');
  });
});

/** Name and value of the session cookie. */
const toSession = (cookies: string): readonly string[] =>
  /\b(daybreak\.session_token)=([^;]+)/.exec(cookies)?.slice(1) ?? [];

describe('a code of the app', () => {
  it('signs in once, and no code from before it does', async () => {
    const email = await newPerson('once');
    const { uri } = await server.setUp(email);
    const [used, next] = [codeOf(uri), codeOf(uri, 'next')];
    expect((await server.step(email, used)).status).toBe(401);
    expect((await server.step(email, next)).status).toBe(200);
    expect((await server.step(email, next)).status).toBe(401);
    expect((await server.step(email, used)).status).toBe(401);
  });

  it('signs in one of those who come with it at the same instant', async () => {
    const email = await newPerson('instant');
    const { uri } = await server.setUp(email);
    await forgetCodes();
    const cookies = await Promise.all(
      Array.from({ length: 5 }, async () => cookieOf(await server.enter(email))),
    );
    const body = { code: codeOf(uri), kind: 'app', trustDevice: false };
    const responses = await Promise.all(
      cookies.map(async (cookie) => server.call('POST', '/api/session/two-factor', cookie, body)),
    );
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(responses.filter(({ status }) => status === 401)).toHaveLength(4);
  });

  it('that was used counts as a wrong one: the factor locks', async () => {
    const email = await newPerson('replayed');
    const { uri } = await server.setUp(email);
    const used = codeOf(uri);
    for (let count = 0; count < 10; count++) await server.step(email, used);
    expect((await server.step(email, codeOf(uri, 'next'))).status).toBe(429);
  });

  it('confirms the identity once, and not if it was used to sign in', async () => {
    const email = await newPerson('prover');
    const { uri } = await server.setUp(email);
    const text = codeOf(uri, 'next');
    const cookie = cookieOf(await server.step(email, text));
    const prove = async (kind: 'app' | 'backup', given: string) =>
      server.call('POST', '/api/session/reauthentication', cookie, {
        password,
        code: { kind, text: given },
      });
    expect(await errorOf(await prove('app', text))).toMatchObject({ field: 'code' });
    await forgetCodes();
    const responses = await Promise.all([prove('app', text), prove('app', text)]);
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 400]));
  });
});

describe('another session secret', () => {
  const otherSecret = 'another-secret-0123456789-0123456789';

  /** Both kinds of code sign in. */
  async function expectCodesWork(
    on: ReturnType<typeof openServer>,
    email: string,
    { uri, backupCodes }: { readonly uri: string; readonly backupCodes: string[] },
  ) {
    await forgetCodes();
    expect((await on.step(email, codeOf(uri))).status).toBe(200);
    expect((await on.step(email, backupCodes.shift() ?? '', 'backup')).status).toBe(200);
  }

  it('ends the sessions, and both kinds of code still sign in', async () => {
    const email = await newPerson('rotated');
    const factor = await server.setUp(email);
    const after = openServer({ secret: otherSecret, sealingKey });
    expect((await after.call('GET', '/api/session', factor.cookie)).status).toBe(401);
    await expectCodesWork(after, email, factor);
  });

  it('locks out no user whose secret was sealed with the session secret: it is resealed first', async () => {
    const email = await newPerson('sealed-before');
    const factor = await openServer({}).setUp(email);
    await expectCodesWork(server, email, factor);
    const unsealed = await newPerson('sealed-before-too');
    const second = await openServer({}).setUp(unsealed);
    const { resealed, unreadableResponse } = await server.accounts.resealTwoFactors();
    expect([resealed >= 2, unreadableResponse]).toEqual([true, 0]);
    expect(await server.accounts.resealTwoFactors()).toEqual({
      resealed: 0,
      unreadableResponse: 0,
    });
    const after = openServer({ secret: otherSecret, sealingKey });
    await expectCodesWork(after, email, factor);
    await expectCodesWork(after, unsealed, second);
  });

  it('needs the former sealing key until secrets are resealed', async () => {
    const email = await newPerson('both');
    const factor = await server.setUp(email);
    const newKey = newSealingKey();
    const former = { ...newKey, former: [sealingKey] };
    const between = openServer({ secret: otherSecret, sealingKey: former });
    await expectCodesWork(between, email, factor);
    expect((await between.accounts.resealTwoFactors()).resealed).toBeGreaterThan(0);
    await expectCodesWork(openServer({ sealingKey: newKey }), email, factor);
    await openServer({
      sealingKey: { ...sealingKey, former: [newKey] },
    }).accounts.resealTwoFactors();
  });

  it('is reported if no key opens the secret', async () => {
    await server.setUp(await newPerson('lost'));
    const lost = openServer({ secret: otherSecret, sealingKey: newSealingKey() });
    expect((await lost.accounts.resealTwoFactors()).unreadableResponse).toBeGreaterThan(0);
  });
});
