/** Ways in which a Skyward server or a gateway before it may want to be asked, or may respond. */
import { describe, expect, it } from 'vitest';

import { qmlativObjects } from '../objects/objects.ts';
import { createQmlativClient, type QmlativClientOptions } from '../qmlativ-client.ts';
import { createQmlativSource } from './roster-source.ts';
import {
  listAddress,
  type ScriptedReply,
  startScriptedServer,
} from '../../../tests/qmlativ/scripted-server.ts';
import type { ScriptedRequest, ScriptedServer } from '../../../tests/qmlativ/scripted-server.ts';
import { integrationTokenFor } from '../vendor-identity.ts';

const { Directional } = qmlativObjects;
const scope = { entityId: 1 };
const row = { DirectionalID: 1, Code: 'N', Description: 'North' };
const list = { Objects: [row], Paging: { Next: null } };

const clientOf = (server: ScriptedServer, options: Partial<QmlativClientOptions> = {}) =>
  createQmlativClient({
    baseUrl: server.baseUrl,
    clientKey: 'key of:the access',
    clientSecret: 'se/cret+=%',
    allowPrivateAddresses: true,
    delay: async () => undefined,
    ...options,
  });

const isToken = (request: ScriptedRequest) => request.path.endsWith('/oauth/token');
const pairOf = ({ headers }: ScriptedRequest) =>
  Buffer.from(headers.authorization?.slice(6) ?? '', 'base64').toString();

/** A list of one row, for a server whose script concerns the token alone. */
const tokenServer = (answer: (request: ScriptedRequest) => ScriptedReply) =>
  startScriptedServer((request) => {
    if (isToken(request)) return answer(request);
    return listAddress(request) === undefined ? undefined : { json: list };
  });

const given = { json: { access_token: 'good' } };
const refused = { status: 401, json: { error: 'invalid_client' } };

describe('a token is got from a server that takes only', () => {
  it.each<[string, (request: ScriptedRequest) => boolean]>([
    ['a form', ({ body }) => body.includes('client_secret=')],
    [
      'POST with Basic, the pair as it is',
      (request) => request.method === 'POST' && pairOf(request) === 'key of:the access:se/cret+=%',
    ],
    [
      'GET with Basic, the pair encoded',
      (request) =>
        request.method === 'GET' &&
        pairOf(request) === 'key%20of%3Athe%20access:se%2Fcret%2B%3D%25',
    ],
    [
      'POST with Basic, the pair encoded',
      (request) =>
        request.method === 'POST' &&
        pairOf(request) === 'key%20of%3Athe%20access:se%2Fcret%2B%3D%25',
    ],
    [
      'GET with Basic, the pair as it is',
      (request) => request.method === 'GET' && pairOf(request) === 'key of:the access:se/cret+=%',
    ],
  ])('%s; and so from then on', async (_form, takes) => {
    let now = 0;
    await using server = await tokenServer((request) =>
      takes(request) ? { json: { access_token: 'good', expires_in: 100 } } : refused,
    );
    const client = clientOf(server, { now: () => now });
    await client.readAll(Directional, scope);
    const tried = server.requests.filter(isToken).length;
    now = 200_000;
    await client.readAll(Directional, scope);
    expect(server.requests.filter(isToken)).toHaveLength(tried + 1);
    await client.close();
  });

  it.each([400, 401, 403, 404, 405, 415])(
    'another form than the first, refused with %i',
    async (status) => {
      await using server = await tokenServer(({ method }) =>
        method === 'GET' ? given : { status, json: { error: 'unsupported' } },
      );
      const client = clientOf(server);
      expect((await client.readAll(Directional, scope)).rows).toHaveLength(1);
      await client.close();
    },
  );

  it('another form than the first, rejected with 200 and the words of an error', async () => {
    await using server = await tokenServer(({ method }) =>
      method === 'GET' ? given : { json: { error: 'unsupported_grant_type' } },
    );
    const client = clientOf(server);
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(1);
    await client.close();
  });

  it('responds to 201 to a token request', async () => {
    await using server = await tokenServer(() => ({ ...given, status: 201 }));
    const client = clientOf(server);
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(1);
    await client.close();
  });
});

