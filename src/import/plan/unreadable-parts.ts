/**
 * Finds the parts of known students that are unreadable in this import. If a row of the contacts or guardians cannot
 * be read, only that part is retained as published; the rest of the student, such as the status, is updated.
 */
import type pg from 'pg';
import { remarkKinds } from '../../roster/row-problem.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';

/** Lists of a person that are retained while a row of one of these tables is unreadable. */
const personParts: Readonly<Partial<Record<StagedTable, string>>> = {
  person_aliases: 'other_names',
  person_addresses: 'addresses',
  person_phones: 'phones',
  person_emails: 'emails',
};

/** Tables that define a student's guardians and their order: all guardians are retained. */
const guardianTables: readonly StagedTable[] = [
  'guardian_links',
  'families',
  'family_students',
  'family_guardians',
];

/** Tables whose rows a student cannot be imported or updated without. */
export const essentialTables: readonly StagedTable[] = [
  'students',
  'people',
  'entity_years',
  'enrollments',
];

export async function createUnreadablePartTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    create temporary table unreadable_people (person_id bigint, parts text[]);
    create temporary table unreadable_guardians (skyward_id bigint);
    create temporary table partial_students (skyward_id bigint)`);
}

const unreadablePeople = `
  insert into unreadable_people
  select person_id, array_agg(distinct part)
  from (
    select u.person_id, p.part
    from staged_unusable_rows u
    join unnest($1::text[], $2::text[]) as p (staged_table, part) using (staged_table)
    union all
    select l.person_id, 'addresses'
    from staged_unusable_rows u join staged_person_addresses l using (address_id)
    where u.staged_table = 'addresses'
    union all
    select l.person_id, 'addresses'
    from staged_person_addresses l
    where not exists (select from staged_addresses a where a.address_id = l.address_id)
  ) parts
  where person_id is not null
  group by person_id`;

/** Students who are imported despite a problem. */
const partialStudents = `
  insert into partial_students
  select distinct skyward_student_id from problems
  where skyward_student_id is not null and kind <> all($1)`;

const unreadableGuardians = `
  insert into unreadable_guardians
  select distinct skyward_student_id from problems
  where staged_table = any($1) and not (row_is_used and staged_table = any($2))
    and skyward_student_id is not null`;

/** In these tables a single unreadable value is retained (retained-values.ts); in the others, values define the order. */
const valueTables: readonly StagedTable[] = ['guardian_links', 'families'];

/** Records the unreadable parts. Called after the problems of unusable rows are found. */
export async function recordUnreadableParts(client: pg.ClientBase): Promise<void> {
  await client.query(unreadablePeople, [Object.keys(personParts), Object.values(personParts)]);
  await client.query(unreadableGuardians, [guardianTables, valueTables]);
}

/** Records the students to check again in the next import. Called after all problems are found. */
export async function recordPartialStudents(client: pg.ClientBase): Promise<void> {
  // Remarks on enrollments are reported in every import, no matter which students changed.
  await client.query(partialStudents, [remarkKinds]);
}

const isPersonPart = (column: string): boolean => Object.values(personParts).includes(column);

/**
 * Returns the SQL value of a person's column: the published one of `o` while the part is unreadable, else `value`.
 * `isKnown` is the condition that `o` exists, which avoids the lookup for new students.
 */
export const unlessUnreadable = (
  column: string,
  person: { readonly personId: string; readonly isKnown: string },
  value: string,
): string =>
  isPersonPart(column)
    ? `case when ${person.isKnown} and ${person.personId} in (select q.person_id from unreadable_people q
        where '${column}' = any(q.parts)) then o.${column} else ${value} end`
    : value;
