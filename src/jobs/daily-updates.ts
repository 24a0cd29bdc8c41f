/** What a new date asks for in every district, soon after its midnight: statuses, and what has to be forgotten. */
import type pg from 'pg';
import type { Logger } from 'pino';

import { transaction } from '../database/transaction.ts';
import { findDistrict } from '../districts/district.ts';
import { followDate } from '../import/date-change.ts';
import { startPeriodicTask } from './periodic-task.ts';

export interface DailyUpdateOptions {
  readonly pool: pg.Pool;
  readonly log: Logger;
  readonly now: () => Temporal.Instant;
  readonly signal?: AbortSignal;
}

/** In no order, so that several processes seldom meet at the same district. */
const outdatedDistricts = `
  select d.id, d.domain from districts d
  where d.statuses_as_of is null or d.statuses_as_of < ($1::timestamptz at time zone d.time_zone)::date
  order by random()`;

/** What was removed more than thirty days ago loses its contents, also where nobody removes anything any more. */
const eraseOldRemovals = async (pool: pg.Pool, districtId: number): Promise<void> =>
  transaction(pool, async (client) => {
    await client.query("select set_config('daybreak.district_id', $1, true)", [`${districtId}`]);
    await client.query('select forget_old_removals()');
  });

/**
 * Brings every district to its date at this moment and gives how many were brought there by this call. A
 * district that can't be is told in the log and left to the next round; the others go on.
 */
export async function runDailyUpdates(options: DailyUpdateOptions): Promise<number> {
  const { pool, log } = options;
  const now = options.now();
  const { rows } = await pool.query<{ id: number; domain: string }>(outdatedDistricts, [
    now.toString(),
  ]);
  let updated = 0;
  for (const { id, domain } of rows) {
    if (options.signal?.aborted) break;
    const district = await findDistrict(pool, domain);
    if (district?.id !== id) continue;
    try {
      await eraseOldRemovals(pool, id);
      const done = await followDate(pool, district, now);
      if (done === undefined) continue;
      updated++;
      log.info({ districtId: id, ...done }, 'statuses follow the date');
    } catch (error) {
      if (options.signal?.aborted) break;
      const kind = error instanceof Error ? error.name : 'unknown';
      log.error({ districtId: id, kind }, 'statuses could not follow the date');
    }
  }
  return updated;
}

/** Looks once a minute for districts in which a new date has begun; ends with the signal. */
export const startDailyUpdates = (options: DailyUpdateOptions, signal: AbortSignal): void =>
  startPeriodicTask(
    { name: 'dates', everyMs: 60_000, run: async () => runDailyUpdates({ ...options, signal }) },
    options.log,
    signal,
  );
