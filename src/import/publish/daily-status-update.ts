/**
 * Updates a district's statuses just after its midnight, with or without an import.
 *
 * This folder writes a plan to the published tables, and recalculates statuses without an import.
 */
import type pg from 'pg';
import { type District, districtRules } from '../../districts/district.ts';
import { ImportError } from '../import-error.ts';
import { withImportSession } from '../runs/import-session.ts';
import { recalculateStatuses, type Recalculation } from './recalculation.ts';
import { findLastSchoolYear, recordRecalculation } from '../runs/run-store.ts';

/** How long to wait for a running import. It determines statuses for the date itself, and the next call checks again. */
const lockWaitMs = 50;

const readDate = 'select statuses_as_of::text as date from districts where id = $1';
/** Not if a user asked for another update meanwhile, which sets the date to null. */
const writeDate = `
  update districts set statuses_as_of = $2 where id = $1 and statuses_as_of is not distinct from $3::date`;

/**
 * Updates the district's statuses for its date at `now`, once per date even with several processes. Changes are
 * recorded with a run of state `recalculated`; without changes no run is recorded. Returns `undefined` when
 * another process has done it or an import is running.
 */
export async function updateStatusesForDate(
  pool: pg.Pool,
  district: District,
  now: Temporal.Instant,
): Promise<Recalculation | undefined> {
  const districtId = district.id;
  const today = now.toZonedDateTimeISO(district.timeZone).toPlainDate();
  const work = async (client: pg.Client): Promise<Recalculation | undefined> => {
    const { rows } = await client.query<{ date: string | null }>(readDate, [districtId]);
    const asOf = rows[0]?.date;
    if (asOf === undefined || (asOf ?? '') >= today.toString()) return undefined;
    const schoolYear = await findLastSchoolYear(client, districtId);
    const rules = districtRules(district);
    const result =
      schoolYear === undefined
        ? { decided: 0, changed: 0 }
        : await recalculateStatuses(pool, {
            districtId,
            today,
            schoolYear,
            rules,
            limits: district.ownLimits,
            findRun: async (db, changed) =>
              changed === 0
                ? null
                : recordRecalculation(db, districtId, { today, schoolYear, changed, at: now }),
          });
    // Written last, so that another process repeats the update if this one dies in between.
    await client.query(writeDate, [districtId, today.toString(), asOf]);
    return result;
  };
  try {
    return await withImportSession(pool, districtId, work, lockWaitMs);
  } catch (error) {
    if (error instanceof ImportError && error.code === 'import-already-running') return undefined;
    throw error;
  }
}
