/** Import runs as a student's record refers to them. */
import type { RunReference } from '../contract/students.ts';
import type { StudentReader } from './student-reading.ts';

/** The runs of these numbers; null and numbers that no run of the district has are left out. */
export async function readRuns(
  reader: StudentReader,
  districtId: number,
  ids: readonly (number | null)[],
): Promise<ReadonlyMap<number | null, RunReference>> {
  const known = ids.filter((id) => id !== null);
  if (known.length === 0) return new Map();
  const rows = await reader
    .selectFrom('import_runs')
    .where('district_id', '=', districtId)
    .where('id', 'in', known)
    .select(['id', 'today', 'started_at'])
    .execute();
  return new Map(
    rows.map(({ id, today, started_at: startedAt }) => [
      id,
      { id, night: today, startedAt: startedAt.toString() },
    ]),
  );
}
