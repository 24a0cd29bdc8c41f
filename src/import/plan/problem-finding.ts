/**
 * Finds the data problems of changed students' rows and skips the students they affect: identity and enrollments are
 * imported together or not at all. An unreadable contact or guardian alone skips nobody (unreadable-parts.ts).
 */
import type pg from 'pg';
import {
  findCodeTable,
  listPlaces,
  sourceField,
  sourceObject,
  type StagedPlace,
} from '../../roster/qmlativ-sources.ts';
import { problemKinds, type ProblemKind } from '../../roster/row-problem.ts';
import { sourceFieldLabel } from '../../roster/source-labels.ts';
import { unlinkStudentsAsGuardians } from './contradictions.ts';
import {
  createUnreadablePartTables,
  essentialTables,
  recordUnreadableParts,
  recordPartialStudents,
} from './unreadable-parts.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import { unresolvedAt } from './retained-values.ts';
import type { MissingPermissions, RowCounts, UnreadableCode } from '../reading/roster-source.ts';

/** More problems of one kind are counted, but not listed. */
const maxListedPerKind = 1000;

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

/** A guardian without a name record is skipped, or retained as published if known. */
const namelessGuardians = `
  insert into problems
  select case when o.skyward_id is null then $2::text else $3::text end, $6, null, null,
    g.skyward_id::text, $7, c.skyward_id,
    case when o.skyward_id is null then $4::text else $5::text end, false, false
  from changed_students c
  join staged_guardian_links g on g.student_skyward_id = c.skyward_id
  left join staged_people p on p.person_id = g.person_id
  left join guardians o on o.district_id = $1 and o.student_id = c.student_id
    and o.skyward_id = g.skyward_id
  where p.person_id is null`;

const guardiansWithoutName = `
  insert into problems
  select $1::text, $3, null, null, p.person_id::text, $4, c.skyward_id, $2::text, false, false
  from changed_students c
  join staged_guardian_links g on g.student_skyward_id = c.skyward_id
  join staged_people p on p.person_id = g.person_id
  where p.first_name is null and p.last_name is null`;

/** All but one of several links between the same student and guardian. The published one is used, else the first. */
const repeatedLinks = `
  with repeated as (
    insert into repeated_links
    select skyward_id from (
      select g.skyward_id, row_number() over (partition by g.student_skyward_id, g.person_id
        order by o.skyward_id is null, g.rank nulls last, g.skyward_id) as nth
      from (select student_skyward_id, person_id from staged_guardian_links
        group by student_skyward_id, person_id having count(*) > 1) d
      join staged_guardian_links g using (student_skyward_id, person_id)
      join changed_students c on c.skyward_id = g.student_skyward_id
      left join guardians o on o.district_id = $1 and o.student_id = c.student_id
        and o.skyward_id = g.skyward_id
    ) links
    where nth > 1
    returning skyward_id
  )
  insert into problems
  select $2::text, $4, null, null, g.skyward_id::text, $5, g.student_skyward_id, $3::text, false, false
  from repeated join staged_guardian_links g using (skyward_id)`;

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

/** The key columns by which unknown values are recorded (retained-values.ts). */
const recordKeys: Partial<Readonly<Record<StagedTable, string>>> = {
  students: 'skyward_id',
  people: 'person_id',
  families: 'family_id',
  guardian_links: 'skyward_id',
  enrollments: 'skyward_id',
  entity_years: 'entity_year_id',
};

/** Records values whose ids are dangling as unknown, and returns their places. Values of contact lists are not recorded. */
async function recordUnresolved(
  client: pg.ClientBase,
  unresolved: ReceivedRows['unresolved'],
): Promise<StagedPlace[]> {
  const recorded: StagedPlace[] = [];
  for (const table of unresolved.keys()) {
    const key = recordKeys[table];
    if (key === undefined) continue;
    for (const place of listPlaces(table)) {
      const where = unresolvedAt(place, unresolved);
      if (where === undefined) continue;
      recorded.push(place);
      await client.query(
        `insert into unknown_values select '${place}', r.${key} from staged_${table} r where ${where}`,
      );
    }
  }
  return recorded;
}

