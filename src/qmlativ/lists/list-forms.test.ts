import { describe, expect, it } from 'vitest';
import { startListServer } from '../../../tests/qmlativ/list-server.ts';
import type { ListServerOptions } from '../../../tests/qmlativ/list-server.ts';
import { qmlativObjects } from '../objects/objects.ts';
import { createQmlativClient } from '../qmlativ-client.ts';
import type { QmlativClientOptions } from '../qmlativ-client.ts';
import { QmlativError } from '../http/qmlativ-error.ts';
import {
  directionalRows,
  listAddress,
  startScriptedServer,
} from '../../../tests/qmlativ/scripted-server.ts';
import type {
  ScriptedReply,
  ScriptedRequest,
  ScriptedServer,
} from '../../../tests/qmlativ/scripted-server.ts';

const { Directional, EntryWithdrawal, Name, NameAlias, Student } = qmlativObjects;
const scope = { entityId: 1 };

const clientOf = (server: ScriptedServer, options: Partial<QmlativClientOptions> = {}) =>
  createQmlativClient({
    baseUrl: server.baseUrl,
    clientKey: 'key',
    clientSecret: 'secret',
    allowPrivateAddresses: true,
    pageSize: 100,
    delay: async () => undefined,
    ...options,
  });

const directionals = (count: number) => ({ 'Demographics/Directional': directionalRows(count) });

/** Keys with gaps between them, so that rows could be lost between two pages. */
const sparse = (count: number) =>
  directionalRows(count).map((row) => ({ ...row, DirectionalID: row.DirectionalID * 7 }));

async function keysOf(
  rows: readonly { DirectionalID: number }[],
  habits: ListServerOptions,
  options?: Partial<QmlativClientOptions>,
): Promise<{ keys: number[]; requests: number; bodies: string[] }> {
  await using server = await startListServer({ 'Demographics/Directional': rows }, habits);
  const client = clientOf(server, options);
  const read = await client.readAll(Directional, scope);
  await client.close();
  const bodies = server.requests.map(({ body }) => body).filter((body) => body.startsWith('{'));
  return {
    keys: read.rows.map((row) => row.DirectionalID),
    requests: bodies.length,
    bodies,
  };
}

async function errorOf(promise: Promise<unknown>): Promise<QmlativError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof QmlativError) return error;
  throw new Error('expected a QmlativError', { cause: error });
}

const keys = (rows: readonly { DirectionalID: number }[]) => rows.map((row) => row.DirectionalID);

describe('the form of a list request', () => {
  it('asks for all rows by the key, not with an empty group', async () => {
    const { bodies } = await keysOf(directionalRows(5), { takesEmptyGroups: false });
    expect(JSON.parse(bodies[0] ?? '')).toEqual({
      SearchCondition: {
        LongSearchCondition: { FieldName: 'DirectionalID', ConditionType: 'NotNull' },
      },
      SearchSort: [{ FieldName: 'DirectionalID', Descending: false }],
    });
  });

  it.each([5, 430])('leaves out a sort that is rejected, for %i rows', async (count) => {
    const rows = sparse(count);
    expect((await keysOf(rows, { sort: 'refused' })).keys).toEqual(keys(rows));
  });

  it('remembers for all lists that a sort is rejected', async () => {
    await using server = await startListServer(directionals(5), { sort: 'refused' });
    const client = clientOf(server);
    await client.readAll(Directional, scope);
    const before = server.requests.length;
    await client.readAll(NameAlias, scope);
    expect(server.requests.length - before).toBe(1);
    expect(server.requests.at(-1)?.body).not.toContain('SearchSort');
    await client.close();
  });

  it.each<[string, ListServerOptions]>([
    ['a sort', { sort: 'refused' }],
    ['groups in groups', { takesNesting: false }],
    ['its page size', { maxPageSize: 100 }],
    ['all three', { sort: 'refused', takesNesting: false, maxPageSize: 60 }],
  ])('of several pages comes without %s where that is rejected', async (_, habits) => {
    const rows = sparse(730);
    const read = await keysOf(rows, habits, { pageSize: 200 });
    expect(read.keys).toEqual(keys(rows));
  });

  it('halves a page size that is rejected, and remembers it', async () => {
    await using server = await startListServer(directionals(300), { maxPageSize: 150 });
    const client = clientOf(server, { pageSize: 1000 });
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(300);
    const before = server.requests.length;
    await client.readAll(NameAlias, scope);
    expect(server.requests.slice(before).map((request) => listAddress(request)?.size)).toEqual([
      125,
    ]);
    await client.close();
  });
});

