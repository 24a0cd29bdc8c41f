/** Attacks on row-level security with arbitrary SQL, as the role of the web process. */
import { Client } from 'pg';

import type { Family, Attempts } from '../attack.ts';
import type { Target } from '../target/target.ts';

export const rowLevelSecurityFamily: Family = {
  name: 'row-level security',
  isQuick: true,
  async attack(target, attempts) {
    const { host, port, database, webPassword } = target.connection;
    const user = 'daybreak_web_login';
    const client = new Client({ host, port, database, user, password: webPassword });
    await client.connect();
    try {
      await attackAsWeb(target, attempts, client);
    } finally {
      await client.end();
    }
    await attackFunctions(target, attempts);
    await attackAsOwner(target, attempts);
  },
};

/** Returns values of the session's district and schools, with descriptions. */
const listContexts = (target: Target): readonly (readonly [string, string, string])[] => {
  const { a, b } = target.records;
  return [
    ['without a district', '', ''],
    ['with schools only', '', '{401,402}'],
    ['of district 0', '0', ''],
    ['of an unknown district', '999999', ''],
    ['of the other district', String(b.districtId), ''],
    ['of the other district, schools of this one', String(b.districtId), '{401,402}'],
    ['of no school', String(a.districtId), '{}'],
  ];
};

async function attackAsWeb(target: Target, attempts: Attempts, client: Client): Promise<void> {
  const district = target.records.a.districtId;
  const { rows: tables } = await client.query<{ name: string; isOfStudent: boolean }>(
    `select c.relname as name, exists (select from pg_attribute s where s.attrelid = c.oid and s.attname = 'student_id')
        or c.relname = 'students' as "isOfStudent"
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'district_id' and not a.attisdropped
     where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  for (const [what, own, schools] of listContexts(target)) {
    for (const { name, isOfStudent } of tables) {
      // Some tables are visible to the whole district; the audit trail is restricted by role.
      if (what === 'of no school' && (!isOfStudent || name === 'audit_events')) continue;
      const result = await runAsWeb(
        client,
        own,
        schools,
        `select count(*)::int as count from ${name} where district_id = ${district}`,
      );
      attempts.record(
        `the web role ${what}, select from ${name}`,
        typeof result === 'number' && result > 0 && `sees ${result} rows of district a`,
      );
    }
  }
  const own = String(target.records.b.districtId);
  for (const { name } of tables.filter(({ isOfStudent }) => isOfStudent))
    for (const roleStatement of [
      'reset role',
      'set local role none',
      'set local role daybreak_web_login',
    ]) {
      const statement = `select count(*)::int as count from ${name}`;
      const result = await runAsWeb(client, '', '', statement, roleStatement);
      const isVisible = typeof result === 'number' && result > 0 && name !== 'audit_events';
      attempts.record(
        `the web role, ${roleStatement}, ${statement}`,
        isVisible && `sees ${result} rows`,
      );
    }
  const statements = [
    `update students set last_name = 'x' where district_id = ${district}`,
    `delete from students where district_id = ${district}`,
    `update documents set state = 'complete' where district_id = ${district}`,
    `insert into audit_events (district_id, action) values (${district}, 'signed-in')`,
    `update audit_events set action = action`,
    `delete from audit_events`,
    `truncate audit_events`,
    `select client_secret_sealed from skyward_connections`,
    `select client_secret_sealed from district_sign_on`,
    `select password from account_credentials`,
    `select token from account_sessions`,
    `select secret from account_two_factors`,
    `update accounts set role = 'technician' where district_id = ${own}`,
    `update districts set name = 'x' where id = ${district}`,
    `alter table students disable row level security`,
    `create table loot (x text)`,
    `create function loot() returns int language sql as 'select 1'`,
    `copy students to program 'cat'`,
    `select pg_read_file('/etc/passwd')`,
    `set role pg_read_all_data`,
    `set session authorization default; select set_config('x.y', current_user, false)`,
  ];
  for (const statement of statements) {
    const result = await runAsWeb(client, own, '', statement);
    attempts.record(
      `the web role, ${statement}`,
      typeof result === 'number' && result > 0 && 'succeeds',
    );
  }
}

/** Runs a statement as the web role and rolls it back; returns the number of rows, or the error. */
async function runAsWeb(
  client: Client,
  district: string,
  schools: string,
  statement: string,
  roleStatement?: string,
): Promise<number | string> {
  await client.query('begin');
  try {
    await client.query('set local role daybreak_web');
    await client.query(
      `select set_config('daybreak.district_id', $1, true), set_config('daybreak.schools', $2, true)`,
      [district, schools],
    );
    if (roleStatement !== undefined) await client.query(roleStatement);
    const { rows, rowCount } = await client.query<{ count?: number }>(statement);
    return rows[0]?.count ?? rowCount ?? 1;
  } catch (error) {
    return error instanceof Error ? error.message : 'refused';
  } finally {
    await client.query('rollback');
  }
}

async function attackFunctions(target: Target, attempts: Attempts): Promise<void> {
  const { rows } = await target.database.pool.query<{ name: string; isFixed: boolean }>(
    `select p.proname as name, coalesce(array_to_string(p.proconfig, ' ') ~ 'search_path=', false) as "isFixed"
     from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace`,
  );
  for (const { name, isFixed } of rows)
    attempts.record(
      `the function ${name}`,
      !isFixed && 'runs as its owner with a search path of the caller’s',
    );
}

/** Checks the roles that the server's processes connect as. */
async function attackAsOwner(target: Target, attempts: Attempts): Promise<void> {
  const { pool } = target.database;
  const { rows } = await pool.query<{
    name: string;
    isSuper: boolean;
    bypasses: boolean;
    owned: number;
  }>(
    `select r.rolname as name, bool_or(r.rolsuper) as "isSuper", bool_or(r.rolbypassrls) as bypasses,
       (select count(*)::int from pg_class c where c.relowner = r.oid and c.relkind = 'r') as owned
     from pg_stat_activity s join pg_roles r on r.rolname = s.usename
     where s.datname = current_database() and s.pid <> pg_backend_pid() and s.application_name like '%web%'
     group by r.oid, r.rolname`,
  );
  attempts.record(
    'connections of the web process',
    rows.length === 0 && 'can’t be identified, so they have no separate role',
  );
  for (const { name, isSuper, bypasses, owned } of rows) {
    attempts.record(
      `the role ${name} of the web process`,
      (isSuper || bypasses) && 'bypasses all policies',
    );
    attempts.record(`the role ${name} of the web process`, owned > 0 && `owns ${owned} tables`);
  }
  const { rows: unforced } = await pool.query<{ name: string }>(
    `select relname as name from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace
       and relrowsecurity and not relforcerowsecurity`,
  );
  attempts.record(
    'the owner of the tables',
    unforced.length > 0 &&
      `bypasses the policies of ${unforced.length} tables, ${unforced[0]?.name} among them`,
  );
}
