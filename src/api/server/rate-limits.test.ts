/** Every endpoint may be called only so often: by one address, one person, one district. */
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  cookieOf,
  errorOf,
  openTestApi,
  password,
  secret,
  signIn,
  type TestApi,
  testDistrict,
  withTwoFactor,
} from '../../../tests/servers/test-api.ts';
import { fastPasswords } from '../../../tests/servers/fast-password-hashing.ts';
import { createAccounts } from '../../accounts/accounts.ts';
import { type Endpoint, errorStatus } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { type Limit, limits } from '../../contract/limits.ts';
import { createRateLimits } from './rate-limits.ts';
import { createApi } from './server.ts';

let api: TestApi;
let app: TestApi['app'];
let queries = 0;
let hashes = 0;
beforeAll(async () => {
  api = await openTestApi();
  const { pool } = api.database.web;
  pool.on('acquire', () => {
    queries += 1;
  });
});
afterAll(async () => {
  await api.close();
});

/** An API that has counted nothing yet, whose clock stands still; the limits are those of the contract. */
beforeEach(() => {
  const { database } = api;
  const log = pino({ level: 'silent' });
  const passwordHashing = {
    ...fastPasswords,
    hash: async (given: string) => {
      hashes += 1;
      return fastPasswords.hash?.(given) ?? '';
    },
    verify: async (given: { hash: string; password: string }) => {
      hashes += 1;
      return fastPasswords.verify?.(given) ?? false;
    },
  };
  const accounts = createAccounts({ passwordHashing, database, secret, log });
  const rateLimits = createRateLimits({ now: () => 0 });
  app = createApi({ database, accounts, log, rateLimits });
});

const all = Object.entries<Endpoint>(endpoints);
const ofLimit = ({ limit }: Endpoint): Limit => limits[limit];
const openToAnyone = all.filter(([, { access }]) => access === 'public');
const limited = openToAnyone.filter(([, { limit }]) => limit !== 'health');

/** Calls an endpoint with whatever fits its path. */
const call = async (endpoint: Endpoint, remoteAddress: string, cookie = '', id = 'x') =>
  app.request(
    endpoint.path.replace('{domain}', 'demo.example').replaceAll(/\{\w+\}/g, id),
    {
      method: endpoint.method,
      headers: { 'content-type': endpoint.takes ?? 'application/json', cookie },
      ...(endpoint.body && { body: '{}' }),
    },
    { incoming: { socket: { remoteAddress } } },
  );

describe('the table of limits', () => {
  it('has a limit for the callers of each endpoint', () => {
    const without = all.filter(([, endpoint]) => {
      const { address, user, district } = ofLimit(endpoint);
      if (endpoint.limit === 'health') return !/^\/(?:healthz|readyz)$/.test(endpoint.path);
      const numbers = endpoint.access === 'public' ? [address] : [user, district];
      return numbers.includes(undefined);
    });
    expect(without.map(([name]) => name)).toEqual([]);
  });

  it('allows a district more than a user, so that one user cannot use it up', () => {
    const tight = Object.values<Limit>(limits).filter(
      ({ user = 0, district = 0 }) => district < 3 * user,
    );
    expect(tight).toEqual([]);
  });
});

