import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { proveUndo } from './undo-proof.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('restores every value of random histories, and the next import everything that was undone', async () => {
  const result = await proveUndo(database, { histories: 6, from: 39 }, () => undefined);
  expect(result.differences).toEqual([]);
  expect(result.histories).toBe(6);
  expect(result.broughtBack).toBeGreaterThan(10);
});
