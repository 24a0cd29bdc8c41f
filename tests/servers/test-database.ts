/** The database of a test file: a clone of the migrated template. */
import { inject } from 'vitest';

import type { Database } from '../../src/database/database.ts';
import { openClone } from './database-clone.ts';

/**
 * Clones the migrated template into a new database; `close` drops it. Databases of failed test files
 * are removed with the server at the end of the run.
 */
export async function openTestDatabase(): Promise<Database> {
  return openClone(inject('testServer'));
}
