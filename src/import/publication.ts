/** Publishes a night in one transaction: a reader sees the whole of it or nothing. */
import type pg from 'pg';
import { differ, publishedStudentColumns, studentParts } from './comparison.ts';

const columnList = (columns: readonly string[], alias = '') =>
  columns.map((column) => (alias === '' ? column : `${alias}.${column}`)).join(', ');

const addStudents = `
  insert into students (district_id, id, first_run_id, changed_run_id, ${columnList(publishedStudentColumns)})
  overriding system value
  select district_id, id, $2, $2, ${columnList(publishedStudentColumns)}
  from next_students where is_new and district_id = $1`;

const changeStudents = `
  update students s
  set (${columnList(publishedStudentColumns)}) = row(${columnList(publishedStudentColumns, 'n')}),
    changed_run_id = case when exists (select from planned_changes p where p.student_id = n.id)
      then $2 else s.changed_run_id end,
    missing_since_run_id = case when d.is_candidate then null else s.missing_since_run_id end,
    updated_at = now()
  from next_students n join decisions d on d.student_id = n.id
  where s.district_id = $1 and s.id = n.id and not n.is_new
    and (${differ('s', 'n', publishedStudentColumns)}
      or (d.is_candidate and s.missing_since_run_id is not null))`;

const partStatements = (part: (typeof studentParts)[number]) => [
  `delete from ${part.table} o using planned_changes p
   where o.district_id = $1 and p.record = '${part.record}' and p.field is null
     and p.new_value is null and o.student_id = p.student_id and o.skyward_id = p.record_id`,
  `update ${part.table} o
   set (${columnList(part.columns)}) = row(${columnList(part.columns, 'n')})
   from next_${part.table} n
   where o.district_id = $1 and o.student_id = n.student_id and o.skyward_id = n.skyward_id
     and ${differ('o', 'n', part.columns)}`,
  `insert into ${part.table} (district_id, student_id, skyward_id, ${columnList(part.columns)})
   select n.district_id, n.student_id, n.skyward_id, ${columnList(part.columns, 'n')}
   from next_${part.table} n
   where n.district_id = $1 and not exists (select from ${part.table} o
     where o.district_id = $1 and o.student_id = n.student_id and o.skyward_id = n.skyward_id)`,
];

const keepChanges = `
  insert into student_changes (district_id, run_id, student_id, record, record_id, field, old_value, new_value)
  select $1, $2, student_id, record, record_id, field, old_value, new_value from planned_changes`;

/** Students no longer delivered are kept and marked; nobody is ever deleted. */
const markMissing = `
  update students s set missing_since_run_id = $2
  where s.district_id = $1 and s.skyward_id is not null and s.missing_since_run_id is null
    and not exists (select from matched_students m where m.skyward_id = s.skyward_id)
    and not exists (select from matched_students m where m.student_id = s.id)`;

/**
 * Writes the plan and returns how many rows that touched. Must run inside the transaction that also
 * records the run's outcome.
 */
export async function publishPlan(
  client: pg.ClientBase,
  districtId: number,
  runId: number,
): Promise<number> {
  let rows = 0;
  const write = async (sql: string, parameters: readonly unknown[]) => {
    const { rowCount } = await client.query(sql, [...parameters]);
    rows += rowCount ?? 0;
  };
  await write(addStudents, [districtId, runId]);
  await write(changeStudents, [districtId, runId]);
  for (const part of studentParts) {
    for (const statement of partStatements(part)) await write(statement, [districtId]);
  }
  await write(keepChanges, [districtId, runId]);
  await write(markMissing, [districtId, runId]);
  return rows;
}

/** Writes new statuses alone, on a night that could not be published. */
export async function publishStatuses(
  client: pg.ClientBase,
  districtId: number,
  runId: number,
): Promise<void> {
  await client.query(changeStudents, [districtId, runId]);
  await client.query(keepChanges, [districtId, runId]);
}