it.each([{ Access_Token: 'good', Expires_In: 3600 }, { ACCESS_TOKEN: 'good' }])(
  'the members of the token answer are matched without case: %j',
  async (json) => {
    await using server = await tokenServer(() => ({ json }));
    const client = clientOf(server);
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(1);
    await client.close();
  },
);

const letters: readonly [string, (name: string) => string][] = [
  ['small letters', (name) => name.toLowerCase()],
  ['capitals', (name) => name.toUpperCase()],
  ['a small first letter', (name) => name.charAt(0).toLowerCase() + name.slice(1)],
];

it.each(letters)('the system metadata are read in %s', async (_letters, spelled) => {
  const system = {
    [spelled('EntityID')]: 1,
    [spelled('Districts')]: [
      {
        [spelled('EntityID')]: 1,
        [spelled('Name')]: 'Test ISD',
        [spelled('SchoolYearCurrent')]: {
          [spelled('SchoolYearID')]: 27,
          [spelled('NumericYear')]: 2027,
        },
      },
    ],
  };
  await using server = await startScriptedServer((request) =>
    isToken(request) ? given : { json: { [spelled('System')]: system } },
  );
  const client = clientOf(server);
  expect((await client.systemMetadata()).districts).toMatchObject([
    { entityId: 1, name: 'Test ISD', schoolYear: { schoolYearId: 27, numericYear: 2027 } },
  ]);
  await client.close();
});

describe('what a token request failed for names the token address', () => {
  it.each<[string, ScriptedReply, object]>([
    ['a server in trouble', { status: 500, json: {} }, { code: 'server-error' }],
    [
      'a charset that is not known',
      { ...given, headers: { 'content-type': 'application/json; charset=x-foo' } },
      { code: 'unreadable-response' },
    ],
    [
      'an encoding that does not fit',
      { ...given, headers: { 'content-encoding': 'gzip' } },
      { code: 'unreadable-response' },
    ],
    [
      'a server that forwards',
      { status: 307, headers: { location: 'https://other.example/oauth/token' } },
      { code: 'redirected', message: expect.stringContaining('other.example') as string },
    ],
    [
      'a server that forwards to a path',
      { status: 302, headers: { location: '/sign-in' } },
      { code: 'redirected' },
    ],
    ['a page', { text: '<html>Sign in</html>' }, { code: 'not-json' }],
    ['an answer without a token', { json: {} }, { code: 'unexpected-response' }],
    [
      'an error with status 200',
      { json: { error: 'invalid_client' } },
      {
        code: 'wrong-credentials',
        advice: expect.stringContaining('contact support') as string,
      },
    ],
  ])('%s', async (_what, reply, expected) => {
    await using server = await tokenServer(() => reply);
    const client = clientOf(server);
    const failure = client.readAll(Directional, scope);
    await expect(failure).rejects.toMatchObject({ place: { object: 'oauth/token' }, ...expected });
    await client.close();
  });
});