describe('the order of a list', () => {
  it.each<[string, ListServerOptions]>([
    ['says that it is whole', { sort: 'ignored' }],
    ['is followed by an empty one', { sort: 'ignored', next: 'never' }],
    ['is followed by itself', { sort: 'ignored', next: 'never', pastEnd: 'last-page' }],
  ])('may be any where its single page %s', async (_, habits) => {
    const rows = sparse(40).toReversed();
    expect((await keysOf(rows, habits)).keys).toEqual(keys(rows));
  });

  it('is not needed where a single page repeats no row, which it may not', async () => {
    const rows = [...sparse(9).toReversed(), ...sparse(1)];
    await using server = await startListServer(
      { 'Demographics/Directional': rows },
      { sort: 'ignored' },
    );
    const client = clientOf(server);
    const error = await errorOf(client.readAll(Directional, scope));
    expect(error).toMatchObject({ code: 'unstable-list', messageWithoutPlace: 'repeats a row' });
    await client.close();
  });

  it('proves pages that come by key although the sort is ignored', async () => {
    const rows = sparse(430);
    expect((await keysOf(rows, { sort: 'ignored' })).keys).toEqual(keys(rows));
  });

  it.each<
    [string, (rows: { DirectionalID: number }[]) => { DirectionalID: number }[], ListServerOptions]
  >([
    ['backward', (rows) => rows.toReversed(), { sort: 'ignored' }],
    ['backward, without Next', (rows) => rows.toReversed(), { sort: 'ignored', next: 'never' }],
    ['in another order after a while', swappedAt(215), { sort: 'ignored' }],
    ['backward, the sort refused', (rows) => rows.toReversed(), { sort: 'refused' }],
  ])('ends a reading of several pages that come %s, and says why', async (_, order, habits) => {
    await using server = await startListServer(
      { 'Demographics/Directional': order(sparse(430)) },
      habits,
    );
    const client = clientOf(server);
    const error = await errorOf(client.readAll(Directional, scope));
    expect(error.message).toMatch(
      /Demographics\/Directional, page \d: is not in the requested order/,
    );
    expect(error.advice).not.toContain('changed while it was read');
    await client.close();
  });
});

function swappedAt(place: number) {
  return (rows: { DirectionalID: number }[]) => {
    const [one, other] = [rows[place], rows[place + 1]];
    return one === undefined || other === undefined
      ? rows
      : rows.with(place, other).with(place + 1, one);
  };
}

describe('the end of a list whose pages name no next one', () => {
  const ends = ['missing', 'no-content', 'null', 'last-page', 'refused', 'error'] as const;

  it.each(ends.flatMap((end) => [40, 100, 300, 330].map((count) => [end, count] as const)))(
    'is where the page past it is %s, after %i rows',
    async (pastEnd, count) => {
      const rows = sparse(count);
      expect((await keysOf(rows, { next: 'never', pastEnd })).keys).toEqual(keys(rows));
    },
  );

  it.each<ScriptedReply>([
    { status: 404, json: { error: 'Not found.' } },
    { status: 204, text: '' },
    { json: { Objects: null } },
  ])('is not accepted where a page named the missing one (%j)', async (reply) => {
    await using server = await startListServer(directionals(300), {});
    await using cutting = await startCut(server, reply);
    const client = clientOf(cutting, { concurrency: 1 });
    expect(await errorOf(client.readAll(Directional, scope))).toMatchObject({
      code: 'unstable-list',
      place: { page: 3 },
    });
    await client.close();
  });

  it.each<ScriptedReply>([
    { status: 400, json: { Message: 'An error has occurred.' } },
    { json: { error: 'There is no such page.' } },
  ])('leaves a rejection one where a page named the rejected page (%j)', async (reply) => {
    await using server = await startListServer(directionals(300), {});
    await using cutting = await startCut(server, reply);
    const client = clientOf(cutting, { concurrency: 1 });
    expect(await errorOf(client.readAll(Directional, scope))).toMatchObject({
      code: 'unexpected-response',
      place: { object: 'Demographics/Directional', page: 3 },
    });
    await client.close();
  });

  it.each<ScriptedReply>([
    { status: 404 },
    { status: 204, text: '' },
    { json: { Objects: null } },
    { status: 400, json: {} },
    { json: { error: 'There is no such page.' } },
  ])('is proven by the rows after it: a page lost on the way is noticed (%j)', async (reply) => {
    await using server = await startListServer(directionals(300), { next: 'never' });
    await using cutting = await startCut(server, reply);
    const client = clientOf(cutting, { concurrency: 1 });
    expect(await errorOf(client.readAll(Directional, scope))).toMatchObject({
      code: 'unstable-list',
    });
    await client.close();
  });
});

