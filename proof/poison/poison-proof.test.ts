import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { firstKinds, provePoison } from './poison-proof.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('holds or names wrong data of a whole school, and no healthy import', async () => {
  const names = ['all students withdrawn', 'students deleted', 'birth dates emptied'];
  const kinds = firstKinds.filter(({ name }) => names.includes(name));
  const district = {
    students: 120,
    schools: 2,
    seed: 3,
    from: '2027-01-19',
    imports: 1,
    poisonAfter: [1],
    yearEnd: 'at-roll-over',
  } as const;
  const result = await provePoison(database, [district], () => undefined, {
    first: kinds,
    second: [],
  });
  expect(result.healthyImports).toBe(1);
  // The telephone company changes area codes on that day.
  expect(result.falseHolds).toEqual([]);
  expect(result.first).toMatchObject({ kinds: 3, attempts: 9 });
  const wholeSchools = Object.values(result.first.missed)
    .flat()
    .filter((attempt) => attempt.startsWith('100 %'));
  expect(wholeSchools).toEqual([]);
});
