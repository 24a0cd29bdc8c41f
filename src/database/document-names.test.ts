/** Stored documents get the present names of sources and events, without another version. */
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

it('renames sources and events of documents and their versions', async () => {
  const { pool } = database;
  await pool.query('drop schema public cascade; create schema public');
  await migrate(pool, { to: 41 });
  const districtId = await insertDistrict(database);
  const studentId = await insertStudent(database, districtId);
  const field = (kind: string | null, night: string | null) => ({
    value: 'x',
    source: kind === null ? null : { kind, night, by: null },
    note: null,
    copied: 'x',
  });
  const fields = {
    name: field('skyward', '2026-11-23'),
    pronouns: field('by-hand', null),
    purpose: field(null, null),
  };
  await pool.query(
    `insert into form_templates (district_id, form_key, version, definition) values ($1, 'notice', 1, '{}')`,
    [districtId],
  );
  await pool.query(
    `insert into documents (district_id, student_id, form_key, form_version, title, fields, is_only_one, event,
       created_by, created_by_name, changed_by, changed_by_name)
     values ($1, $2, 'notice', 1, 'Notice', $3, false, 'set-back', $4, 'Sam', $4, 'Sam')`,
    [districtId, studentId, JSON.stringify(fields), '00000000-0000-4000-8000-000000000001'],
  );
  await migrate(pool);
  const expected = {
    event: 'reopened',
    fields: {
      name: { ...fields.name, source: { kind: 'skyward', importDate: '2026-11-23', by: null } },
      pronouns: { ...fields.pronouns, source: { kind: 'manual', importDate: null, by: null } },
      purpose: fields.purpose,
    },
  };
  for (const table of ['documents', 'document_versions']) {
    const { rows } = await pool.query(`select event, fields from ${table}`);
    expect(rows).toEqual([expected]);
  }
});
