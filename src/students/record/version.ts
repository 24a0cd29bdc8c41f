/** The version of a record: a save over an older one is refused instead of losing what came in between. */
import type { DistrictDatabase } from '../../database/district-scope.ts';

/** SQL of the version of a row of `students`: the moment of its last change, to the microsecond. */
export const versionColumn = (alias: string): string =>
  `extract(epoch from ${alias}.updated_at)::text`;

/** The version of a student who is there. */
export async function readVersion(database: DistrictDatabase, studentId: number): Promise<string> {
  const row = await database.one<{ version: string }>(
    `select ${versionColumn('s')} as version from students s where district_id = $1 and id = $2`,
    studentId,
  );
  return row?.version ?? '';
}
