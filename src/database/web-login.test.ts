/** Any SQL over the connections of the web process reads no student data and changes to no other role. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { insertDistrict, insertRun, insertStudent } from '../../tests/builders/record-builder.ts';
import { openTestDatabase } from '../../tests/servers/test-database.ts';
import { startThrowawayServer } from '../../tests/servers/throwaway-server.ts';
import { type Database, openPool } from './database.ts';
import { migrate } from './migrations.ts';
import { transaction } from './transaction.ts';
import { prepareWebLogin, webLoginName } from './web-login.ts';

let database: Database;
let owner = '';

beforeAll(async () => {
  database = await openTestDatabase();
  const districtId = await insertDistrict(database);
  await insertRun(database, districtId);
  await insertStudent(database, districtId, { guardians: [{}], enrollments: [{ skyward_id: 1 }] });
  await database.pool.query(
    `insert into audit_events (district_id, action, happened_at)
     values ($1, 'signed-in', now() - interval '1 day')`,
    [districtId],
  );
  const { rows } = await database.pool.query<{ owner: string }>('select current_user as owner');
  owner = rows[0]?.owner ?? '';
});
afterAll(() => database.close());

/** Runs statements as injected SQL would run. Returns the number of rows of the last one, or the error message. */
const attempt = async (...statements: readonly string[]): Promise<number | string> =>
  transaction(database.web.pool, async (client) => {
    let count = 0;
    for (const statement of statements) count = (await client.query(statement)).rows.length;
    return count;
  }).catch((error: unknown) => (error instanceof Error ? error.message : 'unknown'));

const tables = async (condition = 'true'): Promise<string[]> => {
  const { rows } = await database.pool.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and ${condition} order by 1`,
  );
  return rows.map(({ name }) => name);
};

/** What the web process reaches outside of a district, each for the reason that its migration gives. */
const reached = [
  'account_credentials',
  'account_invitations',
  'account_sessions',
  'account_sign_in_failures',
  'account_two_factors',
  'account_verifications',
  'accounts',
  'audit_events',
  'district_sign_on',
  'districts',
  'import_runs',
  'mail_choices',
  'schema_migrations',
  'sent_mails',
  'setup_requests',
  'single_sign_on_starts',
  'skyward_connections',
  'support_mails',
  'webhook_deliveries',
  'webhooks',
];

it('signs in as a role without privileges of its own', async () => {
  const { rows } = await database.web.pool.query(
    `select current_user as name, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication, rolinherit,
       (select count(*) from pg_class where relowner = r.oid) as owned,
       (select array_agg(m.roleid::regrole::text) from pg_auth_members m where m.member = r.oid) as "memberOf"
     from pg_roles r where rolname = current_user`,
  );
  expect(rows).toEqual([
    {
      name: webLoginName,
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolbypassrls: false,
      rolreplication: false,
      rolinherit: false,
      owned: 0,
      memberOf: ['daybreak_web'],
    },
  ]);
});

it('reaches no table outside a district except those of sign-in and setup', async () => {
  expect(
    await tables(
      `(has_any_column_privilege('${webLoginName}', c.oid, 'select, insert, update')
        or has_table_privilege('${webLoginName}', c.oid, 'delete, truncate'))`,
    ),
  ).toEqual(reached);
  for (const table of await tables()) {
    if (reached.includes(table)) continue;
    for (const way of ['reset role', `set local role ${webLoginName}`, 'set local role none'])
      expect(
        await attempt('set local role daybreak_web', way, `select * from ${table}`),
        `${table} after ${way}`,
      ).toMatch(/permission denied/);
  }
});

it('sees no student as the role of a district if no district is set', async () => {
  for (const table of ['students', 'guardians', 'enrollments', 'student_counts', 'documents'])
    expect(await attempt('set local role daybreak_web', `select * from ${table}`)).toBe(0);
});

describe('is refused', () => {
  it.each([
    () => `set role ${owner}`,
    () => 'set role postgres',
    () => 'set role pg_read_all_data',
    () => `set session authorization ${owner}`,
    () => `alter role ${webLoginName} superuser`,
    () => `grant ${owner} to ${webLoginName}`,
    () => 'create table mine ()',
    () => 'create schema mine',
    () => 'create role mine',
    () => 'alter table students disable row level security',
    () => 'create policy mine on students using (true)',
    () => 'drop policy by_owner on students',
    () => `copy (select 1) to program 'id'`,
    () => `select pg_read_file('postgresql.conf')`,
    () => 'select * from pg_authid',
    () => `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${owner}'`,
    () => 'truncate audit_events',
    () => 'update audit_events set action = action',
    () => 'delete from audit_events',
    () => 'select account_email from audit_events',
    () => 'select recipient, subject from sent_mails',
    () => 'update districts set name = name',
    () => 'delete from districts',
    () => 'delete from skyward_connections',
    () => 'insert into import_runs (district_id) values (1)',
    () => 'select add_up_student_counts(1)',
  ])('%s', async (statement) => {
    expect(await attempt(statement())).toMatch(
      /permission denied|must be owner|must be able to SET ROLE|Only roles with/,
    );
  });
});

it('calls no function that runs as the owner except the one that counts in the audit trail', async () => {
  const { rows } = await database.pool.query(
    `select p.proname as name from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.prosecdef and p.prorettype <> 'trigger'::regtype
       and has_function_privilege('${webLoginName}', p.oid, 'execute')`,
  );
  expect(rows).toEqual([{ name: 'count_audit_event' }]);
});

it('sees only the newest lines of the audit trail, to avoid duplicates', async () => {
  expect(await attempt('select action from audit_events')).toBe(0);
});

it('forces row-level security for the owner too, who has an explicit policy', async () => {
  expect(await tables('c.relrowsecurity and not c.relforcerowsecurity')).toEqual([]);
  const { rows } = await database.pool.query('select from students');
  expect(rows).toHaveLength(1);
  await database.pool.query('drop policy by_owner on students');
  expect((await database.pool.query('select from students')).rows).toEqual([]);
});

it('creates a missing policy of the owner at the next start, as after a restore with pg_restore', async () => {
  await database.pool.query('drop policy if exists by_owner on students');
  expect(await migrate(database.pool)).toEqual([]);
  expect((await database.pool.query('select from students')).rows).toHaveLength(1);
  expect(await tables('not c.relforcerowsecurity and c.relrowsecurity')).toEqual([]);
});

it('gets the password of the settings if the owner may set it; otherwise the error has the command to run', async () => {
  const server = await startThrowawayServer();
  const open = (user: string, password: string, webPassword: string) =>
    openPool(
      { ...server.connection, user, password, webPassword },
      { migrate: false, poolSize: 1 },
      async () => undefined,
    );
  const { user, password, webPassword } = server.connection;
  const plain = await open(user, password, 'another one');
  // A role may set its own password; here it stands for an owner who may.
  const able = await open(webLoginName, webPassword, 'another one');
  try {
    await expect(prepareWebLogin(plain)).rejects.toMatchObject({
      code: 'database-web-login-rejected',
      advice: expect.stringContaining(webLoginName),
    });
    await prepareWebLogin(able);
    await prepareWebLogin(plain);
    const { rows } = await plain.web.pool.query('select current_user as name');
    expect(rows).toEqual([{ name: webLoginName }]);
  } finally {
    await Promise.all([plain.close(), able.close()]);
    await server.release();
  }
});
