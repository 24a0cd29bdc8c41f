/** References from a student's record to import runs. */
import type { RunReference } from '../../contract/students/students.ts';
import type { DistrictDatabase } from '../../database/district-and-school-scope.ts';

/** Reads the runs with these ids; skips null and unknown ids. */
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

/** A run embedded in a query's JSON, with the instant as text. */
export interface JsonRun {
  readonly id: number;
  readonly today: string;
  readonly started_at: string;
}

/** Converts a run to the contract's form; null stays null. */
export const toRunReference = (run: JsonRun | null): RunReference | null =>
  run === null
    ? null
    : {
        id: run.id,
        importDate: run.today,
        startedAt: Temporal.Instant.from(run.started_at).toString(),
      };
