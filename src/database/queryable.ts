/** The one type for anything that runs SQL statements: a pool, or a client of one. */
import type pg from 'pg';

export type Queryable = Pick<pg.ClientBase, 'query'>;
