/**
 * The tables that a night works on, beside the published ones. Most nights have few rows there: temporary tables
 * of their one connection. On a first night they hold everybody, and two connections work on them side by side:
 * then they are unlogged tables in a schema of the district, found before the published ones by its search path.
 */
import type pg from 'pg';
import { withDedicatedConnection } from '../../database/dedicated-connection.ts';
import { isImportAlive, configureForBulkWork } from '../runs/import-session.ts';

/** How a night's tables are made. */
export type TableKind = 'temporary' | 'unlogged';

/** The connections of one night. */
export interface RunConnections {
  /** Holds the district's lock; everything that is published goes through it. */
  readonly client: pg.ClientBase;
  /** A second one that sees the same tables; on first nights. */
  readonly beside: pg.ClientBase | undefined;
  readonly tables: TableKind;
  readonly isInitialImport: boolean;
}

const schemaName = (districtId: number) => `import_${districtId}`;

/** Whether nothing that Skyward delivers is published yet: everybody will be new. */
async function isInitialImport(client: pg.ClientBase, districtId: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'select from students where district_id = $1 and skyward_id is not null limit 1',
    [districtId],
  );
  return rowCount === 0;
}

/**
 * Keeps the server's tidying up away from a first night's tables, which are gone before it could be of use: it would
 * take processor time from the night, and taking the tables away would wait until it gives up (deadlock_timeout, one
 * second unless it is set). Temporary tables it never sees.
 */
export async function disableAutovacuum(client: pg.ClientBase): Promise<void> {
  await client.query(`
    do $$
    declare
      name text;
    begin
      for name in
        select oid::regclass from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'
      loop
        execute format('alter table %s set (autovacuum_enabled = off, toast.autovacuum_enabled = off)', name);
      end loop;
    end $$`);
}

/** Schemas of nights that died; whoever runs next removes them. */
const orphanedSchemas = `
  select nspname as name
  from (select nspname, substring(nspname from '^import_([0-9]{1,18})$')::bigint as district_id from pg_namespace) n
  where district_id is not null and (district_id = $1 or not ${isImportAlive('district_id')})`;

/** Removes what nights that died have left, of this district (whose lock the caller holds) and of others. */
async function dropOrphanedTables(client: pg.ClientBase, districtId: number): Promise<void> {
  const { rows } = await client.query<{ name: string }>(orphanedSchemas, [districtId]);
  for (const { name } of rows) await client.query(`drop schema if exists ${name} cascade`);
}

async function canCreateSchemas(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    "select has_database_privilege(current_database(), 'create') as may",
  );
  return rows[0]?.may === true;
}

/**
 * Lends the connections of one night and takes its tables away afterwards. The caller holds the district's lock.
 * A first night has a second connection, unless this user may make no schema.
 */
export async function withRunTables<Result>(
  client: pg.Client,
  pool: pg.Pool,
  districtId: number,
  work: (connections: RunConnections) => Promise<Result>,
): Promise<Result> {
  await dropOrphanedTables(client, districtId);
  const first = await isInitialImport(client, districtId);
  if (!first || !(await canCreateSchemas(client))) {
    return work({ client, beside: undefined, tables: 'temporary', isInitialImport: first });
  }
  const schema = schemaName(districtId);
  const setSearchPath = `set search_path = ${schema}, public`;
  await client.query(`create schema ${schema}; ${setSearchPath}`);
  try {
    return await withDedicatedConnection(
      pool,
      'daybreak import, second connection',
      async (beside) => {
        await configureForBulkWork(beside);
        await beside.query(setSearchPath);
        return work({ client, beside, tables: 'unlogged', isInitialImport: true });
      },
    );
  } finally {
    // A night whose connection is gone leaves this to the next one.
    await client.query(`drop schema ${schema} cascade`).catch(() => undefined);
  }
}
