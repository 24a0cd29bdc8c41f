/**
 * Rows that contradict each other or what can be: each is named, nothing is guessed, and the rest of the student is
 * brought in. A student with such a row is looked at in every import until it is mended.
 */
import type pg from 'pg';
import { sourceField } from '../../roster/qmlativ-sources.ts';
import { problemKinds } from '../../roster/row-problem.ts';

/** From this age on people are their own guardian, or that of a brother or sister. */
const adultAge = '18 years';

/** A student who is younger than that may be the parent of a child who is so much younger. */
const parentAge = '13 years';

/**
 * Guardians who are students themselves and cannot be meant: a minor who is their own guardian, or that of a
 * student of nearly the same age. The link loses its person: a known guardian stays as published, a new one is
 * left out. Whoever has no birth date is taken for a minor.
 */
const studentsAsGuardians = `
  with doubtful as (
    update staged_guardian_links g set person_id = null
    from changed_students c
    join staged_people child on child.person_id = c.person_id, staged_students s
    join staged_people p on p.person_id = s.person_id
    where g.student_skyward_id = c.skyward_id and s.person_id = g.person_id
      and coalesce(p.birth_date > $1::date - interval '${adultAge}', true)
      and (s.skyward_id = c.skyward_id
        or coalesce(child.birth_date < p.birth_date + interval '${parentAge}', true))
    returning g.skyward_id, g.student_skyward_id
  ), noted as (
    insert into partial_students select distinct student_skyward_id from doubtful
  )
  insert into problems
  select $2::text, $4, null, null, skyward_id::text, $5, student_skyward_id, $3::text, false, false
  from doubtful`;

/** Must run when the problems of guardians without a name record are found, which these links then look like. */
export async function unlinkStudentsAsGuardians(
  client: pg.ClientBase,
  today: string,
): Promise<void> {
  const { object, field } = sourceField('guardian_links.person_id');
  const kind = 'guardian-is-student';
  await client.query(studentsAsGuardians, [today, kind, problemKinds[kind], object, field]);
}

/** `decisions` says which rows. The decision stands: by the rules one of them gives the school. */
const rivalDefaults = `
  with rivals as (
    select d.student_id, d.is_changed, jsonb_array_elements_text(d.default_rivals) as id
    from decisions d where d.default_rivals is not null
  ), noted as (
    insert into partial_students
    select distinct c.skyward_id from rivals join changed_students c using (student_id)
  )
  insert into problems
  select $2::text, $4, null, null, r.id, $5, coalesce(c.skyward_id, s.skyward_id), $3::text, false, false
  from rivals r
  left join changed_students c using (student_id)
  left join students s on s.district_id = $1 and s.id = r.student_id`;

/** Names the enrollments of students who are in effect at two default entities at once; once statuses are decided. */
export async function recordRivalDefaults(
  client: pg.ClientBase,
  districtId: number,
): Promise<void> {
  const { object, field } = sourceField('enrollments.is_default_entity');
  const kind = 'default-entities-rival';
  await client.query(rivalDefaults, [districtId, kind, problemKinds[kind], object, field]);
}
