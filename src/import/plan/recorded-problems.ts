/** Counts the problems of a run, and records them for users. */
import type pg from 'pg';
import type { ProblemKind } from '../../roster/row-problem.ts';
import { sourceFieldLabel } from '../../roster/source-labels.ts';

/** More problems of one kind are counted, but not listed. */
const maxListedPerKind = 1000;

/** Returns the number of problems by kind. */
export async function countProblems(
  client: pg.ClientBase,
): Promise<Partial<Record<ProblemKind, number>>> {
  const { rows } = await client.query<{ kind: ProblemKind; count: number }>(
    'select kind, count(*)::integer as count from problems group by kind order by kind',
  );
  return Object.fromEntries(rows.map((row) => [row.kind, row.count]));
}

/** Fields of which a message says that a value could not be read, after the name of the field in Skyward. */
const namedFields = `
  select distinct object, field from problems where starts_with(message, field || ': ')`;

/** Records the run's problems for users, with labels instead of the names of Skyward's fields. */
export async function recordProblems(
  client: pg.ClientBase,
  districtId: number,
  runId: number,
): Promise<void> {
  const { rows } = await client.query<{ object: string; field: string }>(namedFields);
  const labels = rows.map((place) => ({ ...place, label: sourceFieldLabel(place) }));
  await client.query(
    `insert into import_problems (district_id, run_id, kind, object, page, row_number, record_key,
       field, skyward_student_id, message)
     select $1, $2, kind, object, page, row_number, record_key, field, skyward_student_id,
       case when starts_with(message, field || ': ') then label || substr(message, length(field) + 1)
         else message end
     from (select p.*, row_number() over (partition by kind order by object, record_key) as nth
       from problems p) listed
     left join jsonb_to_recordset($4) labels (object text, field text, label text) using (object, field)
     where nth <= $3`,
    [districtId, runId, maxListedPerKind, JSON.stringify(labels)],
  );
}