describe("the vendor's integration token", () => {
  const takesToken = (request: ScriptedRequest) =>
    request.headers['skyward-integration-token'] === 'vendor-secret-1' ? given : refused;

  it('goes with every token request and with nothing else', async () => {
    await using server = await tokenServer(takesToken);
    const client = clientOf(server, { integrationToken: 'vendor-secret-1' });
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(1);
    const holding = server.requests.filter(
      ({ headers }) => headers['skyward-integration-token'] !== undefined,
    );
    expect(holding).toEqual(server.requests.filter(isToken));
    await client.close();
  });

  it.each([
    [undefined, 'also requires the integration token that it issued to the vendor'],
    ['vendor-secret-2', 'this district may need another integration token of the vendor'],
  ])('is reported as a possible cause when no token comes (with %s)', async (token, advice) => {
    await using server = await tokenServer(takesToken);
    const client = clientOf(server, { integrationToken: token });
    await expect(client.readAll(Directional, scope)).rejects.toMatchObject({
      code: 'wrong-credentials',
      advice: expect.stringContaining(advice) as string,
    });
    await client.close();
  });

  it.each([
    ['https://district.skyward.com/api', null, 'default-secret'],
    ['https://Skyward.ISCorp.com/ExampleStuAPI', null, 'default-secret'],
    ['https://wa.skyward.com/api', 'Washington', 'washington-secret'],
    ['https://skyward.com.attacker.example/api', null, undefined],
    ['https://notskyward.com/api', null, undefined],
    ['https://skyward.com/api', null, undefined],
    ['https://attacker.example/skyward.com', 'washington', undefined],
    ['http://district.skyward.com/api', null, undefined],
    ['http://10.0.0.7/api', null, undefined],
    ['http://127.0.0.1:4010/PracticeStuAPI', null, 'default-secret'],
  ])('for %s with the name %s is %s', (baseUrl, integrationTokenName, expected) => {
    const vendor = {
      userAgent: 'Daybreak',
      integrationTokens: new Map([
        ['', 'default-secret'],
        ['washington', 'washington-secret'],
      ]),
      integrationHosts: ['*.skyward.com', '*.iscorp.com', '10.0.0.7', '127.0.0.1'],
    };
    expect(integrationTokenFor(vendor, { baseUrl, integrationTokenName })).toBe(expected);
  });

  it('that a connection names but that is not set stops the import before anything is sent', () => {
    const vendor = { userAgent: '', integrationTokens: new Map(), integrationHosts: [] };
    const connection = { baseUrl: 'https://wa.skyward.com/api', integrationTokenName: 'oregon' };
    expect(() => integrationTokenFor(vendor, connection)).toThrow(
      expect.objectContaining({
        code: 'integration-token-unset',
        advice: expect.stringContaining('Contact support') as string,
      }),
    );
  });
});

it('identifies the caller in every request', async () => {
  await using server = await tokenServer(() => given);
  const client = clientOf(server, { userAgent: 'Daybreak/9.9.9 (+mailto:help@example.com)' });
  await client.readAll(Directional, scope);
  expect(new Set(server.requests.map(({ headers }) => headers['user-agent']))).toEqual(
    new Set(['Daybreak/9.9.9 (+mailto:help@example.com)']),
  );
  await client.close();
});

it.each([401, 403, 404, 400])(
  'metadata that are refused with %i are named, and that an import can do without them',
  async (status) => {
    await using server = await startScriptedServer((request) =>
      isToken(request) ? given : { status, json: { error: 'x' } },
    );
    const client = clientOf(server);
    await expect(client.systemMetadata()).rejects.toMatchObject({
      place: { object: 'GetSystemMetadata' },
      advice: expect.stringContaining('--entity-id') as string,
    });
    await client.close();
  },
);

it.each([{ error: 'x' }, { Objects: null }, []])(
  'an answer that names no system says that an import can do without: %j',
  async (json) => {
    await using server = await startScriptedServer((request) =>
      isToken(request) ? given : { json },
    );
    const client = clientOf(server);
    await expect(client.systemMetadata()).rejects.toMatchObject({
      code: 'unexpected-response',
      advice: expect.stringContaining('--entity-id') as string,
    });
    await client.close();
  },
);