/** Unreadable rows of code tables. They belong to no student, so no student is skipped. */
const unreadableCodeRows = `
  insert into problems
  select 'field-unreadable', object, page, row, key::text, field, null, field || ': ' || message, false, false
  from jsonb_to_recordset($1::jsonb)
    as codes (object text, page integer, row integer, key bigint, field text, message text)`;

const missingCodes = `
  insert into problems (kind, object, message, blocks_new, blocks_known)
  select 'code-missing', code_table, message, false, false
  from unnest($1::text[], $2::text[]) as missing (code_table, message)`;

/** A list whose rows reference rows of another list. */
interface ListLink {
  readonly from: 'person_addresses' | 'family_students';
  readonly to: 'addresses' | 'families';
  readonly key: 'address_id' | 'family_id';
  /** The field that holds the id. */
  readonly field: string;
}
const listLinks: readonly ListLink[] = [
  { from: 'person_addresses', to: 'addresses', key: 'address_id', field: 'AddressID' },
  { from: 'family_students', to: 'families', key: 'family_id', field: 'FamilyID' },
];

const isDangling = ({ from, to, key }: ListLink) => `
  from staged_${from} l
  where not exists (select from staged_${to} r where r.${key} = l.${key})
    and not exists (select from staged_unusable_rows u
      where u.staged_table = '${to}' and u.${key} = l.${key})`;

/** Students with such a row, or with a guardian who has one, are checked again in the next import. */
const recheckStudents = (link: ListLink) =>
  link.from === 'family_students'
    ? `insert into partial_students select l.student_skyward_id ${isDangling(link)}`
    : `with people as (select l.person_id ${isDangling(link)})
       insert into partial_students
       select s.skyward_id from staged_students s join people using (person_id)
       union
       select g.student_skyward_id from staged_guardian_links g join people using (person_id)`;

/** The home language of a family that was not received is unknown. */
const unknownFamilies = (link: ListLink) => `
  insert into unknown_values select distinct 'families.home_language', l.family_id ${isDangling(link)}`;

