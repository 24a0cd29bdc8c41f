import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../src/database/database.ts';
import { openTestDatabase } from '../tests/servers/test-database.ts';
import { everyFault, proveFaults } from './fault-proof.ts';

let database: Database;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

// Each kind once: wrong pages, which a second reading gets over, on the list that everything depends on; the rest for
// ever on a list whose rows nothing depends on. What a client waits long for before it tries again is left to
// `npm run proof -- faults`, and so are all other lists.
it.each([
  ['ever', 'Demographics/NamePhone', 2, /type|field|token|40[13]/],
  [1, 'Student/Student', 1, /page|list/],
] as const)(
  'keeps what is published whole through faults, %s on %s, and the next import run is correct',
  async (times, object, page, kinds) => {
    const faults = everyFault().filter(
      (fault) => kinds.test(fault.kind) && fault.object === object && fault.page === page,
    );
    const small = { students: 60, pageSize: 20, times: [times] };
    const figures = await proveFaults(database, faults, () => undefined, small);
    expect(figures.differences).toEqual([]);
    expect(figures.faults).toBeGreaterThan(4);
  },
  180_000,
);
