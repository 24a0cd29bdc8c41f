/** Stored setup requests and notices get the present names of states and kinds. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertDistrict } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from './database.ts';
import { migrate } from './migrations.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('renames the state of declined requests and the kinds of notices and mails', async () => {
  const { pool } = database;
  await pool.query('drop schema public cascade; create schema public');
  await migrate(pool, { to: 42 });
  const districtId = await insertDistrict(database);
  await pool.query(
    `insert into setup_requests (district_id, channel, requested_by, requested_at, state, closed_at)
     values ($1, 'mail', 'pat@demo.example', now(), 'refused', now()),
       ($1, 'mail', 'pat@demo.example', now(), 'waiting', null)`,
    [districtId],
  );
  const kinds = ['night-failed', 'night-held', 'nothing-new', 'expired'];
  await pool.query(
    `insert into connection_notices (district_id, kind, about, told_at)
     select $1, kind, current_date, now() from unnest($2::text[]) kind`,
    [districtId, kinds],
  );
  await pool.query(
    `insert into sent_mails (district_id, kind, recipient, subject, state)
     select $1, 'connection-' || kind, 'pat@demo.example', 'A notice', 'sent' from unnest($2::text[]) kind`,
    [districtId, kinds],
  );

  await migrate(pool);

  const valuesOf = async (table: string, column: string) => {
    const { rows } = await pool.query<{ value: string }>(
      `select ${column} as value from ${table} order by value`,
    );
    return rows.map(({ value }) => value);
  };
  expect(await valuesOf('setup_requests', 'state')).toEqual(['declined', 'waiting']);
  expect(await valuesOf('connection_notices', 'kind')).toEqual([
    'expired',
    'import-failed',
    'import-held',
    'no-changes',
  ]);
  expect(await valuesOf('sent_mails', 'kind')).toEqual([
    'connection-expired',
    'connection-import-failed',
    'connection-import-held',
    'connection-no-changes',
  ]);
});
