/** Keeps people's changes of who a student is and the nightly import out of each other's way. */
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { importLock } from '../../database/import-lock.ts';

/**
 * Holds off the imports of the district until the transaction ends; they wait for as long as it takes to
 * save a form. False when one is under way: it has already matched the students it found, so that a number
 * given, a record merged or a status set in between would be lost or stop the night.
 */
export async function tryBlockImports(database: DistrictDatabase): Promise<boolean> {
  const row = await database.one<{ held: boolean }>(
    `select pg_try_advisory_xact_lock_shared(${importLock('$1')}) as held`,
  );
  return row?.held === true;
}