/** Reports lists with missing entries that other lists reference, and returns places with unknown values. */
async function findMissingEntries(
  client: pg.ClientBase,
  { missing }: ReceivedRows,
): Promise<StagedPlace[]> {
  const places: StagedPlace[] = [];
  for (const link of listLinks) {
    // Reported as a missing permission.
    if (missing.has(link.to)) continue;
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::integer as count ${isDangling(link)}`,
    );
    const count = rows[0]?.count ?? 0;
    if (count === 0) continue;
    const place = { object: sourceObject(link.from), field: link.field };
    await client.query(missingCodes, [
      [sourceObject(link.to)],
      [describeMissing([{ count, ...place }])],
    ]);
    await client.query(recheckStudents(link));
    if (link.to !== 'families') continue;
    await client.query(unknownFamilies(link));
    places.push('families.home_language');
  }
  return places;
}

/** Describes how many rows reference missing entries, by object and field. */
const describeMissing = (
  rows: readonly { readonly count: number; readonly object: string; readonly field: string }[],
): string =>
  `These rows reference missing entries: ${rows
    .map(
      ({ count, object, field }) =>
        `${count.toLocaleString('en-US')} ${count === 1 ? 'row' : 'rows'} of ${object} (by ${field})`,
    )
    .join(', ')}`;

/** Homeroom teachers and advisors whose name record was not received; each is reported once. */
const namelessStaff = `
  with nameless as (
    select y.student_skyward_id, staff.person_id
    from staged_entity_years y
    cross join lateral (values (y.homeroom_teacher_person_id), (y.advisor_person_id)) as staff (person_id)
    where staff.person_id is not null
      and not exists (select from staged_people p where p.person_id = staff.person_id)
      and not exists (select from staged_unusable_rows u
        where u.staged_table = 'people' and u.person_id = staff.person_id)
  ), rechecked as (
    insert into partial_students select distinct student_skyward_id from nameless
  )
  insert into problems
  select distinct $1::text, $3, null::integer, null::integer, person_id::text, $4, null::bigint,
    $2::text, false, false
  from nameless`;

/** Reports each code table with missing entries once, with the rows that reference them. */
async function findMissingCodes(client: pg.ClientBase, read: ReceivedRows): Promise<void> {
  const missingObjects = new Set(
    read.missingPermissions.filter(({ fields }) => fields.length === 0).map(({ object }) => object),
  );
  const rows = new Map<string, { count: number; object: string; field: string }[]>();
  for (const [table, counts] of read.unresolved)
    for (const [name, count] of Object.entries(counts)) {
      const { codeTable, object, field } = findCodeTable(table, name);
      // Reported as a missing permission.
      if (missingObjects.has(codeTable)) continue;
      const from = sourceObject(table);
      const through = object === from ? field : `${object} ${field}`;
      const place = { count, object: from, field: through };
      rows.set(codeTable, [...(rows.get(codeTable) ?? []), place]);
    }
  if (rows.size === 0) return;
  await client.query(missingCodes, [[...rows.keys()], [...rows.values()].map(describeMissing)]);
}

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
  const { hasBirthDates, unreadableCodes } = read;
  await client.query('analyze staged_unusable_rows');
  await client.query(unusableRows, [districtId, essentialTables]);
  const { rows: unknown } = await client.query<{ place: StagedPlace }>(unknownValues);
  const unresolved = [
    ...(await recordUnresolved(client, read.unresolved)),
    ...(await findMissingEntries(client, read)),
  ];
  await recordUnreadableParts(client);
  if (unreadableCodes.length > 0)
    await client.query(unreadableCodeRows, [JSON.stringify(unreadableCodes)]);
  await findMissingCodes(client, read);
  for (const check of studentChecks) {
    if (read.accepted.has(check.place)) continue;
    // If nobody has a birth date, a new student is imported without one; a known one is retained.
    const checksNew = check.kind !== 'birth-date-missing' || hasBirthDates;
    const checksKnown = !read.missing.has(check.place);
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
  const link = sourceField('guardian_links.person_id');
  await client.query(namelessGuardians, [
    districtId,
    'guardian-left-out',
    'person-missing',
    problemKinds['guardian-left-out'],
    problemKinds['person-missing'],
    link.object,
    link.field,
  ]);
  await client.query(namelessStaff, [
    'person-missing',
    problemKinds['person-missing'],
    sourceObject('people'),
    'NameID',
  ]);
  const name = sourceField('people.first_name');
  await client.query(guardiansWithoutName, [
    'guardian-name-missing',
    problemKinds['guardian-name-missing'],
    name.object,
    name.field,
  ]);
  await client.query(repeatedLinks, [
    districtId,
    'guardian-linked-twice',
    problemKinds['guardian-linked-twice'],
    link.object,
    link.field,
  ]);
  await unlinkStudentsAsGuardians(client, read.today);
  await client.query(skipStudents);
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

/** Returns the number of problems by kind. */
export async function countProblems(
  client: pg.ClientBase,
): Promise<Partial<Record<ProblemKind, number>>> {
  const { rows } = await client.query<{ kind: ProblemKind; count: number }>(
    'select kind, count(*)::integer as count from problems group by kind order by kind',
  );
  return Object.fromEntries(rows.map((row) => [row.kind, row.count]));
}

/** Fields of which a message says that a value could not be read, after the name of the field in Skyward. */
const namedFields = `
  select distinct object, field from problems where starts_with(message, field || ': ')`;

/** Records the run's problems for users, with labels instead of the names of Skyward's fields. */
export async function recordProblems(
  client: pg.ClientBase,
  districtId: number,
  runId: number,
): Promise<void> {
  const { rows } = await client.query<{ object: string; field: string }>(namedFields);
  const labels = rows.map((place) => ({ ...place, label: sourceFieldLabel(place) }));
  await client.query(
    `insert into import_problems (district_id, run_id, kind, object, page, row_number, record_key,
       field, skyward_student_id, message)
     select $1, $2, kind, object, page, row_number, record_key, field, skyward_student_id,
       case when starts_with(message, field || ': ') then label || substr(message, length(field) + 1)
         else message end
     from (select p.*, row_number() over (partition by kind order by object, record_key) as nth
       from problems p) listed
     left join jsonb_to_recordset($4) labels (object text, field text, label text) using (object, field)
     where nth <= $3`,
    [districtId, runId, maxListedPerKind, JSON.stringify(labels)],
  );
}
