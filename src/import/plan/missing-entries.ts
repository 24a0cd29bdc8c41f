/** Finds ids that lead nowhere: into code tables, and from one list into another. Skips no student. */
import type pg from 'pg';
import {
  findCodeTable,
  listPlaces,
  sourceObject,
  type StagedPlace,
} from '../../roster/qmlativ-sources.ts';
import type { StagedTable } from '../../roster/staged-rows.ts';
import type { MissingPermissions, RowCounts, UnreadableCode } from '../reading/roster-source.ts';
import { unresolvedAt } from './retained-values.ts';

/** What was read, as far as it shows missing entries. */
interface ReadEntries {
  readonly missing: ReadonlySet<StagedPlace>;
  readonly unresolved: ReadonlyMap<StagedTable, RowCounts>;
  readonly unreadableCodes: readonly UnreadableCode[];
  readonly missingPermissions: readonly MissingPermissions[];
}

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
export async function recordUnresolved(
  client: pg.ClientBase,
  unresolved: ReadEntries['unresolved'],
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
export async function findMissingEntries(
  client: pg.ClientBase,
  { missing }: ReadEntries,
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

/** Reports unreadable and missing entries of code tables. */
export async function findCodeProblems(client: pg.ClientBase, read: ReadEntries): Promise<void> {
  const { unreadableCodes } = read;
  if (unreadableCodes.length > 0)
    await client.query(unreadableCodeRows, [JSON.stringify(unreadableCodes)]);
  await findMissingCodes(client, read);
}

/** Reports each code table with missing entries once, with the rows that reference them. */
async function findMissingCodes(client: pg.ClientBase, read: ReadEntries): Promise<void> {
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
