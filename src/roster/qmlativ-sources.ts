/**
 * The source of each staged column in Skyward Qmlativ. Names the place of a problem, and the columns that are empty
 * because of a missing permission.
 */
import type { Source } from './fields/catalog.ts';
import { homerooms } from './fields/code-tables.ts';
import { stagedSources } from './fields/staged.ts';
import type { StagedRow, StagedTable } from './staged-rows.ts';

interface TableSource<Table extends StagedTable> {
  /** The object whose rows are staged. */
  readonly object: string;
  /** What its rows are, for screens. */
  readonly label: string;
  /** Sources that can be missing while there are rows; required columns are listed to name the place of problems. */
  readonly columns: { readonly [Column in keyof StagedRow<Table>]?: readonly Source[] };
}

const sources: { readonly [Table in StagedTable]: TableSource<Table> } = {
  people: { object: 'Demographics/Name', label: 'Names', columns: stagedSources('people') },
  person_aliases: {
    object: 'Demographics/NameAlias',
    label: 'Other names',
    columns: {
      person_id: ['NameID', ['FirstName', 'LastName']],
      rank: ['Rank'],
      ...stagedSources('person_aliases'),
    },
  },
  addresses: {
    object: 'Demographics/Address',
    label: 'Addresses',
    columns: stagedSources('addresses'),
  },
  person_addresses: {
    object: 'Demographics/NameAddress',
    label: 'Addresses by person',
    columns: { person_id: ['NameID'], ...stagedSources('person_addresses') },
  },
  person_phones: {
    object: 'Demographics/NamePhone',
    label: 'Phone numbers',
    columns: { person_id: ['NameID'], ...stagedSources('person_phones') },
  },
  person_emails: {
    object: 'Demographics/NameEmail',
    label: 'E-mail addresses',
    columns: { person_id: ['NameID'], ...stagedSources('person_emails') },
  },
  students: {
    object: 'Student/Student',
    label: 'Students',
    columns: { person_id: ['NameID'], ...stagedSources('students') },
  },
  guardian_links: {
    object: 'Family/StudentGuardian',
    label: 'Guardians',
    columns: {
      person_id: ['NameIDGuardian'],
      rank: ['Rank'],
      ...stagedSources('guardian_links'),
    },
  },
  families: { object: 'Family/Family', label: 'Families', columns: stagedSources('families') },
  family_students: {
    object: 'Family/StudentFamily',
    label: 'Students by family',
    columns: { rank: ['Rank'] },
  },
  family_guardians: {
    object: 'Family/FamilyGuardian',
    label: 'Guardians by family',
    columns: { rank: ['Rank'] },
  },
  entity_years: {
    object: 'Enrollment/StudentEntityYear',
    label: 'Grades and homerooms',
    columns: {
      ...stagedSources('entity_years'),
      homeroom_teacher_person_id: ['HomeroomID', homerooms, `${homerooms}.StaffID`, 'Staff/Staff'],
      advisor_person_id: ['StaffIDAdvisor', 'Staff/Staff'],
    },
  },
  enrollments: {
    object: 'Enrollment/EntryWithdrawal',
    label: 'Enrollments',
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

const listColumns = (table: StagedTable): [string, readonly Source[]][] =>
  Object.entries(sources[table].columns);

/** The objects whose rows are staged, with labels for screens. */
export const stagedObjects = tableNames.map((table) => ({
  table,
  object: sources[table].object,
  label: sources[table].label,
}));

/** Returns Skyward's name of the object whose rows are staged in a table. */
export function sourceObject(table: StagedTable): string {
  return sources[table].object;
}

/** Returns the object and field to check in Skyward if something is wrong with a staged column. */
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

/** Returns the staged columns of a table that use a field of its object. */
export function findColumns(table: StagedTable, field: string): string[] {
  return listColumns(table)
    .filter(([, needed]) => needed.flat().includes(field))
    .map(([column]) => column);
}

/** Returns the columns of a staged table whose source can be missing. */
export const listPlaces = (table: StagedTable): StagedPlace[] =>
  listColumns(table).map(([column]) => `${table}.${column}` as StagedPlace);

/** Returns the fields that a staged column needs, by the names that `unresolved` has. */
export function findFields(place: StagedPlace): string[] {
  const [table = '', column = ''] = place.split('.');
  const name = tableNames.find((each) => each === table);
  const needed = name && listColumns(name).find(([each]) => each === column)?.[1];
  return (needed ?? []).flat();
}

/** Returns the code table in which the ids of such a field are looked up, and the field with its object. */
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

/** Fields of an object without permission; an empty list means the whole object. */
export interface MissingSource {
  readonly object: string;
  readonly fields: readonly string[];
}

/** Returns the staged tables and columns that are unknown because of missing permissions. */
export function findMissingPlaces(
  missingPermissions: readonly MissingSource[],
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
