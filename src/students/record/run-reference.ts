/** Import runs as a student's record refers to them. */
import type { RunReference } from '../../contract/students/students.ts';
import type { DistrictDatabase } from '../../database/district-scope.ts';

/** The runs of these numbers; null and numbers that no run of the district has are left out. */
export async function readRuns(
  database: DistrictDatabase,
  ids: readonly (number | null)[],
): Promise<ReadonlyMap<number | null, RunReference>> {
  const known = ids.filter((id) => id !== null);
  if (known.length === 0) return new Map();
  const rows = await database.rows<{ id: number; today: string; startedAt: Temporal.Instant }>(
    `select id, today, started_at as "startedAt" from import_runs
     where district_id = $1 and id = any($2)`,
    known,
  );
  return new Map(
    rows.map(({ id, today, startedAt }) => [
      id,
      { id, importDate: today, startedAt: startedAt.toString() },
    ]),
  );
}

/** A run as a part of a question for the student: the instant as JSON writes it. */
export interface JsonRun {
  readonly id: number;
  readonly today: string;
  readonly started_at: string;
}

/** The run as the contract has it; null for none. */
export const toRunReference = (run: JsonRun | null): RunReference | null =>
  run === null
    ? null
    : {
        id: run.id,
        importDate: run.today,
        startedAt: Temporal.Instant.from(run.started_at).toString(),
      };
