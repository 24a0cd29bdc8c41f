import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { insertDistrict } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from '../database/database.ts';
import { createAccounts, type NewAccount } from './accounts.ts';

const log = pino({ level: 'silent' });
const secret = 'test-secret-0123456789-0123456789';

let database: Database;
let districtId = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  districtId = await insertDistrict(database);
});
afterAll(() => database.close());

const user = (email: string, more: Partial<NewAccount> = {}): NewAccount => ({
  email,
  password: 'a long walk at sunrise',
  name: 'Sam Poe',
  districtId,
  role: 'staff',
  ...more,
});

describe('making an account', () => {
  it('keeps the e-mail in small letters and the password as a hash only', async () => {
    const accounts = createAccounts({ database, secret, log });
    const outcome = await accounts.createAccount(user('Sam.Poe@Demo.example'));
    expect(outcome.kind).toBe('created');
    const { rows } = await database.pool.query<{ email: string; password: string }>(
      'select email, password from accounts join account_credentials c on c.account_id = accounts.id',
    );
    expect(rows[0]?.email).toBe('sam.poe@demo.example');
    expect(rows[0]?.password).not.toContain('sunrise');
  });

  it('makes one account of an e-mail, whatever its capitals', async () => {
    const accounts = createAccounts({ database, secret, log });
    await accounts.createAccount(user('twice@demo.example'));
    expect(await accounts.createAccount(user('TWICE@demo.example'))).toEqual({
      kind: 'email-taken',
    });
  });

  it.each([
    ['email', { email: 'nobody' }],
    ['password', { password: 'short' }],
    ['name', { name: ' ' }],
    ['districtId', { districtId: 0 }],
  ] as const)('refuses a wrong %s and names it', async (field, wrong) => {
    const accounts = createAccounts({ database, secret, log });
    const outcome = await accounts.createAccount(user('new@demo.example', wrong));
    expect(outcome).toMatchObject({ kind: 'invalid', field });
  });
});

it('takes a password whose hash the library made before we bounded it', async () => {
  const accounts = createAccounts({ database, secret, log });
  const { email, password } = user('stored@demo.example');
  await accounts.createAccount(user(email));
  await database.pool.query(
    `update account_credentials set password = $2
     where account_id = (select id from accounts where email = $1)`,
    [
      email,
      'a148c9f2bf7d918a53339e8b64bddd6f:083e73e0fee19449306ced58f9ac599c4e9993b1da58342022ca0c4cd9f4222b2eaf89dc23cfcc5bd39a10cce76043d866c441363d38c093be534ae41045cad9',
    ],
  );
  const request = new Request('http://localhost/api/session', { method: 'POST' });
  expect(await accounts.signIn({ email, password }, request, '203.0.113.3')).toMatchObject({
    kind: 'signed-in',
  });
});

describe('opening the accounts', () => {
  it('requires a secret that cannot be guessed', () => {
    expect(() => createAccounts({ database, secret: 'short', log })).toThrow(
      expect.objectContaining({ code: 'session-secret-too-short' }),
    );
  });

  it('requires a valid public address', () => {
    expect(() => createAccounts({ database, secret, log, publicUrl: 'iep.example.org' })).toThrow(
      expect.objectContaining({ code: 'public-url-invalid' }),
    );
  });
});

it('marks cookies as of this host alone, and secure, when people come by https', async () => {
  const publicUrl = 'https://iep.example.org';
  const accounts = createAccounts({ database, secret, log, publicUrl });
  const { email, password } = user('secure@demo.example');
  await accounts.createAccount(user(email));
  const request = new Request(`${publicUrl}/api/session`, { method: 'POST' });
  const outcome = await accounts.signIn({ email, password }, request, '203.0.113.1');
  expect(outcome).toMatchObject({ kind: 'signed-in' });
  const cookies = outcome.kind === 'signed-in' ? outcome.cookies : [];
  expect(cookies).toHaveLength(2);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^__Host-/);
    expect(cookie.split('; ')).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure']));
    expect(cookie).not.toContain('Domain');
  }
  const headers = new Headers({ cookie: cookies.map((each) => each.split(';')[0]).join('; ') });
  expect((await accounts.findCaller(headers))?.user.email).toBe(email);
  // What a page of another host below the same domain could set.
  const tossed = (headers.get('cookie') ?? '').replaceAll('__Host-', '');
  expect(await accounts.findCaller(new Headers({ cookie: tossed }))).toBeUndefined();
});

it('does not know an expired session', async () => {
  const accounts = createAccounts({ database, secret, log });
  const { email, password } = user('late@demo.example');
  await accounts.createAccount(user(email));
  const request = new Request('http://localhost/api/session', { method: 'POST' });
  const outcome = await accounts.signIn({ email, password }, request, '203.0.113.2');
  const cookies = outcome.kind === 'signed-in' ? outcome.cookies : [];
  const headers = new Headers({ cookie: cookies.map((each) => each.split(';')[0]).join('; ') });
  expect((await accounts.findCaller(headers))?.user.email).toBe(email);
  await database.pool.query("update account_sessions set expires_at = now() - interval '1 second'");
  expect(await accounts.findCaller(headers)).toBeUndefined();
});
