/** Clients are always released, and no partial transaction remains. */
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { openCopy } from './copy.ts';
import type { Database } from './database.ts';
import { withDedicatedConnection } from './dedicated-connection.ts';
import { inTransaction, transaction, withClient } from './transaction.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.pool.query('CREATE TABLE marks (mark text)');
});
afterAll(() => database.close());

const marks = async () => (await database.pool.query('SELECT mark FROM marks')).rows;
const lent = () => database.pool.totalCount - database.pool.idleCount;

test('rows of a transaction are committed when it returns', async () => {
  const result = await transaction(database.pool, async (client) => {
    await client.query("INSERT INTO marks VALUES ('whole')");
    return 7;
  });
  expect(result).toBe(7);
  expect(await marks()).toEqual([{ mark: 'whole' }]);
  expect(lent()).toBe(0);
});

test('a transaction that throws is rolled back and releases its client', async () => {
  const before = await marks();
  const work = transaction(database.pool, async (client) => {
    await client.query("INSERT INTO marks VALUES ('half')");
    throw new Error('stop');
  });
  await expect(work).rejects.toThrow('stop');
  expect(await marks()).toEqual(before);
  expect(lent()).toBe(0);
});

test('a swallowed error of a statement does not count as a commit', async () => {
  const work = transaction(database.pool, async (client) => {
    await client.query('SELECT 1 / 0').catch(() => undefined);
  });
  await expect(work).rejects.toMatchObject({ code: 'database-rolled-back' });
});

test('a transaction that throws on a dedicated connection is rolled back, and the connection stays usable', async () => {
  const before = await marks();
  await withDedicatedConnection(database.pool, 'test', async (client) => {
    const half = inTransaction(client, async () => {
      await client.query("INSERT INTO marks VALUES ('half')");
      await client.query('SELECT 1 / 0');
    });
    await expect(half).rejects.toThrow('division by zero');
    const seen = await inTransaction(client, async () => client.query('SELECT mark FROM marks'));
    expect(seen.rows).toEqual(before);
  });
});

test('a connection that breaks is closed and reported, not reused', async () => {
  const work = withClient(database.pool, (client) =>
    client.query('SELECT pg_terminate_backend(pg_backend_pid())'),
  );
  await expect(work).rejects.toMatchObject({ code: 'database-connection-lost' });
  expect(await marks()).toEqual([{ mark: 'whole' }]);
});

test('a COPY left open by an error does not block the pool', async () => {
  const work = transaction(database.pool, (client) => {
    openCopy(client, 'marks', ['mark']).write(['x']);
    return Promise.reject(new Error('forgot to abort'));
  });
  await expect(work).rejects.toThrow('forgot to abort');
  expect(lent()).toBe(0);
});

test('instants, days and large numbers are parsed without a Date and without loss', async () => {
  const { rows } = await database.pool.query<Record<string, unknown>>(
    `SELECT timestamptz '2026-11-23 08:00:00.123456+05:30' AS instant, date '1753-01-01' AS day,
            9007199254740991::bigint AS large, 1.10::numeric AS exact, ARRAY[date '2026-02-28', NULL] AS days`,
  );
  expect(rows[0]).toMatchObject({
    day: '1753-01-01',
    large: Number.MAX_SAFE_INTEGER,
    exact: '1.10',
  });
  expect(rows[0]?.['days']).toEqual(['2026-02-28', null]);
  expect(String(rows[0]?.['instant'])).toBe('2026-11-23T02:30:00.123456Z');
});

test('a number that JavaScript cannot represent is rejected, not rounded', async () => {
  const query = database.pool.query('SELECT 9007199254740993::bigint');
  await expect(query).rejects.toThrow('beyond 2^53');
});
