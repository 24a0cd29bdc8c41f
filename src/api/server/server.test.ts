import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import {
  parseResponse,
  cookieOf,
  emailOf,
  errorOf,
  openTestApi,
  password,
  secret,
  signIn,
  testDistrict,
  type TestApi,
} from '../../../tests/servers/test-api.ts';
import { createAccounts } from '../../accounts/accounts.ts';
import { type Endpoint, belongsToDistrict, Role } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { sessionApi } from '../../contract/accounts/session.ts';
import { startServer } from './server.ts';

let api: TestApi;

beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const allEndpoints = Object.values<Endpoint>(endpoints);
const exampleOf = (endpoint: Endpoint) =>
  endpoint.path.replace('{domain}', 'demo.example').replaceAll(/\{\w+\}/g, '1');
const countDenials = async (): Promise<number> => {
  const { rows } = await api.database.pool.query<{ count: number }>(
    `select coalesce(sum(times), 0)::int as count from audit_events where action = 'access-denied'`,
  );
  return rows[0]?.count ?? 0;
};
const guarded = allEndpoints.filter((endpoint) => endpoint.access !== 'public');

describe('authorization', () => {
  it.each(guarded.map((endpoint) => [endpoint.method, exampleOf(endpoint)]))(
    '%s %s is closed to those who are not signed in',
    async (method, path) => {
      const response = await api.app.request(path, { method });
      expect(response.status).toBe(401);
      expect((await errorOf(response)).code).toBe('not-signed-in');
    },
  );

  it.each(guarded.map((endpoint) => [endpoint.method, exampleOf(endpoint), endpoint] as const))(
    '%s %s is not there for the roles it does not name, and the audit trail keeps who asked',
    async (method, path, endpoint) => {
      for (const role of Role.options.filter((one) => !endpoint.access.includes(one))) {
        const before = await countDenials();
        const response = await api.ask(role, path, { method });
        expect(response.status).toBe(404);
        expect((await errorOf(response)).code).toBe('not-found');
        expect(await countDenials()).toBe(before + 1);
      }
    },
  );

  it.each(
    guarded
      .filter(belongsToDistrict)
      .map((endpoint) => [endpoint.method, exampleOf(endpoint)] as const),
  )('%s %s answers for another district as for one that does not exist', async (method, path) => {
    const elsewhere = await api.ask('administrator', path.replace('demo.', 'other.'), { method });
    const nowhere = await api.ask('administrator', path.replace('demo.', 'no.'), { method });
    expect(elsewhere.status).toBe(404);
    expect(await elsewhere.text()).toBe(await nowhere.text());
  });

  it('a technician can access every district', async () => {
    expect((await api.ask('technician', '/api/districts/other.example')).status).toBe(200);
    expect((await api.ask('technician', '/api/districts/none.example')).status).toBe(404);
  });

  it('has no route under /api besides those of the contract and the documentation', () => {
    const known = allEndpoints.map((endpoint) => endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'));
    const routes = api.app.routes.map((route) => route.path).filter((path) => !path.endsWith('*'));
    expect(new Set(routes)).toEqual(new Set([...known, '/api/openapi.json', '/api/docs']));
  });

  it.each([
    ['POST', '/api/auth/sign-up/email'],
    ['POST', '/api/auth/sign-in/email'],
    ['GET', '/api/auth/get-session'],
  ])('%s %s of the sign-in library is not reachable', async (method, path) => {
    expect((await api.app.request(path, { method })).status).toBe(404);
  });
});

describe('a session', () => {
  it('names the user and the district', async () => {
    const response = await api.ask('staff', '/api/session');
    expect(await parseResponse(sessionApi.getSession.response, response)).toEqual({
      product: 'SameGoal',
      account: {
        name: 'Sam Poe',
        email: emailOf('staff'),
        role: 'staff',
        needsTwoFactor: false,
      },
      district: { name: 'Demo District', domain: 'demo.example', timeZone: 'America/Chicago' },
    });
  });

  it('uses a cookie that no script and no other site can use', async () => {
    const response = await signIn(api.app, emailOf('staff'), password);
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(await response.text()).not.toContain(cookie.split(/[=;]/)[1]?.slice(0, 16));
  });

  it('ends on the server at sign-out', async () => {
    const cookie = cookieOf(await signIn(api.app, emailOf('staff'), password));
    const left = await api.app.request('/api/session', {
      method: 'DELETE',
      headers: { cookie, origin: 'http://localhost' },
    });
    expect(left.status).toBe(200);
    const response = await api.app.request('/api/session', { headers: { cookie } });
    expect(response.status).toBe(401);
  });

  it('fails with the same error for a wrong password and an unknown e-mail', async () => {
    const wrong = await signIn(api.app, emailOf('staff'), 'not the password');
    const unknown = await signIn(api.app, 'nobody@demo.example', 'not the password');
    expect(wrong.status).toBe(401);
    expect(unknown.status).toBe(401);
    expect(await wrong.text()).toBe(await unknown.text());
  });

  it('cannot be opened with a forged cookie', async () => {
    const headers = { cookie: 'daybreak.session_token=forged.signature' };
    expect((await api.app.request('/api/session', { headers })).status).toBe(401);
  });

  it('cannot be opened from the page of another site', async () => {
    const response = await signIn(api.app, emailOf('staff'), password, {
      origin: 'https://elsewhere.example',
    });
    expect(response.status).toBe(403);
    expect((await errorOf(response)).code).toBe('foreign-origin');
  });
});

describe('a request that writes', () => {
  const own = 'http://localhost';
  it.each([
    ['of a program, which names nothing', {}, 200],
    ['of our own pages', { origin: own, 'sec-fetch-site': 'same-origin' }, 200],
    ['of our own pages in an old browser', { origin: own }, 200],
    ['of our own pages without an origin', { 'sec-fetch-site': 'same-origin' }, 200],
    ['that the person makes by hand', { 'sec-fetch-site': 'none' }, 200],
    ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
    ['of another site without an origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['of a neighbor without an origin', { 'sec-fetch-site': 'same-site' }, 403],
    ['of another site with our origin', { origin: own, 'sec-fetch-site': 'cross-site' }, 403],
    ['of a sandboxed page', { origin: 'null', 'sec-fetch-site': 'same-origin' }, 403],
    ['of nowhere', { origin: '' }, 403],
    ['of our name with another port', { origin: `${own}:8080` }, 403],
    ['of our name over TLS', { origin: 'https://localhost' }, 403],
    ['of a name that begins like ours', { origin: `${own}.evil.example` }, 403],
    ['with the header twice', { 'sec-fetch-site': 'same-origin, cross-site' }, 403],
    ['with a site that no browser knows', { 'sec-fetch-site': 'Same-Origin' }, 403],
  ])('%s', async (_, headers: Readonly<Record<string, string>>, expected) => {
    const { status } = await signIn(api.app, emailOf('staff'), password, headers);
    expect(status).toBe(expected);
  });

  it('is allowed for navigation from another site, but not from inside its pages', async () => {
    const from = async (site: string, mode: string, dest: string) => {
      const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest };
      return (await api.app.request('/api/single-sign-on?domain=x.example', { headers })).status;
    };
    for (const site of ['cross-site', 'same-site']) {
      expect(await from(site, 'navigate', 'document')).toBe(200);
      expect(await from(site, 'no-cors', 'image')).toBe(403);
      expect(await from(site, 'no-cors', 'script')).toBe(403);
      expect(await from(site, 'cors', 'empty')).toBe(403);
      expect(await from(site, 'navigate', 'iframe')).toBe(403);
    }
    for (const site of ['same-origin', 'none']) {
      expect(await from(site, 'cors', 'empty')).toBe(200);
    }
  });

  it('is allowed from any site, since links from elsewhere may lead here', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await api.app.request('/healthz', { headers })).status).toBe(200);
  });
});

