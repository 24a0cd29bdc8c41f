/** A provider of another district, under an attacker's control, that tries to redeem an honest one's codes. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  type CookieJar,
  startOpenIdProvider,
  type TestProvider,
  visitProvider,
} from '../../../tests/servers/openid-provider.ts';
import { generousLimits } from '../../../tests/servers/generous-limits.ts';
import { fastPasswords } from '../../../tests/servers/fast-password-hashing.ts';
import { insertDistrict } from '../../../tests/builders/record-builder.ts';
import { cookieOf, password, secret } from '../../../tests/servers/test-api.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import { type Accounts, createAccounts } from '../../accounts/accounts.ts';
import type { Database } from '../../database/database.ts';
import { newSealingKey } from '../../districts/sealed-secret.ts';
import { createApi } from '../server/server.ts';

const log = pino({ level: 'silent' });
const victim = 'chief@demo.example';

let database: Database;
let accounts: Accounts;
let app: ReturnType<typeof createApi>;
let honest: TestProvider;
let evil: EvilProvider;
let districtA = 0;
let districtB = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  districtA = await insertDistrict(database);
  districtB = await insertDistrict(database, { domain: 'b.example' });
  accounts = createAccounts({
    passwordHashing: fastPasswords,
    database,
    secret,
    log,
    sealingKey: newSealingKey(),
    allowPrivateIssuers: true,
  });
  app = createApi({ database, accounts, log, rateLimits: generousLimits() });
  honest = await startOpenIdProvider({
    users: [{ sub: 'v1', email: victim, email_verified: true }],
    redirectUris: [redirectAddressOf(districtA)],
  });
  evil = await startEvilProvider();
  await accounts.createAccount({
    email: victim,
    password,
    name: 'Chief',
    districtId: districtA,
    role: 'administrator',
  });
  await store(districtB, { ...evil, clientId: 'evil', clientSecret: 'evil' });
});
beforeEach(async () => {
  await store(districtA, honest);
  evil.paths.length = 0;
  evil.codes.length = 0;
  evil.redirectTo = undefined;
});
afterAll(async () => {
  await honest.close();
  await evil.close();
  await database.close();
});

const redirectAddressOf = (districtId: number) =>
  accounts.singleSignOn.redirectAddress(districtId, new Request('http://localhost/'));

async function store(districtId: number, { issuer, clientId, clientSecret }: Client) {
  const outcome = await accounts.singleSignOn.storeSettings(districtId, {
    issuer,
    clientId,
    clientSecret,
    isEnabled: true,
    isRequired: false,
    trustsEmailAddresses: false,
    newAccounts: null,
  });
  expect(outcome).toEqual({ kind: 'stored' });
}

type Client = Pick<TestProvider, 'issuer' | 'clientId' | 'clientSecret'>;

interface EvilProvider extends Client {
  /** Every path that was called. */
  readonly paths: string[];
  /** Every code that it was asked to redeem. */
  readonly codes: string[];
  /** Where its authorize address sends people on to. */
  redirectTo: ((authorize: URL) => string) | undefined;
  close(): Promise<void>;
}

/** Implements enough of OpenID to be stored, and records the requests. */
async function startEvilProvider(): Promise<EvilProvider> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', provider.issuer);
    provider.paths.push(url.pathname);
    if (url.pathname === '/authorize') {
      response.writeHead(302, { location: provider.redirectTo?.(url) ?? '/' }).end();
    } else if (url.pathname === '/.well-known/openid-configuration') {
      response.end(
        JSON.stringify({
          issuer: provider.issuer,
          authorization_endpoint: `${provider.issuer}/authorize`,
          token_endpoint: `${provider.issuer}/token`,
          jwks_uri: `${provider.issuer}/keys`,
        }),
      );
    } else {
      provider.codes.push(new URLSearchParams(await text(request)).get('code') ?? '');
      response.writeHead(400).end('{}');
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const provider: EvilProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId: 'evil',
    clientSecret: 'evil',
    paths: [],
    codes: [],
    redirectTo: undefined,
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
  return provider;
}

