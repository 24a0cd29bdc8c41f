/** Lists a district's runs: by page, the running one, and one per day for the calendar. */
import type { ImportDay, ImportRun } from '../../contract/imports/import-runs.ts';
import type { Queryable } from '../../database/queryable.ts';

import { summaryColumns, summaryOf, type SummaryRow } from './run-summary.ts';

/** Returns a page of runs, latest first, and the total number. */
export async function listRunPage(
  db: Queryable,
  districtId: number,
  { page, pageSize }: { readonly page: number; readonly pageSize: number },
): Promise<{ runs: ImportRun[]; total: number }> {
  const { rows } = await db.query<SummaryRow>(
    `select ${summaryColumns} from import_runs r where r.district_id = $1
     order by r.started_at desc, r.id desc limit $2 offset $3`,
    [districtId, pageSize, (page - 1) * pageSize],
  );
  const { rows: counted } = await db.query<{ total: number }>(
    'select count(*)::integer as total from import_runs where district_id = $1',
    [districtId],
  );
  return { runs: rows.map(summaryOf), total: counted[0]?.total ?? 0 };
}

/** Returns the running import or dry run. */
export async function findLiveRun(
  db: Queryable,
  districtId: number,
): Promise<ImportRun | undefined> {
  const { rows } = await db.query<SummaryRow>(
    `select ${summaryColumns} from import_runs r
     where r.district_id = $1 and r.state = 'running' order by r.id desc limit 1`,
    [districtId],
  );
  const run = rows[0] && summaryOf(rows[0]);
  return run?.state === 'running' ? run : undefined;
}

/**
 * The order of the runs of one day: on hold, failed and not followed by a completed import, completed or running, others.
 * A canceled run is none of these.
 */
const attention = `case
  when r.state in ('held', 'failed') and r.decision is null
    and coalesce(r.failure ->> 'code', '') <> 'import-cancelled'
    and r.started_at > coalesce((select max(done.started_at) from import_runs done
      where done.district_id = $1 and not done.is_dry_run and done.state in ('published', 'unchanged')), '-infinity')
    then case r.state when 'held' then 0 else 1 end
  when r.state in ('published', 'unchanged', 'running') then 2
  when r.state in ('held', 'failed') and coalesce(r.failure ->> 'code', '') <> 'import-cancelled' then 3
  else 4 end`;

/**
 * Returns the days from the first import, or the last `days` days, up to today, oldest first, each with the run that
 * needs attention most. Empty before the first import.
 */
export async function listRunsByDay(
  db: Queryable,
  districtId: number,
  today: Temporal.PlainDate,
  days: number,
): Promise<ImportDay[]> {
  const first = today.subtract({ days: days - 1 });
  const { rows } = await db.query<SummaryRow & { runs: number; completed: number }>(
    `select distinct on (r.today) ${summaryColumns},
       count(*) over (partition by r.today)::integer as runs,
       (count(*) filter (where r.state in ('published', 'unchanged')) over (partition by r.today))::integer as completed
     from import_runs r
     where r.district_id = $1 and not r.is_dry_run and r.state <> 'recalculated' and r.undoes_run_id is null and r.today between $2 and $3
       and r.started_at > $2::date - 2
     order by r.today, ${attention}, r.started_at desc, r.id desc`,
    [districtId, first.toString(), today.toString()],
  );
  const { rows: earlier } = await db.query(
    `select from import_runs r where r.district_id = $1 and not r.is_dry_run and r.state <> 'recalculated' and r.undoes_run_id is null
       and r.started_at < $2::date - 1 limit 1`,
    [districtId, first.toString()],
  );
  const [firstRow] = rows;
  if (firstRow === undefined && earlier.length === 0) return [];
  const start =
    earlier.length > 0 || firstRow === undefined
      ? first
      : Temporal.PlainDate.from(firstRow.importDate);
  const byDay = new Map(rows.map((row) => [row.importDate, row]));
  return Array.from({ length: start.until(today).days + 1 }, (_, index) => {
    const day = start.add({ days: index }).toString();
    const row = byDay.get(day);
    if (row === undefined) return { day, run: null, runs: 0, completed: 0 };
    const { id, state, seconds, counts, failure, review } = summaryOf(row);
    const run = { id, state, seconds, counts, failure, review };
    return { day, run, runs: row.runs, completed: row.completed };
  });
}
