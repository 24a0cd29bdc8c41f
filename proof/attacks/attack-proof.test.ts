import { expect, inject, it } from 'vitest';

import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { proveAttacks } from './attack-proof.ts';

// A sample of each family; `npm run proof -- attacks` runs all attacks.
it('withstands a sample of all known attacks', async () => {
  const database = await openTestDatabase();
  try {
    const { rows } = await database.pool.query<{ name: string }>(
      'select current_database() as name',
    );
    const result = await proveAttacks(
      database,
      { ...inject('testServer'), database: rows[0]?.name ?? '' },
      { isQuick: true, seed: 1 },
      () => undefined,
    );
    expect(result.findings).toEqual([]);
    expect(result.attempts).toBeGreaterThan(1000);
  } finally {
    await database.close();
  }
}, 180_000);
