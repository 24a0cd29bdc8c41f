/** Checks the changed students' own records: names, birth dates, numbers, and whether they are still the same person. */
import type pg from 'pg';
import { sourceField, sourceObject, type StagedPlace } from '../../roster/qmlativ-sources.ts';
import { problemKinds, type ProblemKind } from '../../roster/row-problem.ts';

interface StudentCheck {
  readonly kind: ProblemKind;
  /** The staged column that is checked. */
  readonly place: StagedPlace;
  readonly where: string;
  /** False if the student is imported anyway. */
  readonly blocks?: boolean;
}

/** Checks of the changed students' own records. */
const studentChecks: readonly StudentCheck[] = [
  {
    kind: 'person-missing',
    place: 'students.person_id',
    // A name record that was received but unreadable is reported already.
    where: `p.person_id is null and not exists (
      select from staged_unusable_rows u where u.staged_table = 'people' and u.person_id = c.person_id)`,
  },
  {
    kind: 'name-missing',
    place: 'people.first_name',
    where: 'p.person_id is not null and p.legal_first_name is null and p.legal_last_name is null',
  },
  {
    kind: 'name-missing',
    place: 'people.last_name',
    where: 'p.person_id is not null and p.legal_first_name is null and p.legal_last_name is null',
  },
  {
    kind: 'name-incomplete',
    place: 'people.first_name',
    where: 'p.legal_first_name is null and p.legal_last_name is not null',
    blocks: false,
  },
  {
    kind: 'name-incomplete',
    place: 'people.last_name',
    where: 'p.legal_last_name is null and p.legal_first_name is not null',
    blocks: false,
  },
  {
    kind: 'birth-date-implausible',
    place: 'people.birth_date',
    where: 'p.has_implausible_birth_date',
    blocks: false,
  },
  {
    kind: 'birth-date-missing',
    place: 'people.birth_date',
    where: `p.birth_date is null and not p.has_implausible_birth_date and not exists (
      select from unknown_values v where v.place = 'people.birth_date' and v.record_id = p.person_id)`,
  },
  {
    kind: 'number-missing',
    place: 'students.student_number',
    where: 'c.student_number is null',
  },
  { kind: 'number-shared', place: 'students.student_number', where: 'c.number_is_shared' },
];

/**
 * Known students whose rows now describe another person. Either the number changed, and neither the state ID nor birth
 * date and first name still match (`identity_sign`), and the first name or both last name and birth date differ. Or
 * the number is the same, but state ID, first name and birth date all differ. Missing or unknown values are no
 * difference, and a user may have confirmed that it is the same student.
 */
const changedIdentities = `
  with compared as (
    select c.skyward_id, o.student_number <> c.student_number as has_other_number,
      coalesce(o.birth_date <> p.birth_date, false) as has_other_birth_date,
      not coalesce(first_name_forms(first_names(o))
        && first_name_forms(array[p.first_name, p.legal_first_name]), true) as has_other_first_name,
      not coalesce(first_name_forms(array[o.last_name, o.legal_last_name])
        && first_name_forms(array[p.last_name, p.legal_last_name]), true) as has_other_last_name,
      identity_sign(s.state_id, o.state_id, p.birth_date, o.birth_date,
        array[p.first_name, p.legal_first_name], first_names(o)) as sign
    from changed_students c
    join students o on o.district_id = $1 and o.id = c.student_id and o.skyward_id = c.skyward_id
    join staged_students s on s.skyward_id = c.skyward_id
    join staged_people p on p.person_id = c.person_id
    where (o.student_number <> c.student_number or lower(o.state_id) <> lower(s.state_id))
      and coalesce(lower(o.state_id) <> lower(s.state_id), true)
      and not exists (select from confirmed_identities i
        where i.district_id = $1 and i.skyward_student_id = c.skyward_id)
  )
  insert into problems
  select $2::text, $4, null, null, skyward_id::text, $5, skyward_id, $3::text, true, true
  from compared
  where (has_other_number and sign is distinct from 'birth-date-and-first-name'
      and (has_other_first_name or has_other_last_name and has_other_birth_date))
    or (sign = 'other-state-id' and has_other_first_name and has_other_birth_date)`;

/** Enrollments of students who were not received. A student whose row was unreadable is reported already. */
const strayEnrollments = `
  insert into problems
  select $1::text, $3, null, null, e.skyward_id::text, $4, e.student_skyward_id, $2::text, false, false
  from staged_enrollments e
  where not exists (select from staged_students s where s.skyward_id = e.student_skyward_id)
    and not exists (select from staged_unusable_rows u
      where u.staged_table = 'students' and u.student_skyward_id = e.student_skyward_id)`;

/** What was read, as far as the checks depend on it. */
interface CheckedRows {
  readonly hasBirthDates: boolean;
  readonly missing: ReadonlySet<StagedPlace>;
  readonly accepted: ReadonlySet<StagedPlace>;
}

/** Records the problems of changed students, and enrollments that belong to nobody. */
export async function checkStudents(
  client: pg.ClientBase,
  districtId: number,
  { hasBirthDates, missing, accepted }: CheckedRows,
): Promise<void> {
  for (const check of studentChecks) {
    if (accepted.has(check.place)) continue;
    // If nobody has a birth date, a new student is imported without one; a known one is retained.
    const checksNew = check.kind !== 'birth-date-missing' || hasBirthDates;
    const checksKnown = !missing.has(check.place);
    await findInChangedStudents(client, districtId, check, { checksNew, checksKnown });
  }
  await client.query(strayEnrollments, [
    'student-unknown',
    problemKinds['student-unknown'],
    sourceObject('enrollments'),
    sourceField('enrollments.student_skyward_id').field,
  ]);
  const number = sourceField('students.student_number');
  await client.query(changedIdentities, [
    districtId,
    'identity-changed',
    problemKinds['identity-changed'],
    number.object,
    number.field,
  ]);
}

async function findInChangedStudents(
  client: pg.ClientBase,
  districtId: number,
  { kind, place, where, blocks = true }: StudentCheck,
  { checksNew, checksKnown }: { readonly checksNew: boolean; readonly checksKnown: boolean },
): Promise<void> {
  const holdsBirthDate = `exists (select from students o
    where o.district_id = $6 and o.id = c.student_id and o.birth_date is not null)`;
  const { object, field } = sourceField(place);
  await client.query(
    `insert into problems
     select $1::text, $2, null, null, c.skyward_id::text, $3, c.skyward_id, $4::text, $5, $5
     from changed_students c left join staged_people p on p.person_id = c.person_id
     where (${where}) and $6::bigint is not null
       ${checksKnown ? '' : 'and c.is_new'} ${checksNew ? '' : `and ${holdsBirthDate}`}`,
    [kind, object, field, problemKinds[kind], blocks, districtId],
  );
}
