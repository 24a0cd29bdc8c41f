/** Database errors caused by values from Skyward. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyRows } from '../database/copy.ts';
import type { Database } from '../database/database.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { toImportError, toFailure } from './import-error.ts';
import { createStagingTables } from './reading/staging.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

describe('a value that the database rejects', () => {
  it.each([
    ['students', 'graduation_year', 20302030203, 'Student/Student, field GradYear', '22003'],
    ['guardian_links', 'rank', 'first', 'Family/StudentGuardian, field Rank', '22P02'],
    ['enrollments', 'end_date', '2026-02-30', 'Enrollment/EntryWithdrawal, field EndDate', '22008'],
  ])('is reported with its object and field: %s.%s', async (table, column, value, place, code) => {
    const client = await database.pool.connect();
    try {
      await createStagingTables(client);
      const error: unknown = await copyRows(client, `staged_${table}`, [column], [[[value]]]).catch(
        (rejection: unknown) => rejection,
      );
      const failure = toFailure(toImportError(error));
      expect(failure).toMatchObject({ code: 'value-rejected' });
      expect(failure.message).toBe(`${place}: the database rejected a value (${code}).`);
      expect(JSON.stringify(failure)).not.toContain(String(value));
    } finally {
      client.release(true);
    }
  });

  it('leaves any other error unchanged', () => {
    const error = new Error('something else');
    expect(toImportError(error)).toBe(error);
  });
});