/** Asks another server the same. */
async function ask(server: ScriptedServer, request: ScriptedRequest): Promise<ScriptedReply> {
  const address = new URL(`${request.path}?${request.query.toString()}`, server.baseUrl);
  const answer = await fetch(address, {
    method: request.method,
    ...(request.method === 'GET' ? {} : { body: request.body }),
  });
  return { status: answer.status, json: await answer.json() };
}

/** Passes everything on to another server but the third page of a list. */
const startCut = (server: ScriptedServer, reply: ScriptedReply): Promise<ScriptedServer> =>
  startScriptedServer(
    async (request) => (listAddress(request)?.page === 3 ? reply : ask(server, request)),
    { respondsToGaps: true },
  );

it('a list that cannot be proved complete, since ranges of keys are rejected, fails with that reason', async () => {
  await using server = await startListServer(directionals(300), {
    sort: 'refused',
    takesRanges: false,
  });
  const client = clientOf(server);
  const error = await errorOf(client.readAll(Directional, scope));
  expect(error).toMatchObject({
    code: 'unexpected-response',
    place: { object: 'Demographics/Directional' },
    advice: expect.stringContaining('Greater and Less') as string,
  });
  // No such page was asked for.
  expect(error.message).not.toMatch(/page \d/);
  await client.close();
});

describe('pages of uneven length', () => {
  const hidden = [
    ['here and there', (key: number) => key % 13 === 0],
    ['the whole of a page', (key: number) => key > 700 && key <= 1500],
    ['most of the first page', (key: number) => key < 500],
  ] as const;
  const rows = sparse(560);
  const hiding = (isHidden: (key: number) => boolean): ListServerOptions => ({
    hides: (row) => isHidden(Number(row['DirectionalID'])),
  });

  it.each(hidden)('are whole where Next names the following page: %s', async (_, isHidden) => {
    const read = await keysOf(rows, hiding(isHidden));
    expect(read.keys).toEqual(keys(rows).filter((key) => !isHidden(key)));
  });

  it.each([
    hidden[0],
    hidden[2],
    ['most of the third page', (key: number) => key > 1450 && key <= 2100] as const,
  ])('are whole where no page names the next: %s', async (_, isHidden) => {
    const read = await keysOf(rows, { ...hiding(isHidden), next: 'never' });
    expect(read.keys).toEqual(keys(rows).filter((key) => !isHidden(key)));
  });

  it('end the reading where a page lacks rows only once', async () => {
    let times = 0;
    const lacking: ListServerOptions = {
      hides: (row) => row['DirectionalID'] === 7 * 250 && (times += 1) === 1,
    };
    await using server = await startListServer({ 'Demographics/Directional': rows }, lacking);
    const client = clientOf(server);
    expect(await errorOf(client.readAll(Directional, scope))).toMatchObject({
      code: 'unstable-list',
      message: expect.stringContaining('page 3: has other rows') as string,
    });
    await client.close();
  });
});

describe('the members of a response', () => {
  it.each<[string, (name: string) => string]>([
    ['lower case', (name) => name.toLowerCase()],
    ['upper case', (name) => name.toUpperCase()],
    ['a small first letter', (name) => name.charAt(0).toLowerCase() + name.slice(1)],
  ])('are read in %s', async (_, formatName) => {
    const rows = sparse(230);
    await using server = await startListServer(
      { 'Demographics/Directional': rows },
      { formatName },
    );
    const client = clientOf(server);
    expect((await client.readAll(Directional, scope)).rows).toEqual(rows);
    expect(client.missingFields()).toEqual([]);
    await client.close();
  });

  it('are read where only some come in another case', async () => {
    const formatName = (name: string) => (name === 'Code' ? 'CODE' : name);
    const rows = sparse(3);
    await using server = await startListServer(
      { 'Demographics/Directional': rows },
      { formatName },
    );
    const client = clientOf(server);
    expect((await client.readAll(Directional, scope)).rows).toEqual(rows);
    await client.close();
  });
});

