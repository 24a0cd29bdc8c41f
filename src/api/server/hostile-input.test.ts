/** Every value of every endpoint, replaced by what a program that means no good would send. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Input, replacedInputs } from '../../../tests/builders/contract-input.ts';
import { insertRun, insertStudent } from '../../../tests/builders/record-builder.ts';
import { openTestApi, type TestApi } from '../../../tests/servers/test-api.ts';
import { type Endpoint, ErrorResponse } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { newSealingKey } from '../../districts/sealed-secret.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({
    now: () => Temporal.Instant.from('2026-11-24T15:00:00Z'),
    webhooks: { sealingKey: newSealingKey(), allowPrivateAddresses: false },
  });
  const { database, districtId } = api;
  // The first of each kind, which the examples name.
  const first_run_id = await insertRun(database, districtId, { state: 'held' });
  await insertStudent(database, districtId, { skyward_id: 1, first_run_id, entity_id: 1 });
  for (const [path, body] of [
    ['/documents', { form: 'meeting-notice', students: [1] }],
    ['/webhooks', { url: 'https://hooks.example.org/', events: ['document.created'] }],
    ['/student-views', { name: 'All', isShared: false, query: {} }],
  ] as const) {
    const made = await api.send('administrator', 'POST', path, body);
    expect(made.status).toBe(200);
  }
});
afterAll(() => api.close());

const all = Object.entries<Endpoint>(endpoints);

/** Sends an input as a person who may call the endpoint, in the form of a program that knows the API. */
async function send(endpoint: Endpoint, { params, query, body }: Input): Promise<Response> {
  const { access, method } = endpoint;
  const values = { domain: 'demo.example', ...(params as object) } as Record<string, string>;
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent((values[name] ?? '').toWellFormed()),
  );
  const search = new URLSearchParams(query as Record<string, string> | undefined);
  const init: RequestInit = {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': endpoint.takes ?? 'application/json' },
      body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
    }),
  };
  const address = `${path}?${search.toString()}`;
  if (access === 'public') return api.app.request(address, init);
  return api.ask(access.includes('administrator') ? 'administrator' : 'technician', address, init);
}

/** What was answered with 5xx, or not in the form of every error. */
async function troubles(
  some: readonly (readonly [string, Endpoint])[],
  by: Parameters<typeof replacedInputs>[1],
): Promise<string[]> {
  const found: string[] = [];
  for (const [name, endpoint] of some) {
    for (const input of replacedInputs(endpoint, by)) {
      const response = await send(endpoint, input);
      const { status } = response;
      if (status < 400) {
        await response.body?.cancel();
        continue;
      }
      const answer = ErrorResponse.safeParse(await response.json());
      const code = answer.data?.error.code;
      // Declared for an API without a queue.
      const isTrouble = status >= 500 && code !== 'queue-unavailable';
      // Signed out on the way: the answer tells nothing.
      const isIdle = status === 401 && endpoint.access !== 'public';
      if (isTrouble || isIdle || code === undefined) {
        found.push(`${name} ${input.place}: ${status}`);
      }
    }
  }
  return found;
}

describe('no value of any endpoint causes a 5xx', () => {
  it.each([
    ['U+0000', { texts: ['a\0b'] }],
    ['half a character', { texts: ['\ud800'] }],
    ['control characters', { texts: ['\u001b[2J\u0007\u202e'] }],
    ['far more than it takes', { texts: ['a'.repeat(63 * 1024)] }],
    ['numbers out of range', { texts: [], numbers: [2 ** 31, 2 ** 53 - 1, -1, 0, 0.5, 1e308] }],
    [
      'days out of range',
      { texts: [], days: ['0000-01-01', '0001-01-01', '9999-12-31', '+99999-01-01'] },
    ],
  ])('%s', async (_, by) => {
    expect(await troubles(all, by)).toEqual([]);
  });

  it('numbers out of range in an address', async () => {
    const reads = all.filter(([, { body }]) => body === undefined);
    const by = { texts: ['2147483648', '9007199254740991', '1e9', '-1'] };
    expect(await troubles(reads, by)).toEqual([]);
  });

  it('special characters and emoji', async () => {
    // Others would call another server, start a thread for each, or end the session.
    const own = all.filter(
      ([name, { limit, takes }]) =>
        limit !== 'outside' && takes === undefined && name !== 'changePassword',
    );
    expect(await troubles(own, { texts: [`🙂'"\\;%_{}--`, '2026-99-99T00:00:00Z'] })).toEqual([]);
  });
});

describe('a body of JSON', () => {
  const bodies = all.filter(([, { body, takes }]) => body !== undefined && takes === undefined);
  const sendText = async (endpoint: Endpoint, given: string) => {
    const path = endpoint.path.replace('{domain}', 'demo.example').replaceAll(/\{\w+\}/g, '1');
    const headers = { 'content-type': 'application/json' };
    const isOurs = endpoint.access === 'public' || endpoint.access.includes('administrator');
    const init = { method: endpoint.method, headers, body: given };
    return api.ask(isOurs ? 'administrator' : 'technician', path, init);
  };

  it.each([
    ['a member of the prototype', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{}}}'],
    ['20,000 lists in each other', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['5,000 objects in each other', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
    ['a list of 20,000', JSON.stringify(Array.from({ length: 20_000 }, () => 1))],
  ])('with %s is refused by every endpoint', async (_, given) => {
    const statuses = new Set<number>();
    for (const [, endpoint] of bodies) statuses.add((await sendText(endpoint, given)).status);
    expect([...statuses]).toEqual([400]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('uses the last of duplicate members', async () => {
    const given = '{"name":"Ada One","name":"Ada Two"}';
    expect((await sendText(endpoints.changeName, given)).status).toBe(200);
    const { account } = endpoints.getSession.response.parse(
      await (await api.ask('administrator', '/api/session')).json(),
    );
    expect(account.name).toBe('Ada Two');
  });
});
