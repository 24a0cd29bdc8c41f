import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../src/database/database.ts';
import { openTestDatabase } from '../tests/servers/test-database.ts';
import { proveYear } from './year-proof.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** Days around the events of a school year: winter, clock changes, year end, roll-over, first day of school. */
const dates = [
  '2026-11-24',
  '2027-01-11',
  '2027-03-14',
  '2027-05-01',
  '2027-05-02',
  '2027-05-28',
  '2027-06-02',
  '2027-06-30',
  '2027-07-01',
  '2027-07-02',
  '2027-08-10',
  '2027-08-12',
  '2027-08-20',
  '2027-11-07',
  '2028-02-28',
  '2028-02-29',
  '2028-03-01',
];

it.each(['at-roll-over', 'on-last-day'] as const)(
  'R32 to R42: every status of a year agrees with the oracle, school years closing %s',
  async (yearEnd) => {
    const options = { students: 80, seed: 5, from: '2026-11-23', dates, yearEnd };
    const result = await proveYear(database, options, () => undefined);
    expect(result.differences).toEqual([]);
    expect(result.imports).toBe(dates.length + 1);
    expect(result.statusChanges).toBeGreaterThan(20);
  },
);
