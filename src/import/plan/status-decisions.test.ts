/** Statuses are decided student by student, however the server's response is cut into batches. */
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase } from '../../../tests/servers/test-database.ts';
import type { Database } from '../../database/database.ts';
import { withDedicatedConnection } from '../../database/dedicated-connection.ts';
import { defaultStatusRules } from '../../enrollment/status-settings.ts';
import { createAssemblyTables } from './assembly.ts';
import { createChangedStudentTables } from './changed-students.ts';
import { createDecisionTable, decideStatuses } from './status-decisions.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const scope = {
  today: Temporal.PlainDate.from('2026-11-23'),
  schoolYear: 2027,
  rules: defaultStatusRules,
  expired: [],
};

const withTables = (work: (client: pg.Client) => Promise<void>): Promise<void> =>
  withDedicatedConnection(database.pool, 'decisions', async (client) => {
    await createChangedStudentTables(client);
    await createDecisionTable(client);
    await createAssemblyTables(client);
    await work(client);
  });

test('of thousands of students each is decided once, from all enrollments', async () => {
  await withTables(async (client) => {
    // Three enrollments each, of which only the last is in effect; no batch is a multiple of three.
    await client.query(`
      insert into changed_students (skyward_id, student_id, is_new)
      select n, n, true from generate_series(1, 7000) n;
      insert into next_enrollments (student_id, skyward_id, school_year, entity_id, start_date,
        end_date, is_default_entity)
      select n, n * 10 + row, 2027, 1, '2026-08-12'::date + row,
        case when row < 3 then '2026-08-01'::date end, true
      from generate_series(1, 3) row, generate_series(1, 7000) n`);
    expect(await decideStatuses(client, 1, scope)).toBe(7000);
    const { rows } = await client.query(`
      select count(*)::integer as decided, count(distinct student_id)::integer as students
      from decisions where is_changed and counts and status = 'ENROLLED'
        and decided_by = student_id * 10 + 3 and jsonb_array_length(left_out) = 2`);
    expect(rows).toEqual([{ decided: 7000, students: 7000 }]);
  });
});

test('a student without any enrollment is decided too, and does not count', async () => {
  await withTables(async (client) => {
    await client.query(
      'insert into changed_students (skyward_id, student_id, is_new) values (1, 1, true)',
    );
    expect(await decideStatuses(client, 1, scope)).toBe(1);
    const { rows } = await client.query('select status, rule, counts from decisions');
    expect(rows).toEqual([{ status: 'INACTIVE', rule: 'no-enrollment', counts: false }]);
  });
});
