/** Lists a district's runs: by page, the latest one, and one per day for the calendar. */
import type { ImportDay, ImportRun } from '../../contract/imports.ts';
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

/** Returns the district's latest import that was not a dry run; `undefined` before the first. */
export async function findLatestRun(
  db: Queryable,
  districtId: number,
): Promise<ImportRun | undefined> {
  const { rows } = await db.query<SummaryRow>(
    `select ${summaryColumns} from import_runs r
     where r.district_id = $1 and not r.is_dry_run and r.state <> 'recalculated'
     order by r.started_at desc, r.id desc limit 1`,
    [districtId],
  );
  return rows[0] && summaryOf(rows[0]);
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

/** Returns the last `days` days up to today, oldest first, each with its last run. */
export async function listRunsByDay(
  db: Queryable,
  districtId: number,
  today: Temporal.PlainDate,
  days: number,
): Promise<ImportDay[]> {
  const first = today.subtract({ days: days - 1 });
  const { rows } = await db.query<SummaryRow & { runs: number }>(
    `select distinct on (r.today) ${summaryColumns},
       count(*) over (partition by r.today)::integer as runs
     from import_runs r
     where r.district_id = $1 and not r.is_dry_run and r.state <> 'recalculated' and r.today between $2 and $3
       and r.started_at > $2::date - 2
     order by r.today, r.started_at desc, r.id desc`,
    [districtId, first.toString(), today.toString()],
  );
  const byDay = new Map(rows.map((row) => [row.importDate, row]));
  return Array.from({ length: days }, (_, index) => {
    const day = first.add({ days: index }).toString();
    const row = byDay.get(day);
    return row === undefined
      ? { day, run: null, runs: 0 }
      : { day, run: summaryOf(row), runs: row.runs };
  });
}
