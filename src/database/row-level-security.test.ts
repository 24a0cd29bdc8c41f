import { afterAll, beforeAll, expect, it } from 'vitest';

import { insertDistrict, insertRun, insertStudent } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import type { Database } from './database.ts';
import {
  type DistrictScope,
  readInDistrict,
  writeInDistrict,
} from './district-and-school-scope.ts';

let database: Database;
let ours = 0;
let theirs = 0;

/** Tables that hold nothing of one district; the web's role may do nothing with them. */
const withoutDistrict = [
  'account_credentials',
  'account_sessions',
  'account_sign_in_failures',
  'account_two_factors',
  'account_verifications',
  'schema_migrations',
];

beforeAll(async () => {
  database = await openTestDatabase();
  ours = await insertDistrict(database);
  theirs = await insertDistrict(database, { domain: 'other.example' });
  for (const [districtId, entityId] of [
    [ours, 401],
    [ours, 402],
    [theirs, 401],
  ] as const) {
    await insertRun(database, districtId);
    await insertStudent(database, districtId, {
      last_name: 'Poe',
      entity_id: entityId,
      guardians: [{ first_name: 'Ann' }],
      enrollments: [{ skyward_id: 1 }],
    });
  }
});
afterAll(() => database.close());

const count = async (table: string, scope: DistrictScope): Promise<number> =>
  readInDistrict(database.pool, scope, async ({ client }) => {
    const { rows } = await client.query<{ count: number }>(`select count(*) from ${table}`);
    return rows[0]?.count ?? 0;
  });

const tablesOf = async (condition: string): Promise<string[]> => {
  const { rows } = await database.pool.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname = 'public' and ${condition} order by 1`,
  );
  return rows.map((row) => row.name);
};

it('applies to every table of a district; the web role may use no other', async () => {
  expect(await tablesOf('not c.relrowsecurity')).toEqual(withoutDistrict);
  expect(
    await tablesOf(
      `not c.relrowsecurity and has_table_privilege('daybreak_web', c.oid, 'select, insert, update, delete')`,
    ),
  ).toEqual([]);
  expect(
    await tablesOf(
      `not exists (select from pg_policy p where p.polrelid = c.oid
         and coalesce(pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid))
           like '%current_district_id()%') and c.relrowsecurity`,
    ),
  ).toEqual([]);
});

it('shows a query without WHERE only rows of the district, in every table', async () => {
  for (const table of await tablesOf(`has_any_column_privilege('daybreak_web', c.oid, 'select')`)) {
    const column = table === 'districts' ? 'id' : 'district_id';
    const { rows } = await database.pool.query<{ count: number }>(
      `select count(*) from ${table} where ${column} = $1`,
      [ours],
    );
    expect([table, await count(table, { districtId: ours, schools: null })]).toEqual([
      table,
      rows[0]?.count,
    ]);
    expect([table, await count(table, { districtId: 0, schools: null })]).toEqual([table, 0]);
  }
});

it.each(['students', 'guardians', 'enrollments'])(
  "shows staff the %s of the schools assigned, another district's school of that number never",
  async (table) => {
    expect(await count(table, { districtId: ours, schools: [401] })).toBe(1);
    expect(await count(table, { districtId: ours, schools: [401, 402] })).toBe(2);
    expect(await count(table, { districtId: ours, schools: [] })).toBe(0);
  },
);

it('prevents writes for another district', async () => {
  const write = writeInDistrict(database.pool, { districtId: ours, schools: null }, ({ client }) =>
    client.query(`insert into audit_events (district_id, action) values ($1, 'signed-in')`, [
      theirs,
    ]),
  );
  await expect(write).rejects.toThrow(/row-level security/);
});

it.each([
  'update audit_events set action = action',
  'delete from audit_events',
  "update students set status = 'ENROLLED'",
  'select client_secret_sealed from skyward_connections',
  'select password from account_credentials',
])('refuses the web: %s', async (statement) => {
  const write = writeInDistrict(database.pool, { districtId: ours, schools: null }, ({ client }) =>
    client.query(statement),
  );
  await expect(write).rejects.toThrow(/permission denied/);
});

it('resets role and district when the connection returns to the pool', async () => {
  await count('students', { districtId: ours, schools: [401] });
  const { rows } = await database.pool.query(
    `select current_user <> 'daybreak_web' as "isOwner", current_district_id() as district,
       current_schools() as schools`,
  );
  expect(rows).toEqual([{ isOwner: true, district: null, schools: null }]);
});