describe('a thousand calls from one address', () => {
  it.each(limited)('of %s are rejected except for a few', async (_, endpoint) => {
    const allowed = ofLimit(endpoint).address ?? 0;
    for (let asked = 0; asked < allowed; asked += 1) {
      expect((await call(endpoint, '203.0.113.9')).status).not.toBe(429);
    }
    const before = { queries, hashes };
    for (let asked = allowed; asked < 1000; asked += 1) {
      expect((await call(endpoint, '203.0.113.9')).status).toBe(429);
    }
    expect({ queries, hashes }).toEqual(before);
    expect((await call(endpoint, '203.0.113.10')).status).not.toBe(429);
  });

  it.each(openToAnyone.filter(([, { limit }]) => limit === 'health'))(
    'of %s share what the database says',
    async (_, endpoint) => {
      let asked = 0;
      api.database.web.health.on('acquire', () => {
        asked += 1;
      });
      const responses = await Promise.all(
        Array.from({ length: 1000 }, async () => call(endpoint, '203.0.113.9')),
      );
      expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
      expect(asked).toBeLessThanOrEqual(2);
    },
  );

  it('say when to retry, and that nothing was changed', async () => {
    const rejected = await untilRefused(async () =>
      signIn(app, `${crypto.randomUUID()}@demo.example`, 'a guess'),
    );
    expect(rejected.headers.get('retry-after')).toBe('1');
    expect(await errorOf(rejected)).toEqual({
      code: 'too-many-attempts',
      message: 'There were too many sign-in attempts from your network.',
      advice: 'Nothing was changed. Wait a second, then try again.',
    });
  });

  it('do not affect other endpoints, since a school shares one address', async () => {
    const { requestPasswordReset, getSingleSignOnOffer } = endpoints;
    await untilRefused(async () => call(requestPasswordReset, '203.0.113.9'));
    expect((await call(getSingleSignOnOffer, '203.0.113.9')).status).not.toBe(429);
  });

  it('are counted together for a /64 of IPv6, and for all tokens in a path', async () => {
    const { getInvitation } = endpoints;
    let caller = 0;
    const rejected = await untilRefused(async () => {
      caller += 1;
      return call(getInvitation, `2001:db8:1:2::${caller.toString(16)}`, '', `token-${caller}`);
    });
    expect(rejected.status).toBe(429);
    expect(caller).toBe(limits.public.address + 1);
    expect((await call(getInvitation, '2001:db8:1:3::1')).status).not.toBe(429);
  });
});

describe('a known device', () => {
  const staff = 'staff@demo.example';
  it('can still sign in, twenty times a minute, while others use up the limit of the network', async () => {
    const device = cookieOf(await signIn(app, staff, password));
    const { signIn: endpoint, startSingleSignOn } = endpoints;
    for (const one of [endpoint, startSingleSignOn]) {
      await untilRefused(async () => call(one, '127.0.0.1'));
      expect((await call(one, '127.0.0.1', device)).status).not.toBe(429);
    }
    expect((await signIn(app, staff, password)).status).toBe(429);
    expect((await signIn(app, staff, password, { cookie: device })).status).toBe(200);
    const rejected = await untilRefused(async () => call(endpoint, '203.0.113.77', device));
    expect((await errorOf(rejected)).code).toBe('too-many-attempts');
  });

  it('is not recognized by a forged or changed cookie', async () => {
    const device = cookieOf(await signIn(app, staff, password));
    const forged = device.replace(/(daybreak_device=)./, (_, name: string) => `${name}~`);
    const changed = device.replace(
      /(daybreak_device=.{21})(.)/,
      (_, start: string, letter: string) => `${start}${letter === 'A' ? 'Q' : 'A'}`,
    );
    const unsigned = device.replace(/(daybreak_device=[^.]+)\.[\w-]+/, '$1');
    await untilRefused(async () => call(endpoints.signIn, '127.0.0.1'));
    for (const cookie of [forged, changed, unsigned]) {
      expect((await signIn(app, staff, password, { cookie })).status).toBe(429);
    }
    expect((await signIn(app, staff, password, { cookie: device })).status).toBe(200);
  });
});

