/** The district's latest import run, as the head of every screen shows it. */
import { z } from 'zod';

import type { ImportRun } from '../contract/imports.ts';
import type { DistrictDatabase } from '../database/district-scope.ts';
import { studentReader } from './student-reading.ts';

const count = z.int().nonnegative().nullable().catch(null);

/** What is read of a run's report; a run that stopped early has less of it, an older one another form. */
const ReportCounts = z
  .object({ delivered: count, added: count, changed: count, unchanged: count })
  .catch({ delivered: null, added: null, changed: null, unchanged: null });

const Failure = z
  .object({
    code: z.string(),
    message: z.string(),
    advice: z.string().nullable().default(null),
  })
  .nullable()
  .catch(null);

/** The run of this district that started last, dry runs aside; `undefined` before the first. */
export async function findLatestImport(
  database: DistrictDatabase,
  districtId: number,
): Promise<ImportRun | undefined> {
  const run = await studentReader(database)
    .selectFrom('import_runs')
    .where('district_id', '=', districtId)
    .where('is_dry_run', '=', false)
    .selectAll()
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (run === undefined) return undefined;
  return {
    id: run.id,
    state: run.state,
    isDryRun: run.is_dry_run,
    night: run.today,
    startedAt: run.started_at.toString(),
    finishedAt: run.finished_at?.toString() ?? null,
    counts: ReportCounts.parse(run.report),
    failure: Failure.parse(run.failure),
  };
}
