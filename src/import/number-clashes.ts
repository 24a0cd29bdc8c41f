/** Keeps the students whom a night set aside because of their number, as delivered, for people to compare. */
import type pg from 'pg';

/** More than so many are not for people to go through; the report has their number. */
const mostKept = 1000;

/** Must run in the transaction that records the problems, once these have been found. */
export async function recordNumberClashes(
  client: pg.ClientBase,
  districtId: number,
  runId: number,
): Promise<void> {
  await client.query(
    `insert into number_clashes (district_id, run_id, skyward_student_id, student_number,
       first_name, middle_name, last_name, suffix, birth_date, gender, state_id, grade)
     select $1, $2, s.skyward_id, s.student_number, p.first_name, p.middle_name, p.last_name,
       p.suffix, p.birth_date, p.gender, s.state_id, s.grade
     from (select distinct skyward_student_id from problems where kind = 'number-shared') clash
     join staged_students s on s.skyward_id = clash.skyward_student_id
     left join staged_people p using (person_id)
     where s.student_number is not null
     order by s.student_number, s.skyward_id limit $3`,
    [districtId, runId, mostKept],
  );
}
