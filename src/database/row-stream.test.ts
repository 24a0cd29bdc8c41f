/** Rows given one by one: values as everywhere else, faults that leave the connection usable. */
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { DatabaseError } from './database-error.ts';
import type { Database } from './database.ts';
import { withDedicatedConnection } from './dedicated-connection.ts';
import { readRows, type RowValues } from './row-stream.ts';
import { withClient } from './transaction.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('passes every row once, in order, with parsed values', async () => {
  await withClient(database.pool, async (client) => {
    const given: RowValues[] = [];
    const sql = `select n::bigint, '2026-08-12'::date, null::text, n > 1 from generate_series(1, 2) n`;
    expect(await readRows(client, sql, (row) => given.push(row))).toBe(2);
    expect(given).toEqual([
      [1, '2026-08-12', null, false],
      [2, '2026-08-12', null, true],
    ]);
  });
});

test('an error of the reader stops the rows and is thrown; the connection stays usable', async () => {
  await withClient(database.pool, async (client) => {
    const given: unknown[] = [];
    const reading = readRows(client, 'select generate_series(1, 5)', ([number]) => {
      given.push(number);
      if (number === 2) throw new RangeError('two');
    });
    await expect(reading).rejects.toThrow(new RangeError('two'));
    expect(given).toEqual([1, 2]);
    expect(await readRows(client, 'select 1', () => undefined)).toBe(1);
  });
});

test('throws errors of the server, even after the first rows; the connection stays usable', async () => {
  await withClient(database.pool, async (client) => {
    const sql = 'select 1 / (3 - n) from generate_series(1, 5) n';
    await expect(readRows(client, sql, () => undefined)).rejects.toThrow('division by zero');
    expect(await readRows(client, 'select 1', () => undefined)).toBe(1);
  });
});

test('throws when the connection is lost while rows are read', async () => {
  const sql = 'select n, case when n = 3 then pg_terminate_backend(pg_backend_pid()) end';
  const reading = withDedicatedConnection(database.pool, 'lost', (client) =>
    readRows(client, `${sql} from generate_series(1, 5) n`, () => undefined),
  );
  await expect(reading).rejects.toBeInstanceOf(DatabaseError);
});
