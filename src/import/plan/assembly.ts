/** Assembles the records of changed students from staged rows: enrollments, guardians, students. Set-based. */
import type pg from 'pg';
import type { Field } from '../../roster/fields/catalog.ts';
import { enrollmentFields } from '../../roster/fields/enrollment.ts';
import { guardianFields } from '../../roster/fields/guardian.ts';
import { studentFields } from '../../roster/fields/student.ts';
import type { StagedPlace } from '../../roster/qmlativ-sources.ts';
import {
  enrollmentColumns,
  guardianColumns,
  placementColumns,
  studentColumns,
} from '../../roster/fields/columns.ts';
import { analyzeWithSmallSample } from './changed-students.ts';
import { publishedTables, type DecidedTables } from './status-decisions.ts';
import { joinContacts, receivedContacts } from './contacts.ts';
import { unlessUnreadable } from './unreadable-parts.ts';
import { retainedValues, type RetainedValue, type UnknownPlaces } from './retained-values.ts';

/**
 * Creates the tables for the next state of changed students. They have the columns of the published tables, so that
 * whole rows can be compared and copied.
 */
export async function createAssemblyTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table next_students as select * from students with no data;
    alter table next_students add column is_new boolean;
    create temporary table next_guardians as select * from guardians with no data;
    create temporary table next_enrollments as select * from enrollments with no data;
    `);
}

/** `received` returns the source of a column; columns without permission retain the published value. */
const retainedColumns = (
  columns: readonly string[],
  retained: RetainedValue,
  received: (column: string) => string,
): string => columns.map((column) => retained(column, received(column))).join(', ');

/** The staged tables as the statements of this file name them. */
const aliases: Readonly<Record<string, string>> = {
  people: 'p',
  students: 's',
  families: 'f',
  enrollments: 'e',
  entity_years: 'y',
};

/** Where a field's received value is, by column, if a staged row has it. */
const receivedColumns = (fields: Readonly<Record<string, Field>>) =>
  Object.fromEntries(
    Object.values(fields).flatMap(({ column, staged }) =>
      staged === undefined ? [] : [[column, `${aliases[staged] ?? staged}.${column}`]],
    ),
  ) as Readonly<Record<string, string>>;

const fullName = (alias: string) =>
  `nullif(concat_ws(' ', ${alias}.first_name, ${alias}.last_name), '')`;

/** Parts of a name that are unknown in this import. */
type UnknownNameParts = readonly ('first_name' | 'last_name')[];

/** A teacher whose name record was not received or unreadable is retained as published. */
const staffName = (
  alias: string,
  personId: string,
  column: string,
  unknownParts: UnknownNameParts,
) => {
  const unknown = [
    `${personId} is not null and ${alias}.person_id is null`,
    `${personId} in (select u.person_id from staged_unusable_rows u
      where u.staged_table = 'people' and u.person_id is not null)`,
    ...unknownParts.map((part) => `${alias}.person_id is not null and ${alias}.${part} is null`),
  ];
  return `case when o.skyward_id is not null and (${unknown.join(' or ')})
    then o.${column} else ${fullName(alias)} end`;
};

const receivedEnrollment = (unknownParts: UnknownNameParts): Readonly<Record<string, string>> => ({
  ...receivedColumns(enrollmentFields),
  homeroom_teacher: staffName(
    't',
    'y.homeroom_teacher_person_id',
    'homeroom_teacher',
    unknownParts,
  ),
  advisor: staffName('a', 'y.advisor_person_id', 'advisor', unknownParts),
});

/** Enrollments of changed students, with the grade and homeroom of their entity year. */
const enrollments = (retained: RetainedValue, unknownParts: UnknownNameParts) => `
  insert into next_enrollments (district_id, student_id, skyward_id, ${enrollmentColumns.join(', ')})
  select $1, c.student_id, e.skyward_id,
    ${retainedColumns(enrollmentColumns, retained, (column) => receivedEnrollment(unknownParts)[column] ?? `e.${column}`)}
  from changed_students c
  join staged_enrollments e on e.student_skyward_id = c.skyward_id
  left join enrollments o on o.district_id = $1 and o.student_id = c.student_id
    and o.skyward_id = e.skyward_id
  left join (
    select distinct on (y.student_skyward_id, y.entity_id, y.school_year) y.*
    from staged_entity_years y
    order by y.student_skyward_id, y.entity_id, y.school_year, y.entity_year_id desc
  ) y on y.student_skyward_id = e.student_skyward_id and y.entity_id = e.entity_id
    and y.school_year = e.school_year
  left join staff_people t on t.person_id = y.homeroom_teacher_person_id
  left join staff_people a on a.person_id = y.advisor_person_id`;

/** Enrollments of school years that were not read are retained. */
const enrollmentsOfOtherYears = `
  insert into next_enrollments
  select e.* from changed_students c
  join enrollments e on e.district_id = $1 and e.student_id = c.student_id
  where not c.is_new and e.school_year <> all($2)
    and not exists (select from next_enrollments n
      where n.student_id = e.student_id and n.skyward_id = e.skyward_id)`;

/**
 * Assembles the enrollments of changed students in the school years that were read. `emptied`: parts of names that
 * were empty for all students.
 */
export async function assembleEnrollments(
  client: pg.ClientBase,
  districtId: number,
  scope: UnknownPlaces,
  emptied: ReadonlySet<StagedPlace>,
): Promise<void> {
  const unknownParts = (['first_name', 'last_name'] as const).filter(
    (part) => scope.missing.has(`people.${part}`) || emptied.has(`people.${part}`),
  );
  await client.query(enrollments(retainedValues('enrollments', scope), unknownParts), [districtId]);
  await analyzeWithSmallSample(client, 'next_enrollments (student_id, skyward_id, school_year)');
}

/** Adds the published enrollments of school years that were not read. */
export async function addEnrollmentsOfOtherYears(
  client: pg.ClientBase,
  districtId: number,
  schoolYears: readonly number[],
): Promise<void> {
  await client.query(enrollmentsOfOtherYears, [districtId, schoolYears]);
}

const receivedGuardian: Readonly<Record<string, string>> = {
  language: 'g.home_language',
  ...receivedContacts,
};

/** A guardian's fields from the name record. */
const personColumns: readonly string[] = Object.values<Field>(guardianFields).flatMap(
  ({ column, staged }) => (staged === 'people' ? [column] : []),
);

const nameParts = ['first_name', 'middle_name', 'last_name', 'suffix'];

/**
 * Guardians in Skyward's order: by their own rank, else by the rank of the family and the rank in it. A guardian lives
 * with the student if both belong to the student's first family. A known guardian whose name record was not received
 * is retained as published, and retains the name while the record has none.
 *
 * Rows are sorted without contact lists, because sorting those would take most of the time.
 */
const guardians = (retained: RetainedValue) => `
  insert into next_guardians (district_id, student_id, skyward_id, ${guardianColumns.join(', ')})
  with student_families as (
    select c.student_id, f.family_id, f.rank,
      rank() over (partition by c.student_id order by f.rank, f.family_id) = 1 as is_first
    from changed_students c join staged_family_students f on f.student_skyward_id = c.skyward_id
  ), family_places as (
    select distinct on (f.student_id, g.person_id) f.student_id, g.person_id, f.rank as family_rank,
      g.rank as guardian_rank, l.home_language, f.is_first as lives_with
    from student_families f
    join staged_family_guardians g using (family_id)
    left join staged_families l using (family_id)
    order by f.student_id, g.person_id, f.rank, f.family_id
  ), ordered_guardians as (
    select c.student_id, g.*, p.person_id is not null as is_received,
      p.first_name is not null or p.last_name is not null as is_named,
      ${personColumns.map((column) => `p.${column}`).join(', ')}, f.lives_with, f.home_language,
      row_number() over (partition by c.student_id
        order by ${retained('position', 'null::integer')} nulls last, g.rank nulls last,
          f.family_rank nulls last, f.guardian_rank nulls last, g.skyward_id) as position
    from changed_students c
    join staged_guardian_links g on g.student_skyward_id = c.skyward_id
    left join staged_people p on p.person_id = g.person_id
    left join guardians o on o.district_id = $1 and o.student_id = c.student_id
      and o.skyward_id = g.skyward_id
    left join family_places f on f.student_id = c.student_id and f.person_id = g.person_id
    where (p.first_name is not null or p.last_name is not null or o.skyward_id is not null)
      and g.skyward_id not in (select skyward_id from repeated_links)
      and (c.is_new or c.skyward_id not in (select skyward_id from unreadable_guardians))
  )
  select $1, g.student_id, g.skyward_id, ${guardianColumns
    .map((column) =>
      column === 'position'
        ? 'g.position'
        : `case when not ${nameParts.includes(column) ? 'g.is_named' : 'g.is_received'} then o.${column}
            else ${unlessUnreadable(
              column,
              { personId: 'g.person_id', isKnown: 'o.skyward_id is not null' },
              retained(column, receivedGuardian[column] ?? `g.${column}`),
            )} end`,
    )
    .join(', ')}
  from ordered_guardians g
  ${joinContacts('g.person_id', 'select person_id from staged_guardian_links')}
  left join guardians o on o.district_id = $1 and o.student_id = g.student_id
    and o.skyward_id = g.skyward_id`;

/** The guardians of a known student are retained while a guardian row is unreadable. */
const retainedGuardians = `
  insert into next_guardians
  select g.* from changed_students c
  join unreadable_guardians f using (skyward_id)
  join guardians g on g.district_id = $1 and g.student_id = c.student_id
  where not c.is_new`;

/**
 * Placement follows the enrollment that decided; when none did, the student's last
 * known one stays (`o`). A grade that the entity year does not give comes from `grade`.
 */
const placementFrom = (grade: string) =>
  placementColumns
    .map((column) =>
      column === 'grade'
        ? `coalesce(e.grade, ${grade})`
        : `case when e.skyward_id is null then o.${column} else e.${column} end`,
    )
    .join(', ');

const insertNextStudents = `
  insert into next_students (district_id, id, skyward_id, source_fingerprint, is_new,
    status, status_rule, status_decided_by, status_left_out, status_changes_on,
    status_same_through, status_on_hold, status_on_hold_since, status_decided_on, status_decided_under,
    ${placementColumns.join(', ')}, ${studentColumns.join(', ')})`;

const decision =
  'd.status, d.rule, d.decided_by, d.left_out, d.changes_on, d.same_through, d.on_hold, d.on_hold_since, $2::date, $3';

/** A known name is not removed because it is missing now, nor a birth date because it is implausible. */
const receivedStudent: Readonly<Record<string, string>> = {
  ...receivedColumns(studentFields),
  first_name: 'coalesce(p.first_name, o.first_name)',
  last_name: 'coalesce(p.last_name, o.last_name)',
  legal_first_name: 'coalesce(p.legal_first_name, o.legal_first_name)',
  legal_last_name: 'coalesce(p.legal_last_name, o.legal_last_name)',
  birth_date: 'case when p.has_implausible_birth_date then o.birth_date else p.birth_date end',
  other_names: `coalesce(n.list, '[]')`,
  ...receivedContacts,
};

/** Without a fingerprint a student counts as changed in every import, until completely readable. */
const nextFingerprint = `
  case when c.skyward_id in (select skyward_id from partial_students)
    then null else c.fingerprint end`;

function studentValue(column: string, retained: RetainedValue): string {
  const value = retained(column, receivedStudent[column] ?? `p.${column}`);
  if (column !== 'home_language') {
    return unlessUnreadable(
      column,
      { personId: 'c.person_id', isKnown: 'o.id is not null' },
      value,
    );
  }
  return `case when o.id is not null and c.skyward_id in (select skyward_id from unreadable_guardians)
    then o.home_language else ${value} end`;
}

/** Changed students: everything comes from the staged rows. */
const changedStudents = (retained: RetainedValue) => `${insertNextStudents}
  select $1, c.student_id, c.skyward_id, ${nextFingerprint}, c.is_new, ${decision},
    ${placementFrom(retained('grade', 's.grade'))},
    ${studentColumns.map((column) => studentValue(column, retained)).join(', ')}
  from changed_students c
  join staged_students s using (skyward_id)
  join staged_people p on p.person_id = c.person_id
  ${joinContacts('c.person_id', 'select person_id from changed_students')}
  join decisions d on d.student_id = c.student_id
  left join students o on o.district_id = $1 and o.id = c.student_id
  left join next_enrollments e on e.student_id = c.student_id and e.skyward_id = d.decided_by
  left join (
    select a.person_id, jsonb_agg(jsonb_build_object('first', a.first_name, 'middle', a.middle_name,
        'last', a.last_name, 'suffix', a.suffix, 'kind', a.kind)
      order by a.rank, a.last_name, a.first_name) as list
    from staged_person_aliases a join changed_students c using (person_id)
    group by a.person_id
  ) n on n.person_id = c.person_id
  left join (
    select distinct on (l.student_skyward_id) l.student_skyward_id, f.home_language
    from staged_family_students l
    join changed_students c on c.skyward_id = l.student_skyward_id
    join staged_families f using (family_id)
    order by l.student_skyward_id, l.rank, l.family_id
  ) f on f.student_skyward_id = c.skyward_id`;

/**
 * Unchanged students whose decision is expired because of the date, the school year or a setting: the published
 * record with a new status and placement.
 */
const recalculatedStudents = (from: DecidedTables) => `${insertNextStudents}
  select o.district_id, o.id, o.skyward_id,
    case when d.default_rivals is null then o.source_fingerprint end, false, ${decision},
    ${placementFrom('o.grade')}, ${studentColumns.map((column) => `o.${column}`).join(', ')}
  from decisions d
  join ${from.students} o on o.district_id = $1 and o.id = d.student_id
  left join ${from.enrollments} e on e.district_id = $1 and e.student_id = o.id and e.skyward_id = d.decided_by
  where not d.is_changed`;

/** The date and rules a decision is based on. With equal rules it holds until its next change. */
export interface DecisionBasis {
  readonly today: string;
  readonly rules: string;
}

/** Assembles guardians and students with their contacts. */
export async function assembleRecords(
  client: pg.ClientBase,
  districtId: number,
  basis: DecisionBasis,
  places: UnknownPlaces,
): Promise<void> {
  await client.query(guardians(retainedValues('guardians', places)), [districtId]);
  await client.query(retainedGuardians, [districtId]);
  const students = changedStudents(retainedValues('students', places));
  await client.query(students, [districtId, basis.today, basis.rules]);
}

/** Assembles unchanged students with a new decision, also without Skyward. */
export async function assembleRecalculated(
  client: pg.ClientBase,
  districtId: number,
  basis: DecisionBasis,
  tables = publishedTables,
): Promise<void> {
  await client.query(recalculatedStudents(tables), [districtId, basis.today, basis.rules]);
  await analyzeWithSmallSample(
    client,
    'next_students (id, is_new), next_guardians (student_id, skyward_id)',
  );
}
