/** The version of a record: a save based on an older one is rejected, so that no change is lost. */
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';

/** SQL for the version of a row of `students`: the time of its last change, in microseconds. */
export const versionColumn = (alias: string): string =>
  `extract(epoch from ${alias}.updated_at)::text`;

/** Returns the version of an existing student. */
export async function readVersion(database: DistrictDatabase, studentId: number): Promise<string> {
  const row = await database.one<{ version: string }>(
    `select ${versionColumn('s')} as version from students s where district_id = $1 and id = $2`,
    studentId,
  );
  return row?.version ?? '';
}