it('rejects a request with two hosts', async () => {
  const { database } = api;
  const log = pino({ level: 'silent' });
  const accounts = createAccounts({ database, secret, log });
  const server = await startServer({ database, accounts, log, port: 0 });
  onTestFinished(() => server.close());
  const ask = async (hosts: readonly string[]) => {
    const socket = connect(server.port, '127.0.0.1');
    const lines = ['GET /healthz HTTP/1.1', ...hosts.map((host) => `Host: ${host}`)];
    socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);
    return (await text(socket)).split('\r\n')[0];
  };
  expect(await ask(['localhost'])).toBe('HTTP/1.1 200 OK');
  expect(await ask(['localhost', 'evil.example'])).toBe('HTTP/1.1 400 Bad Request');
  expect(await ask(['localhost', 'localhost'])).toBe('HTTP/1.1 400 Bad Request');
});

it('counts the last searches in the audit trail before it closes', async () => {
  const { database } = api;
  const log = pino({ level: 'silent' });
  const accounts = createAccounts({ database, secret, log });
  const server = await startServer({ database, accounts, log, port: 0 });
  const headers = { cookie: api.cookie('read-only') };
  const listed = async () => {
    const { rows } = await database.pool.query<{ times: number }>(
      `select coalesce(sum(times), 0)::integer as times from audit_events
       where action = 'students-listed' and account_role = 'read-only'`,
    );
    return rows[0]?.times ?? 0;
  };
  const before = await listed();
  for (let time = 0; time < 3; time += 1) {
    const response = await fetch(`${server.url}${testDistrict}/students`, { headers });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  }
  await server.close();
  expect((await listed()) - before).toBe(3);
});

