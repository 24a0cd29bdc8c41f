/** Statements that each connection plans once: planning costs more than most of our reads. */
import { hash } from 'node:crypto';

/** A statement under a name of its own. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

/**
 * The statement under a name of its own, so that a connection parses and plans it once. For statements whose
 * text is one of few. PostgreSQL itself plans anew when the schema or the role changes, or when other values
 * would want another plan.
 */
export const prepared = (text: string): PreparedStatement => ({
  name: hash('sha1', text, 'base64'),
  text,
});
