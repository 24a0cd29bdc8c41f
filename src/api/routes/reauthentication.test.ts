import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  cookieOf,
  emailOf,
  errorOf,
  openTestApi,
  password,
  signIn,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';

let api: TestApi;

beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const proven = async (minutesAgo: number | null) =>
  api.database.pool.query(
    'update account_sessions set proven_at = now() - make_interval(mins => $1)',
    [minutesAgo],
  );
const prove = async (body: object, cookie = '') =>
  cookie === ''
    ? api.ask('administrator', '/api/session/reauthentication', request('POST', body))
    : api.app.request('/api/session/reauthentication', request('POST', body, cookie));
const request = (method: string, body?: object, cookie?: string): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json', ...(cookie !== undefined && { cookie }) },
  ...(body && { body: JSON.stringify(body) }),
});
const setRule = async () =>
  api.send('administrator', 'PUT', '/two-factor-rule', { isRequired: false });

/**
 * Changes below these decide who gets in, by which secrets, who is sent the records of children, or whence they
 * come.
 */
const decideWhoGetsIn =
  /^\/api\/account|\/(?:people|invitations|two-factor-rule|single-sign-on|webhooks|connection)(?:\/|$)/;

/** Changes there that give no one access, with the reason. */
const letNobodyIn: Readonly<Record<string, string>> = {
  changeName: 'a name signs nobody in',
  confirmTwoFactor: 'takes a code of a secret that required recent authentication',
  endSession: 'ends access',
  endAllSessions: 'ends access',
  cancelInvitation: 'denies access',
  acceptInvitation: 'public: the token of the mail is the proof',
  removeWebhook: 'ends the sending',
  testWebhook: 'sends no record of a child',
  testConnection: 'sends the stored secret to where it belongs',
  retryWebhookDelivery: 'sends once more to a system that has it already',
};

describe('recent authentication', () => {
  it('is required by every endpoint that affects who has access', () => {
    const without = Object.entries<Endpoint>(endpoints).flatMap(([name, endpoint]) =>
      endpoint.method !== 'GET' &&
      decideWhoGetsIn.test(endpoint.path) &&
      endpoint.requiresReauthentication === undefined
        ? [name]
        : [],
    );
    expect(without.toSorted()).toEqual(Object.keys(letNobodyIn).toSorted());
  });

  it('is checked first by each of them, and by no other endpoint', async () => {
    await proven(5);
    for (const [
      name,
      { method, path, access, requiresReauthentication },
    ] of Object.entries<Endpoint>(endpoints)) {
      if (access === 'public' || requiresReauthentication !== true) continue;
      const address = path.replace('{domain}', 'demo.example').replaceAll(/\{\w+\}/g, '1');
      const response = await api.ask('administrator', address, request(method));
      expect([name, response.status, (await errorOf(response)).code]).toEqual([
        name,
        403,
        'reauthentication-required',
      ]);
    }
    expect((await api.askDistrict('administrator', '/users')).status).toBe(200);
    // A user without access gets no detail.
    expect((await api.send('staff', 'PUT', '/two-factor-rule', {})).status).toBe(404);
  });

  it('follows from signing in, and is valid for five minutes', async () => {
    await proven(4);
    expect((await setRule()).status).toBe(200);
    await proven(5);
    expect((await errorOf(await setRule())).code).toBe('reauthentication-required');
    expect((await prove({ password })).status).toBe(200);
    expect((await setRule()).status).toBe(200);
  });

  it('belongs to one session: another one of the same user needs its own', async () => {
    const cookie = cookieOf(await signIn(api.app, emailOf('administrator'), password));
    await proven(null);
    expect((await prove({ password }, cookie)).status).toBe(200);
    expect((await setRule()).status).toBe(403);
  });

  it('fails without a code if the user has two-step verification, and for a wrong password before the code', async () => {
    const asTechnician = async (body: object) =>
      api.ask('technician', '/api/session/reauthentication', request('POST', body));
    const code = { kind: 'app', text: '000000' };
    expect(await errorOf(await asTechnician({ password }))).toMatchObject({ field: 'code' });
    expect(await errorOf(await asTechnician({ password, code }))).toMatchObject({ field: 'code' });
    const wrong = await asTechnician({ password: 'not the password', code });
    expect(await errorOf(wrong)).toMatchObject({ field: 'password' });
  });

  it('counts wrong passwords and codes like a sign-in, without locking sign-in', async () => {
    const cookie = cookieOf(await signIn(api.app, emailOf('staff'), password));
    const statuses: number[] = [];
    for (let count = 0; count < 11; count++) {
      statuses.push((await prove({ password: 'a guess' }, cookie)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429]);
    expect((await prove({ password }, cookie)).status).toBe(429);
    const elsewhere = cookieOf(await signIn(api.app, emailOf('staff'), password));
    expect((await prove({ password }, elsewhere)).status).toBe(200);
  });

  it('is not possible for users without a password', async () => {
    const cookie = cookieOf(await signIn(api.app, emailOf('read-only'), password));
    await api.database.pool.query(
      `delete from account_credentials where account_id = (select id from accounts where email = $1)`,
      [emailOf('read-only')],
    );
    expect((await prove({ password }, cookie)).status).toBe(422);
  });

  it('is recorded in the audit trail, failed or not', async () => {
    const { rows } = await api.database.pool.query<{ action: string; reason: string | null }>(
      `select distinct action, detail ->> 'reason' as reason from audit_events
       where action like 'reauthentic%' order by 1, 2`,
    );
    expect(rows).toEqual([
      { action: 'reauthenticated', reason: null },
      { action: 'reauthentication-failed', reason: 'code-missing' },
      { action: 'reauthentication-failed', reason: 'not-possible' },
      { action: 'reauthentication-failed', reason: 'too-many-attempts' },
      { action: 'reauthentication-failed', reason: 'wrong-code' },
      { action: 'reauthentication-failed', reason: 'wrong-password' },
    ]);
  });
});
