/**
 * Finds changed students: those who are new, or whose received rows differ from what is published. An unchanged
 * student costs only the comparison of two fingerprints.
 */
import type pg from 'pg';
import { copyRows, openCopy } from '../../database/copy.ts';
import { stagedTables } from '../../roster/staged-rows.ts';
import type { StudentFingerprint } from '../change-detection/fingerprints.ts';
import type { PublishedFingerprints } from '../change-detection/published-fingerprints.ts';
import type { StagedRoster } from '../reading/staging.ts';
import { confirmMatches, createMatchTables, findPossibleMatches } from './record-matching.ts';

/** Homeroom teachers and advisors, in a small table because every entity year looks them up. */
const staffPeople = `
  insert into staff_people
  select p.person_id, p.first_name, p.last_name
  from (
    select homeroom_teacher_person_id as person_id from staged_entity_years
    union
    select advisor_person_id from staged_entity_years
  ) staff join staged_people p using (person_id)`;

const unreadableStudents = `
  delete from unreceived_students d using staged_unusable_rows u
  where u.staged_table = 'students' and u.student_skyward_id = d.skyward_id`;

const missingStudents = `
  insert into missing_students
  select s.id, s.missing_since_run_id is null
  from unreceived_students u
  join students s on s.district_id = $1 and s.skyward_id = u.skyward_id
  where s.id not in (select student_id from number_matches)`;

/** Changed students: those who differ, except new students without an enrollment or a number match. */
const changedStudents = `
  insert into changed_students
  select f.skyward_id, d.person_id, d.student_number, f.fingerprint, false,
    coalesce(k.id, a.student_id) is null,
    coalesce(k.id, a.student_id, nextval(ids.sequence))
  from differing_students f
  cross join (select pg_get_serial_sequence('students', 'id')::regclass as sequence offset 0) as ids
  join staged_students d using (skyward_id)
  left join students k on k.district_id = $1 and k.skyward_id = f.skyward_id
  left join number_matches a on a.skyward_id = f.skyward_id
  where f.is_enrolled or k.id is not null or a.student_id is not null`;

/**
 * Received students with a duplicate number. A student who has no record and gets none does not count. `offset 0`
 * keeps the planner from looking all received students up before it joins them.
 */
const sharedNumbers = `
  update changed_students c set number_is_shared = true
  from (select n.skyward_id, o.skyward_id as other
    from changed_students n join staged_students o using (student_number)
    where o.skyward_id <> n.skyward_id offset 0) d
  where c.skyward_id = d.skyward_id
    and (exists (select from changed_students oc where oc.skyward_id = d.other)
      or exists (select from students k where k.district_id = $1 and k.skyward_id = d.other))`;

/** Columns by which later queries look up rows, and whose statistics they need. */
const lookupColumns = /(^|_)(id|year)$/;

/** With fewer changed students every query plan starts with them, even without statistics. */
const analyzeThreshold = 1000;

export async function createChangedStudentTables(client: pg.ClientBase): Promise<void> {
  await createMatchTables(client);
  await client.query(`
    create temporary table staff_people (person_id bigint, first_name text, last_name text);
    create temporary table unreceived_students (skyward_id bigint);
    create temporary table differing_students (skyward_id bigint, fingerprint bigint, is_enrolled boolean);
    create temporary table missing_students (student_id bigint, is_newly_missing boolean);
    create temporary table changed_students (
      skyward_id bigint primary key, person_id bigint, student_number text, fingerprint bigint,
      number_is_shared boolean, is_new boolean, student_id bigint)`);
}

/** If more than this share of students changed, load all rows instead of selecting them. */
const maxSelectedShare = 0.2;

/** Fills `changed_students` from the staged rows and returns the numbers of received and changed students. */
export async function findChangedStudents(
  client: pg.ClientBase,
  districtId: number,
  stagedRoster: StagedRoster,
  published: PublishedFingerprints,
): Promise<{ received: number; changedStudents: number; withoutEnrollment: number }> {
  const unreceived = await copyUnreceived(client, published, stagedRoster);
  // A known student whose own row is unreadable was received, so is neither missing nor changed.
  const { rowCount: unreadable } = await client.query(unreadableStudents);
  const matchedIds = await findPossibleMatches(client, districtId);
  const differing = () => published.differing(stagedRoster.fingerprints(), matchedIds);
  const counts = await copyDiffering(client, published, differing());
  // All rows are needed to find out whose the unusable rows are.
  if (stagedRoster.hasUnusableRows || counts.differing > stagedRoster.received * maxSelectedShare) {
    await stagedRoster.loadAllRows();
  } else await stagedRoster.loadRows(differing());
  if (matchedIds.size > 0) await confirmMatches(client, districtId);
  await client.query(missingStudents, [districtId]);
  const { rowCount: found } = await client.query(changedStudents, [districtId]);
  await analyzeWithSmallSample(client, 'changed_students');
  await client.query(sharedNumbers, [districtId]);
  if (counts.differing >= analyzeThreshold) await analyzeLookupColumns(client);
  await client.query(staffPeople);
  await analyzeWithSmallSample(client, 'staff_people, missing_students');
  const unknown = stagedRoster.received - (published.size - unreceived);
  return {
    received: stagedRoster.received + (unreadable ?? 0),
    changedStudents: found ?? 0,
    withoutEnrollment: unknown - ((found ?? 0) - counts.known),
  };
}

/** Analyzes the lookup columns of staged tables for the planner. */
async function analyzeLookupColumns(client: pg.ClientBase): Promise<void> {
  for (const [table, columns] of Object.entries(stagedTables)) {
    const names = Object.keys(columns).filter((column) => lookupColumns.test(column));
    await analyzeWithSmallSample(client, `staged_${table} (${names.join(', ')})`);
  }
}

/** Stores the published students of whom no row was received, and returns their number. */
async function copyUnreceived(
  client: pg.ClientBase,
  published: PublishedFingerprints,
  stagedRoster: StagedRoster,
): Promise<number> {
  const ids = published
    .ids()
    .filter((id) => !stagedRoster.wasReceived(id))
    .toArray();
  await copyRows(client, 'unreceived_students', ['skyward_id'], [ids.map((id) => [id])]);
  await analyzeWithSmallSample(
    client,
    'unreceived_students, staged_students (skyward_id, student_number)',
  );
  return ids.length;
}

/** Rows encoded at a time. */
const batchSize = 2000;

/** Stores the students who differ; returns their number and how many of them are published. */
async function copyDiffering(
  client: pg.ClientBase,
  published: PublishedFingerprints,
  students: Iterable<StudentFingerprint>,
): Promise<{ differing: number; known: number }> {
  const copy = openCopy(client, 'differing_students', ['skyward_id', 'fingerprint', 'is_enrolled']);
  let known = 0;
  let differing = 0;
  for (const { sisStudentId, fingerprint, isEnrolled } of students) {
    copy.write([sisStudentId, fingerprint, isEnrolled]);
    if (published.has(sisStudentId)) known += 1;
    differing += 1;
    if (differing % batchSize === 0) await copy.flush();
  }
  await copy.end();
  await analyzeWithSmallSample(client, 'differing_students');
  return { differing, known };
}

/**
 * Analyzes temporary tables with a tenth of the default sample: they are queried once, and a small sample is enough
 * for the planner to tell a hundred rows from a hundred thousand.
 */
export async function analyzeWithSmallSample(client: pg.ClientBase, tables: string): Promise<void> {
  await client.query(
    `set default_statistics_target = 10; analyze ${tables}; reset default_statistics_target`,
  );
}
