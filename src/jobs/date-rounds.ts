/** What a new date asks for in every district, soon after its midnight: statuses, and what has to be forgotten. */
import type pg from 'pg';
import type { Logger } from 'pino';

import { transaction } from '../database/transaction.ts';
import { findDistrict } from '../districts/district.ts';
import { followDate } from '../import/date-change.ts';
import { startRounds } from './rounds.ts';

export interface DateRoundOptions {
  readonly pool: pg.Pool;
  readonly log: Logger;
  readonly now: () => Temporal.Instant;
  readonly signal?: AbortSignal;
}

/** In no order, so that several processes seldom meet at the same district. */
const districtsBehind = `
  select d.id, d.domain from districts d
  where d.statuses_as_of is null or d.statuses_as_of < ($1::timestamptz at time zone d.time_zone)::date
  order by random()`;

/** What was removed more than thirty days ago loses its contents, also where nobody removes anything any more. */
const forgetOldRemovals = async (pool: pg.Pool, districtId: number): Promise<void> =>
  transaction(pool, async (client) => {
    await client.query("select set_config('daybreak.district_id', $1, true)", [`${districtId}`]);
    await client.query('select forget_old_removals()');
  });

/**
 * Brings every district to its date at this moment and gives how many were brought there by this call. A
 * district that can't be is told in the log and left to the next round; the others go on.
 */
export async function followDates(options: DateRoundOptions): Promise<number> {
  const { pool, log } = options;
  const now = options.now();
  const { rows } = await pool.query<{ id: number; domain: string }>(districtsBehind, [
    now.toString(),
  ]);
  let followed = 0;
  for (const { id, domain } of rows) {
    if (options.signal?.aborted) break;
    const district = await findDistrict(pool, domain);
    if (district?.id !== id) continue;
    try {
      await forgetOldRemovals(pool, id);
      const done = await followDate(pool, district, now);
      if (done === undefined) continue;
      followed++;
      log.info({ districtId: id, ...done }, 'statuses follow the date');
    } catch (error) {
      if (options.signal?.aborted) break;
      const kind = error instanceof Error ? error.name : 'unknown';
      log.error({ districtId: id, kind }, 'statuses could not follow the date');
    }
  }
  return followed;
}

/** Looks once a minute for districts in which a new date has begun; ends with the signal. */
export const startDateRounds = (options: DateRoundOptions, signal: AbortSignal): void =>
  startRounds(
    { name: 'dates', everyMs: 60_000, go: async () => followDates({ ...options, signal }) },
    options.log,
    signal,
  );
