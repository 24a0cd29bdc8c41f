/** Counts enrollments that are removed, doubled or end ahead of time, for the safety limits: SQL. */
import { yearEndOf } from './seasonal-graduation.ts';
import { isActive } from './status-measures.ts';

/** End dates near the end of a school year are entered ahead for all students. */
const yearEndDays = 45;

/** Students who gain an enrollment at a school and time at which they have one. */
export const overlapping = `
  select 'overlapping' as "limit", s.entity_id as school, ${isActive('s.status')} as "isActive",
    null as field, null as "from", null as "to", count(distinct s.id)::integer as count
  from planned_changes p
  join students s on s.district_id = $1 and s.id = p.student_id
  join next_enrollments n on n.student_id = p.student_id and n.skyward_id = p.record_id
  join next_enrollments o on o.student_id = n.student_id and o.skyward_id <> n.skyward_id
    and o.school_year = n.school_year and o.entity_id = n.entity_id
    and o.start_date < coalesce(n.end_date, 'infinity')
    and n.start_date < coalesce(o.end_date, 'infinity')
  where p.record = 'enrollment' and p.field is null and p.old_value is null
    and exists (select from enrollments k where k.district_id = $1
      and k.student_id = o.student_id and k.skyward_id = o.skyward_id)
  group by 2, 3`;

/** Students for whom a date ahead, long before the end of the school year, ends an enrollment that went on. */
export const ending = `
  select 'ending' as "limit", s.entity_id as school, ${isActive('s.status')} as "isActive",
    null as field, null as "from", null as "to", count(distinct s.id)::integer as count
  from planned_changes p
  join students s on s.district_id = $1 and s.id = p.student_id
  join next_enrollments n on n.student_id = p.student_id and n.skyward_id = p.record_id
  where p.record = 'enrollment' and p.field in ('end_date', 'withdrawal_date')
    and (p.new_value #>> '{}')::date between $2::date
      and ${yearEndOf('n.calendar_end_date', 'n.school_year')} - ${yearEndDays}
    and coalesce((p.old_value #>> '{}')::date, 'infinity') > (p.new_value #>> '{}')::date
  group by 2, 3`;
