/**
 * Transactions that see only one district and, of it, only the caller's schools (row-level security): the policies in
 * `schema.sql` compare with `current_district_id()` and `current_schools()`, which read the settings below.
 */
import type pg from 'pg';

import type { PreparedStatement } from './prepared-statement.ts';
import type { Queryable } from './queryable.ts';
import { isStalePlan, transaction } from './transaction.ts';

/** The rows that a transaction may see. */
export interface DistrictScope {
  readonly districtId: number;
  /** Entities whose students may be seen; null: all schools of the district. */
  readonly schools: readonly number[] | null;
}

/**
 * A transaction limited to one district. In its statements `$1` is the district's id and the given values start at
 * `$2`; PostgreSQL rejects a statement that does not use `$1`.
 */
export class DistrictDatabase {
  readonly scope: DistrictScope;
  #client: Queryable | undefined;

  constructor(client: Queryable, scope: DistrictScope) {
    this.#client = client;
    this.scope = scope;
  }

  /** For statements without a district: savepoints, locks, cursors, and functions that read it from the session. */
  get client(): Queryable {
    if (this.#client === undefined) throw new Error('The transaction of the district has ended');
    return this.#client;
  }

  /**
   * Ends the use of the connection, together with the transaction. A later statement, as after a missing `await`, would
   * see all districts, or run in the transaction of another one.
   */
  end(): void {
    this.#client = undefined;
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

  /** Runs the statement and returns the number of affected rows. */
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
 * Runs `read` in a read-only transaction on one snapshot, so that it never sees part of an import. Row-level security
 * shows only the rows of the scope (migration 0004).
 */
export async function readInDistrict<Result>(
  pool: pg.Pool,
  scope: DistrictScope,
  read: (database: DistrictDatabase) => Promise<Result>,
): Promise<Result> {
  const begin = 'begin isolation level repeatable read read only';
  // Each try closes a connection with a stale plan, and the pool has at most `max` of them.
  for (let triesLeft = pool.options.max; triesLeft > 0; triesLeft--) {
    try {
      return await inScope(pool, scope, begin, read);
    } catch (error) {
      if (!isStalePlan(error)) throw error;
    }
  }
  return inScope(pool, scope, begin, read);
}

/** Runs `write` in one transaction that can neither see nor write rows outside the scope. */
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
    async (client) => {
      const database = new DistrictDatabase(client, scope);
      try {
        return await work(database);
      } finally {
        database.end();
      }
    },
    // One round trip instead of four; statements sent together cannot have parameters. No parallel workers, since
    // many requests run at the same time.
    `${begin}; set local role daybreak_web; set local max_parallel_workers_per_gather = 0;
     set local daybreak.district_id = '${toIntegerLiteral(scope.districtId)}';
     set local daybreak.schools = '${scope.schools === null ? '' : `{${scope.schools.map(toIntegerLiteral).join(',')}}`}'`,
  );
}

/** Returns the number as SQL; throws for anything that is not an integer. */
function toIntegerLiteral(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError('An id of the scope is not an integer');
  return String(value);
}
