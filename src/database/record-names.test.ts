/** Stored actions and forms get their present names. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { insertDistrict, insertStudent } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from './database.ts';
import { migrate } from './migrations.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('renames actions of manual changes, also of deleted students, and introductions of forms', async () => {
  const { pool } = database;
  await pool.query('drop schema public cascade; create schema public');
  await migrate(pool, { to: 47 });
  const districtId = await insertDistrict(database);
  const studentId = await insertStudent(database, districtId);
  const stored = ['created', 'status-set', 'status-released', 'takeover-undone'];
  const expected = ['created', 'manual-status-set', 'manual-status-cleared', 'number-match-undone'];
  for (const action of stored) {
    await pool.query(
      `insert into hand_changes (district_id, student_id, account_name, action) values ($1, $2, 'Sam', $3)`,
      [districtId, studentId, action],
    );
  }
  const changes = stored.map((action, id) => ({ id, action }));
  const record = { student: { id: 7 }, parts: { hand_changes: changes, guardians: [] } };
  await pool.query(
    `insert into removed_students (district_id, removed_id, removed_by_name, record) values ($1, 7, 'Sam', $2)`,
    [districtId, JSON.stringify(record)],
  );
  const sections = [
    { title: 'One', words: ['Dear parents'], fields: [] },
    { title: 'Two', fields: [] },
  ];
  await pool.query(
    `insert into form_templates (district_id, form_key, version, definition) values ($1, 'trip', 1, $2)`,
    [districtId, JSON.stringify({ key: 'trip', sections })],
  );
  await migrate(pool);

  const actions = await pool.query('select action from hand_changes order by id');
  expect(actions.rows.map(({ action }) => action as string)).toEqual(expected);
  const removed = await pool.query('select record from removed_students');
  expect(removed.rows).toEqual([
    {
      record: {
        ...record,
        parts: { hand_changes: expected.map((action, id) => ({ id, action })), guardians: [] },
      },
    },
  ]);
  const forms = await pool.query('select definition from form_templates');
  expect(forms.rows).toEqual([
    {
      definition: {
        key: 'trip',
        sections: [
          { title: 'One', introduction: ['Dear parents'], fields: [] },
          { title: 'Two', fields: [] },
        ],
      },
    },
  ]);
});
