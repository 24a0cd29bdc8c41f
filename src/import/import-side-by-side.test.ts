/** Imports with several requests in flight publish what imports with one at a time do, and ask Skyward no more. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/api/fault.ts';
import { createLists } from '../qmlativ/lists/roster-lists.ts';
import type { QmlativClient } from '../qmlativ/qmlativ-client.ts';
import type { RequestEvent } from '../qmlativ/http/api-call.ts';
import {
  addDistrict,
  openSandboxDistrict,
  runSandboxImport,
  type ImportOverrides,
  type SandboxDistrict,
} from '../../tests/skyward/sandbox-district.ts';
import { changeAllStudents, publishedData } from '../../tests/builders/published-data.ts';
import { openCountingProxy } from '../../tests/skyward/counting-proxy.ts';

let district: SandboxDistrict;
/** Another district fed from the same Skyward, whose imports have one request in flight. */
let other: number;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 80, seed: 41, permissions: 'all' });
  other = await addDistrict(district.database, 'other.example');
  expect((await sideBySide()).state).toBe('published');
  expect((await oneByOne()).state).toBe('published');
});
afterAll(() => district.close());
afterEach(() => district.skyward.sandbox.faults.clear());

/** So small that even the list of students has several. */
const smallPages = { pageSize: 50 };

const sideBySide = (overrides: ImportOverrides = {}) =>
  district.runImport({ ...overrides, connection: { ...smallPages, ...overrides.connection } });
const oneByOne = (overrides: ImportOverrides = {}) =>
  runSandboxImport(district.database.pool, district.skyward, other, {
    ...overrides,
    connection: { ...smallPages, concurrency: 1, ...overrides.connection },
  });

const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

/** All that is published of a district, with what the next import compares. */
async function published(districtId: number) {
  const { rows } = await district.database.pool.query<{ id: string; fingerprint: string }>(
    `select skyward_id as id, source_fingerprint::text as fingerprint from students
     where district_id = $1 order by skyward_id`,
    [districtId],
  );
  return { data: await publishedData(district.database.pool, districtId), fingerprints: rows };
}

async function problemsOf(districtId: number, runId: number) {
  const { rows } = await district.database.pool.query<{ problem: object }>(
    `select to_jsonb(p) - array['id', 'run_id', 'district_id'] as problem
     from import_problems p where district_id = $1 and run_id = $2 order by 1`,
    [districtId, runId],
  );
  return rows;
}

/** Both districts have the same, and the next import of each finds nothing to do. */
async function expectTheSame() {
  expect(await published(district.districtId)).toEqual(await published(other));
  expect((await sideBySide()).state).toBe('unchanged');
  expect((await oneByOne()).state).toBe('unchanged');
}

/** Lists that need no others; with many pages and with few. */
const names = 'Demographics/Name';
const students = 'Student/Student';

/** All lists of an import. */
const listed = createLists({} as QmlativClient, {} as Parameters<typeof createLists>[1]).map(
  ({ object }) => object,
);