const student = {
  StudentID: 1,
  NameID: 2,
  StudentNumber: '3',
  Grade: '9',
  GradYear: 2030,
};
const nameless: ScriptedReply[] = [
  { status: 403, json: { error: 'Forbidden' } },
  { status: 400, json: { Message: 'An error has occurred.' } },
  { status: 401, json: { error: 'Unauthorized' } },
  { status: 500, json: { Message: 'An error has occurred.' } },
  { status: 200, json: { error: 'This is not permitted.' } },
  { status: 200, json: { Objects: [], errors: ['This is not permitted.'] } },
  { status: 403, text: '<html><body>Forbidden</body></html>' },
  { status: 400, json: { Message: 'Bad request', Code: 400 } },
];
/** Answers without a word. */
const wordless: ScriptedReply[] = [
  { status: 204, text: '' },
  { status: 200, text: '' },
  { json: null },
  { json: { Objects: null, Paging: null } },
];
const naming: ScriptedReply[] = [
  { status: 403, json: { error: 'You do not have access to GradYear.' } },
  { status: 400, json: { error: 'GradYear is invalid.' } },
  { status: 200, json: { error: 'The field GradYear is not permitted.' } },
  { status: 400, json: { errors: { gradYear: ['Not found.'] } } },
];

describe('an optional field that is rejected', () => {
  it.each([...naming, ...nameless, ...wordless])('is omitted and reported: %j', async (reply) => {
    await using server = await startListServer(
      { 'Student/Student': [student] },
      { createErrorResponse: (fields) => (fields.includes('GradYear') ? reply : undefined) },
    );
    const client = clientOf(server);
    const { rows } = await client.readAll(Student, scope);
    expect(rows).toMatchObject([{ StudentID: 1, StudentNumber: '3', Grade: '9', GradYear: null }]);
    expect(client.missingFields()).toEqual([{ object: 'Student/Student', fields: ['GradYear'] }]);
    expect(server.requests.filter((request) => listAddress(request)).length).toBeLessThan(30);
    await client.close();
  });

  it('is left out together with another one, and with a rejected sort and page size', async () => {
    const refused = ['GradYear', 'Grade'];
    await using server = await startListServer(
      { 'Student/Student': [student] },
      {
        sort: 'refused',
        maxPageSize: 100,
        createErrorResponse: (fields) =>
          refused.some((field) => fields.includes(field))
            ? { status: 400, json: { Message: 'An error has occurred.' } }
            : undefined,
      },
    );
    const client = clientOf(server, { pageSize: 1000 });
    const { rows } = await client.readAll(Student, scope);
    expect(rows).toMatchObject([{ StudentID: 1, StudentNumber: '3', Grade: null, GradYear: null }]);
    expect(client.missingFields()).toEqual([
      { object: 'Student/Student', fields: ['GradYear', 'Grade'] },
    ]);
    await client.close();
  });
});

describe('an optional object that is rejected', () => {
  it.each([
    ...nameless,
    ...wordless,
    { status: 404, text: '<html>Not found</html>' },
    { status: 302, headers: { location: 'https://elsewhere.example/' } },
    { status: 200, text: '<html><title>Sign In</title></html>' },
    { status: 403, json: { error: 'Your entity may not read this.' } },
    { status: 403, json: { error: 'You do not have access to NameAliasID.' } },
  ] satisfies ScriptedReply[])('is left out and named: %j', async (reply) => {
    await using server = await startListServer(directionals(3), {
      createErrorResponse: (_, object) => (object === 'Demographics/NameAlias' ? reply : undefined),
    });
    const client = clientOf(server);
    await client.readAll(Directional, scope);
    expect((await client.readAll(NameAlias, scope)).rows).toEqual([]);
    expect(client.missingObjects().map(({ object }) => object)).toEqual(['Demographics/NameAlias']);
    expect((await client.readAll(Directional, scope)).rows).toHaveLength(3);
    await client.close();
  });
});

