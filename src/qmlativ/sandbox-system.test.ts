import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { RunningSandbox } from '../../sandbox/sandbox.ts';
import { qmlativObjects } from './objects/objects.ts';
import { createQmlativClient } from './qmlativ-client.ts';
import type { QmlativClientOptions } from './qmlativ-client.ts';

const { EntryWithdrawal, Name, NameEmail, Student } = qmlativObjects;

describe('against the sandbox system', () => {
  let running: RunningSandbox;
  beforeAll(async () => {
    running = await startSandbox({ port: 0, students: 300, seed: 7, today: '2026-11-23' });
  });
  afterAll(() => running.close());

  const connect = (options: Partial<QmlativClientOptions> = {}) =>
    createQmlativClient({
      baseUrl: running.baseUrl,
      clientKey: running.clientKey,
      clientSecret: running.clientSecret,
      allowPrivateAddresses: true,
      pageSize: 100,
      delay: async () => undefined,
      ...options,
    });

  it('reads every object of the catalog whole', async () => {
    const client = connect();
    const metadata = await client.systemMetadata();
    const year = metadata.districts[0]?.schoolYear?.schoolYearId ?? 0;
    const { entityId } = running;
    for (const object of Object.values(qmlativObjects)) {
      const scope = object.yearBound ? { entityId, schoolYearIds: [year - 1, year] } : { entityId };
      const { unreadable } = await client.readAll(object, scope);
      expect(unreadable).toEqual([]);
    }
    const { rows } = await client.readAll(Name, { entityId });
    expect(rows).toHaveLength([...running.sandbox.rows('Demographics/Name').ids()].length);
    expect(client.missingObjects()).toEqual([]);
    expect(client.missingFields()).toEqual([
      {
        object: 'Student/Student',
        fields: ['LanguageIDNative', 'StudentStateID'],
      },
      { object: 'Family/StudentGuardian', fields: ['HasActiveRestrictedAccess'] },
    ]);
    await client.close();
  });

  it('finds the key of an object in its metadata', async () => {
    const client = connect();
    const fields = await client.objectFields(Student, running.entityId);
    expect(fields.filter(({ isKey }) => isKey).map(({ name }) => name)).toEqual(['StudentID']);
    await client.close();
  });

  it.each(['duplicate-page', 'empty-page', 'short-page'] as const)(
    'notices a %s in mid-list, and reads the list whole the next time',
    async (kind) => {
      const client = connect();
      running.sandbox.faults.add({ object: 'Demographics/Name', page: 3, kind });
      const read = () => client.readAll(Name, { entityId: running.entityId });
      await expect(read()).rejects.toMatchObject({ code: 'unstable-list' });
      const { rows } = await read();
      expect(rows).toHaveLength([...running.sandbox.rows('Demographics/Name').ids()].length);
      await client.close();
    },
  );

  it.each(['status-500', 'status-429', 'cut-body', 'expired-token'] as const)(
    'gets over %s in mid-list without losing a page',
    async (kind) => {
      const client = connect();
      running.sandbox.faults.add({ object: 'Demographics/NameEmail', page: 2, kind });
      const { rows } = await client.readAll(NameEmail, { entityId: running.entityId });
      expect(rows).toHaveLength([...running.sandbox.rows('Demographics/NameEmail').ids()].length);
      await client.close();
    },
  );

  it('goes on with a new token when all tokens expire or are revoked while it reads', async () => {
    const client = connect({ concurrency: 1 });
    let count = 0;
    for await (const { page, rows } of client.readPages(Name, { entityId: running.entityId })) {
      count += rows.length;
      if (page === 1) running.sandbox.accesses.expireTokens();
      if (page === 3) running.sandbox.accesses.revokeTokens();
    }
    expect(count).toBe([...running.sandbox.rows('Demographics/Name').ids()].length);
    await client.close();
  });

  it.each([
    ['wrong-credentials', {}, 'another secret'],
    ['access-denied', { isActive: false }, undefined],
    ['access-denied', { expirationDate: '2026-11-22' }, undefined],
    ['access-denied', { effectiveDate: '2026-11-24' }, undefined],
    ['no-entity-permission', { entities: new Set<number>() }, undefined],
  ])('says %s', async (code, changes, secret) => {
    const { accesses } = running.sandbox;
    const before = accesses.find(running.clientKey);
    accesses.change(running.clientKey, changes);
    const client = connect(secret === undefined ? {} : { clientSecret: secret });
    const reading = client.readAll(EntryWithdrawal, { entityId: running.entityId });
    await expect(reading).rejects.toMatchObject({ code });
    if (before !== undefined) accesses.change(running.clientKey, before);
    await client.close();
  });
});
