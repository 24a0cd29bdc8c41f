/** Lists what a completed import changed, by student, in the form of a plan. */
import type { PlanKind } from '../../contract/values.ts';
import { selectNamePart } from '../../database/display-name.ts';
import type { Queryable } from '../../database/queryable.ts';
import { likePattern, omittedFields, type PlannedStudent, type PlanQuery } from './run-plan.ts';

/** The students whom run `$2` added, changed or no longer found, as `of_run`. */
const ofRun = `
  with changed as (
    select student_id, jsonb_agg(
        jsonb_build_object('record', record, 'recordId', record_id, 'field', field,
          'from', old_value, 'to', new_value)
        order by record desc, record_id, field)
      filter (where record <> 'student' or field <> all ($3)) as list,
      min(old_value #>> '{}') filter (where record = 'student' and field = 'status') as before,
      min(new_value #>> '{}') filter (where record = 'student' and field = 'status') as after
    from student_changes where district_id = $1 and run_id = $2 group by student_id
  ), touched as (
    select student_id from changed
    union select id from students where district_id = $1 and first_run_id = $2
    union select id from students where district_id = $1 and missing_since_run_id = $2
  ), of_run as (
    select s.id, s.student_number, ${selectNamePart('s', 'first_name')} as first_name,
      ${selectNamePart('s', 'last_name')} as last_name, ${selectNamePart('s', 'suffix')} as suffix,
      coalesce(s.school_name, s.entity_name) as school_name, s.grade, s.status, c.before, c.after, c.list,
      case when s.first_run_id = $2 then 'added' when c.before <> c.after then 'status'
        when s.missing_since_run_id = $2 then 'missing' else 'changed' end as kind
    from touched t
    join students s on s.district_id = $1 and s.id = t.student_id
    left join changed c on c.student_id = s.id
  ), matching as (
    select * from of_run p where $4::text is null
      or concat_ws(' ', p.first_name, p.last_name) ilike $4
      or concat_ws(' ', p.last_name, p.first_name) ilike $4
      or p.student_number ilike $4
  )`;

/** The status after the run: the one before the next change, or else the present one. */
const statusAfter = `coalesce(m.after, (select c.old_value #>> '{}' from student_changes c
    where c.district_id = $1 and c.student_id = m.id and c.run_id > $2
      and c.record = 'student' and c.field = 'status' order by c.run_id limit 1), m.status)`;

const statesWithChanges: readonly string[] = ['published', 'recalculated', 'undone', 'restored'];

/** Returns whether a run in this state wrote changes; other runs have a plan, or nothing. */
export const hasChanges = (state: string): boolean => statesWithChanges.includes(state);

/** Returns whether the run wrote its changes. */
export async function hasPublished(
  db: Queryable,
  districtId: number,
  runId: number,
): Promise<boolean> {
  const { rows } = await db.query(
    'select from import_runs where district_id = $1 and id = $2 and state = any ($3)',
    [districtId, runId, statesWithChanges],
  );
  return rows.length > 0;
}

/** Returns the number of students of each kind whom a run changed. */
export async function countChanges(
  db: Queryable,
  districtId: number,
  runId: number,
  search?: string,
): Promise<Record<PlanKind, number>> {
  const { rows } = await db.query<{ kind: PlanKind; count: number }>(
    `${ofRun} select kind, count(*)::integer as count from matching group by kind`,
    [districtId, runId, omittedFields, toPattern(search)],
  );
  const counts = { status: 0, missing: 0, added: 0, changed: 0 };
  for (const { kind, count } of rows) counts[kind] = count;
  return counts;
}

/** Returns a page of the students whom a run changed, and the number of matching students of each kind. */
export async function listChanges(
  db: Queryable,
  districtId: number,
  runId: number,
  { kind, search, page, pageSize }: PlanQuery,
): Promise<{ rows: PlannedStudent[]; counts: Record<PlanKind, number> }> {
  const { rows } = await db.query<PlannedStudent>(
    `${ofRun}
     select row_number() over ()::integer as position, m.kind, m.id as "studentId", true as "isKnown",
       m.student_number as "studentNumber", m.first_name as "firstName", m.last_name as "lastName",
       m.suffix, m.school_name as "schoolName", m.grade,
       case when m.kind = 'added' then null else coalesce(m.before, ${statusAfter}) end as "statusBefore",
       ${statusAfter} as "statusAfter", coalesce(m.list, '[]') as changes
     from (select * from matching where $5::text is null or kind = $5
       order by array_position(array['status', 'missing', 'added', 'changed'], kind), last_name, first_name, id
       limit $6 offset $7) m`,
    [
      districtId,
      runId,
      omittedFields,
      toPattern(search),
      kind ?? null,
      pageSize,
      (page - 1) * pageSize,
    ],
  );
  return { rows, counts: await countChanges(db, districtId, runId, search) };
}

const toPattern = (search: string | undefined): string | null =>
  search === undefined ? null : likePattern(search);
