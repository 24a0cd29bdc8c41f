/** How many rows and values of a list may be unusable before more than these are lost. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PoolClient } from 'pg';
import type { Database } from '../../database/database.ts';
import type { UnusableRow } from '../../roster/row-problem.ts';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import type { RosterList } from './roster-source.ts';
import { createStagingTables, StagedRoster } from './staging.ts';

let database: Database;
let client: PoolClient;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  client = await database.pool.connect();
  await createStagingTables(client);
  return () => client.release(true);
});
afterAll(() => database.close());

const problem = (key: number, unknownColumns: readonly string[] | null): UnusableRow => ({
  kind: 'field-unreadable',
  table: 'students',
  object: 'Student/Student',
  page: 1,
  row: key,
  key: String(key),
  field: 'GradYear',
  message: 'not a whole number',
  unknownColumns,
  sisStudentId: key,
  personId: null,
  addressId: null,
  familyId: null,
});

/** Reads a list of students with `count` problems. */
async function read(count: number, unknownColumns: readonly string[] | null) {
  const list: RosterList<'students'> = {
    table: 'students',
    object: 'Student/Student',
    async *pages() {
      const unusable = Array.from({ length: count }, (_, n) => problem(n + 1, unknownColumns));
      yield { page: 1, rows: [], unusable, unresolved: {} };
    },
  };
  const staged = await StagedRoster.open(client, true);
  await staged.read({ isRetryable: () => false }, [list], { onProgress: () => undefined });
  const { rows } = await client.query(
    'select count(*)::integer as count from staged_unusable_rows',
  );
  return { staged, listed: (rows as { count: number }[])[0]?.count };
}

describe('a list', () => {
  it('that cannot be used fails the reading', async () => {
    await expect(read(20_001, null)).rejects.toMatchObject({ code: 'too-many-unusable-rows' });
  });

  it('of which one value cannot be read anywhere loses that column, and nothing else', async () => {
    const { staged, listed } = await read(20_001, ['graduation_year']);
    expect([...staged.unreadable]).toEqual(['students.graduation_year']);
    expect(listed).toBe(20_000);
  });

  it('of which fewer values cannot be read loses these alone', async () => {
    const { staged, listed } = await read(300, ['graduation_year']);
    expect(staged.unreadable.size).toBe(0);
    expect(listed).toBe(300);
  });
});
