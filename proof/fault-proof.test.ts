import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../src/database/database.ts';
import { openTestDatabase } from '../tests/test-database.ts';
import { everyFault, proveFaults } from './fault-proof.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** What a client waits long for before it tries again is left to `npm run proof -- faults`. */
const isQuick = /page|list|type|field|token|40[13]/;

it('keeps what is published whole through faults of every quick kind, and the next night is right', async () => {
  const onLists = everyFault().filter(
    ({ kind, object, page }) =>
      isQuick.test(kind) &&
      ((object === 'Demographics/NamePhone' && page === 2) ||
        (object === 'Student/Student' && page === 1 && /page|list|type/.test(kind))),
  );
  const figures = await proveFaults(database, onLists, () => undefined);
  expect(figures.differences).toEqual([]);
  expect(figures.faults).toBeGreaterThan(12);
}, 180_000);
