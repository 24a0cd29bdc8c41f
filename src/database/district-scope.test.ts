import { expect, it } from 'vitest';

import { insertDistrict } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { readInDistrict } from './district-scope.ts';
import { prepared } from './prepared-statement.ts';

it('reads go on when a migration of a newer version adds a column to what is prepared already', async () => {
  const database = await openTestDatabase();
  try {
    const scope = { districtId: await insertDistrict(database), schools: null };
    const columns = async () =>
      readInDistrict(database.pool, scope, async ({ client }) => {
        const { rows } = await client.query<Record<string, unknown>>(
          prepared('select * from districts', []),
        );
        return Object.keys(rows[0] ?? {});
      });
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

it('a scope that is no number never reaches the server', async () => {
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
