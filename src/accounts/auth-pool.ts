/** Our connection pool for better-auth, which expects `Date` instead of instants. */
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';
import { types } from 'pg';

const int8 = 20;

type BuiltInParsers = (oid: number, format: 'text' | 'binary') => (text: string) => unknown;

/** pg's own column types, except that a bigint is a number. */
function columnTypes(): pg.CustomTypesConfig {
  const builtIn: BuiltInParsers = types.getTypeParser;
  return {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === int8 ? Number : builtIn(oid, format ?? 'text'),
  };
}

/** Returns a pool with the same connections and other date types; ending it does nothing. */
export function authPool(pool: pg.Pool): PostgresPool {
  const instantsAsDates = columnTypes();
  return {
    async connect(): Promise<PostgresPoolClient> {
      const client = await pool.connect();
      function query<Row>(
        text: string,
        values: readonly unknown[],
      ): Promise<PostgresQueryResult<Row>>;
      function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
      function query(text: unknown, values?: readonly unknown[]): unknown {
        // better-auth never uses cursors.
        if (typeof text !== 'string') throw new TypeError('Sign-in does not support cursors');
        return client.query({ text, values: [...(values ?? [])], types: instantsAsDates });
      }
      return { query, release: () => client.release() };
    },
    end: () => Promise.resolve(),
  };
}
