/**
 * Finds the students of a night that need a closer look: new ones, and those of whom anything that
 * Skyward delivers differs from what was last published. The rest cost one comparison of two numbers.
 */
import type pg from 'pg';
import { stagedTables } from '../roster/staged-rows.ts';

/** Homeroom teachers and advisors: few among all people, and looked up for every entity year. */
const staffPeople = `
  insert into staff_people
  select p.person_id, p.first_name, p.last_name
  from (
    select y.homeroom_teacher_person_id as person_id
    from staged_entity_years y join candidates c on c.skyward_id = y.student_skyward_id
    union
    select y.advisor_person_id
    from staged_entity_years y join candidates c on c.skyward_id = y.student_skyward_id
  ) staff join staged_people p using (person_id)`;

/**
 * Matches what was delivered with what is published: by Skyward's id, else by student number with a
 * student whom Skyward no longer delivers under another id or who was kept by hand.
 */
const matches = `
  insert into matched_students
  select d.skyward_id, d.person_id, d.student_number, f.fingerprint,
    shared.student_number is not null,
    coalesce(k.id, n.id),
    case when k.id is not null then k.source_fingerprint = f.fingerprint
      and k.missing_since_run_id is null else false end
  from staged_students d
  left join (
    select student_number from staged_students
    where student_number is not null group by student_number having count(*) > 1
  ) shared using (student_number)
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

/** What later steps look rows up by: the columns whose statistics they need. */
const lookedUp = /(^|_)(id|year)$/;

/** With fewer candidates every plan begins with them, whatever is known of the rest. */
const manyCandidates = 1000;

/** Makes the tables of this step, in this session. */
export async function createCandidateTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table staff_people (person_id bigint, first_name text, last_name text);
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
  await analyzeBriefly(
    client,
    'student_fingerprints, staged_students (skyward_id, student_number)',
  );
  await client.query(matches, [districtId]);
  await client.query(unreadableStudents, [districtId]);
  await analyzeBriefly(client, 'matched_students');
  const { rowCount } = await client.query(candidates);
  await analyzeBriefly(client, 'candidates');
  if ((rowCount ?? 0) >= manyCandidates) {
    for (const [table, columns] of Object.entries(stagedTables)) {
      const names = Object.keys(columns).filter((column) => lookedUp.test(column));
      await analyzeBriefly(client, `staged_${table} (${names.join(', ')})`);
    }
  }
  await client.query(staffPeople);
  await analyzeBriefly(client, 'staff_people');
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

/**
 * Counts a temporary table for the planner by a sample a tenth as large as usual: these tables are looked
 * at once, and whether a table has a hundred or a hundred thousand rows is told by few.
 */
export async function analyzeBriefly(client: pg.ClientBase, tables: string): Promise<void> {
  await client.query(
    `set default_statistics_target = 10; analyze ${tables}; reset default_statistics_target`,
  );
}
