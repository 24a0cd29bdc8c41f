/** Lends a connection that sees one district only, and of it the caller's schools: row-level security. */
import type pg from 'pg';

import { isStalePlan, transaction } from './transaction.ts';

/** What a transaction of the web may see. */
export interface DistrictScope {
  readonly districtId: number;
  /** Entities whose students may be seen; null: every school of the district. */
  readonly schools: readonly number[] | null;
}

/** One transaction bound to a district. */
export interface DistrictDatabase {
  /** What is seen over it. */
  readonly scope: DistrictScope;
  readonly client: pg.ClientBase;
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
    async (client) => work({ scope, client }),
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
