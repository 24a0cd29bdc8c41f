/**
 * Finds the students of a night that need a closer look: new ones, and those of whom anything that
 * Skyward delivers differs from what was last published. The rest cost one comparison of two numbers.
 */
import type pg from 'pg';

/**
 * Goes into every fingerprint. Raise it when the mapping or the assembly changes what is kept, so that
 * the next night looks at everybody again.
 */
const mappingVersion = 1;

/** Everything delivered for one person, folded into one number. */
const personFingerprints = `
  insert into person_fingerprints
  select person_id, bit_xor(hash)
  from (
    select p.person_id, hash_record_extended(p, 1) from staged_people p
    union all
    select l.person_id,
      hashint8extended(coalesce(hash_record_extended(a, 2), 0), hash_record_extended(l, 3))
    from staged_person_addresses l left join staged_addresses a using (address_id)
    union all
    select p.person_id, hash_record_extended(p, 4) from staged_person_phones p
    union all
    select e.person_id, hash_record_extended(e, 5) from staged_person_emails e
    union all
    select a.person_id, hash_record_extended(a, 6) from staged_person_aliases a
  ) as parts (person_id, hash)
  group by person_id`;

const familyFingerprints = `
  insert into family_fingerprints
  select family_id, bit_xor(hash)
  from (
    select f.family_id, hash_record_extended(f, 7) from staged_families f
    union all
    select g.family_id, hash_record_extended(g, 8) from staged_family_guardians g
  ) as parts (family_id, hash)
  group by family_id`;

/** Everything that a student's record is made of, folded into one number. */
const studentFingerprints = `
  insert into student_fingerprints
  select student_skyward_id, bit_xor(hash) # hashint8extended($1, 10)
  from (
    select s.skyward_id,
      hashint8extended(coalesce(p.fingerprint, 0), hash_record_extended(s, 11))
    from staged_students s left join person_fingerprints p using (person_id)
    union all
    select g.student_skyward_id,
      hashint8extended(coalesce(p.fingerprint, 0), hash_record_extended(g, 12))
    from staged_guardian_links g left join person_fingerprints p using (person_id)
    union all
    select s.student_skyward_id,
      hashint8extended(coalesce(f.fingerprint, 0), hash_record_extended(s, 13))
    from staged_family_students s left join family_fingerprints f using (family_id)
    union all
    select y.student_skyward_id,
      -- Chained, not folded: the same advisor of two years must not cancel themselves out.
      hashint8extended(coalesce(hash_record_extended(a, 16), 0),
        hashint8extended(coalesce(hash_record_extended(t, 14), 0), hash_record_extended(y, 15)))
    from staged_entity_years y
    left join staged_people t on t.person_id = y.homeroom_teacher_person_id
    left join staged_people a on a.person_id = y.advisor_person_id
    union all
    select e.student_skyward_id, hash_record_extended(e, 17) from staged_enrollments e
  ) as parts (student_skyward_id, hash)
  group by student_skyward_id`;

/**
 * Matches what was delivered with what is published: by Skyward's id, else by student number with a
 * student whom Skyward no longer delivers under another id or who was kept by hand.
 */
const matches = `
  insert into matched_students
  select d.skyward_id, d.person_id, d.student_number, f.fingerprint,
    d.number_count > 1,
    coalesce(k.id, n.id),
    case when k.id is not null then k.source_fingerprint = f.fingerprint
      and k.missing_since_run_id is null else false end
  from (
    select s.*, count(*) over (partition by s.student_number) as number_count
    from staged_students s
  ) d
  join student_fingerprints f on f.student_skyward_id = d.skyward_id
  left join students k on k.district_id = $1 and k.skyward_id = d.skyward_id
  left join students n on k.id is null and n.district_id = $1
    and n.student_number = d.student_number
    and not exists (select from staged_students o where o.skyward_id = n.skyward_id)
    and not exists (select from staged_unusable_rows u
      where u.staged_table = 'students' and u.student_skyward_id = n.skyward_id)`;

/** A known student whose own row could not be read was delivered all the same: neither missing nor changed. */
const unreadableStudents = `
  insert into matched_students (skyward_id, student_id, is_unchanged)
  select distinct k.skyward_id, k.id, true
  from staged_unusable_rows u
  join students k on k.district_id = $1 and k.skyward_id = u.student_skyward_id
  where u.staged_table = 'students'`;

/** Candidates: students who are new or differ. A new one without any enrollment is not looked at. */
const candidates = `
  insert into candidates
  select m.skyward_id, m.person_id, m.student_number, m.fingerprint, m.number_is_shared,
    m.student_id is null,
    coalesce(m.student_id, nextval(pg_get_serial_sequence('students', 'id')))
  from matched_students m
  where not coalesce(m.is_unchanged, false)
    and (m.student_id is not null or exists (
      select from staged_enrollments e where e.student_skyward_id = m.skyward_id))`;

/** Makes the tables of this step, in this session. */
export async function createCandidateTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table person_fingerprints (person_id bigint, fingerprint bigint);
    create temporary table family_fingerprints (family_id bigint, fingerprint bigint);
    create temporary table student_fingerprints (student_skyward_id bigint, fingerprint bigint);
    create temporary table matched_students (
      skyward_id bigint, person_id bigint, student_number text, fingerprint bigint,
      number_is_shared boolean, student_id bigint, is_unchanged boolean);
    create temporary table candidates (
      skyward_id bigint primary key, person_id bigint, student_number text, fingerprint bigint,
      number_is_shared boolean, is_new boolean, student_id bigint)`);
}

/** Fills `candidates` from the staged rows and returns how many students were delivered and how many differ. */
export async function findCandidates(
  client: pg.ClientBase,
  districtId: number,
): Promise<{ delivered: number; candidates: number; withoutEnrollment: number }> {
  await client.query(personFingerprints);
  await client.query(familyFingerprints);
  await client.query('analyze person_fingerprints, family_fingerprints');
  await client.query(studentFingerprints, [mappingVersion]);
  await client.query('analyze student_fingerprints');
  await client.query(matches, [districtId]);
  await client.query(unreadableStudents, [districtId]);
  await client.query('analyze matched_students');
  const { rowCount } = await client.query(candidates);
  await client.query('analyze candidates');
  const { rows } = await client.query<{ delivered: number; without: number }>(`
    select count(*)::integer as delivered,
      count(*) filter (where m.student_id is null and c.skyward_id is null)::integer as without
    from matched_students m left join candidates c using (skyward_id)`);
  return {
    delivered: rows[0]?.delivered ?? 0,
    candidates: rowCount ?? 0,
    withoutEnrollment: rows[0]?.without ?? 0,
  };
}
