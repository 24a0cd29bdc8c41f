/**
 * Finds the data problems of changed students' rows and skips the students they affect: identity and enrollments are
 * imported together or not at all. An unreadable contact or guardian alone skips nobody (unreadable-parts.ts).
 */
import type pg from 'pg';
import { sourceField, type StagedPlace } from '../../roster/qmlativ-sources.ts';
import { problemKinds } from '../../roster/row-problem.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import type { MissingPermissions, RowCounts, UnreadableCode } from '../reading/roster-source.ts';
import { unlinkStudentsAsGuardians } from './contradictions.ts';
import { checkGuardians } from './guardian-checks.ts';
import { findCodeProblems, findMissingEntries, recordUnresolved } from './missing-entries.ts';
import { checkStudents } from './student-checks.ts';
import {
  createUnreadablePartTables,
  essentialTables,
  recordUnreadableParts,
  recordPartialStudents,
} from './unreadable-parts.ts';

export async function createProblemTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table problems (
      kind text, object text, page integer, row_number integer, record_key text, field text,
      skyward_student_id bigint, message text, blocks_new boolean, blocks_known boolean,
      staged_table text, row_is_used boolean);
    create temporary table unknown_values (place text, record_id bigint);
    create temporary table repeated_links (skyward_id bigint);
    create temporary table skipped_students (skyward_id bigint primary key)`);
  await createUnreadablePartTables(client);
}

/**
 * Finds the received students to whom unusable rows belong. A new student can be imported without a phone, an address
 * or a guardian, but not without their own student, name and enrollment rows. A row without a readable student id
 * belongs to the student under whom it is published. A row with only single unreadable values skips nobody.
 */
const unusableRows = `
  with u as materialized (
    select row_number() over () as nth, * from staged_unusable_rows
  ), owners (nth, skyward_id, is_own) as (
    select nth, student_skyward_id, true from u where student_skyward_id is not null
    union
    select u.nth, s.skyward_id, true from u join staged_students s using (person_id)
    union
    select u.nth, g.student_skyward_id, false from u join staged_guardian_links g using (person_id)
    union
    select u.nth, y.student_skyward_id, false
    from u join staged_entity_years y on y.homeroom_teacher_person_id = u.person_id
    union
    select u.nth, y.student_skyward_id, false
    from u join staged_entity_years y on y.advisor_person_id = u.person_id
    union
    select u.nth, s.skyward_id, false
    from u join staged_person_addresses l using (address_id)
    join staged_students s on s.person_id = l.person_id
    union
    select u.nth, g.student_skyward_id, false
    from u join staged_person_addresses l using (address_id)
    join staged_guardian_links g on g.person_id = l.person_id
    union
    select u.nth, f.student_skyward_id, false from u join staged_family_students f using (family_id)
    union
    select u.nth, s.skyward_id, true
    from u join enrollments e on e.district_id = $1 and e.skyward_id = u.record_key::bigint
    join students s on s.district_id = $1 and s.id = e.student_id
    where u.staged_table = 'enrollments' and u.student_skyward_id is null
    union
    select u.nth, s.skyward_id, false
    from u join guardians g on g.district_id = $1 and g.skyward_id = u.record_key::bigint
    join students s on s.district_id = $1 and s.id = g.student_id
    where u.staged_table = 'guardian_links' and u.student_skyward_id is null
  )
  insert into problems
  select distinct u.kind, u.object, u.page, u.row_number, u.record_key, u.field, o.skyward_id,
    u.field || ': ' || u.message,
    u.unknown_columns is null
      and coalesce(o.is_own and u.staged_table in ('students', 'people', 'enrollments'), false),
    u.unknown_columns is null and coalesce(o.is_own and u.staged_table = any($2), false),
    u.staged_table, u.unknown_columns is not null
  from u left join owners o using (nth)`;

/** Unknown values in usable rows, by the key of the row. */
const unknownValues = `
  with noted as (
    insert into unknown_values
    select distinct u.staged_table || '.' || c, u.record_key::bigint
    from staged_unusable_rows u cross join unnest(u.unknown_columns) c
    returning place
  )
  select distinct place from noted`;

const skipStudents = `
  insert into skipped_students
  select distinct c.skyward_id
  from problems p join changed_students c on c.skyward_id = p.skyward_student_id
  where case when c.is_new then p.blocks_new else p.blocks_known end
  on conflict do nothing`;

/**
 * Changed students whose number belongs to another received student who keeps it, being unchanged or skipped. Every
 * skipped student keeps a number, so the query is repeated until it finds nobody. A record missing from Skyward does
 * not block its number: the two are listed as a likely duplicate.
 */
const numbersTaken = `
  insert into problems
  select $2::text, $4, null, null, c.skyward_id::text, $5, c.skyward_id, $3::text, true, true
  from changed_students c
  join students o on o.district_id = $1 and o.student_number = c.student_number
    and o.id <> c.student_id and o.skyward_id is not null and o.missing_since_run_id is null
  where not exists (select from skipped_students b where b.skyward_id = c.skyward_id)
    and not exists (select from missing_students m where m.student_id = o.id)
    and not exists (select from changed_students oc
      where oc.student_id = o.id and oc.student_number <> c.student_number
        and not exists (select from skipped_students b where b.skyward_id = oc.skyward_id))`;

/** Results of reading that are needed to find problems. */
export interface ReceivedRows {
  readonly today: string;
  readonly hasBirthDates: boolean;
  /** Places without a value in any row; known students are not skipped because of them. */
  readonly missing: ReadonlySet<StagedPlace>;
  /** Places whose empty values a user has accepted. */
  readonly accepted: ReadonlySet<StagedPlace>;
  readonly unresolved: ReadonlyMap<StagedTable, RowCounts>;
  readonly unreadableCodes: readonly UnreadableCode[];
  readonly missingPermissions: readonly MissingPermissions[];
}

/**
 * Finds all problems and removes skipped students from `changed_students`. Returns the number of skipped students and
 * the staged columns with unknown values. No student is skipped for a value that no student has.
 */
export async function skipStudentsWithProblems(
  client: pg.ClientBase,
  districtId: number,
  read: ReceivedRows,
): Promise<{ skipped: number; unknown: ReadonlySet<StagedPlace> }> {
  await client.query('analyze staged_unusable_rows');
  await client.query(unusableRows, [districtId, essentialTables]);
  const { rows: unknown } = await client.query<{ place: StagedPlace }>(unknownValues);
  const unresolved = [
    ...(await recordUnresolved(client, read.unresolved)),
    ...(await findMissingEntries(client, read)),
  ];
  await recordUnreadableParts(client);
  await findCodeProblems(client, read);
  await checkStudents(client, districtId, read);
  await checkGuardians(client, districtId);
  await unlinkStudentsAsGuardians(client, read.today);
  await client.query(skipStudents);
  const number = sourceField('students.student_number');
  const shared = ['number-shared', problemKinds['number-shared'], number.object, number.field];
  for (;;) {
    const { rowCount } = await client.query(numbersTaken, [districtId, ...shared]);
    if (!rowCount) break;
    await client.query(skipStudents);
  }
  await recordPartialStudents(client);
  const { rowCount } = await client.query(
    'delete from changed_students c using skipped_students b where b.skyward_id = c.skyward_id',
  );
  return {
    skipped: rowCount ?? 0,
    unknown: new Set([...unknown.map(({ place }) => place), ...unresolved]),
  };
}
