/** Stores the plan of a dry run or held import, so that users can review it. */
import type pg from 'pg';
import { PlanKind } from '../../contract/values.ts';
import { selectNamePart } from '../../database/display-name.ts';
import type { Queryable } from '../../database/queryable.ts';

/** Days for which a plan is kept. */
const planRetentionDays = 30;

/** The status has its own columns; the deciding enrollment and the SIS id mean nothing to users. */
export const omittedFields = ['status', 'status_decided_by', 'skyward_id'];

/**
 * One row per student, from `next_students` and `planned_changes` (changed students) and `missing_students`, in the
 * order shown on screen.
 */
const insertPlan = `
  insert into import_plan_changes (district_id, run_id, position, kind, student_id, student_number,
    first_name, last_name, suffix, school_name, grade, status_before, status_after, changes)
  with changes as (
    select student_id, jsonb_agg(
        jsonb_build_object('record', record, 'recordId', record_id, 'field', field,
          'from', old_value, 'to', new_value)
        order by record desc, record_id, field)
      filter (where record <> 'student' or field <> all ($3)) as list
    from planned_changes group by student_id
  ), listed as (
    select case when n.is_new then 'added' when n.status <> s.status then 'status' else 'changed' end as kind,
      n.id, n.student_number, ${selectNamePart('n', 'first_name')} as first_name,
      ${selectNamePart('n', 'last_name')} as last_name, ${selectNamePart('n', 'suffix')} as suffix,
      coalesce(n.school_name, n.entity_name) as school_name, n.grade,
      s.status as before, n.status as after, coalesce(c.list, '[]') as changes
    from next_students n
    left join changes c on c.student_id = n.id
    left join students s on s.district_id = $1 and s.id = n.id
    where n.is_new or c.student_id is not null
    union all
    select 'missing', s.id, s.student_number, ${selectNamePart('s', 'first_name')},
      ${selectNamePart('s', 'last_name')}, ${selectNamePart('s', 'suffix')},
      coalesce(s.school_name, s.entity_name), s.grade, s.status, s.status, '[]'
    from missing_students m
    join students s on s.district_id = $1 and s.id = m.student_id
    where m.is_newly_missing and s.id not in (select c.student_id from changes c)
  )
  select $1, $2, row_number() over (order by array_position($4::text[], kind), last_name, first_name, id),
    kind, id, student_number, first_name, last_name, suffix, school_name, grade, before, after, changes
  from listed`;

/**
 * Stores the plan with its run. Must run in the transaction that finishes the run, while the run's tables exist.
 */
export async function recordPlan(
  client: pg.ClientBase,
  districtId: number,
  runId: number,
): Promise<void> {
  await client.query(insertPlan, [districtId, runId, omittedFields, PlanKind.options]);
}

/** Deletes the district's plans older than `planRetentionDays`. */
export async function removeOldPlans(
  db: Queryable,
  districtId: number,
  now: Temporal.Instant,
): Promise<void> {
  const before = now.subtract({ hours: 24 * planRetentionDays });
  await db.query(
    `delete from import_plan_changes p using import_runs r
     where p.district_id = $1 and r.district_id = $1 and r.id = p.run_id and r.started_at < $2`,
    [districtId, before.toString()],
  );
}

/** A value that would change. A record that is added or removed has no field. */
export interface PlannedValue {
  record: 'student' | 'guardian' | 'enrollment';
  recordId: number | null;
  field: string | null;
  from: unknown;
  to: unknown;
}

/** One student of a plan. */
export interface PlannedStudent {
  position: number;
  kind: PlanKind;
  studentId: number;
  /** False for a student that this plan would add and who does not exist. */
  isKnown: boolean;
  studentNumber: string | null;
  firstName: string | null;
  lastName: string | null;
  suffix: string | null;
  schoolName: string | null;
  grade: string | null;
  statusBefore: string | null;
  statusAfter: string | null;
  changes: PlannedValue[];
}

export interface PlanQuery {
  readonly kind: PlanKind | undefined;
  /** Part of a name or number, case-insensitive. */
  readonly search: string | undefined;
  readonly page: number;
  readonly pageSize: number;
}

const matchesSearch = `($3::text is null
  or concat_ws(' ', p.first_name, p.last_name) ilike $3
  or concat_ws(' ', p.last_name, p.first_name) ilike $3
  or p.student_number ilike $3)`;

/** Returns a page of a run's plan, and the number of matching students of each kind. */
export async function listPlan(
  db: Queryable,
  districtId: number,
  runId: number,
  { kind, search, page, pageSize }: PlanQuery,
): Promise<{ rows: PlannedStudent[]; counts: Record<PlanKind, number> }> {
  const pattern = search === undefined ? null : likePattern(search);
  const { rows: counted } = await db.query<{ kind: PlanKind; count: number }>(
    `select kind, count(*)::integer as count from import_plan_changes p
     where district_id = $1 and run_id = $2 and ${matchesSearch} group by kind`,
    [districtId, runId, pattern],
  );
  const { rows } = await db.query<PlannedStudent>(
    `select p.position, p.kind, p.student_id as "studentId", s.id is not null as "isKnown",
       p.student_number as "studentNumber", p.first_name as "firstName", p.last_name as "lastName",
       p.suffix, p.school_name as "schoolName", p.grade, p.status_before as "statusBefore",
       p.status_after as "statusAfter", p.changes
     from import_plan_changes p
     left join students s on s.district_id = $1 and s.id = p.student_id
     where p.district_id = $1 and p.run_id = $2 and ${matchesSearch} and ($4::text is null or p.kind = $4)
     order by p.position limit $5 offset $6`,
    [districtId, runId, pattern, kind ?? null, pageSize, (page - 1) * pageSize],
  );
  const counts = { status: 0, missing: 0, added: 0, changed: 0 };
  for (const one of counted) counts[one.kind] = one.count;
  return { rows, counts };
}

/** Returns a LIKE pattern that allows any text between words and escapes special characters. */
export const likePattern = (search: string): string =>
  `%${search
    .trim()
    .replaceAll(/[\\%_]/g, '\\$&')
    .replaceAll(/[\s,]+/g, '%')}%`;
