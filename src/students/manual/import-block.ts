/** Keeps people's changes of who a student is and the nightly import out of each other's way. */
import type { DistrictDatabase } from '../../database/district-scope.ts';
import { importLock } from '../../database/import-lock.ts';

/**
 * Holds off the imports of the district until the transaction ends; they wait for as long as it takes to
 * save a form. False when one is under way: it has already matched the students it found, so that a number
 * given, a record merged or a status set in between would be lost or stop the night.
 */
export async function tryBlockImports(
  { client }: DistrictDatabase,
  districtId: number,
): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(
    `select pg_try_advisory_xact_lock_shared(${importLock('$1')}) as held`,
    [districtId],
  );
  return rows[0]?.held === true;
}
