/** Nights that read two lists side by side come to what those come to that read one after the other. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/api/fault.ts';
import {
  addDistrict,
  openSandboxDistrict,
  runSandboxImport,
  type ImportOverrides,
  type SandboxDistrict,
} from '../../tests/skyward/sandbox-district.ts';
import { changeEverybody, publishedData } from '../../tests/builders/published-data.ts';
import { openSkywardCounter } from '../../tests/skyward/counting-proxy.ts';

let district: SandboxDistrict;
/** Another district fed from the same Skyward, whose nights read in one thread. */
let other: number;

beforeAll(async () => {
  district = await openSandboxDistrict({ students: 80, seed: 41, permissions: 'all' });
  other = await addDistrict(district.database, 'other.example');
  expect((await inTwo()).state).toBe('published');
  expect((await inOne()).state).toBe('published');
});
afterAll(() => district.close());
afterEach(() => district.skyward.sandbox.faults.clear());

/** So small that even the list of students has several. */
const smallPages = { pageSize: 50 };

const inTwo = (words: ImportOverrides = {}) =>
  district.runImport({ threads: 2, ...words, connection: { ...smallPages, ...words.connection } });
const inOne = (words: ImportOverrides = {}) =>
  runSandboxImport(district.database.pool, district.skyward, other, {
    threads: 1,
    ...words,
    connection: { ...smallPages, ...words.connection },
  });

const rowsOf = (path: string) => district.skyward.sandbox.rows(path);

/** All that is published of a district, with what the next night compares. */
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

/** Both districts have the same, and the next night of each finds nothing to do. */
async function expectTheSame() {
  expect(await published(district.districtId)).toEqual(await published(other));
  expect((await inTwo()).state).toBe('unchanged');
  expect((await inOne()).state).toBe('unchanged');
}

/** What the first thread begins with, and the second: faults of these lists tell which of the two has them. */
const names = 'Demographics/Name';
const students = 'Student/Student';