/** Starts at the app as a browser; the address of the provider and the cookies that were set. */
async function start(domain: string) {
  const response = await app.request(`/api/single-sign-on/start?domain=${domain}`);
  expect(response.status).toBe(302);
  return { address: response.headers.get('location') ?? '', cookie: cookieOf(response) };
}

const parameterOf = (address: string, name: string) =>
  new URL(address).searchParams.get(name) ?? '';

async function signedInAs(response: Response): Promise<unknown> {
  const session = await app.request('/api/session', { headers: { cookie: cookieOf(response) } });
  return session.status === 200 ? ((await session.json()) as { account: object }).account : null;
}
const problemOf = (response: Response) =>
  new URL(response.headers.get('location') ?? '', 'http://localhost').searchParams.get('problem');

describe('a provider of another district', () => {
  it('never gets the code of an honest one, and cannot sign in a user', async () => {
    const jar: CookieJar = new Map();
    // The victim is signed in at the honest provider.
    const usual = await start('demo.example');
    await visitProvider(usual.address, 'v1', jar);

    // 2. The attacker begins at district A and keeps what the redirect holds.
    const attacker = await start('demo.example');
    // 3. The victim follows a link to district B's single sign-on.
    const led = await start('b.example');
    // 4. The evil provider sends the victim on to the honest one, with A's request and B's state.
    evil.redirectTo = (authorize) => {
      const onward = new URL(attacker.address);
      onward.searchParams.set('state', authorize.searchParams.get('state') ?? '');
      return onward.href;
    };
    const back = await visitProvider(led.address, 'v1', jar);
    expect(parameterOf(back, 'iss')).toBe(honest.issuer);
    expect(parameterOf(back, 'code')).not.toBe('');

    // 5. The app is called back; what it sends to the evil provider is the attacker's.
    const rejected = await app.request(back, { headers: { cookie: led.cookie } });
    // 6. The attacker finishes their own sign-in with it.
    const stolen = new URL(redirectAddressOf(districtA));
    stolen.searchParams.set('code', evil.codes[0] ?? 'none');
    stolen.searchParams.set('state', parameterOf(attacker.address, 'state'));
    stolen.searchParams.set('iss', honest.issuer);
    const last = await app.request(stolen.href, { headers: { cookie: attacker.cookie } });
    expect(await signedInAs(last)).toBeNull();
    expect(problemOf(rejected)).toBe('other-provider');
    expect(evil.paths).not.toContain('/token');
    expect(evil.codes).toEqual([]);
  });

  const comeBack = async (change: (back: URL) => void) => {
    const { address, cookie } = await start('demo.example');
    const back = new URL(await visitProvider(address, 'v1'));
    change(back);
    return app.request(back.href, { headers: { cookie } });
  };

  it('is distinguished from the honest one by the issuer in the response', async () => {
    expect(await signedInAs(await comeBack(() => {}))).toMatchObject({ email: victim });
    const other = await comeBack((back) => back.searchParams.set('iss', evil.issuer));
    expect(problemOf(other)).toBe('other-provider');
  });

  it('cannot omit the issuer if the honest one always names it', async () => {
    const response = await comeBack((back) => back.searchParams.delete('iss'));
    expect(problemOf(response)).toBe('other-provider');
  });

  it.each([
    ['of another district', () => String(districtB)],
    ['of no district', () => '999999'],
  ])('can not use the redirect address %s', async (_, id) => {
    const response = await comeBack((back) => {
      back.pathname = back.pathname.replace(/\d+$/, id());
    });
    expect(problemOf(response)).toBe('other-provider');
    expect(await signedInAs(response)).toBeNull();
  });

  it('gets no code of a sign-in that started before it became the provider', async () => {
    const { address, cookie } = await start('demo.example');
    const back = new URL(await visitProvider(address, 'v1'));
    await store(districtA, evil);
    const response = await app.request(back.href, { headers: { cookie } });
    expect(problemOf(response)).toBe('expired');
    expect(evil.codes).toEqual([]);
  });
});
