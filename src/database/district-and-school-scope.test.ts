import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { insertDistrict } from '../../tests/builders/record-builder.ts';
import { listSourcePaths, projectRoot } from '../../tests/house/source-file.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import {
  type DistrictDatabase,
  readInDistrict,
  writeInDistrict,
} from './district-and-school-scope.ts';
import { prepared } from './prepared-statement.ts';

it('reads continue when a migration of a newer version adds a column to a prepared statement', async () => {
  const database = await openTestDatabase();
  try {
    const scope = { districtId: await insertDistrict(database), schools: null };
    const columns = async () =>
      readInDistrict(database.pool, scope, async (district) =>
        Object.keys((await district.one(prepared('select * from districts where id = $1'))) ?? {}),
      );
    // Twice at once: two connections hold the plan.
    await Promise.all([columns(), columns()]);
    await database.pool.query('alter table districts add column motto text');
    await database.pool.query('grant select on districts to daybreak_web');
    expect(await Promise.all([columns(), columns()])).toEqual([
      expect.arrayContaining(['motto']),
      expect.arrayContaining(['motto']),
    ]);
  } finally {
    await database.close();
  }
});

it('a scope that is not a number never reaches the server', async () => {
  const database = await openTestDatabase();
  try {
    const scope = { districtId: Number.NaN, schools: null };
    await expect(
      readInDistrict(database.pool, scope, async () => Promise.resolve()),
    ).rejects.toThrow(TypeError);
  } finally {
    await database.close();
  }
});

describe('a statement of a district', () => {
  it('has the id of the district as its first value', async () => {
    const database = await openTestDatabase();
    try {
      const scope = { districtId: await insertDistrict(database), schools: null };
      const found = await readInDistrict(database.pool, scope, async (district) => [
        await district.one('select id, $2::text as given from districts where id = $1', 'a'),
        await district.rows('select id from districts where id = $1 or $2', true),
        await district.one('select id from districts where id <> $1'),
        await district.execute('select from districts where id = $1'),
      ]);
      const { districtId: id } = scope;
      expect(found).toEqual([{ id, given: 'a' }, [{ id }], undefined, 1]);
    } finally {
      await database.close();
    }
  });

  it('is rejected if it does not use the district', async () => {
    const database = await openTestDatabase();
    try {
      const scope = { districtId: await insertDistrict(database), schools: null };
      for (const work of [
        async (district: DistrictDatabase) => district.rows('select id from students'),
        async (district: DistrictDatabase) => district.one(prepared('select id from students')),
        async (district: DistrictDatabase) =>
          district.rows('select id from students where id = $2', 1),
      ]) {
        await expect(readInDistrict(database.pool, scope, work)).rejects.toThrow(/\$1|parameters/);
      }
    } finally {
      await database.close();
    }
  });
});

it('a statement after the transaction of its district never reaches the server', async () => {
  const database = await openTestDatabase();
  try {
    const scope = { districtId: await insertDistrict(database), schools: null };
    await insertDistrict(database, { domain: 'other.example' });
    const failed = Promise.withResolvers<void>();
    const renaming: Promise<number>[] = [];
    const work = writeInDistrict(database.pool, scope, async (district) => {
      const rename = async () => {
        await failed.promise;
        return district.execute("update districts set name = 'Late' where id >= $1");
      };
      renaming.push(rename());
      await Promise.all([...renaming, Promise.reject(new Error('stop'))]);
    });
    await expect(work).rejects.toThrow('stop');
    failed.resolve();
    await expect(renaming[0]).rejects.toThrow('has ended');
    const { rows } = await database.pool.query("select from districts where name = 'Late'");
    expect(rows).toEqual([]);
  } finally {
    await database.close();
  }
});

it('a statement without the district reads and writes no table', async () => {
  const paths = (await listSourcePaths()).filter(
    (path) => path.startsWith('src/') && !path.endsWith('.test.ts'),
  );
  const statements = paths.flatMap((path) =>
    [...readFileSync(join(projectRoot, path), 'utf8').matchAll(unboundStatement)].map(
      ([, sql = '']) => sql,
    ),
  );
  expect(statements.length).toBeGreaterThan(10);
  expect(statements.filter((sql) => namesTable.test(sql) && !sql.startsWith('fetch '))).toEqual([]);
});

/** The text of a statement that goes to the connection itself. */
const unboundStatement = /database\.client\.query(?:<[^(]*>)?\(\s*['`]([^'`]*)/g;

/** A table after one of these words; a function has a parenthesis. */
const namesTable = /\b(?:from|join|into|update)\s+[a-z_]+\b(?!\()/;
