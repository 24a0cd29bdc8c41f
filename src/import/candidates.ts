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

/** Everything delivered for one person, folded into one number; every staged row brings its own hash. */
const personFingerprints = `
  insert into person_fingerprints
  select person_id, bit_xor(hash)
  from (
    select person_id, row_hash from staged_people
    union all
    select l.person_id, hashint8extended(coalesce(a.row_hash, 0), l.row_hash)
    from staged_person_addresses l left join staged_addresses a using (address_id)
    union all
    select person_id, row_hash from staged_person_phones
    union all
    select person_id, row_hash from staged_person_emails
    union all
    select person_id, row_hash from staged_person_aliases
  ) as parts (person_id, hash)
  group by person_id`;

const familyFingerprints = `
  insert into family_fingerprints
  select family_id, bit_xor(hash)
  from (
    select family_id, row_hash from staged_families
    union all
    select family_id, row_hash from staged_family_guardians
  ) as parts (family_id, hash)
  group by family_id`;

/** Homeroom teachers and advisors: few among all people, and looked up for every entity year. */
const staffPeople = `
  insert into staff_people
  select p.person_id, p.row_hash, p.first_name, p.last_name
  from (
    select homeroom_teacher_person_id as person_id from staged_entity_years
    union
    select advisor_person_id from staged_entity_years
  ) staff join staged_people p using (person_id)`;

/** Everything that a student's record is made of, folded into one number. */
const studentFingerprints = `
  insert into student_fingerprints
  select student_skyward_id, bit_xor(hash) # hashint8extended($1, 10)
  from (
    select s.skyward_id, hashint8extended(coalesce(p.fingerprint, 0), s.row_hash)
    from staged_students s left join person_fingerprints p using (person_id)
    union all
    select g.student_skyward_id, hashint8extended(coalesce(p.fingerprint, 0), g.row_hash)
    from staged_guardian_links g left join person_fingerprints p using (person_id)
    union all
    select s.student_skyward_id, hashint8extended(coalesce(f.fingerprint, 0), s.row_hash)
    from staged_family_students s left join family_fingerprints f using (family_id)
    union all
    select y.student_skyward_id,
      -- Chained, not folded: the same advisor of two years must not cancel themselves out.
      hashint8extended(coalesce(a.fingerprint, 0),
        hashint8extended(coalesce(t.fingerprint, 0), y.row_hash))
    from staged_entity_years y
    left join staff_people t on t.person_id = y.homeroom_teacher_person_id
    left join staff_people a on a.person_id = y.advisor_person_id
    union all
    select student_skyward_id, row_hash from staged_enrollments
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
    coalesce(m.student_id, nextval(ids.sequence))
  from matched_students m
  cross join (select pg_get_serial_sequence('students', 'id')::regclass as sequence offset 0) as ids
  where not coalesce(m.is_unchanged, false)
    and (m.student_id is not null or exists (
      select from staged_enrollments e where e.student_skyward_id = m.skyward_id))`;

/** Makes the tables of this step, in this session. */
export async function createCandidateTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table person_fingerprints (person_id bigint, fingerprint bigint);
    create temporary table staff_people (
      person_id bigint, fingerprint bigint, first_name text, last_name text);
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
  await client.query(staffPeople);
  await client.query('analyze person_fingerprints, family_fingerprints, staff_people');
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
