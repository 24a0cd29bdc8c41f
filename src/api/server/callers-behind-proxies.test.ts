/** Who calls, as limits and audit trail see it, when a proxy is in front of the server: over real HTTP. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

import pino from 'pino';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

import {
  emailOf,
  openTestApi,
  password,
  secret,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { fastPasswords } from '../../../tests/servers/fast-password-hashing.ts';
import { createAccounts } from '../../accounts/accounts.ts';
import { parseProxies } from '../../network/caller-address.ts';
import { limits } from '../../contract/limits.ts';
import { createRateLimits } from './rate-limits.ts';
import { startServer } from './server.ts';

/** So often one address may sign in at once. */
const maxAttempts = limits['sign-in'].address;

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(async () => {
  await api.close();
});

/** A server whose limits nothing has counted yet; gives what signs in with these headers. */
async function openDoor(trusted: string | undefined) {
  const log = pino({ level: 'silent' });
  const { database } = api;
  const accounts = createAccounts({ passwordHashing: fastPasswords, database, secret, log });
  const trustedProxies = trusted === undefined ? undefined : parseProxies(trusted);
  // The clock stands still: no tokens are added however long the tries take.
  const rateLimits = createRateLimits({ now: () => 0 });
  const server = await startServer({
    database,
    accounts,
    log,
    port: 0,
    trustedProxies,
    rateLimits,
  });
  onTestFinished(() => server.close());
  return async (
    forwardedFor: string | string[],
    given = 'a wrong password',
  ): Promise<number | undefined> => {
    const sent = request(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': forwardedFor },
    });
    const body = { email: emailOf('staff'), password: given };
    if (given !== password) body.email = `${crypto.randomUUID()}@demo.example`;
    sent.end(JSON.stringify(body));
    const answer = Promise.withResolvers<number | undefined>();
    sent.once('error', answer.reject);
    sent.once('response', (response) => {
      text(response).then(() => answer.resolve(response.statusCode), answer.reject);
    });
    return answer.promise;
  };
}

/** Tries as often as one address may in a minute. */
async function useUp(attempt: (forwardedFor: string) => Promise<number | undefined>, from: string) {
  for (let tries = 0; tries < maxAttempts; tries += 1) expect(await attempt(from)).toBe(401);
  expect(await attempt(from)).toBe(429);
}

async function lastAddress(): Promise<unknown> {
  const { rows } = await api.database.pool.query<{ address: unknown }>(
    'select address from audit_events order by id desc limit 1',
  );
  return rows[0]?.address;
}

it('locks out only the caller who guesses, not others behind the same proxy', async () => {
  const attempt = await openDoor('127.0.0.1');
  await useUp(attempt, '203.0.113.9');
  expect(await attempt('203.0.113.10', password)).toBe(200);
  expect(await lastAddress()).toBe('203.0.113.10');
});

it('ignores forged entries further left, in one header or in several', async () => {
  const attempt = await openDoor('127.0.0.1');
  await useUp(attempt, '203.0.113.9');
  expect(await attempt('198.51.100.1, 203.0.113.9')).toBe(429);
  expect(await attempt(['198.51.100.2', '203.0.113.9'])).toBe(429);
  expect(await attempt(['127.0.0.1 ,unknown', ' [::1]:80,203.0.113.9:4711  '])).toBe(429);
  expect(await attempt(['203.0.113.9', '198.51.100.3'], password)).toBe(200);
  expect(await lastAddress()).toBe('198.51.100.3');
});

it('reads the address through a chain of two proxies, but not through an unknown one', async () => {
  const attempt = await openDoor('127.0.0.0/8, 10.1.0.0/16');
  await useUp(attempt, '203.0.113.9, 10.1.2.3');
  expect(await attempt('203.0.113.9, 10.1.2.4', password)).toBe(429);
  expect(await attempt('203.0.113.9, 10.2.2.3', password)).toBe(200);
  expect(await lastAddress()).toBe('10.2.2.3');
});

it('counts IPv6 by /64 and records the whole address in the audit trail', async () => {
  const attempt = await openDoor('127.0.0.1');
  for (let tries = 0; tries < maxAttempts; tries += 1) {
    expect(await attempt(`2001:db8:1:2::${tries.toString(16)}`)).toBe(401);
  }
  expect(await lastAddress()).toBe(`2001:db8:1:2::${(maxAttempts - 1).toString(16)}`);
  expect(await attempt('2001:db8:1:2:ffff::', password)).toBe(429);
  expect(await attempt('2001:db8:1:3::1', password)).toBe(200);
});

it.each(['no proxy at all', '10.0.0.0/8'])(
  'ignores the header of who is no trusted proxy: %s',
  async (trusted) => {
    const attempt = await openDoor(trusted === 'no proxy at all' ? undefined : trusted);
    for (let tries = 0; tries < maxAttempts; tries += 1) {
      expect(await attempt(`203.0.113.${tries}`)).toBe(401);
    }
    expect(await attempt('203.0.113.200', password)).toBe(429);
    expect(await lastAddress()).toBe('127.0.0.1');
  },
);