describe('lists that are read concurrently', () => {
  it('are published as those read one by one', async () => {
    await expectTheSame();
    changeAllStudents(district.skyward.sandbox, 1);
    const [many, one] = [await sideBySide(), await oneByOne()];
    expect(many.state).toBe('published');
    expect(many.report?.rowsRead).toEqual(one.report?.rowsRead);
    expect(many.report?.changesByField).toEqual(one.report?.changesByField);
    await expectTheSame();
  });

  it('leave out and name missing permissions', async () => {
    const { accesses, clientKey } = district.skyward.sandbox;
    const access = accesses.find(clientKey) ?? {};
    accesses.dropFields(clientKey, names, ['MiddleName', 'BirthDate']);
    accesses.dropFields(clientKey, students, ['GradYear']);
    accesses.dropFields(clientKey, 'Demographics/NamePhone', undefined);
    accesses.dropFields(clientKey, 'Demographics/NameEmail', undefined);
    const [many, one] = [await sideBySide(), await oneByOne()];
    accesses.change(clientKey, access);
    const byObject = (outcome: typeof many) =>
      outcome.report?.missingPermissions.toSorted((a, b) => a.object.localeCompare(b.object));
    expect(byObject(many)).toContainEqual({ object: names, fields: ['BirthDate', 'MiddleName'] });
    expect(byObject(many)).toContainEqual({ object: students, fields: ['GradYear'] });
    expect(byObject(many)).toContainEqual({ object: 'Demographics/NamePhone', fields: [] });
    expect(byObject(many)).toEqual(byObject(one));
    expect(await published(district.districtId)).toEqual(await published(other));
    expect([(await sideBySide()).failure, (await oneByOne()).failure]).toEqual([null, null]);
  });

  it.each([
    [names, 'BirthDate', 'in May'],
    [students, 'GradYear', 'soon'],
  ])('set rows of %s aside that cannot be read, with their place', async (object, field, value) => {
    const rows = rowsOf(object);
    const bad = [...rows.ids()].filter((_, index) => index % 9 === 0);
    const before = bad.map((id) => ({ [field]: rows.get(id, field) ?? null }));
    for (const id of bad) rows.update(id, { [field]: value });
    const [many, one] = [await sideBySide(), await oneByOne()];
    expect(many.report?.problems).toMatchObject({ 'field-unreadable': expect.any(Number) });
    expect(await problemsOf(district.districtId, many.runId)).toEqual(
      await problemsOf(other, one.runId),
    );
    expect(await published(district.districtId)).toEqual(await published(other));
    for (const [index, id] of bad.entries()) rows.update(id, before[index] ?? {});
    await expectTheSame();
  });

  it.each<Fault>([
    { object: students, page: 2, kind: 'cut-body' },
    { object: students, page: 2, kind: 'duplicate-page' },
    { object: students, page: 1, kind: 'short-page' },
    { object: students, page: 2, kind: 'expired-token' },
    { object: names, page: 1, kind: 'short-page' },
  ])('get over one $kind of $object', async (fault) => {
    district.skyward.sandbox.faults.add(fault);
    expect((await sideBySide()).state).toBe('unchanged');
  });

  it.each<Fault>([
    { object: students, page: 2, kind: 'status-500', times: 'ever' },
    { object: students, page: 2, kind: 'cut-body', times: 'ever' },
    { object: students, page: 2, kind: 'html', times: 'ever' },
    { object: students, page: 1, kind: 'wrong-json', times: 'ever' },
    { object: students, page: 2, kind: 'empty-page', times: 'ever' },
    { object: students, page: 2, kind: 'duplicate-page', times: 'ever' },
    { object: students, page: 1, kind: 'status-403', times: 'ever' },
    { object: names, page: 1, kind: 'status-500', times: 'ever' },
    { object: 'Family/StudentGuardian', page: 2, kind: 'status-500', times: 'ever' },
  ])('fail on permanent $kind of $object as those read one by one do', async (fault) => {
    const before = await published(district.districtId);
    district.skyward.sandbox.faults.add(fault);
    const [many, one] = [await sideBySide(), await oneByOne()];
    expect(many.state).toBe('failed');
    expect(many.failure).toEqual(one.failure);
    expect(many.failure?.message).toContain(fault.object);
    district.skyward.sandbox.faults.clear();
    expect(await published(district.districtId)).toEqual(before);
    await expectTheSame();
  });

  it.each([names, students])('can be stopped while %s is read', async (at) => {
    const stop = new AbortController();
    const outcome = await sideBySide({
      signal: stop.signal,
      onProgress: ({ object }) => {
        if (object === at) stop.abort();
      },
    });
    expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'import-cancelled' } });
    expect((await sideBySide()).state).toBe('unchanged');
  });

  it('can be stopped while Skyward lets one of them wait', async () => {
    district.skyward.sandbox.faults.add({ object: students, kind: 'hang', times: 'ever' });
    const stop = new AbortController();
    const outcome = await sideBySide({
      signal: stop.signal,
      connection: { signal: stop.signal, pageSize: 1000 },
      onProgress: ({ object }) => {
        if (object === 'Family/StudentFamily') stop.abort();
      },
    });
    expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'import-cancelled' } });
    district.skyward.sandbox.faults.clear();
    expect((await sideBySide()).state).toBe('unchanged');
  });

  it('fail at once although a new token does not come', async () => {
    const { faults } = district.skyward.sandbox;
    let events = 0;
    faults.add({ object: names, page: 1, kind: 'expired-token' });
    faults.add({ object: students, page: 1, kind: 'wrong-json', times: 'ever' });
    const outcome = await sideBySide({
      connection: {
        onRequest: () => {
          if (events++ === 0) faults.add({ object: 'oauth/token', kind: 'hang', times: 'ever' });
        },
      },
    });
    expect(outcome.failure?.message).toContain(students);
    faults.clear();
    await expectTheSame();
  });

  it('fail at once when a code table does, although none of them has come', async () => {
    const { faults } = district.skyward.sandbox;
    for (const object of listed) faults.add({ object, kind: 'hang', times: 'ever' });
    faults.add({ object: 'District/Entity', kind: 'empty-page', times: 'ever' });
    const outcome = await sideBySide();
    expect(outcome.failure).toMatchObject({
      code: 'empty-table',
      message: expect.stringContaining('District/Entity'),
    });
    faults.clear();
    await expectTheSame();
  });

  it.each<[string, ...Fault[]]>([
    ['once'],
    ['again', { object: students, page: 2, kind: 'duplicate-page' }],
  ])(
    'report progress without going back or counting twice, with lists read %s',
    async (_, ...faults) => {
      for (const fault of faults) district.skyward.sandbox.faults.add(fault);
      const told: number[] = [];
      const outcome = await sideBySide({
        onProgress: ({ rows }) => {
          if (rows !== undefined) told.push(rows);
        },
      });
      expect(told).toEqual(told.toSorted((a, b) => a - b));
      const all = Object.values(outcome.report?.rowsRead ?? {}).reduce(
        (sum, rows) => sum + rows,
        0,
      );
      expect(told.at(-1)).toBe(all);
    },
  );

  it.each([1, 2, 3, 4])(
    'have no more than %i requests in flight and one token, and each request that was sent is counted once',
    async (concurrency) => {
      const counter = await openCountingProxy(district.skyward.baseUrl);
      const events: RequestEvent[] = [];
      const outcome = await sideBySide({
        connection: {
          baseUrl: counter.baseUrl,
          concurrency,
          onRequest: (event) => events.push(event),
        },
      });
      await counter.close();
      expect(outcome.state).toBe('unchanged');
      expect(counter.maxInFlight).toBeLessThanOrEqual(concurrency);
      expect(counter.tokens).toBe(1);
      expect(events.length).toBe(counter.requests);
      expect(events.filter(({ status }) => status !== 200 && status !== 404)).toEqual(
        events.filter(({ isCancelled }) => isCancelled),
      );
    },
  );

  it('leave nothing of a first reading in an initial import', async () => {
    const [plain, repeated] = [
      await addDistrict(district.database, 'plain.example'),
      await addDistrict(district.database, 'repeated.example'),
    ];
    const { pool } = district.database;
    const run = (districtId: number) =>
      runSandboxImport(pool, district.skyward, districtId, { connection: smallPages });
    expect((await run(plain)).state).toBe('published');
    for (const object of [students, names])
      district.skyward.sandbox.faults.add({ object, page: 3, kind: 'duplicate-page' });
    expect((await run(repeated)).state).toBe('published');
    expect(await published(repeated)).toEqual(await published(plain));
  });
});