it('an optional object that fails for good is left out though the server is busy in between', async () => {
  let requests = 0;
  await using server = await startListServer(directionals(3), {
    createErrorResponse: (_, object) => {
      if (object !== 'Demographics/NameAlias') return undefined;
      requests += 1;
      return { status: requests % 6 === 0 ? 429 : 500, json: {} };
    },
  });
  const client = clientOf(server);
  expect((await client.readAll(NameAlias, scope)).rows).toEqual([]);
  expect(client.missingObjects()).toHaveLength(1);
  await client.close();
});

describe('what an import cannot do without', () => {
  it.each([...nameless, ...wordless])('fails the reading with its name: %j', async (reply) => {
    await using server = await startListServer({}, { createErrorResponse: () => reply });
    const client = clientOf(server);
    expect(await errorOf(client.readAll(Name, scope))).toMatchObject({
      place: { object: 'Demographics/Name' },
    });
    await client.close();
  });

  it.each(['The field EndDate was not found.', 'You do not have access to EndDate.'])(
    'fails the reading with the name of the field: %s',
    async (error) => {
      await using server = await startListServer(
        {},
        {
          createErrorResponse: (fields) =>
            fields.includes('EndDate') ? { status: 400, json: { error } } : undefined,
        },
      );
      const client = clientOf(server);
      expect(await errorOf(client.readAll(EntryWithdrawal, scope))).toMatchObject({
        code: 'no-field-permission',
        place: { object: 'Enrollment/EntryWithdrawal', field: 'EndDate' },
      });
      await client.close();
    },
  );

  it.each<ScriptedReply>([
    { status: 200, json: { error: 'You do not have it.' } },
    { status: 400, json: { Message: 'An error has occurred.' } },
  ])(
    'may not have been approved, where an answer does not say why there is no list: %j',
    async (reply) => {
      await using server = await startListServer({}, { createErrorResponse: () => reply });
      const client = clientOf(server);
      expect(await errorOf(client.readAll(Name, scope))).toMatchObject({
        code: 'unexpected-response',
        advice: expect.stringContaining('approved for the integration') as string,
      });
      await client.close();
    },
  );

  it.each(nameless.filter(({ status }) => status !== 500))(
    'fails the reading with the name of the field though the rejection names none: %j',
    async (reply) => {
      await using server = await startListServer(
        { 'Student/Student': [student] },
        { createErrorResponse: (fields) => (fields.includes('StudentNumber') ? reply : undefined) },
      );
      const client = clientOf(server);
      expect(await errorOf(client.readAll(Student, scope))).toMatchObject({
        code: 'no-field-permission',
        place: { object: 'Student/Student', field: 'StudentNumber' },
      });
      await client.close();
    },
  );

  it('may have nothing in one school year, but not in all', async () => {
    const enrollment = {
      EntryWithdrawalID: 1,
      StudentID: 1,
      EntityID: 1,
      SchoolYearID: 27,
      StartDate: '2026-08-12T00:00:00',
      EndDate: '2026-11-20T00:00:00',
      WithdrawalDate: '2026-11-20T00:00:00',
      WithdrawalCodeID: 5,
    };
    await using server = await startListServer({ 'Enrollment/EntryWithdrawal': [enrollment] });
    await using empty = await startNothingWhereEmpty(server);
    const client = clientOf(empty);
    const years = { entityId: 1, schoolYearIds: [26, 27, 28] };
    expect((await client.readAll(EntryWithdrawal, years)).rows).toHaveLength(1);
    const none = { entityId: 1, schoolYearIds: [25, 26] };
    expect(await errorOf(client.readAll(EntryWithdrawal, none))).toMatchObject({
      code: 'unexpected-response',
      place: { object: 'Enrollment/EntryWithdrawal' },
      // An entity that was not picked may be the cause, or an object that is not allowed.
      advice: expect.stringMatching(/Custom API Entities.*may read this object/),
    });
    await client.close();
  });
});

/** Answers as another server does, but without content where that gives an empty list. */
const startNothingWhereEmpty = (server: ScriptedServer): Promise<ScriptedServer> =>
  startScriptedServer(async (request) => {
    const reply = await ask(server, request);
    const { Objects } = reply.json as { Objects?: unknown[] };
    return Objects?.length === 0 ? { status: 204, text: '' } : reply;
  });
