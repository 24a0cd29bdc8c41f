/** Checks the guardians of changed students, and the teachers whose names their records show. */
import type pg from 'pg';
import { sourceField, sourceObject } from '../../roster/qmlativ-sources.ts';
import { problemKinds } from '../../roster/row-problem.ts';

/** A guardian without a name record is skipped, or retained as published if known. */
const namelessGuardians = `
  insert into problems
  select case when o.skyward_id is null then $2::text else $3::text end, $6, null, null,
    g.skyward_id::text, $7, c.skyward_id,
    case when o.skyward_id is null then $4::text else $5::text end, false, false
  from changed_students c
  join staged_guardian_links g on g.student_skyward_id = c.skyward_id
  left join staged_people p on p.person_id = g.person_id
  left join guardians o on o.district_id = $1 and o.student_id = c.student_id
    and o.skyward_id = g.skyward_id
  where p.person_id is null`;

const guardiansWithoutName = `
  insert into problems
  select $1::text, $3, null, null, p.person_id::text, $4, c.skyward_id, $2::text, false, false
  from changed_students c
  join staged_guardian_links g on g.student_skyward_id = c.skyward_id
  join staged_people p on p.person_id = g.person_id
  where p.first_name is null and p.last_name is null`;

/** All but one of several links between the same student and guardian. The published one is used, else the first. */
const repeatedLinks = `
  with repeated as (
    insert into repeated_links
    select skyward_id from (
      select g.skyward_id, row_number() over (partition by g.student_skyward_id, g.person_id
        order by o.skyward_id is null, g.rank nulls last, g.skyward_id) as nth
      from (select student_skyward_id, person_id from staged_guardian_links
        group by student_skyward_id, person_id having count(*) > 1) d
      join staged_guardian_links g using (student_skyward_id, person_id)
      join changed_students c on c.skyward_id = g.student_skyward_id
      left join guardians o on o.district_id = $1 and o.student_id = c.student_id
        and o.skyward_id = g.skyward_id
    ) links
    where nth > 1
    returning skyward_id
  )
  insert into problems
  select $2::text, $4, null, null, g.skyward_id::text, $5, g.student_skyward_id, $3::text, false, false
  from repeated join staged_guardian_links g using (skyward_id)`;

/** Homeroom teachers and advisors whose name record was not received; each is reported once. */
const namelessStaff = `
  with nameless as (
    select y.student_skyward_id, staff.person_id
    from staged_entity_years y
    cross join lateral (values (y.homeroom_teacher_person_id), (y.advisor_person_id)) as staff (person_id)
    where staff.person_id is not null
      and not exists (select from staged_people p where p.person_id = staff.person_id)
      and not exists (select from staged_unusable_rows u
        where u.staged_table = 'people' and u.person_id = staff.person_id)
  ), rechecked as (
    insert into partial_students select distinct student_skyward_id from nameless
  )
  insert into problems
  select distinct $1::text, $3, null::integer, null::integer, person_id::text, $4, null::bigint,
    $2::text, false, false
  from nameless`;

/** Records the problems of guardians and teachers. None of them skips a student. */
export async function checkGuardians(client: pg.ClientBase, districtId: number): Promise<void> {
  const link = sourceField('guardian_links.person_id');
  await client.query(namelessGuardians, [
    districtId,
    'guardian-left-out',
    'person-missing',
    problemKinds['guardian-left-out'],
    problemKinds['person-missing'],
    link.object,
    link.field,
  ]);
  await client.query(namelessStaff, [
    'person-missing',
    problemKinds['person-missing'],
    sourceObject('people'),
    'NameID',
  ]);
  const name = sourceField('people.first_name');
  await client.query(guardiansWithoutName, [
    'guardian-name-missing',
    problemKinds['guardian-name-missing'],
    name.object,
    name.field,
  ]);
  await client.query(repeatedLinks, [
    districtId,
    'guardian-linked-twice',
    problemKinds['guardian-linked-twice'],
    link.object,
    link.field,
  ]);
}
