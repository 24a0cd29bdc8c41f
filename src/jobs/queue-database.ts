/** Gives pg-boss our connection pool, with the column types it expects. */
import type { Db } from 'pg-boss';
import type pg from 'pg';
import { types } from 'pg';

/**
 * Adapts the pool to the interface of pg-boss. pg-boss shares our connections, so closing the database closes
 * them too; its tables are in the schema `pgboss`.
 */
export function queueDatabase(pool: pg.Pool): Db {
  // pg's own parsers; ours return `Temporal.Instant`.
  const builtIn: pg.CustomTypesConfig = { getTypeParser: types.getTypeParser };
  return {
    executeSql: async (text, values) =>
      pool.query({ text, types: builtIn, ...(values === undefined ? {} : { values }) }),
  };
}
