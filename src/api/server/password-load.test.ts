/** Floods of passwords to hash: who waits, who is rejected, and that all other requests still get responses. */
import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';

import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { generousLimits } from '../../../tests/servers/generous-limits.ts';
import { fastPasswords } from '../../../tests/servers/fast-password-hashing.ts';
import { insertDistrict } from '../../../tests/builders/record-builder.ts';
import { cookieOf, errorOf, password, secret, signIn } from '../../../tests/servers/test-api.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import { createAccounts } from '../../accounts/accounts.ts';
import type { PasswordHashing } from '../../accounts/sign-in/password-hashing.ts';
import type { Database } from '../../database/database.ts';
import { createApi } from './server.ts';

const log = pino({ level: 'silent' });
const email = 'chief@demo.example';

let database: Database;
let districtId = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  districtId = await insertDistrict(database);
  const accounts = createAccounts({ database, secret, log, passwordHashing: fastPasswords });
  const account = { email, password, name: 'Sam Poe', districtId, role: 'administrator' } as const;
  await accounts.createAccount(account);
});
afterAll(() => database.close());

/** The API with this hashing; every call of it is counted. */
function openApi(hashing: PasswordHashing, maxRunning: number, maxWaitingPerAddress: number) {
  const counted = { begun: 0, done: 0 };
  const count = async <Result>(work: Promise<Result>): Promise<Result> => {
    counted.begun += 1;
    return work.finally(() => (counted.done += 1));
  };
  const accounts = createAccounts({
    database,
    secret,
    log,
    hashingLimits: { maxRunning, maxWaitingPerAddress },
    passwordHashing: {
      hash: async (given) => count(hashing.hash(given)),
      verify: async (given) => count(hashing.verify(given)),
    },
  });
  return {
    accounts,
    counted,
    app: createApi({ database, accounts, log, rateLimits: generousLimits() }),
  };
}
type App = ReturnType<typeof openApi>['app'];

const post = async (app: App, path: string, body: object, address = '192.0.2.1', cookie = '') =>
  app.request(
    path,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    },
    { incoming: { socket: { remoteAddress: address } } },
  );

describe('an invitation with an unknown token', () => {
  it('costs no hash, even for many requests', async () => {
    const { app, counted } = openApi(fastPasswords, 2, 10);
    const responses = await Promise.all(
      Array.from({ length: 200 }, async (_, index) =>
        post(
          app,
          `/api/invitations/token${index}`,
          { name: 'Robin Shaw', password },
          `192.0.2.${index}`,
        ),
      ),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([410]));
    expect(counted.begun).toBe(0);
  });
});

it('answers other requests while fifty passwords are hashed', async () => {
  // In the thread pool as the real one, at an eighth of the cost.
  const derive = promisify<string, string, number, object, Buffer>(scrypt);
  const hash = async (given: string) => {
    await derive(given, 'salt', 64, { N: 2048, r: 16 });
    return '';
  };
  const pooled: PasswordHashing = {
    hash,
    verify: async (given) => (await hash(given.password)) === given.hash,
  };
  const { app, counted } = openApi(pooled, 2, 50);
  const cookie = cookieOf(await signIn(openApi(fastPasswords, 2, 10).app, email, password));
  const flood = Array.from({ length: 50 }, async (_, index) =>
    post(app, '/api/session', { email: `nobody${index}@demo.example`, password }),
  );
  await expect.poll(() => counted.begun).toBeGreaterThan(0);
  const health = await app.request('/healthz');
  const list = await app.request('/api/districts/demo.example/students', { headers: { cookie } });
  const doneBefore = counted.done;
  expect([health.status, list.status]).toEqual([200, 200]);
  expect(doneBefore).toBeLessThan(50);
  const statuses = (await Promise.all(flood)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([401]));
  // An unknown account costs a hash as a known one does, or the time would tell.
  expect(counted.done).toBe(50);
});

describe('beyond the limit of the queue', () => {
  /** Hashing that waits until the test lets it go on. */
  async function fill() {
    const gate = Promise.withResolvers<void>();
    const gated: PasswordHashing = {
      hash: async (given) => gate.promise.then(async () => fastPasswords.hash(given)),
      verify: async (given) => gate.promise.then(async () => fastPasswords.verify(given)),
    };
    const opened = openApi(gated, 1, 1);
    const inLine = ['first', 'second'].map(async (name) =>
      post(opened.app, '/api/session', { email: `${name}@demo.example`, password }),
    );
    await expect.poll(() => opened.accounts.hashingCounts().waiting).toBe(1);
    return { ...opened, inLine, open: gate.resolve };
  }

  it('one address gets a 429 with Retry-After, and another one can still wait', async () => {
    const { app, accounts, inLine, open } = await fill();
    const rejected = await post(app, '/api/session', { email, password });
    expect(rejected.status).toBe(429);
    expect(rejected.headers.get('retry-after')).toBe('5');
    expect((await errorOf(rejected)).code).toBe('too-many-attempts');
    const other = post(app, '/api/session', { email, password }, '198.51.100.7');
    await expect.poll(() => accounts.hashingCounts().waiting).toBe(2);
    open();
    expect((await other).status).toBe(200);
    expect((await Promise.all(inLine)).map(({ status }) => status)).toEqual([401, 401]);
  });

  it('a sign-in that gets a 429 does not count as a wrong password', async () => {
    const { app, inLine, open } = await fill();
    for (let count = 0; count < 12; count++) await post(app, '/api/session', { email, password });
    open();
    await Promise.all(inLine);
    expect((await post(app, '/api/session', { email, password })).status).toBe(200);
  });

  it('an open invitation and a password link get a 429 and stay valid', async () => {
    const { app, inLine, open } = await fill();
    await database.pool.query(
      `insert into account_invitations (district_id, email, role, token_digest, invited_by_name,
         expires_at, mail_state)
       values ($1, 'robin@demo.example', 'staff', sha256('invited'), 'Sam Poe', now() + interval '1 day', 'sent')`,
      [districtId],
    );
    await database.pool.query(
      `insert into account_verifications (identifier, value, expires_at)
       select rtrim(translate(encode(sha256('reset-password:link'), 'base64'), '+/', '-_'), '='), id,
         now() + interval '1 day' from accounts where email = $1`,
      [email],
    );
    const tries = async () =>
      Promise.all([
        post(app, '/api/invitations/invited', { name: 'Robin Shaw', password }),
        post(app, '/api/new-password', { token: 'link', password }),
      ]);
    const rejected = await tries();
    expect(rejected.map(({ status }) => status)).toEqual([429, 429]);
    expect(rejected.map(({ headers }) => headers.get('retry-after'))).toEqual(['5', '5']);
    open();
    await Promise.all(inLine);
    expect((await tries()).map(({ status }) => status)).toEqual([200, 200]);
  });
});
