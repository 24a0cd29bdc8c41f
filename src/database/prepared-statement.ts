/** Prepared statements, planned once per connection: planning takes longer than most of our reads. */
import { hash } from 'node:crypto';

/** The name and text of a prepared statement. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

/**
 * Names a statement so that a connection parses and plans it once. For statements with few different texts.
 * PostgreSQL itself plans again when the schema or the role changes, or when other values need another plan.
 */
export const prepared = (text: string): PreparedStatement => ({
  name: hash('sha1', text, 'base64'),
  text,
});
