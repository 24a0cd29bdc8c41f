import { describe, expect, it } from 'vitest';
import { createQmlativClient } from './qmlativ-client.ts';
import type { QmlativClientOptions } from './qmlativ-client.ts';
import { qmlativObjects } from './objects/objects.ts';
import { QmlativError } from './http/qmlativ-error.ts';
import {
  directionalRows,
  listAddress,
  createPage,
  startScriptedServer,
} from '../../tests/qmlativ/scripted-server.ts';
import type {
  ScriptedReply,
  ScriptedRequest,
  ScriptedServer,
} from '../../tests/qmlativ/scripted-server.ts';

const { Directional, EntryWithdrawal, Name, NameAlias, Staff, Student } = qmlativObjects;

/** A client that does not wait, but records the delays. */
function clientOf(server: ScriptedServer, options: Partial<QmlativClientOptions> = {}) {
  const waits: number[] = [];
  const client = createQmlativClient({
    baseUrl: server.baseUrl,
    clientKey: 'key of:the access',
    clientSecret: 'se/cret+=%',
    allowPrivateAddresses: true,
    pageSize: 10,
    random: () => 1,
    delay: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
  return { client, waits };
}

/** Serves a list of Directional; `before` may respond a request in its place. */
function listServer(
  total: number,
  before: (request: ScriptedRequest, page: number | undefined) => ScriptedReply | undefined = () =>
    undefined,
) {
  const rows = directionalRows(total);
  return startScriptedServer((request) => {
    const list = listAddress(request);
    const reply = before(request, list?.page);
    if (reply !== undefined || list === undefined) return reply;
    return { json: createPage(rows, list.page, list.size, 'null') };
  });
}

async function faultOf(promise: Promise<unknown>): Promise<QmlativError> {
  const fault = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (fault instanceof QmlativError) return fault;
  throw new Error('expected a QmlativError');
}

/** Answers the first `times` matching requests with a reply. */
function atFirst(
  times: number,
  matches: (page: number | undefined) => boolean,
  reply: ScriptedReply,
) {
  let left = times;
  return (_: ScriptedRequest, page: number | undefined) => {
    if (left === 0 || !matches(page)) return undefined;
    left -= 1;
    return reply;
  };
}

const isToken = (request: ScriptedRequest) => request.path.endsWith('/oauth/token');
const scope = { entityId: 1 };

const serve = (rows: unknown[]) =>
  startScriptedServer((request) => {
    const list = listAddress(request);
    return list === undefined
      ? undefined
      : { json: createPage(rows, list.page, list.size, 'null') };
  });
const student = (id: number, more: object = {}) => ({
  StudentID: id,
  NameID: id + 100,
  StudentNumber: `0${id}`,
  ...more,
});

const refuse = (words: (fields: string[]) => string | undefined, status = 403) =>
  startScriptedServer((request) => {
    if (request.path.endsWith('GetSystemMetadata')) return { json: { System: { EntityID: 1 } } };
    const list = listAddress(request);
    if (list === undefined) return undefined;
    const error = words(list.fields);
    const row = Object.fromEntries(
      list.fields.map((field) => [field, field.endsWith('ID') ? 1 : null]),
    );
    return error === undefined
      ? { json: { Objects: [row], Paging: {} } }
      : { status, json: { error } };
  });

describe('the token', () => {
  it('is got by form, once for many pages, and sent with each', async () => {
    await using server = await listServer(95);
    const { client } = clientOf(server);
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(95);
    const [token, ...others] = server.requests;
    expect(Object.fromEntries(new URLSearchParams(token?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'key of:the access',
      client_secret: 'se/cret+=%',
    });
    expect(new Set(others.map(({ headers }) => headers.authorization))).toEqual(
      new Set(['Bearer token-1']),
    );
    await client.close();
  });

  it.each([400, 401, 404, 405])(
    'is got by GET with Basic when the form is answered with %i, and so from then on',
    async (status) => {
      let now = 0;
      await using server = await listServer(5, (request) => {
        if (!isToken(request)) return undefined;
        return request.method === 'POST'
          ? { status, json: { error: 'unsupported' } }
          : { json: { access_token: 'basic-token', expires_in: '100' } };
      });
      const { client } = clientOf(server, { now: () => now });
      await client.readAll(Directional, scope);
      now = 200_000;
      await client.readAll(Directional, scope);
      const tokens = server.requests.filter(isToken);
      expect(tokens.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET', 'GET']);
      const pair = Buffer.from(tokens[2]?.headers.authorization?.slice(6) ?? '', 'base64');
      expect(pair.toString()).toBe('key%20of%3Athe%20access:se%2Fcret%2B%3D%25');
      await client.close();
    },
  );

  it('is renewed a minute before it expires, whether its lifetime is a number or text', async () => {
    let now = 0;
    let lifetime: unknown = 600;
    await using server = await listServer(5, (request) =>
      isToken(request) ? { json: { access_token: 't', expires_in: lifetime } } : undefined,
    );
    const { client } = clientOf(server, { now: () => now });
    const tokensAfter = async (time: number) => {
      now = time;
      await client.readAll(Directional, scope);
      return server.requests.filter(isToken).length;
    };
    expect(await tokensAfter(0)).toBe(1);
    expect(await tokensAfter(539_000)).toBe(1);
    lifetime = '600';
    expect(await tokensAfter(540_000)).toBe(2);
    expect(await tokensAfter(1_079_000)).toBe(2);
    expect(await tokensAfter(1_080_000)).toBe(3);
    await client.close();
  });

  it.each([
    [401, 'The access token is not valid.'],
    [403, 'Token has expired'],
    [403, 'Authorization has been denied for this request.'],
    [400, 'Token has expired'],
    [500, 'Token has expired'],
    [200, 'Token has expired'],
  ])('is renewed once on %i "%s" in mid-list, and no page is lost', async (status, error) => {
    let good = 'token-1';
    await using server = await listServer(95, (request, page) => {
      if (page === 4) good = 'token-2';
      return page === undefined || request.headers.authorization === `Bearer ${good}`
        ? undefined
        : { status, json: { error } };
    });
    const { client, waits } = clientOf(server);
    const { rows } = await client.readAll(Directional, scope);
    expect(rows.map((row) => row.DirectionalID)).toEqual(
      directionalRows(95).map((row) => row.DirectionalID),
    );
    expect(server.requests.filter(isToken)).toHaveLength(2);
    expect(waits).toEqual([]);
    await client.close();
  });

  it('rejected although fresh, is reported as an expired or inactive access', async () => {
    await using server = await listServer(5, (request) =>
      isToken(request) ? undefined : { status: 401, json: { error: 'no' } },
    );
    const { client } = clientOf(server);
    const fault = await faultOf(client.readAll(Directional, scope));
    expect(fault.code).toBe('access-denied');
    expect(fault.advice).toContain('Expiration Date');
    expect(server.requests.filter(isToken)).toHaveLength(2);
    await client.close();
  });

  it.each([
    ['wrong-credentials', 401, { error: 'invalid_client' }],
    ['wrong-credentials', 400, { error: 'invalid_client' }],
    ['access-denied', 403, { error: "Integration Access 'X' is not active." }],
    ['access-denied', 403, { error: "Integration Access 'X' expired on 2026-11-01." }],
    ['unexpected-response', 404, { error: 'nothing here' }],
    ['unexpected-response', 200, { token: 'wrong member' }],
  ])('not given, is %s (status %i)', async (code, status, json) => {
    await using server = await startScriptedServer(() => ({ status, json }));
    const { client } = clientOf(server);
    const fault = await faultOf(client.systemMetadata());
    expect(fault.code).toBe(code);
    expect(`${fault.message} ${fault.advice}`).not.toMatch(/se\/cret|key of|invalid_client/);
    await client.close();
  });
});

describe('a request', () => {
  it('names fields, key order and year as parameter and condition', async () => {
    await using server = await startScriptedServer((request) =>
      listAddress(request) === undefined
        ? undefined
        : { json: { Objects: [], Paging: { Next: null } } },
    );
    const { client } = clientOf(server, { prefix: 'Generic' });
    await client.readAll(EntryWithdrawal, { entityId: 7, schoolYearIds: [14, 15] });
    const [, first, second] = server.requests;
    expect(first?.path).toBe('/TestStuAPI/Generic/7/Enrollment/EntryWithdrawal/1/10');
    expect(first?.query.get('searchFields[0]')).toBe('EntryWithdrawalID');
    expect(first?.query.get('SchoolYearID')).toBe('14');
    expect(JSON.parse(first?.body ?? '')).toEqual({
      SearchCondition: {
        LongSearchCondition: { FieldName: 'SchoolYearID', ConditionType: 'Equal', Value: 14 },
      },
      SearchSort: [{ FieldName: 'EntryWithdrawalID', Descending: false }],
    });
    expect(second?.query.get('SchoolYearID')).toBe('15');
    await client.close();
  });

  it.each<[string, ScriptedReply]>([
    ['408', { status: 408 }],
    ['429', { status: 429 }],
    ['500', { status: 500, json: { error: 'An unexpected error occurred.' } }],
    ['a 502 web page', { status: 502, text: '<html>Bad gateway</html>' }],
    ['a cut body', { cut: true, json: { Objects: ['x'.repeat(5000)] } }],
    ['half a JSON', { text: '{"Objects":[{"Directional' }],
    ['an empty body', { text: '' }],
  ])('is sent again after %s, and no page is lost', async (_, reply) => {
    await using server = await listServer(
      45,
      atFirst(2, (page) => page === 3, reply),
    );
    const { client, waits } = clientOf(server);
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(45);
    expect(waits).toEqual([1000, 2000]);
    await client.close();
  });

  it('that hangs is given up and sent again', async () => {
    await using server = await listServer(
      45,
      atFirst(1, (page) => page === 2, { hang: true, json: {} }),
    );
    const { client, waits } = clientOf(server, { requestTimeoutMs: 300 });
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(45);
    expect(waits).toHaveLength(1);
    await client.close();
  });

  it('waits as Retry-After requires, in seconds or until a date', async () => {
    let now = Date.UTC(2026, 10, 23, 6, 0, 0);
    const at = new Date(now + 65_000).toUTCString();
    await using server = await listServer(5, (request, page) => {
      const sent = server.requests.filter((other) => !isToken(other)).length;
      if (page !== 1 || isToken(request) || sent > 2) return undefined;
      return { status: sent === 1 ? 429 : 503, headers: { 'retry-after': sent === 1 ? '5' : at } };
    });
    const waits: number[] = [];
    const { client } = clientOf(server, {
      now: () => now,
      delay: async (ms) => {
        waits.push(ms);
        now += ms;
      },
    });
    await client.readAll(Directional, scope);
    expect(waits).toEqual([5000, 60_000]);
    await client.close();
  });

  it.each<[string, ScriptedReply]>([
    ['server-error', { status: 500 }],
    ['rate-limited', { status: 429 }],
    ['unreachable', { cut: true, json: { Objects: ['x'.repeat(500)] } }],
    ['not-json', { text: '<!DOCTYPE html><title>Sign In</title>' }],
    ['not-json', { text: 'Welcome' }],
    ['unexpected-response', { json: { Objects: { message: 'not a list' }, Paging: 7 } }],
    ['redirected', { status: 302, headers: { location: 'https://elsewhere.example/x?secret=1' } }],
  ])('that ends in %s reports object and page, and nothing of the body', async (code, reply) => {
    await using server = await listServer(
      45,
      atFirst(1000, (page) => page === 3, reply),
    );
    const { client } = clientOf(server);
    const fault = await faultOf(client.readAll(Directional, scope));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain('Demographics/Directional, page 3');
    expect(fault.message).not.toMatch(/Sign In|Welcome|not a list|secret=/);
    await client.close();
  });

  it('is not forwarded to the other host', async () => {
    await using other = await startScriptedServer(() => ({ json: {} }));
    await using server = await listServer(5, (_, page) =>
      page === 1 ? { status: 307, headers: { location: other.baseUrl } } : undefined,
    );
    const { client } = clientOf(server);
    expect((await faultOf(client.readAll(Directional, scope))).code).toBe('redirected');
    expect(other.requests).toEqual([]);
    await client.close();
  });

  it('gives up when the run has repeated too often', async () => {
    await using server = await listServer(
      45,
      atFirst(3, (page) => page === 1, { status: 500 }),
    );
    const { client } = clientOf(server, { retry: { budget: 2 } });
    expect((await faultOf(client.readAll(Directional, scope))).code).toBe('retries-exhausted');
    await client.close();
  });

  it('understands a compressed response and reports what it cost', async () => {
    await using server = await startScriptedServer((request) =>
      listAddress(request) === undefined
        ? undefined
        : { gzip: true, json: createPage(directionalRows(500), 1, 1000, 'null') },
    );
    const events: unknown[] = [];
    const { client } = clientOf(server, {
      pageSize: 1000,
      onRequest: (event) => events.push(event),
    });
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(500);
    expect(events).toEqual([
      expect.objectContaining({
        object: 'Demographics/Directional',
        page: 1,
        status: 200,
        attempt: 1,
      }),
    ]);
    await client.close();
  });

  it('is rejected when the name resolves to this machine', async () => {
    const client = createQmlativClient({
      baseUrl: 'https://skyward.example.com/API',
      clientKey: 'k',
      clientSecret: 's',
      resolve: (_, options, callback) =>
        options.all === true
          ? callback(null, [
              { address: '8.8.8.8', family: 4 },
              { address: '127.0.0.1', family: 4 },
            ])
          : callback(null, '127.0.0.1', 4),
    });
    expect((await faultOf(client.systemMetadata())).code).toBe('address-not-allowed');
    await client.close();
  });

  it('stops when the client is closed', async () => {
    await using server = await listServer(500);
    const { client } = clientOf(server);
    const pages = client.readPages(Directional, scope);
    await pages.next();
    await client.close();
    const rest = (async () => {
      for await (const page of pages) void page;
    })();
    expect((await faultOf(rest)).code).toBe('cancelled');
  });
});

describe('rows', () => {
  it('keep dates as days, ids as numbers, and what was not received as null', async () => {
    const enrollment = { EntryWithdrawalID: 1, StudentID: '7', EntityID: 401, SchoolYearID: 27 };
    const startDate = '2026-08-12T00:00:00';
    await using server = await serve([
      { ...enrollment, StartDate: startDate, IsDefaultEntity: 'True' },
    ]);
    const { client } = clientOf(server);
    const { rows } = await client.readAll(EntryWithdrawal, scope);
    expect(rows[0]).toMatchObject({
      StudentID: 7,
      StartDate: '2026-08-12',
      IsDefaultEntity: true,
      EndDate: null,
    });
    await client.close();
  });

  it.each<[string, unknown, string]>([
    ['StudentNumber', 'x'.repeat(201), 'longer than 200 characters'],
    ['StudentNumber', 'a\0b', 'contains a character that cannot be stored (NUL)'],
    ['StudentNumber', 2 ** 60, 'a number too large to be read exactly'],
    ['NameID', null, 'without a value'],
    ['NameID', 0, 'without a value'],
  ])('with an invalid %s are reported and the others received', async (field, value, message) => {
    await using server = await serve([student(1), student(2, { [field]: value }), student(3)]);
    const { client } = clientOf(server);
    const { rows, unreadable } = await client.readAll(Student, scope);
    expect(rows.map((row) => row.StudentID)).toEqual([1, 3]);
    expect(unreadable).toEqual([
      {
        object: 'Student/Student',
        page: 1,
        row: 2,
        key: 2,
        field,
        message,
        ids: field === 'NameID' ? {} : { NameID: 102 },
      },
    ]);
    await client.close();
  });

  it.each([null, 'abc', 2 ** 60])(
    'whose key is %s fail the reading, with page and row',
    async (key) => {
      await using server = await serve([student(1), student(2, { StudentID: key })]);
      const { client } = clientOf(server);
      expect(await faultOf(client.readAll(Student, scope))).toMatchObject({
        code: 'unreadable-row',
        place: { object: 'Student/Student', page: 1, row: 2, field: 'StudentID' },
      });
      await client.close();
    },
  );

  it('that come for two school years are received once', async () => {
    await using server = await listServer(5);
    const { client } = clientOf(server);
    const { rows } = await client.readAll(Directional, { entityId: 1, schoolYearIds: [1, 2] });
    expect(rows).toHaveLength(5);
    await client.close();
  });
});

describe('missing permissions', () => {
  it.each([
    [403, (field: string) => `The access was not granted the field ${field} of Demographics/Name.`],
    [400, (field: string) => `Unknown searchField '${field.toLowerCase()}'.`],
  ])('optional fields rejected with %i are omitted and reported once', async (status, words) => {
    const denied = ['Race', 'Ethnicity'];
    await using server = await refuse((fields) => {
      const field = denied.find((name) => fields.includes(name));
      return field === undefined ? undefined : words(field);
    }, status);
    const { client } = clientOf(server, { pageSize: 1 });
    const reading = client.readPages(Name, scope);
    expect((await reading.next()).value).toMatchObject({ rows: [{ NameID: 1, Race: null }] });
    await reading.return();
    expect(client.missingFields()).toEqual([
      { object: 'Demographics/Name', fields: ['Ethnicity', 'Race'] },
    ]);
    await client.close();
  });

  it('required fields fail the reading', async () => {
    await using server = await refuse(() => 'The field StudentNumber is not granted.');
    const { client } = clientOf(server);
    expect(await faultOf(client.readAll(Student, scope))).toMatchObject({
      code: 'no-field-permission',
      place: { object: 'Student/Student', field: 'StudentNumber' },
    });
    await client.close();
  });

  it('a field that every row must have fails the reading when no row holds it, without a claim to know why', async () => {
    await using server = await serve([{ StudentID: 1, StudentNumber: '1' }]);
    const { client } = clientOf(server);
    expect(await faultOf(client.readAll(Student, scope))).toMatchObject({
      code: 'no-field-permission',
      message: 'Student/Student, field NameID: no row has this field',
      place: { field: 'NameID' },
    });
    await client.close();
  });

  describe('members left out of rows', () => {
    const enrollment = (key: number, members: object = {}) => ({
      EntryWithdrawalID: key,
      StudentID: 1,
      EntityID: 401,
      SchoolYearID: 27,
      StartDate: '2026-08-12T00:00:00',
      ...members,
    });
    const years = { entityId: 1, schoolYearIds: [26, 27] };
    const emptyEverywhere = ['CalendarID', 'EnrolledAtLeastOneDay', 'IsNoShow'];

    /** A server with rows by school year, which names the fields of objects only if it is given some. */
    const yearServer = (rows: Readonly<Record<string, object[]>>, named?: readonly string[]) =>
      startScriptedServer(({ method, path, query }) => {
        if (method === 'GET' && named !== undefined && path.endsWith('/Enrollment/EntryWithdrawal'))
          return { json: Object.fromEntries(named.map((name) => [name, {}])) };
        return method === 'POST' && path.includes('/Enrollment/')
          ? {
              json: {
                Objects: rows[query.get('SchoolYearID') ?? ''] ?? [],
                Paging: { Next: null },
              },
            }
          : undefined;
      });

    const full = {
      EndDate: '2026-05-20',
      WithdrawalDate: '2026-05-21',
      WithdrawalCodeID: 1,
      IsDefaultEntity: true,
      SchoolID: 1,
      EntryCodeID: 1,
    };

    it('are null as long as a row of any school year has them', async () => {
      await using server = await yearServer({
        26: [enrollment(1, full), enrollment(2)],
        27: [enrollment(3)],
      });
      const { client } = clientOf(server);
      const { rows } = await client.readAll(EntryWithdrawal, years);
      expect(rows.map(({ WithdrawalDate }) => WithdrawalDate)).toEqual(['2026-05-21', null, null]);
      expect(client.missingFields()).toEqual([
        { object: 'Enrollment/EntryWithdrawal', fields: emptyEverywhere },
      ]);
      await client.close();
    });

    it.each([
      ['does not tell the fields of objects', undefined],
      ['names the field', ['EntryWithdrawalID', 'withdrawaldate', 'WithdrawalCodeID', 'EndDate']],
    ])('are null where nobody withdrew and the server %s', async (_, named) => {
      await using server = await yearServer(
        { 27: [enrollment(3), enrollment(4, { EndDate: null })] },
        named,
      );
      const { client } = clientOf(server);
      const { rows } = await client.readAll(EntryWithdrawal, years);
      expect(rows).toMatchObject([
        { WithdrawalDate: null, WithdrawalCodeID: null },
        { WithdrawalDate: null, EndDate: null },
      ]);
      expect(client.missingFields()[0]?.fields).toContain('WithdrawalDate');
      expect(client.missingFields()[0]?.fields).not.toContain('EndDate');
      await client.close();
    });

    it('fail the reading when the import needs them and the server does not know them', async () => {
      const named = ['EntryWithdrawalID', 'EndDate', 'WithdrawalCodeID'];
      await using server = await yearServer({ 26: [enrollment(1)], 27: [enrollment(3)] }, named);
      const { client } = clientOf(server);
      expect(await faultOf(client.readAll(EntryWithdrawal, years))).toMatchObject({
        code: 'no-field-permission',
        message:
          'Enrollment/EntryWithdrawal, field WithdrawalDate: Skyward does not list this field for the access',
      });
      await client.close();
    });
  });

  it.each<['no-object-permission' | 'object-missing', number, string]>([
    ['no-object-permission', 403, 'The Integration Access was not granted the object Staff/Staff.'],
    ['no-object-permission', 403, 'Authorization has been denied for this request.'],
    ['object-missing', 404, "There is no object 'Staff/Staff'."],
  ])('an optional object is left out: %s (%i "%s")', async (reason, status, words) => {
    await using server = await refuse(() => words, status);
    const { client } = clientOf(server);
    expect(await client.readAll(Staff, scope)).toMatchObject({ rows: [], unreadable: [] });
    expect(client.missingObjects()).toEqual([{ object: 'Staff/Staff', reason }]);
    await client.close();
  });

  it('an entity fails the reading, even of an optional object', async () => {
    await using server = await refuse(() => 'The Integration Access was not granted the entity 5.');
    const { client } = clientOf(server);
    expect((await faultOf(client.readAll(Staff, scope))).code).toBe('no-entity-permission');
    await client.close();
  });

  it('a required object fails the reading', async () => {
    await using server = await refuse(
      () => 'The access was not granted the object Student/Student.',
    );
    const { client } = clientOf(server);
    expect((await faultOf(client.readAll(Student, scope))).code).toBe('no-object-permission');
    await client.close();
  });

  it('an optional object is not taken for left out when the access itself ended', async () => {
    await using server = await startScriptedServer((request) =>
      isToken(request) ? undefined : { status: 403, json: { error: 'Access denied.' } },
    );
    const { client } = clientOf(server);
    expect((await faultOf(client.readAll(NameAlias, scope))).code).toBe('access-denied');
    expect(client.missingObjects()).toEqual([]);
    await client.close();
  });
});
