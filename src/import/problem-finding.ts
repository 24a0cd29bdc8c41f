/**
 * Finds what is wrong with the candidates' rows, and sets aside the students whom it concerns: a
 * student is brought in whole or left as last imported, never half (product-facts Q12).
 */
import type pg from 'pg';
import { problemKinds, type ProblemKind } from '../roster/row-problem.ts';

/** More problems of one kind than this are counted, not listed. */
const listedPerKind = 1000;

export async function createProblemTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table problems (
      kind text, object text, page integer, row_number integer, record_key text, field text,
      skyward_student_id bigint, message text, blocks_new boolean, blocks_known boolean);
    create temporary table blocked_students (skyward_id bigint primary key)`);
}

/** Which delivered students a row that cannot be used belongs to, and whether a new one can do without it. */
const unusableRows = `
  insert into problems
  select distinct u.kind, u.object, u.page, u.row_number, u.record_key, u.field, o.skyward_id,
    u.field || ': ' || u.message,
    o.is_own and u.object in ('Student/Student', 'Demographics/Name', 'Enrollment/EntryWithdrawal'),
    o.skyward_id is not null
  from staged_unusable_rows u
  left join lateral (
    select u.student_skyward_id, true where u.student_skyward_id is not null
    union
    select s.skyward_id, true from staged_students s where s.person_id = u.person_id
    union
    select g.student_skyward_id, false from staged_guardian_links g where g.person_id = u.person_id
    union
    select s.skyward_id, false from staged_person_addresses l
      join staged_students s using (person_id) where l.address_id = u.address_id
    union
    select g.student_skyward_id, false from staged_person_addresses l
      join staged_guardian_links g using (person_id) where l.address_id = u.address_id
    union
    select f.student_skyward_id, false from staged_family_students f where f.family_id = u.family_id
  ) as o (skyward_id, is_own) on true`;

/** Checks of the candidates' own records, each with its kind, the object and the field to look at. */
const candidateChecks: readonly {
  kind: ProblemKind;
  object: string;
  field: string;
  where: string;
}[] = [
  {
    kind: 'person-missing',
    object: 'Student/Student',
    field: 'NameID',
    where: 'p.person_id is null',
  },
  {
    kind: 'name-missing',
    object: 'Demographics/Name',
    field: 'FirstName, LastName',
    where: 'p.person_id is not null and (p.legal_first_name is null or p.legal_last_name is null)',
  },
  {
    kind: 'birth-date-implausible',
    object: 'Demographics/Name',
    field: 'BirthDate',
    where: 'p.has_implausible_birth_date',
  },
  {
    kind: 'birth-date-missing',
    object: 'Demographics/Name',
    field: 'BirthDate',
    // When the access was not granted birth dates nobody has one, and nobody is set aside for it.
    where: `p.birth_date is null and not p.has_implausible_birth_date
      and exists (select from staged_people any_person where any_person.birth_date is not null)`,
  },
  {
    kind: 'number-missing',
    object: 'Student/Student',
    field: 'StudentNumber',
    where: 'c.student_number is null',
  },
  {
    kind: 'number-shared',
    object: 'Student/Student',
    field: 'StudentNumber',
    where: `c.number_is_shared or exists (
      select from students o left join candidates oc on oc.student_id = o.id
      where o.district_id = $2 and o.student_number = c.student_number and o.id <> c.student_id
        and (oc.student_id is null or oc.student_number = c.student_number))`,
  },
];

/** Enrollments of students whom Skyward did not deliver. */
const strayEnrollments = `
  insert into problems
  select $1::text, 'Enrollment/EntryWithdrawal', null, null, e.skyward_id::text, 'StudentID',
    e.student_skyward_id, $2::text, false, false
  from staged_enrollments e
  where not exists (select from staged_students s where s.skyward_id = e.student_skyward_id)`;

/** New students are brought in without a guardian who cannot be read; the guardian is named. */
const lostGuardians = `
  insert into problems
  select $1::text, 'Family/StudentGuardian', null, null, g.skyward_id::text, 'NameIDGuardian',
    c.skyward_id, $2::text, false, false
  from candidates c
  join staged_guardian_links g on g.student_skyward_id = c.skyward_id
  left join staged_people p on p.person_id = g.person_id
  where c.is_new and p.person_id is null`;

/** Finds all problems and removes the students set aside from `candidates`; returns how many those are. */
export async function setProblemsAside(
  client: pg.ClientBase,
  districtId: number,
): Promise<{ setAside: number }> {
  await client.query(unusableRows);
  for (const check of candidateChecks) {
    const parameters = [problemKinds[check.kind]];
    await client.query(
      `insert into problems
       select '${check.kind}', '${check.object}', null, null, c.skyward_id::text, '${check.field}',
         c.skyward_id, $1::text, true, true
       from candidates c left join staged_people p on p.person_id = c.person_id
       where ${check.where}`,
      check.where.includes('$2') ? [...parameters, districtId] : parameters,
    );
  }
  await client.query(strayEnrollments, ['student-unknown', problemKinds['student-unknown']]);
  await client.query(lostGuardians, ['guardian-left-out', problemKinds['guardian-left-out']]);
  await client.query(`
    insert into blocked_students
    select distinct c.skyward_id
    from problems p join candidates c on c.skyward_id = p.skyward_student_id
    where case when c.is_new then p.blocks_new else p.blocks_known end`);
  const { rowCount } = await client.query(
    'delete from candidates c using blocked_students b where b.skyward_id = c.skyward_id',
  );
  return { setAside: rowCount ?? 0 };
}

/** Problems of the run by kind, with their number. */
export async function countProblems(
  client: pg.ClientBase,
): Promise<Partial<Record<ProblemKind, number>>> {
  const { rows } = await client.query<{ kind: ProblemKind; count: number }>(
    'select kind, count(*)::integer as count from problems group by kind order by kind',
  );
  return Object.fromEntries(rows.map((row) => [row.kind, row.count]));
}

/** Records the run's problems for people to look at. */
export async function recordProblems(
  client: pg.ClientBase,
  districtId: number,
  runId: number,
): Promise<void> {
  await client.query(
    `insert into import_problems (district_id, run_id, kind, object, page, row_number, record_key,
       field, skyward_student_id, message)
     select $1, $2, kind, object, page, row_number, record_key, field, skyward_student_id, message
     from (select p.*, row_number() over (partition by kind order by object, record_key) as nth
       from problems p) listed
     where nth <= $3`,
    [districtId, runId, listedPerKind],
  );
}
