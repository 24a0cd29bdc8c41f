/** Lends the queue the pool of ours, with column values in the form that it reckons with. */
import type { Db } from 'pg-boss';
import type pg from 'pg';
import { types } from 'pg';

/**
 * The pool as pg-boss asks for one. It shares our connections, so that closing the database closes the
 * queue's as well; its own tables stand in the schema `pgboss`.
 */
export function queueDatabase(pool: pg.Pool): Db {
  // pg's own reading of dates and numbers; ours gives `Temporal.Instant`.
  const builtIn: pg.CustomTypesConfig = { getTypeParser: types.getTypeParser };
  return {
    executeSql: async (text, values) =>
      pool.query({ text, types: builtIn, ...(values === undefined ? {} : { values }) }),
  };
}
