/** Lends a connection that sees one district only, and of it the caller's schools: row-level security. */
import type pg from 'pg';

import type { PreparedStatement } from './prepared-statement.ts';
import type { Queryable } from './queryable.ts';
import { isStalePlan, transaction } from './transaction.ts';

/** What a transaction of the web may see. */
export interface DistrictScope {
  readonly districtId: number;
  /** Entities whose students may be seen; null: every school of the district. */
  readonly schools: readonly number[] | null;
}

/**
 * One transaction bound to a district. In its statements `$1` is the number of the district, and the values that are
 * given stand from `$2`; PostgreSQL refuses a statement that does not name `$1`.
 */
export class DistrictDatabase {
  /** For what names no district: savepoints, locks, cursors, and functions that read it from the session. */
  readonly client: Queryable;
  /** What is seen over it. */
  readonly scope: DistrictScope;

  constructor(client: Queryable, scope: DistrictScope) {
    this.client = client;
    this.scope = scope;
  }

  /** Returns all rows. */
  async rows<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    sql: string | PreparedStatement,
    ...values: readonly unknown[]
  ): Promise<Row[]> {
    return (await this.#query<Row>(sql, values)).rows;
  }

  /** Returns the first row, if there is one. */
  async one<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    sql: string | PreparedStatement,
    ...values: readonly unknown[]
  ): Promise<Row | undefined> {
    return (await this.#query<Row>(sql, values)).rows[0];
  }

  /** Returns how many rows were written. */
  async execute(sql: string | PreparedStatement, ...values: readonly unknown[]): Promise<number> {
    return (await this.#query(sql, values)).rowCount ?? 0;
  }

  #query<Row extends pg.QueryResultRow>(
    sql: string | PreparedStatement,
    values: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    const statement = typeof sql === 'string' ? { text: sql } : sql;
    return this.client.query<Row>({
      ...statement,
      values: [this.scope.districtId, ...values],
    });
  }
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
  const begin = 'begin isolation level repeatable read read only';
  // A connection with a stale plan is closed; there are no more of them than the pool holds.
  for (let triesLeft = pool.options.max; triesLeft > 0; triesLeft--) {
    try {
      return await inScope(pool, scope, begin, read);
    } catch (error) {
      if (!isStalePlan(error)) throw error;
    }
  }
  return inScope(pool, scope, begin, read);
}

/** Runs `write` in one transaction bound to the scope: rows outside of it can be neither seen nor written. */
export async function writeInDistrict<Result>(
  pool: pg.Pool,
  scope: DistrictScope,
  write: (database: DistrictDatabase) => Promise<Result>,
): Promise<Result> {
  return inScope(pool, scope, 'begin isolation level read committed', write);
}

async function inScope<Result>(
  pool: pg.Pool,
  scope: DistrictScope,
  begin: string,
  work: (database: DistrictDatabase) => Promise<Result>,
): Promise<Result> {
  return transaction(
    pool,
    async (client) => work(new DistrictDatabase(client, scope)),
    // One way to the server instead of four; statements sent together take no parameters. Many people ask at
    // once, so nobody's question is spread over several processes.
    `${begin}; set local role daybreak_web; set local max_parallel_workers_per_gather = 0;
     set local daybreak.district_id = '${toIntegerLiteral(scope.districtId)}';
     set local daybreak.schools = '${scope.schools === null ? '' : `{${scope.schools.map(toIntegerLiteral).join(',')}}`}'`,
  );
}

/** A number as SQL; anything else is a fault of ours and never reaches the server. */
function toIntegerLiteral(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError('A number of the scope is not whole');
  return String(value);
}
