/** COPY carries any text unchanged, survives rejected rows and returns the number of stored rows. */
import { assert, array, asyncProperty, constantFrom, oneof, string } from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { copyRows, openCopy } from './copy.ts';
import type { Database } from './database.ts';
import { transaction, withClient } from './transaction.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** A producer that breaks off in the middle, as a page that fails does. */
async function* failing() {
  yield [['kept?']];
  await Promise.resolve();
  throw new Error('page 3 failed');
}

const hostile = constantFrom(
  '\\',
  '\t',
  '\n',
  '\r',
  '\\N',
  '\\.',
  '\u0008',
  '\u2028',
  "'",
  '"',
  'é',
);
const text = array(oneof(hostile, string({ unit: 'binary' }))).map((parts) =>
  parts.join('').replaceAll('\0', ''),
);

test('any text is stored unchanged', async () => {
  await withClient(database.pool, async (client) => {
    await client.query('CREATE TEMP TABLE words (number integer, word text)');
    await assert(
      asyncProperty(array(text, { maxLength: 20 }), async (words) => {
        await client.query('TRUNCATE words');
        const rows = words.map((word, number) => [number, word]);
        expect(await copyRows(client, 'words', ['number', 'word'], [rows])).toBe(words.length);
        const back = await client.query<{ word: string }>('SELECT word FROM words ORDER BY number');
        expect(back.rows.map((row) => row.word)).toEqual(words);
      }),
    );
  });
});

test('stores numbers, booleans, null and empty text', async () => {
  await withClient(database.pool, async (client) => {
    await client.query('CREATE TEMP TABLE kinds (a bigint, b boolean, c text, d text, e float8)');
    const row = [7n, false, null, '', -0.25];
    await copyRows(client, 'kinds', ['a', 'b', 'c', 'd', 'e'], [[row]]);
    const { rows } = await client.query('SELECT * FROM kinds');
    expect(rows).toEqual([{ a: 7, b: false, c: null, d: '', e: -0.25 }]);
  });
});

test('U+0000, which PostgreSQL cannot store, is dropped and counted', async () => {
  await withClient(database.pool, async (client) => {
    await client.query('CREATE TEMP TABLE nulls (word text)');
    const copy = openCopy(client, 'nulls', ['word']);
    copy.write(['a\0b\0']);
    expect(await copy.end()).toBe(1);
    expect(copy.strippedNulls).toBe(2);
    expect((await client.query('SELECT word FROM nulls')).rows).toEqual([{ word: 'ab' }]);
  });
});

test('stores many rows, no matter how often the producer waits', async () => {
  await withClient(database.pool, async (client) => {
    await client.query('CREATE TEMP TABLE many (number integer, word text)');
    const copy = openCopy(client, 'many', ['number', 'word']);
    for (let number = 0; number < 50_000; number++) {
      copy.write([number, 'x'.repeat(100)]);
      if (number % 1_000 === 0) await copy.flush();
    }
    expect(await copy.end()).toBe(50_000);
    const { rows } = await client.query('SELECT count(DISTINCT number) AS count FROM many');
    expect(rows).toEqual([{ count: 50_000 }]);
  });
});

test('an invalid value rejects `end`, and the connection stays usable', async () => {
  await withClient(database.pool, async (client) => {
    await client.query('CREATE TEMP TABLE days (day date)');
    const copying = copyRows(client, 'days', ['day'], [[['2026-02-30']]]);
    await expect(copying).rejects.toMatchObject({ code: '22008' });
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

test('a missing table rejects, even after many rows', async () => {
  await withClient(database.pool, async (client) => {
    const batches = Array.from({ length: 200 }, () => [['y'.repeat(10_000)]]);
    const copying = copyRows(client, 'nowhere', ['word'], batches);
    await expect(copying).rejects.toMatchObject({ code: '42P01' });
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

test('after an error in the rows no row is stored, and the transaction can be rolled back', async () => {
  await database.pool.query('CREATE TABLE halves (word text)');
  const work = transaction(database.pool, (client) =>
    copyRows(client, 'halves', ['word'], failing()),
  );
  await expect(work).rejects.toThrow('page 3 failed');
  expect((await database.pool.query('SELECT * FROM halves')).rows).toEqual([]);
});

test('quotes names of tables and columns', async () => {
  await withClient(database.pool, async (client) => {
    await client.query('CREATE TEMP TABLE "od""d table" ("select" text)');
    expect(await copyRows(client, ['pg_temp', 'od"d table'], ['select'], [[['x']]])).toBe(1);
  });
});

test('rejects a row with the wrong number of values before sending it', async () => {
  await withClient(database.pool, async (client) => {
    await client.query('CREATE TEMP TABLE pairs (a text, b text)');
    const copy = openCopy(client, 'pairs', ['a', 'b']);
    expect(() => copy.write(['alone'])).toThrow('1 values for 2 columns');
    await copy.abort(new Error('test ends'));
    expect((await client.query('SELECT * FROM pairs')).rows).toEqual([]);
  });
});
