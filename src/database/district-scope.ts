/** Lends a connection that sees one district only, and of it the caller's schools: row-level security. */
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';

import type { Tables } from './tables.ts';
import { transaction } from './transaction.ts';

/** What a transaction of the web may see. */
export interface DistrictScope {
  readonly districtId: number;
  /** Entities whose students may be seen; null: every school of the district. */
  readonly schools: readonly number[] | null;
}

/** One transaction bound to a district. Both speak over the same connection. */
export interface DistrictDatabase {
  readonly client: pg.ClientBase;
  readonly kysely: Kysely<Tables>;
}

/**
 * Runs `read` on one unchanging state of the database, so that a night published in between is not seen
 * half. The database itself shows the rows of the scope only (migration 0004). Writing is refused.
 */
export async function readInDistrict<Result>(
  pool: pg.Pool,
  scope: DistrictScope,
  read: (database: DistrictDatabase) => Promise<Result>,
): Promise<Result> {
  return inScope(pool, scope, 'set transaction isolation level repeatable read read only', read);
}

/** Runs `write` in one transaction bound to the scope: rows outside of it can be neither seen nor written. */
export async function writeInDistrict<Result>(
  pool: pg.Pool,
  scope: DistrictScope,
  write: (database: DistrictDatabase) => Promise<Result>,
): Promise<Result> {
  return inScope(pool, scope, 'set transaction isolation level read committed', write);
}

async function inScope<Result>(
  pool: pg.Pool,
  scope: DistrictScope,
  mode: string,
  work: (database: DistrictDatabase) => Promise<Result>,
): Promise<Result> {
  return transaction(pool, async (client) => {
    await client.query(`${mode}; set local role daybreak_web`);
    await client.query(
      `select set_config('daybreak.district_id', $1, true), set_config('daybreak.schools', $2, true)`,
      [String(scope.districtId), scope.schools === null ? '' : `{${scope.schools.join(',')}}`],
    );
    return work({ client, kysely: kyselyOn(client) });
  });
}

/** Kysely over a connection that is lent already: it neither opens nor gives back any. */
function kyselyOn(client: pg.PoolClient): Kysely<Tables> {
  const lent = { query: client.query.bind(client), release: () => undefined };
  const pool = { connect: async () => Promise.resolve(lent), end: async () => Promise.resolve() };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
