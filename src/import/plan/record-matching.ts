/**
 * Matches students whom Skyward sends for the first time with a record that they already have: one that was entered
 * manually, or one that is missing from Skyward.
 */
import type pg from 'pg';

/**
 * Received students without a record whose number belongs to a record that was not received: a student missing from
 * Skyward, or a manual student. A number shared by two received students is not used.
 */
const possibleNumberMatches = `
  insert into possible_number_matches
  select d.skyward_id, d.person_id, d.state_id, n.id
  from (
    select id, student_number from students where district_id = $1 and skyward_id is null
    union all
    select s.id, s.student_number
    from unreceived_students u
    join students s on s.district_id = $1 and s.skyward_id = u.skyward_id
  ) n
  join staged_students d on d.student_number = n.student_number
  where not exists (select from students k
    where k.district_id = $1 and k.skyward_id = d.skyward_id)
    and not exists (select from staged_students o
      where o.student_number = d.student_number and o.skyward_id <> d.skyward_id)
    and not exists (select from kept_apart a
      where a.district_id = $1 and a.pair_key = 'mixed:' || n.id || '-' || d.skyward_id)
  returning skyward_id as id`;

/**
 * Confirms a match by student number when a second attribute shows that it is the same student (`identity_sign`,
 * migration 0027). A student who matches two records is not matched; a user has to decide.
 */
const confirmedNumberMatches = `
  insert into number_matches
  select skyward_id, min(student_id), min(sign)
  from (
    select m.skyward_id, m.student_id,
      identity_sign(m.state_id, s.state_id, p.birth_date, s.birth_date,
        array[p.first_name, p.legal_first_name] || array(
          select a.first_name from staged_person_aliases a where a.person_id = m.person_id),
        first_names(s)) as sign
    from possible_number_matches m
    join students s on s.district_id = $1 and s.id = m.student_id
    left join staged_people p on p.person_id = m.person_id
  ) m
  where sign in ('state-id', 'birth-date-and-first-name')
  group by skyward_id having count(*) = 1`;

export async function createMatchTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table possible_number_matches (
      skyward_id bigint, person_id bigint, state_id text, student_id bigint);
    create temporary table number_matches (skyward_id bigint, student_id bigint, sign text)`);
}

/** Finds possible matches by student number, and returns Skyward's ids of these students. */
export async function findPossibleMatches(
  client: pg.ClientBase,
  districtId: number,
): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<{ id: number }>(possibleNumberMatches, [districtId]);
  return new Set(rows.map(({ id }) => id));
}

/** Confirms possible matches. Needs the rows of the students and their people to be loaded. */
export async function confirmMatches(client: pg.ClientBase, districtId: number): Promise<void> {
  await client.query(confirmedNumberMatches, [districtId]);
}
