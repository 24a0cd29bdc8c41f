/**
 * Duplicate student numbers: reports them as problems, and records skipped students for users to compare.
 * problem-finding.ts (`numbersTaken`) decides who keeps the number and who is skipped.
 */
import type pg from 'pg';
import { sourceField } from '../../roster/qmlativ-sources.ts';
import { problemKinds } from '../../roster/row-problem.ts';

/** More than users could review; the report has the full number. */
const maxRecorded = 1000;

const numbersUsedBefore = `
  insert into problems
  select distinct $2, $4, null::integer, null::integer, c.skyward_id::text, $5, c.skyward_id, $3, false, false
  from (
    select id, student_number from students where district_id = $1 and skyward_id is null
    union all
    select id, student_number from students where district_id = $1 and missing_since_run_id is not null
    union all
    select s.id, s.student_number
    from missing_students m join students s on s.district_id = $1 and s.id = m.student_id
  ) loose
  join changed_students c on c.student_number = loose.student_number and c.student_id <> loose.id
  left join students o on o.district_id = $1 and o.id = c.student_id
  where o.student_number is distinct from c.student_number`;

/**
 * Reports students whose new number also belongs to a record that is not in Skyward and was not matched with them.
 * They are imported; the pair is listed under Duplicates.
 */
export async function recordNumbersUsedBefore(
  client: pg.ClientBase,
  districtId: number,
): Promise<void> {
  const { object, field } = sourceField('students.student_number');
  const kind = 'number-used-before';
  await client.query(numbersUsedBefore, [districtId, kind, problemKinds[kind], object, field]);
}

/** Records skipped students with duplicate numbers. Must run in the transaction that records the problems. */
export async function recordDuplicateNumbers(
  client: pg.ClientBase,
  districtId: number,
  runId: number,
): Promise<void> {
  await client.query(
    `insert into number_clashes (district_id, run_id, skyward_student_id, student_number,
       first_name, middle_name, last_name, suffix, birth_date, gender, state_id, grade, kind)
     select $1, $2, s.skyward_id, s.student_number, p.first_name, p.middle_name, p.last_name,
       p.suffix, p.birth_date, p.gender, s.state_id, s.grade, clash.kind
     from (select skyward_student_id, min(kind) as kind from problems
       where kind in ('number-shared', 'identity-changed') group by 1) clash
     join staged_students s on s.skyward_id = clash.skyward_student_id
     left join staged_people p using (person_id)
     where s.student_number is not null
     order by s.student_number, s.skyward_id limit $3`,
    [districtId, runId, maxRecorded],
  );
}
