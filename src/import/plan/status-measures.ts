/** Counts changes of status and school, and new and missing students, for the safety limits: SQL. */
import { isSeasonalGraduation, yearEndOf } from './seasonal-graduation.ts';

export const isActive = (status: string) => `${status} in ('ENROLLED', 'PRE_ENROLLED')`;

/** Codes of graduates are sometimes entered over the summer. */
const lateGraduationDays = 120;
/** Students are received some days before or after their enrollment starts. */
const arrivalDays = 45;

/**
 * Known students with another status or school not caused by the date alone: their enrollments or the settings
 * changed. `e`: the enrollment that will decide; `o`: the one that decided.
 */
export const statusAndSchool = `
  with moves as (
    select s.entity_id as school, s.status as old_status, n.status as new_status,
      s.entity_id <> n.entity_id and o.school_year = coalesce(e.school_year, p.school_year)
        and coalesce(e.start_date, p.start_date) <= $2::date as is_moved,
      coalesce(e.grade, p.grade, s.grade) as grade,
      coalesce(e.end_date, e.withdrawal_date, p.end_date, p.withdrawal_date) as last_day,
      ${yearEndOf(
        'coalesce(e.calendar_end_date, p.calendar_end_date)',
        'coalesce(e.school_year, p.school_year)',
      )} as year_end,
      coalesce(e.start_date, p.start_date) as start_date,
      p.end_date is not null and e.skyward_id is not null and e.end_date is null as is_reopened
    from next_students n
    join decisions d on d.student_id = n.id
    join students s on s.district_id = $1 and s.id = n.id
    left join next_enrollments e on e.student_id = n.id and e.skyward_id = n.status_decided_by
    left join enrollments p on p.district_id = $1 and p.student_id = n.id
      and p.skyward_id = n.status_decided_by
    left join enrollments o on o.district_id = $1 and o.student_id = n.id
      and o.skyward_id = s.status_decided_by
    where not n.is_new and (n.status <> s.status or n.entity_id <> s.entity_id)
      and (s.status_decided_under is distinct from n.status_decided_under
        or exists (select from planned_changes c
          where c.student_id = n.id and c.record = 'enrollment'))
  ), limited as (
    select 'moved' as "limit", school, old_status, new_status from moves where is_moved
    union all
    select case
        when new_status = 'INACTIVE' and ${isActive('old_status')} then 'inactive'
        when new_status = 'GRADUATED' then 'graduated'
        when ${isActive('new_status')} and not ${isActive('old_status')} then 'returned'
        else 'status' end,
      school, old_status, new_status
    from moves
    where new_status <> old_status
      and not (old_status = 'PRE_ENROLLED' and new_status = 'ENROLLED')
      and not (last_day > $2::date - ${lateGraduationDays} and ${isSeasonalGraduation({
        status: 'new_status',
        lastDay: 'last_day',
        yearEnd: 'year_end',
        grade: 'grade',
      })})
      and not (${isActive('new_status')} and not ${isActive('old_status')}
        and start_date >= $2::date - ${arrivalDays} and not coalesce(is_reopened, false))
  )
  select "limit", school, "limit" = 'returned' or ${isActive('old_status')} as "isActive",
    null as field, old_status as "from", new_status as "to", count(*)::integer as count
  from limited group by 1, 2, 3, 5, 6`;

export const missing = `
  select case when ${isActive('s.status')} then 'inactive' else 'missing' end as "limit",
    s.entity_id as school, ${isActive('s.status')} as "isActive", null as field,
    null as "from", null as "to", count(*)::integer as count
  from missing_students m
  join students s on s.district_id = $1 and s.id = m.student_id
  where m.is_newly_missing
    and not exists (select from next_students n where n.id = s.id and n.status = 'INACTIVE')
  group by 1, 2, 3`;

export const added = `
  select case when n.status = 'PRE_ENROLLED'
      or extract(month from e.start_date) between 7 and 9
        and e.start_date >= $2::date - ${arrivalDays}
      then 'added-in-season' else 'added' end as "limit",
    n.entity_id as school, true as "isActive", null as field, null as "from", null as "to",
    count(*)::integer as count
  from next_students n
  left join next_enrollments e on e.student_id = n.id and e.skyward_id = n.status_decided_by
  where n.is_new and $1::bigint is not null
  group by 1, 2`;

/** New students with the name and date of birth of a published one. */
export const doubled = `
  select 'doubled' as "limit", n.entity_id as school, true as "isActive", null as field,
    null as "from", null as "to", count(*)::integer as count
  from next_students n
  where n.is_new and exists (
    select from students s where s.district_id = $1 and s.birth_date = n.birth_date
      and lower(s.first_name) = lower(n.first_name) and lower(s.last_name) = lower(n.last_name))
  group by 2`;