describe('a path', () => {
  const page: ScriptedReply = { status: 404, text: '<html><h1>404 - Not Found</h1></html>' };
  const words: ScriptedReply = { status: 404, json: { error: 'No such address.' } };
  it.each([
    ['words', words],
    ['a web page', page],
  ])(
    'is sent in lower case once Custom is not found (%s), and so from then on',
    async (_, missing) => {
      await using server = await startScriptedServer((request) => {
        if (isToken(request)) return given;
        return request.path.includes('/custom/') ? { json: list } : missing;
      });
      const client = clientOf(server);
      await client.readAll(Directional, scope);
      await client.readAll(Directional, scope);
      const prefixes = server.requests
        .filter((one) => !isToken(one))
        .map(({ path }) => path.split('/')[2]);
      expect(prefixes).toEqual(['Custom', 'custom', 'custom']);
      await client.close();
    },
  );

  it('stays as it is where an object is not found after others were', async () => {
    await using server = await startScriptedServer((request) => {
      if (isToken(request)) return given;
      if (request.path.includes('GetSystemMetadata')) return { json: { System: { EntityID: 1 } } };
      return words;
    });
    const client = clientOf(server);
    await client.systemMetadata();
    await client.readAll(Directional, scope).catch(() => undefined);
    expect(server.requests.some(({ path }) => path.includes('/custom/'))).toBe(false);
    await client.close();
  });
});

describe('an expired token is renewed on', () => {
  it.each([
    [403, 'Token has expired'],
    [400, 'The access token provided has expired.'],
    [403, 'Token expired'],
    [403, 'Your token expired.'],
    [400, 'The token is expired'],
    [200, 'Expired access token'],
    [401, ''],
  ])('%i "%s"', async (status, error) => {
    await using server = await startScriptedServer((request) => {
      if (listAddress(request) === undefined) return undefined;
      return request.headers.authorization === 'Bearer token-2'
        ? { json: list }
        : { status, json: error === '' ? {} : { error } };
    });
    const client = clientOf(server);
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(1);
    await client.close();
  });
});

describe('a response', () => {
  it('may begin with a byte order mark, the token too', async () => {
    const marked = (json: unknown): ScriptedReply => ({
      text: `\uFEFF${JSON.stringify(json)}`,
      headers: { 'content-type': 'application/json' },
    });
    await using server = await startScriptedServer((request) =>
      isToken(request) ? marked({ access_token: 'good' }) : marked(list),
    );
    const client = clientOf(server);
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
    await client.close();
  });

  it('that is not encoded as its header declares fails immediately and names the header', async () => {
    await using server = await startScriptedServer((request) =>
      isToken(request) ? given : { json: list, headers: { 'content-encoding': 'gzip' } },
    );
    const client = clientOf(server);
    await expect(client.readAll(Directional, scope)).rejects.toMatchObject({
      code: 'unreadable-response',
      message: expect.stringContaining('Content-Encoding "gzip"') as string,
    });
    expect(server.requests).toHaveLength(2);
    await client.close();
  });
});

it('the metadata is not asked for where the entity is known and a school year is marked as current', async () => {
  await using server = await startScriptedServer((request) => {
    if (isToken(request)) return given;
    if (request.path.includes('GetSystemMetadata'))
      return { status: 403, json: { error: 'Forbidden' } };
    const object = listAddress(request)?.object;
    if (object === 'District/SchoolYear') {
      const year = { SchoolYearID: 27, NumericYear: 2027, IsCurrentYearForProvidedEntity: true };
      return { json: { Objects: [year], Paging: { Next: null } } };
    }
    return object === undefined ? undefined : { json: { Objects: [], Paging: { Next: null } } };
  });
  const source = createQmlativSource({
    baseUrl: server.baseUrl,
    clientKey: 'k',
    clientSecret: 's',
    allowPrivateAddresses: true,
    entityId: 1,
  });
  const { lists } = await source.openRoster({ today: '2026-11-23', firstSchoolYear: 2025 });
  // Empty, and so are code tables that the import cannot do without.
  await expect(Array.fromAsync(lists[0]?.pages() ?? [])).rejects.toThrow('has no rows');
  expect(server.requests.some(({ path }) => path.includes('GetSystemMetadata'))).toBe(false);
  expect(server.requests.some(({ path }) => path.includes('District/Entity'))).toBe(true);
  await source.close();
});
