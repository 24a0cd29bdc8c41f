/**
 * Restores, in temporary tables, what was published before a run: from today's records back through their history.
 *
 * This folder undoes imports (docs/decisions/0041-undo-of-imports.md).
 */
import type pg from 'pg';
import { studentParts } from '../plan/comparison.ts';
import { analyzeWithSmallSample } from '../plan/changed-students.ts';
import type { DecisionBasis } from '../plan/assembly.ts';
import { isExpired } from '../plan/status-decisions.ts';

/** Restored students, in a table with the columns of `students`. Their enrollments are in `next_enrollments`. */
export const restoredTables = {
  students: 'restored_students',
  enrollments: 'next_enrollments',
} as const;

export async function createRestoredTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table created_students (student_id bigint primary key);
    create temporary table undone_changes (student_id bigint, record text, record_id bigint, field text,
      old_value jsonb, run_id bigint, id bigint);
    create temporary table undone_missing (student_id bigint primary key, former_run_id bigint);
    create temporary table first_events (student_id bigint, record text, record_id bigint, old_value jsonb,
      run_id bigint, id bigint);
    create temporary table earlier_values (student_id bigint, record text, record_id bigint, fields jsonb);
    create temporary table affected_students (student_id bigint primary key);
    create temporary table restored_students as select * from students with no data`);
}

/** Records that the undone runs created. They keep their values and are marked as missing from Skyward. */
const createdStudents = `
  insert into created_students select id from students where district_id = $1 and first_run_id >= $2`;

/**
 * Changes that say nothing about this record any more: they came with a merged record, or were undone together with a
 * match by student number; users may have edited the record since.
 */
const isVoid = (change: string, moved: string) => `
  ${moved}
  or exists (select from record_takeovers t where t.district_id = $1 and t.record_id = ${change}.student_id
    and ${change}.run_id between t.run_id and t.undone_after_run_id)`;

/** Rows that merges moved to the kept record, as long as the merge was not undone. */
const movedBy = (table: string) => `
  from removed_students m cross join jsonb_array_elements(m.record -> 'moved' -> '${table}') as row_key
  where m.district_id = $1 and m.merged_into is not null and m.restored_at is null`;

const undoneChanges = `
  insert into undone_changes
  select c.student_id, c.record, c.record_id, c.field, c.old_value, c.run_id, c.id
  from student_changes c
  where c.district_id = $1 and c.run_id >= $2
    and not exists (select from created_students n where n.student_id = c.student_id)
    and not (${isVoid('c', `c.id in (select (row_key ->> 'id')::bigint ${movedBy('student_changes')})`)})`;

const undoneMissing = `
  insert into undone_missing
  select distinct on (c.student_id) c.student_id, c.former_run_id
  from missing_changes c
  where c.district_id = $1 and c.run_id >= $2
    and not exists (select from created_students n where n.student_id = c.student_id)
    and not (${isVoid(
      'c',
      `(c.student_id, c.run_id) in (select m.merged_into, (row_key ->> 'run_id')::bigint ${movedBy('missing_changes')})`,
    )})
  order by c.student_id, c.run_id`;

/** The first time that a guardian or enrollment was added or removed as a whole. */
const firstEvents = `
  insert into first_events
  select distinct on (student_id, record, record_id) student_id, record, record_id, old_value, run_id, id
  from undone_changes where field is null
  order by student_id, record, record_id, run_id, id`;

/** The earliest value of each field that changed, before the guardian or enrollment was removed. */
const earlierValues = `
  insert into earlier_values
  select student_id, record, record_id, jsonb_object_agg(field, coalesce(old_value, 'null'))
  from (
    select distinct on (c.student_id, c.record, c.record_id, c.field) c.*
    from undone_changes c
    left join first_events e on e.student_id = c.student_id and e.record = c.record and e.record_id = c.record_id
    where c.field is not null and (e.id is null or (c.run_id, c.id) < (e.run_id, e.id))
    order by c.student_id, c.record, c.record_id, c.field, c.run_id, c.id) first
  group by student_id, record, record_id`;

/** Students who change back, and those whose status is out of date on $2 under rules $3. Run $4 is undone. */
const affectedStudents = `
  insert into affected_students
  select s.id from students s
  where s.district_id = $1 and (
    s.id in (select student_id from undone_changes)
    or s.id in (select student_id from undone_missing)
    or s.missing_since_run_id >= $4 and s.id not in (select student_id from created_students)
    or s.skyward_id is not null and ${isExpired})`;

/**
 * The next import compares a restored record with Skyward, whatever it was made from. Nobody was missing since an undone
 * run before it; a match that a user undid since may have said so.
 */
const restoredStudents = `
  insert into restored_students
  select r.*
  from affected_students a
  join students s on s.district_id = $1 and s.id = a.student_id
  left join earlier_values v on v.student_id = s.id and v.record = 'student'
  left join undone_missing m on m.student_id = s.id
  cross join lateral jsonb_populate_record(s, coalesce(v.fields, '{}')
    || case
      when m.student_id is not null then jsonb_build_object('missing_since_run_id', m.former_run_id)
      when s.missing_since_run_id >= $2 then '{"missing_since_run_id": null}' else '{}' end
    || case when s.id not in (select student_id from undone_changes) then '{}'
      else '{"source_fingerprint": null, "status_decided_under": null}'::jsonb end) r`;

/**
 * A manual status that was set since, or before, of a student who is not in Skyward stays: the user set it for a reason
 * that an import does not know. In Skyward the enrollments decide.
 */
const manualStatuses = [
  `update restored_students r
   set status = s.status, status_rule = s.status_rule, status_decided_by = s.status_decided_by
   from students s
   where s.district_id = $1 and s.id = r.id and s.status_rule is null
     and (r.skyward_id is null or r.missing_since_run_id is not null)
     and exists (select from hand_set_statuses h where h.district_id = $1 and h.student_id = r.id)`,
  `update restored_students r set status_rule = 'no-enrollment', status_decided_under = null
   where r.district_id = $1 and r.skyward_id is not null and r.missing_since_run_id is null and r.status_rule is null`,
];

/**
 * A record that matched another student number keeps the Skyward ID of today if the former one, or the number of a
 * manual student, belongs to another record meanwhile.
 */
const keepTakenIds = `
  with finally as (
    select o.id, case when r.id is null then o.skyward_id else r.skyward_id end as skyward_id,
      case when r.id is null then o.student_number else r.student_number end as student_number
    from students o left join restored_students r on r.id = o.id
    where o.district_id = $1
  ), taken as (
    select skyward_id, null as student_number from finally
    where skyward_id is not null group by 1 having count(*) > 1
    union all
    select null, student_number from finally
    where skyward_id is null and student_number is not null group by 2 having count(*) > 1
  )
  update restored_students r
  set skyward_id = s.skyward_id, missing_since_run_id = s.missing_since_run_id
  from students s
  where s.district_id = $1 and s.id = r.id and r.skyward_id is distinct from s.skyward_id
    and (r.skyward_id in (select t.skyward_id from taken t)
      or r.skyward_id is null and r.student_number in (select t.student_number from taken t))`;

/** Rows of today whose fields change back at most, and removed ones. Those that were added are left out. */
const restoredParts = ({ table, record }: (typeof studentParts)[number]) => [
  `insert into next_${table}
   select p.* from affected_students a
   join ${table} p on p.district_id = $1 and p.student_id = a.student_id
   where not exists (select from first_events e
       where e.record = '${record}' and e.student_id = p.student_id and e.record_id = p.skyward_id)
     and not exists (select from earlier_values v
       where v.record = '${record}' and v.student_id = p.student_id and v.record_id = p.skyward_id)`,
  `insert into next_${table}
   select r.* from earlier_values v
   join ${table} p on p.district_id = $1 and p.student_id = v.student_id and p.skyward_id = v.record_id
   cross join lateral jsonb_populate_record(p, v.fields) r
   where v.record = '${record}' and not exists (select from first_events e
     where e.record = '${record}' and e.student_id = p.student_id and e.record_id = p.skyward_id)`,
  `insert into next_${table}
   select r.* from first_events e
   left join earlier_values v on v.record = e.record and v.student_id = e.student_id and v.record_id = e.record_id
   join affected_students a on a.student_id = e.student_id
   cross join lateral jsonb_populate_record(null::${table}, e.old_value
     || jsonb_build_object('district_id', $1::bigint, 'student_id', e.student_id) || coalesce(v.fields, '{}')) r
   where e.record = '${record}' and e.old_value is not null`,
];

/**
 * Fills `restored_students`, `next_guardians` and `next_enrollments` with what was published before run `runId`, of
 * every student who is different now, and `created_students` with those who did not exist.
 */
export async function restoreEarlierValues(
  client: pg.ClientBase,
  districtId: number,
  runId: number,
  { today, rules }: DecisionBasis,
): Promise<void> {
  for (const statement of [createdStudents, undoneChanges, undoneMissing]) {
    await client.query(statement, [districtId, runId]);
  }
  await analyzeWithSmallSample(client, 'created_students, undone_changes, undone_missing');
  await client.query(firstEvents);
  await analyzeWithSmallSample(client, 'first_events');
  await client.query(earlierValues);
  await client.query(affectedStudents, [districtId, today, rules, runId]);
  await analyzeWithSmallSample(client, 'earlier_values, affected_students');
  await client.query(restoredStudents, [districtId, runId]);
  await analyzeWithSmallSample(client, 'restored_students');
  // Records may be waiting for each other's IDs.
  for (let kept: number | null = 1; kept;) {
    ({ rowCount: kept } = await client.query(keepTakenIds, [districtId]));
  }
  for (const statement of manualStatuses) await client.query(statement, [districtId]);
  for (const part of studentParts) {
    for (const statement of restoredParts(part)) await client.query(statement, [districtId]);
  }
}
