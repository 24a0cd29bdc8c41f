/** Import runs as a student's record refers to them. */
import { sql } from 'kysely';

import type { RunReference } from '../../contract/students.ts';
import type { StudentReader } from '../student-reading.ts';

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
    .where('id', '=', sql<number>`any(${known})`)
    .select(['id', 'today', 'started_at'])
    .execute();
  return new Map(
    rows.map(({ id, today, started_at: startedAt }) => [
      id,
      { id, night: today, startedAt: startedAt.toString() },
    ]),
  );
}

/** A run as a part of a question for the student: the instant as JSON writes it. */
export interface JsonRun {
  readonly id: number;
  readonly today: string;
  readonly started_at: string | Temporal.Instant;
}

/** The run as the contract has it; null for none. */
export const toRunReference = (run: JsonRun | null): RunReference | null =>
  run === null
    ? null
    : {
        id: run.id,
        night: run.today,
        startedAt: Temporal.Instant.from(run.started_at).toString(),
      };
