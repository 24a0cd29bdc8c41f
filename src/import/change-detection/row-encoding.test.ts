/**
 * Hashes of rows go into stored fingerprints. A value here changes when a column is added, and the next import checks
 * every student again; it must not change otherwise.
 */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { stagedTables, type StagedTable } from '../../roster/staged-rows.ts';
import { RowEncoder, RowMemory } from './row-encoding.ts';

const exampleValues = {
  bigint: 4711,
  integer: 12,
  boolean: true,
  date: '2026-08-12',
  text: 'Zoë\tO’Hara',
};

/** One row per column with a value in that column alone, by name: their hashes tell the order of the columns. */
const exampleRows = (table: StagedTable) =>
  Object.entries(stagedTables[table])
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([column, type]) => ({ [column]: exampleValues[type] }));

const expected: Readonly<Record<StagedTable, string>> = {
  people: '61a1426549997867',
  person_aliases: '8d8105d6918a4bea',
  addresses: '4f607a98fcb46337',
  person_addresses: 'e71f10e2395fdc64',
  person_phones: 'ecf505d8e3266863',
  person_emails: '6bb9e0fe663e0fcc',
  students: '90fe1dc475575b41',
  guardian_links: '63b2481389398998',
  families: '002d3a0eacf83297',
  family_students: 'cad232c950f40f05',
  family_guardians: 'c2cfc7358aeb32b4',
  entity_years: '8c72b0445ce8bfa2',
  enrollments: '375ebb5056beafe6',
};

it.each(Object.keys(expected) as StagedTable[])(
  'hashes rows of %s as when stored fingerprints were computed',
  (table) => {
    const { hashes } = new RowEncoder(table).encode(exampleRows(table), new RowMemory());
    expect(createHash('sha256').update(hashes).digest('hex').slice(0, 16)).toBe(expected[table]);
  },
);