describe('every answer', () => {
  it('has a policy that allows only our own scripts and no framing', async () => {
    const { headers } = await api.app.request('/api/session');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['/api/districts/demo.example/students', '/api/nothing'])(
    'of the API is not stored: %s',
    async (path) => {
      const response = await api.ask('staff', path);
      expect(response.headers.get('cache-control')).toBe('no-store');
    },
  );

  it('is JSON for an unknown address and for a wrong method', async () => {
    const unknown = await api.app.request('/api/nothing');
    expect(unknown.status).toBe(404);
    expect((await errorOf(unknown)).code).toBe('not-found');
    const method = await api.app.request(`${testDistrict}/students/1`, { method: 'POST' });
    expect(method.status).toBe(405);
    expect(method.headers.get('allow')).toBe('GET');
  });

  it('rejects a body and an address that are too large', async () => {
    const body = JSON.stringify({ email: 'a@b.example', password: 'x'.repeat(70_000) });
    const headers = { 'content-type': 'application/json', 'content-length': `${body.length}` };
    const large = await api.app.request('/api/session', { method: 'POST', headers, body });
    expect(large.status).toBe(413);
    const long = await api.app.request(`${testDistrict}/students?search=${'x'.repeat(5000)}`);
    expect(long.status).toBe(414);
  });

  it.each([
    ['no JSON', 'application/json', '{'],
    ['a form', 'application/x-www-form-urlencoded', 'email=a'],
    ['a missing field', 'application/json', '{"email":"a@b.example"}'],
    ['an unknown field', 'application/json', '{"email":"a@b.example","password":"x","admin":true}'],
    ['a list', 'application/json', '[]'],
  ])('refuses %s as the body of a sign-in', async (_, type, body) => {
    const headers = { 'content-type': type };
    const response = await api.app.request('/api/session', { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect((await errorOf(response)).code).toBe('bad-request');
  });
});

describe('an error', () => {
  it('is a page if the browser would show the response, as after a click on a file', async () => {
    const headers = { 'sec-fetch-dest': 'document' };
    const path = `${testDistrict}/students.csv?%3Cb%3Ebold=1`;
    const response = await api.ask('staff', path, { headers });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const page = await response.text();
    expect(page).toContain('<h1>The query has an unknown parameter');
    expect(page).toContain('&lt;b&gt;bold');
    expect(page).not.toContain('<b>');
    expect(page).toContain('Known parameters:');
  });

  it('is JSON otherwise', async () => {
    const response = await api.ask('staff', `${testDistrict}/students.csv?bold=1`, {
      headers: { 'sec-fetch-dest': 'empty' },
    });
    expect((await errorOf(response)).code).toBe('bad-request');
  });
});

describe('an unexpected error', () => {
  it('is logged in full, while the client gets a request id and no detail', async () => {
    const broken = await openTestApi();
    await broken.database.pool.query('alter table students rename to elsewhere');
    const response = await broken.askDistrict('staff', '/students?search=secretname');
    const error = await errorOf(response);
    expect(response.status).toBe(500);
    expect(error.code).toBe('internal-error');
    expect(error.message).not.toContain('students');
    expect(broken.log()).toContain(error.requestId);
    expect(broken.log()).toContain('relation \\"students\\" does not exist');
    expect(broken.log()).not.toContain('secretname');
    await broken.close();
  });

  it('keeps passwords, e-mails and cookies out of the log', () => {
    expect(api.log()).toContain('/api/session');
    expect(api.log()).not.toContain(password);
    expect(api.log()).not.toContain('@demo.example');
    expect(api.log()).not.toContain('session_token');
  });
});

describe('health', () => {
  it('is ok while the database responds', async () => {
    const response = await api.app.request('/healthz');
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it('works while all connections of the web are used and requests wait for one', async () => {
    const { pool } = api.database.web;
    const held = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
    const waiting = api.ask('staff', '/api/session');
    try {
      expect((await api.app.request('/healthz')).status).toBe(200);
      expect((await api.app.request('/readyz')).status).toBe(200);
      expect(pool.waitingCount).toBe(1);
    } finally {
      for (const client of held) client.release();
    }
    expect((await waiting).status).toBe(200);
  });

  it('is ready while the schema has the expected version', async () => {
    const ready = await api.app.request('/readyz');
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
    const { pool } = api.database;
    await pool.query(
      "insert into schema_migrations (number, file_name, checksum) values (9999, '9999-newer.sql', '')",
    );
    expect((await api.app.request('/readyz')).status).toBe(503);
    await pool.query('delete from schema_migrations where number = 9999');
    expect((await api.app.request('/readyz')).status).toBe(200);
  });
});