describe('a signed-in user', () => {
  /** The cookie of a new person, signed in beforehand. */
  async function newPerson(
    districtId: number | null,
    role: 'administrator' | 'staff' | 'technician',
  ) {
    const email = `${crypto.randomUUID()}@demo.example`;
    const accounts = createAccounts({
      passwordHashing: fastPasswords,
      database: api.database,
      secret,
      log: pino({ level: 'silent' }),
    });
    await accounts.createAccount({ email, password, name: 'Sam Poe', districtId, role });
    return cookieOf(await signIn(api.app, email, password));
  }

  it('is limited without affecting other users of the district or other kinds of calls', async () => {
    const [one, two] = await Promise.all([
      newPerson(api.districtId, 'administrator'),
      newPerson(api.districtId, 'administrator'),
    ]);
    const { exportAudit, listUsers } = endpoints;
    const rejected = await untilRefused(async () => call(exportAudit, '203.0.113.9', one));
    expect((await errorOf(rejected)).message).toBe(
      'You have sent too many requests in a short time.',
    );
    expect(rejected.headers.get('retry-after')).toBe('1');
    // From anywhere, by whatever session.
    expect((await call(exportAudit, '198.51.100.1', one)).status).toBe(429);
    expect((await call(exportAudit, '203.0.113.9', two)).status).toBe(200);
    expect((await call(listUsers, '203.0.113.9', one)).status).toBe(200);
  });

  it('is counted before the role is checked, so that denied calls do not fill the audit trail', async () => {
    const cookie = await newPerson(api.districtId, 'staff');
    const count = async () => {
      const { rows } = await api.database.pool.query<{ count: number }>(
        `select count(*)::integer as count from audit_events where action = 'access-denied'`,
      );
      return rows[0]?.count ?? 0;
    };
    const before = await count();
    const { testWebhook } = endpoints;
    for (let asked = 0; asked < 60; asked += 1) await call(testWebhook, '203.0.113.9', cookie, '1');
    expect((await count()) - before).toBeLessThanOrEqual(limits.outside.user);
  });

  it('does not use up the limit of the district with calls that the role does not allow', async () => {
    const users = await Promise.all(
      Array.from({ length: 8 }, async () => newPerson(api.otherDistrictId, 'staff')),
    );
    const test = async (cookie: string) =>
      app.request('/api/districts/other.example/webhooks/1/test', {
        method: 'POST',
        headers: { cookie },
      });
    for (const cookie of users) await untilRefused(async () => test(cookie));
    const administrator = await newPerson(api.otherDistrictId, 'administrator');
    expect((await test(administrator)).status).not.toBe(errorStatus['too-many-attempts']);
  });

  it('does not have an upload read after the limit', async () => {
    const cookie = await newPerson(api.districtId, 'administrator');
    const { uploadPdfForm } = endpoints;
    await untilRefused(async () => call(uploadPdfForm, '203.0.113.9', cookie));
    let pulled = 0;
    const body = new ReadableStream(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(new Uint8Array(1024));
        },
      },
      { highWaterMark: 0 },
    );
    const { status } = await app.request(`${testDistrict}/pdf-forms?fileName=a.pdf`, {
      method: 'POST',
      headers: { 'content-type': 'application/pdf', cookie },
      body,
      duplex: 'half',
    });
    expect([status, pulled]).toEqual([429, 0]);
  });

  it('can use up the limit of the own district together with others, but not of another one', async () => {
    const users = await Promise.all(
      Array.from({ length: 6 }, async () => newPerson(api.districtId, 'administrator')),
    );
    const other = await newPerson(api.otherDistrictId, 'administrator');
    const technician = await withTwoFactor(api.app, await newPerson(null, 'technician'));
    const { exportAudit } = endpoints;
    const messages = new Set<string>();
    for (const cookie of users) {
      const rejected = await untilRefused(async () => call(exportAudit, '203.0.113.9', cookie));
      messages.add((await errorOf(rejected)).message);
    }
    expect(messages).toContain('Your district has sent too many requests in a short time.');
    const elsewhere = await app.request('/api/districts/other.example/audit.csv', {
      headers: { cookie: other },
    });
    expect(elsewhere.status).toBe(200);
    expect((await call(exportAudit, '203.0.113.9', technician)).status).toBe(200);
  });
});

/** Calls until the answer is 429; fails when that takes more than a thousand calls. */
async function untilRefused(ask: () => Promise<Response>): Promise<Response> {
  for (let asked = 0; asked < 1000; asked += 1) {
    const response = await ask();
    if (response.status === errorStatus['too-many-attempts']) return response;
  }
  throw new Error('A thousand calls were accepted.');
}
