/** Prevents manual identity changes and imports from running at the same time. */
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';
import { importLock } from '../../database/import-lock.ts';

/**
 * Blocks the district's imports until the transaction ends; an import waits while a form is saved. Returns false if an
 * import is running: it has already matched students, so a new number, merge or status would be lost or fail it.
 */
export async function tryBlockImports(database: DistrictDatabase): Promise<boolean> {
  const row = await database.one<{ held: boolean }>(
    `select pg_try_advisory_xact_lock_shared(${importLock('$1')}) as held`,
  );
  return row?.held === true;
}