describe('a night in two threads', () => {
  it('publishes what a night in one thread does', async () => {
    await expectTheSame();
    changeEverybody(district.skyward.sandbox, 1);
    const [two, one] = [await inTwo(), await inOne()];
    expect(two.state).toBe('published');
    expect(two.report?.rowsRead).toEqual(one.report?.rowsRead);
    expect(two.report?.changesByField).toEqual(one.report?.changesByField);
    await expectTheSame();
  });

  it('leaves out and names what was not granted, whichever thread found out', async () => {
    const { accesses, clientKey } = district.skyward.sandbox;
    const access = accesses.find(clientKey) ?? {};
    accesses.dropFields(clientKey, names, ['MiddleName', 'BirthDate']);
    accesses.dropFields(clientKey, students, ['GradYear']);
    accesses.dropFields(clientKey, 'Demographics/NamePhone', undefined);
    accesses.dropFields(clientKey, 'Demographics/NameEmail', undefined);
    const [two, one] = [await inTwo(), await inOne()];
    accesses.change(clientKey, access);
    const byObject = (night: typeof two) =>
      night.report?.missingPermissions.toSorted((a, b) => a.object.localeCompare(b.object));
    expect(byObject(two)).toContainEqual({ object: names, fields: ['BirthDate', 'MiddleName'] });
    expect(byObject(two)).toContainEqual({ object: students, fields: ['GradYear'] });
    expect(byObject(two)).toContainEqual({ object: 'Demographics/NamePhone', fields: [] });
    expect(byObject(two)).toEqual(byObject(one));
    expect(await published(district.districtId)).toEqual(await published(other));
    expect([(await inTwo()).failure, (await inOne()).failure]).toEqual([null, null]);
  });

  it.each([
    [names, 'BirthDate', 'in May'],
    [students, 'GradYear', 'soon'],
  ])(
    'sets rows of %s aside that cannot be read, with their place',
    async (object, field, value) => {
      const rows = rowsOf(object);
      const bad = [...rows.ids()].filter((_, index) => index % 9 === 0);
      const before = bad.map((id) => ({ [field]: rows.get(id, field) ?? null }));
      for (const id of bad) rows.update(id, { [field]: value });
      const [two, one] = [await inTwo(), await inOne()];
      expect(two.report?.problems).toMatchObject({ 'field-unreadable': expect.any(Number) });
      expect(await problemsOf(district.districtId, two.runId)).toEqual(
        await problemsOf(other, one.runId),
      );
      expect(await published(district.districtId)).toEqual(await published(other));
      for (const [index, id] of bad.entries()) rows.update(id, before[index] ?? {});
      await expectTheSame();
    },
  );

  it.each<Fault>([
    { object: students, page: 2, kind: 'cut-body' },
    { object: students, page: 2, kind: 'duplicate-page' },
    { object: students, page: 1, kind: 'short-page' },
    { object: students, page: 2, kind: 'expired-token' },
    { object: names, page: 1, kind: 'short-page' },
  ])('gets over one $kind of $object', async (fault) => {
    district.skyward.sandbox.faults.add(fault);
    expect((await inTwo()).state).toBe('unchanged');
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
  ])('fails on $kind of $object for ever as one in one thread does', async (fault) => {
    const before = await published(district.districtId);
    district.skyward.sandbox.faults.add(fault);
    const [two, one] = [await inTwo(), await inOne()];
    expect(two.state).toBe('failed');
    expect(two.failure).toEqual(one.failure);
    expect(two.failure?.message).toContain(fault.object);
    district.skyward.sandbox.faults.clear();
    expect(await published(district.districtId)).toEqual(before);
    await expectTheSame();
  });

  it.each(['exit', 'throw'])('fails when its second thread ends by itself (%s)', async (how) => {
    const threadModule = new URL(`../../tests/ending-thread.ts?${how}`, import.meta.url);
    const night = await inTwo({ threadModule });
    expect(night).toMatchObject({ state: 'failed', failure: { code: 'reading-thread-ended' } });
    expect(night.failure?.advice).toMatch(/memory/);
    expect((await inTwo()).state).toBe('unchanged');
  });

  it('is not one where it does not pay, or where Skyward may be asked one thing at a time', async () => {
    const threadModule = new URL('../../tests/ending-thread.ts?exit', import.meta.url);
    expect((await district.runImport({ threadModule })).state).toBe('unchanged');
    expect((await inTwo({ connection: { concurrency: 1 } })).state).toBe('unchanged');
  });

  it.each([names, students])('can be stopped while it reads %s', async (at) => {
    const stop = new AbortController();
    const night = await inTwo({
      signal: stop.signal,
      onProgress: ({ object }) => {
        if (object === at) stop.abort();
      },
    });
    expect(night).toMatchObject({ state: 'failed', failure: { code: 'import-cancelled' } });
    expect((await inTwo()).state).toBe('unchanged');
  });

  it('can be stopped while Skyward lets its second thread wait', async () => {
    district.skyward.sandbox.faults.add({ object: students, kind: 'hang', times: 'ever' });
    const stop = new AbortController();
    const night = await inTwo({
      signal: stop.signal,
      connection: { signal: stop.signal, pageSize: 1000 },
      // The last list: after its one page the first thread has nothing more to do.
      onProgress: ({ object }) => {
        if (object === 'Family/StudentFamily') stop.abort();
      },
    });
    expect(night).toMatchObject({ state: 'failed', failure: { code: 'import-cancelled' } });
    district.skyward.sandbox.faults.clear();
    expect((await inTwo()).state).toBe('unchanged');
  });

  it.each<[string, ...Fault[]]>([
    ['once'],
    ['again', { object: students, page: 2, kind: 'duplicate-page' }],
  ])(
    'tells how far it is without going back or counting twice, with lists read %s',
    async (_, ...faults) => {
      for (const fault of faults) district.skyward.sandbox.faults.add(fault);
      const told: number[] = [];
      const night = await inTwo({
        onProgress: ({ rows }) => {
          if (rows !== undefined) told.push(rows);
        },
      });
      expect(told).toEqual(told.toSorted((a, b) => a - b));
      const all = Object.values(night.report?.rowsRead ?? {}).reduce((sum, rows) => sum + rows, 0);
      expect(told.at(-1)).toBe(all);
    },
  );

  it.each([2, 3, 4])(
    'has no more than %i requests under way at once, one token, and tells of each request',
    async (concurrency) => {
      const counter = await openSkywardCounter(district.skyward.baseUrl);
      let told = 0;
      const night = await inTwo({
        connection: {
          baseUrl: counter.baseUrl,
          concurrency,
          onRequest: () => told++,
        },
      });
      await counter.close();
      expect(night.state).toBe('unchanged');
      expect(counter.most).toBeLessThanOrEqual(concurrency);
      expect(counter.tokens).toBe(1);
      // A page beyond the end of a list may have been given up before it was sent.
      expect(told).toBeGreaterThanOrEqual(counter.requests);
    },
  );
});
