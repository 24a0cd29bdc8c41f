/**
 * A status never waits for a phone number. When a row of a known student's contacts or guardians cannot be
 * read, only that part stays as published, and everything else of the student follows Skyward. This says
 * which parts of whom those are tonight.
 */
import type pg from 'pg';
import { remarkKinds } from '../../roster/row-problem.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';

/** Lists of a person that stay whole while a row of one of these tables cannot be read. */
const personParts: Readonly<Partial<Record<StagedTable, string>>> = {
  person_aliases: 'other_names',
  person_addresses: 'addresses',
  person_phones: 'phones',
  person_emails: 'emails',
};

/** Tables that say who a student's guardians are and in which order: all of them stay. */
const guardianTables: readonly StagedTable[] = [
  'guardian_links',
  'families',
  'family_students',
  'family_guardians',
];

/** Tables without whose rows a student cannot be brought in or changed at all, if the rows are their own. */
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

/**
 * Students of whom anything could not be read or is as it should not be, while they are brought in. `problems` says
 * whom it concerns.
 */
const partialStudents = `
  insert into partial_students
  select distinct skyward_student_id from problems
  where skyward_student_id is not null and kind <> all($1)`;

const unreadableGuardians = `
  insert into unreadable_guardians
  select distinct skyward_student_id from problems
  where staged_table = any($1) and not (row_is_used and staged_table = any($2))
    and skyward_student_id is not null`;

/** Of these a value stays by itself (kept-values.ts); in the others of the kind, values are the order. */
const valueTables: readonly StagedTable[] = ['guardian_links', 'families'];

/** Notes the faulty parts; to be called once the problems of unusable rows are found. */
export async function recordUnreadableParts(client: pg.ClientBase): Promise<void> {
  await client.query(unreadablePeople, [Object.keys(personParts), Object.values(personParts)]);
  await client.query(unreadableGuardians, [guardianTables, valueTables]);
}

/** Notes who is to be looked at again on the next night; to be called once all problems are found. */
export async function recordPartialStudents(client: pg.ClientBase): Promise<void> {
  // What is remarked on an enrollment is told by every reading, whoever is looked at.
  await client.query(partialStudents, [remarkKinds]);
}

const isPersonPart = (column: string): boolean => Object.values(personParts).includes(column);

/**
 * The SQL value of a person's column: the published one of `o` while the part is faulty, else `value`.
 * `isKnown` is the condition that `o` is there. Nobody is looked up while nobody is known.
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
