/**
 * Rows that contradict each other or are impossible. Each is reported, nothing is guessed, and the rest of the student
 * is imported. Such a student counts as changed in every import until the row is corrected.
 */
import type pg from 'pg';
import { sourceField } from '../../roster/qmlativ-sources.ts';
import { problemKinds } from '../../roster/row-problem.ts';

/** From this age on, students may be their own guardian or that of a sibling. */
const adultAge = '18 years';

/** A younger student may be the parent of a child who is at least this much younger. */
const parentAge = '13 years';

/**
 * Impossible guardians: a minor student who is their own guardian, or that of a student of nearly the same age. The
 * person is removed from the link, so a known guardian is retained as published and a new one is skipped. A student
 * without a birth date counts as a minor.
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

/** Must run after guardians without a name record are reported, because these links look like them afterwards. */
export async function unlinkStudentsAsGuardians(
  client: pg.ClientBase,
  today: string,
): Promise<void> {
  const { object, field } = sourceField('guardian_links.person_id');
  const kind = 'guardian-is-student';
  await client.query(studentsAsGuardians, [today, kind, problemKinds[kind], object, field]);
}

/** The enrollments are in `decisions.default_rivals`. The decision stays: the status rules pick one of them. */
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

/** Reports students enrolled at two default entities at the same time. Runs after statuses are determined. */
export async function recordRivalDefaults(
  client: pg.ClientBase,
  districtId: number,
): Promise<void> {
  const { object, field } = sourceField('enrollments.is_default_entity');
  const kind = 'default-entities-rival';
  await client.query(rivalDefaults, [districtId, kind, problemKinds[kind], object, field]);
}
