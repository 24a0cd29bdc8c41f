/** Statements that each connection plans once: planning costs more than most of our reads. */
import { hash } from 'node:crypto';
import type pg from 'pg';

/**
 * The statement under a name of its own, so that a connection parses and plans it once. For statements whose
 * text is one of few; values stand in `values`. PostgreSQL itself plans anew when the schema or the role
 * changes, or when other values would want another plan.
 */
export const prepared = (text: string, values: readonly unknown[]): pg.QueryConfig => ({
  name: hash('sha1', text, 'base64'),
  text,
  values: [...values],
});
