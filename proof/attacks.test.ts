import { expect, inject, it } from 'vitest';

import { openTestDatabase } from '../tests/servers/test-database.ts';
import { proveAttacks } from './attack-proof.ts';

// A sample of each family; `npm run proof -- attacks` tries everything.
it('withstands a sample of all attacks that were ever tried', async () => {
  const database = await openTestDatabase();
  try {
    const { rows } = await database.pool.query<{ name: string }>(
      'select current_database() as name',
    );
    const figures = await proveAttacks(
      database,
      { ...inject('testServer'), database: rows[0]?.name ?? '' },
      { isQuick: true, seed: 1 },
      () => undefined,
    );
    expect(figures.holes).toEqual([]);
    expect(figures.tries).toBeGreaterThan(1000);
  } finally {
    await database.close();
  }
}, 180_000);
