/**
 * Updates every district soon after its midnight: recalculates statuses for the new date and erases old removed
 * records.
 *
 * This folder decides when imports and daily updates run, and on which worker.
 */
import type pg from 'pg';
import type { Logger } from 'pino';

import { transaction } from '../database/transaction.ts';
import { findDistrict } from '../districts/district.ts';
import { updateStatusesForDate } from '../import/publish/daily-status-update.ts';
import { startPeriodicTask } from './periodic-task.ts';

export interface DailyUpdateOptions {
  readonly pool: pg.Pool;
  readonly log: Logger;
  readonly now: () => Temporal.Instant;
  readonly signal?: AbortSignal;
}

/** In random order, so that several processes rarely pick the same district. */
const outdatedDistricts = `
  select d.id, d.domain from districts d
  where d.statuses_as_of is null or d.statuses_as_of < ($1::timestamptz at time zone d.time_zone)::date
  order by random()`;

/** Erases the contents of records removed more than 30 days ago. Otherwise that happens only when another record is removed. */
const eraseOldRemovals = async (pool: pg.Pool, districtId: number): Promise<void> =>
  transaction(pool, async (client) => {
    await client.query("select set_config('daybreak.district_id', $1, true)", [`${districtId}`]);
    await client.query('select forget_old_removals()');
  });

/**
 * Updates the districts whose date has changed and returns how many this call updated. A district that fails
 * is logged and tried again on the next run.
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
      const done = await updateStatusesForDate(pool, district, now);
      if (done === undefined) continue;
      updated++;
      log.info({ districtId: id, ...done }, 'statuses updated for the new date');
    } catch (error) {
      if (options.signal?.aborted) break;
      const kind = error instanceof Error ? error.name : 'unknown';
      log.error({ districtId: id, kind }, 'statuses could not be updated for the new date');
    }
  }
  return updated;
}

/** Checks once a minute for districts with a new date, until the signal aborts. */
export const startDailyUpdates = (options: DailyUpdateOptions, signal: AbortSignal): void =>
  startPeriodicTask(
    {
      name: 'daily updates',
      everyMs: 60_000,
      run: async () => runDailyUpdates({ ...options, signal }),
    },
    options.log,
    signal,
  );
