/**
 * Where in Skyward Qmlativ each staged column comes from: to name the place of a problem, and to tell
 * which columns could not be filled because something was not granted.
 */
import type { Source } from './fields/catalog.ts';
import { homerooms } from './fields/code-tables.ts';
import { stagedSources } from './fields/staged.ts';
import type { StagedRow, StagedTable } from './staged-rows.ts';

interface TableSource<Table extends StagedTable> {
  /** The object that gives the rows. */
  readonly object: string;
  /** What can be missing while the rows are there; columns without which nothing is read are named for problems. */
  readonly columns: { readonly [Column in keyof StagedRow<Table>]?: readonly Source[] };
}

const sources: { readonly [Table in StagedTable]: TableSource<Table> } = {
  people: { object: 'Demographics/Name', columns: stagedSources('people') },
  person_aliases: {
    object: 'Demographics/NameAlias',
    columns: {
      person_id: ['NameID', ['FirstName', 'LastName']],
      rank: ['Rank'],
      ...stagedSources('person_aliases'),
    },
  },
  addresses: { object: 'Demographics/Address', columns: stagedSources('addresses') },
  person_addresses: {
    object: 'Demographics/NameAddress',
    columns: { person_id: ['NameID'], ...stagedSources('person_addresses') },
  },
  person_phones: {
    object: 'Demographics/NamePhone',
    columns: { person_id: ['NameID'], ...stagedSources('person_phones') },
  },
  person_emails: {
    object: 'Demographics/NameEmail',
    columns: { person_id: ['NameID'], ...stagedSources('person_emails') },
  },
  students: {
    object: 'Student/Student',
    columns: { person_id: ['NameID'], ...stagedSources('students') },
  },
  guardian_links: {
    object: 'Family/StudentGuardian',
    columns: {
      person_id: ['NameIDGuardian'],
      rank: ['Rank'],
      ...stagedSources('guardian_links'),
    },
  },
  families: { object: 'Family/Family', columns: stagedSources('families') },
  family_students: { object: 'Family/StudentFamily', columns: { rank: ['Rank'] } },
  family_guardians: { object: 'Family/FamilyGuardian', columns: { rank: ['Rank'] } },
  entity_years: {
    object: 'Enrollment/StudentEntityYear',
    columns: {
      ...stagedSources('entity_years'),
      homeroom_teacher_person_id: ['HomeroomID', homerooms, `${homerooms}.StaffID`, 'Staff/Staff'],
      advisor_person_id: ['StaffIDAdvisor', 'Staff/Staff'],
    },
  },
  enrollments: {
    object: 'Enrollment/EntryWithdrawal',
    columns: {
      skyward_id: ['EntryWithdrawalID'],
      student_skyward_id: ['StudentID'],
      ...stagedSources('enrollments'),
    },
  },
};

/** A staged table, or one column of it. */
export type StagedPlace = {
  [Table in StagedTable]: Table | `${Table}.${string & keyof StagedRow<Table>}`;
}[StagedTable];

const tableNames = Object.keys(sources) as StagedTable[];

/** The columns of a table with their sources, as plain pairs. */
const listColumns = (table: StagedTable): [string, readonly Source[]][] =>
  Object.entries(sources[table].columns);

/** The object that a staged table's rows come from, as Skyward names it. */
export function sourceObject(table: StagedTable): string {
  return sources[table].object;
}

/** The object and field to look at in Skyward when something is wrong with a staged column. */
export function sourceField(place: StagedPlace): { object: string; field: string } {
  const [table = '', column = ''] = place.split('.');
  for (const name of tableNames) {
    if (name !== table) continue;
    const source = listColumns(name).find(([each]) => each === column)?.[1][0];
    return {
      object: sources[name].object,
      field: typeof source === 'string' ? source : (source?.join(', ') ?? column),
    };
  }
  return { object: table, field: column };
}

/** The staged columns of a table that a field of its object goes into. */
export function findColumns(table: StagedTable, field: string): string[] {
  return listColumns(table)
    .filter(([, needed]) => needed.flat().includes(field))
    .map(([column]) => column);
}

/** The columns of a staged table that come from something that can be missing. */
export const listPlaces = (table: StagedTable): StagedPlace[] =>
  listColumns(table).map(([column]) => `${table}.${column}` as StagedPlace);

/** The fields, named as `unresolved` names them, without which a staged column cannot be told. */
export function findFields(place: StagedPlace): string[] {
  const [table = '', column = ''] = place.split('.');
  const name = tableNames.find((each) => each === table);
  const needed = name && listColumns(name).find(([each]) => each === column)?.[1];
  return (needed ?? []).flat();
}

/** The code table in which the ids of such a field are looked up, and the field with its own object. */
export function findCodeTable(
  table: StagedTable,
  field: string,
): { readonly codeTable: string; readonly object: string; readonly field: string } {
  const [object, name] = field.includes('/') ? field.split('.') : [sources[table].object, field];
  for (const [, needed] of listColumns(table)) {
    const all = needed.flat();
    const place = all.indexOf(field);
    const codeTable = all.find((source, each) => each > place && isObject(source));
    if (place >= 0 && codeTable !== undefined)
      return { codeTable, object: object ?? '', field: name ?? '' };
  }
  throw new RangeError(`${table} has no code table for ${field}`);
}

const isObject = (source: string) => source.includes('/') && !source.includes('.');

/**
 * The staged tables and columns that say nothing tonight, because what they come from was not granted.
 * `missingPermissions` names fields by object, or a whole object by an empty list of fields.
 */
export function findMissingPlaces(
  missingPermissions: readonly { readonly object: string; readonly fields: readonly string[] }[],
): ReadonlySet<StagedPlace> {
  const missing = new Set(
    missingPermissions.flatMap(({ object, fields }) =>
      fields.length === 0 ? [object] : fields.map((field) => `${object}.${field}`),
    ),
  );
  const places = new Set<StagedPlace>();
  for (const table of tableNames) {
    const { object } = sources[table];
    const isMissing = (source: string) =>
      missing.has(source.includes('/') ? source : `${object}.${source}`);
    if (missing.has(object)) places.add(table);
    for (const [column, needed] of listColumns(table)) {
      const isMissingColumn = needed.some((source) =>
        typeof source === 'string' ? isMissing(source) : source.every(isMissing),
      );
      if (missing.has(object) || isMissingColumn) places.add(`${table}.${column}` as StagedPlace);
    }
  }
  return places;
}
