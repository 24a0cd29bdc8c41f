import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../src/database/database.ts';
import { openTestDatabase } from '../tests/servers/test-database.ts';
import { listFaults, proveFaults } from './fault-proof.ts';

let database: Database;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

// Each kind once: wrong pages, which reading again fixes, on the list of students; persistent faults on a list on whose
// rows nothing depends. Faults with long waits and all other lists are left to `npm run proof -- faults`.
it.each([
  ['ever', 'Demographics/NamePhone', 2, /type|field|token|40[13]/],
  [1, 'Student/Student', 1, /page|list/],
] as const)(
  'publishes whole imports only, with faults %s on %s, and the next import is correct',
  async (times, object, page, kinds) => {
    const faults = listFaults().filter(
      (fault) => kinds.test(fault.kind) && fault.object === object && fault.page === page,
    );
    const options = { students: 60, pageSize: 20, times: [times] };
    const result = await proveFaults(database, faults, () => undefined, options);
    expect(result.differences).toEqual([]);
    expect(result.faults).toBeGreaterThan(4);
  },
  180_000,
);
