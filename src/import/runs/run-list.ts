/** A district's runs: page by page, the latest, and the nights of the last weeks. */
import type { Queryable } from '../../database/queryable.ts';

import { type RunSummary, summaryColumns, summaryOf, type SummaryRow } from './run-summary.ts';

/** A page of runs, the latest first, and how many there are. */
export async function listRunPage(
  db: Queryable,
  districtId: number,
  { page, pageSize }: { readonly page: number; readonly pageSize: number },
): Promise<{ runs: RunSummary[]; total: number }> {
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

/** The import of this district that started last, dry runs aside; `undefined` before the first. */
export async function findLatestRun(
  db: Queryable,
  districtId: number,
): Promise<RunSummary | undefined> {
  const { rows } = await db.query<SummaryRow>(
    `select ${summaryColumns} from import_runs r
     where r.district_id = $1 and not r.is_dry_run and r.state <> 'redecided'
     order by r.started_at desc, r.id desc limit 1`,
    [districtId],
  );
  return rows[0] && summaryOf(rows[0]);
}

/** The run under way, dry or not. */
export async function findLiveRun(
  db: Queryable,
  districtId: number,
): Promise<RunSummary | undefined> {
  const { rows } = await db.query<SummaryRow>(
    `select ${summaryColumns} from import_runs r
     where r.district_id = $1 and r.state = 'running' order by r.id desc limit 1`,
    [districtId],
  );
  const run = rows[0] && summaryOf(rows[0]);
  return run?.state === 'running' ? run : undefined;
}

/** One day of the picture. */
export interface Night {
  day: string;
  /** The last run made for that day; null: none. */
  run: RunSummary | null;
  /** How many runs were made for that day. */
  runs: number;
}

/** Each of the `days` up to today, oldest first, with the run that had the last word on it. */
export async function listNights(
  db: Queryable,
  districtId: number,
  today: Temporal.PlainDate,
  days: number,
): Promise<Night[]> {
  const first = today.subtract({ days: days - 1 });
  const { rows } = await db.query<SummaryRow & { runs: number }>(
    `select distinct on (r.today) ${summaryColumns},
       count(*) over (partition by r.today)::integer as runs
     from import_runs r
     where r.district_id = $1 and not r.is_dry_run and r.state <> 'redecided' and r.today between $2 and $3
       and r.started_at > $2::date - 2
     order by r.today, r.started_at desc, r.id desc`,
    [districtId, first.toString(), today.toString()],
  );
  const byDay = new Map(rows.map((row) => [row.night, row]));
  return Array.from({ length: days }, (_, index) => {
    const day = first.add({ days: index }).toString();
    const row = byDay.get(day);
    return row === undefined
      ? { day, run: null, runs: 0 }
      : { day, run: summaryOf(row), runs: row.runs };
  });
}
