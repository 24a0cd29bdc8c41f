/** Keeps the forecast of status changes of every district up to date: after each change of its data, and daily. */
import { findDistrict } from '../districts/district.ts';
import { updateForecast } from '../import/publish/forecast-update.ts';
import type { DailyUpdateOptions } from './daily-updates.ts';
import { startPeriodicTask } from './periodic-task.ts';

/** Districts whose date or data is newer than their forecast, or whose settings changed; the last is found by reading. */
const districtsToForecast = `
  select d.domain from districts d left join status_forecasts f on f.district_id = d.id
  where f.as_of is distinct from ($1::timestamptz at time zone d.time_zone)::date
    or f.run_id is distinct from (select max(id) from import_runs r
      where r.district_id = d.id and r.state in ('published', 'recalculated') and not r.is_dry_run)
    or f.settings::jsonb ->> 0 not like '%"' || d.next_school_year || '"%'
  order by random()`;

/** Updates outdated forecasts and returns how many. A district that fails is logged and tried again. */
export async function runForecastUpdates({
  pool,
  log,
  now,
  signal,
}: DailyUpdateOptions): Promise<number> {
  const at = now();
  const { rows } = await pool.query<{ domain: string }>(districtsToForecast, [at.toString()]);
  let updated = 0;
  for (const { domain } of rows) {
    if (signal?.aborted) break;
    const district = await findDistrict(pool, domain);
    if (district === undefined) continue;
    try {
      if (await updateForecast(pool, district, at)) updated++;
    } catch (error) {
      if (signal?.aborted) break;
      const kind = error instanceof Error ? error.name : 'unknown';
      log.error({ districtId: district.id, kind }, 'upcoming changes could not be updated');
    }
  }
  return updated;
}

/** Checks once a minute, until the signal aborts. */
export const startForecastUpdates = (options: DailyUpdateOptions, signal: AbortSignal): void =>
  startPeriodicTask(
    {
      name: 'forecast updates',
      everyMs: 60_000,
      run: async () => runForecastUpdates({ ...options, signal }),
    },
    options.log,
    signal,
  );
