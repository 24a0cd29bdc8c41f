/**
 * Where in Skyward Qmlativ each staged column comes from: to name the place of a problem, and to tell
 * which columns could not be filled because something was not granted.
 */
import type { StagedRow, StagedTable } from './staged-rows.ts';

/**
 * One thing that a column needs: a field of the table's own object, `Module/Object.Field` of another, or
 * another object as a whole. Of an inner list any one will do.
 */
type Source = string | readonly string[];

interface TableSource<Table extends StagedTable> {
  /** The object that gives the rows. */
  readonly object: string;
  /** What can be missing while the rows are there; columns without which nothing is read are named for problems. */
  readonly columns: { readonly [Column in keyof StagedRow<Table>]?: readonly Source[] };
}

const suffix = 'Demographics/NameSuffix';
const language = 'Demographics/Language';
const zip = 'Demographics/Zip';
const street = 'Demographics/Street';
const streetLine = 'StreetNumberAndNameIncludeSecondaryUnit';
const fullAddress = 'FormattedFullAddress';
const homeroom = 'Enrollment/Homeroom';
const calendar = 'Attendance/Calendar';
const entity = 'District/Entity';
const school = 'Enrollment/School';

const sources: { readonly [Table in StagedTable]: TableSource<Table> } = {
  people: {
    object: 'Demographics/Name',
    columns: {
      first_name: ['FirstName'],
      middle_name: ['MiddleName'],
      last_name: ['LastName'],
      suffix: ['NameSuffixID', suffix],
      legal_first_name: ['FirstNameLegal'],
      legal_middle_name: ['MiddleNameLegal', ['FirstNameLegal', 'LastNameLegal']],
      legal_last_name: ['LastNameLegal'],
      legal_suffix: ['NameSuffixIDLegal', ['FirstNameLegal', 'LastNameLegal'], suffix],
      birth_date: ['BirthDate'],
      gender: [['Gender', 'GenderCode']],
      race: ['Race'],
      ethnicity: ['Ethnicity'],
    },
  },
  person_aliases: {
    object: 'Demographics/NameAlias',
    columns: {
      person_id: ['NameID', ['FirstName', 'LastName']],
      rank: ['Rank'],
      first_name: ['FirstName'],
      middle_name: ['MiddleName'],
      last_name: ['LastName'],
      suffix: ['NameSuffixID', suffix],
      kind: ['IsLegalName', 'IsMaidenName'],
    },
  },
  addresses: {
    object: 'Demographics/Address',
    columns: {
      lines: [
        [streetLine, fullAddress, 'StreetNumber'],
        [streetLine, fullAddress, 'StreetID'],
        [streetLine, fullAddress, street],
      ],
      city: ['ZipID', zip, `${zip}.City`],
      state: ['ZipID', zip, `${zip}.StateID`, 'SkySys/State'],
      zip: ['ZipID', zip, `${zip}.ZipCode`],
      county: ['CountyID', 'Demographics/County'],
      country: ['ZipID', zip],
    },
  },
  person_addresses: {
    object: 'Demographics/NameAddress',
    columns: { person_id: ['NameID'], is_home: ['IsPhysical'], is_mailing: ['IsMailing'] },
  },
  person_phones: {
    object: 'Demographics/NamePhone',
    columns: {
      person_id: ['NameID'],
      rank: ['Rank'],
      type: ['PhoneTypeID', 'Demographics/PhoneType'],
      number: [['FormattedPhoneNumber', 'PhoneNumber']],
      extension: ['Extension'],
      is_confidential: ['IsConfidential'],
    },
  },
  person_emails: {
    object: 'Demographics/NameEmail',
    columns: {
      person_id: ['NameID'],
      rank: ['Rank'],
      type: ['EmailTypeID', 'Demographics/EmailType'],
      address: ['EmailAddress'],
    },
  },
  students: {
    object: 'Student/Student',
    columns: {
      person_id: ['NameID'],
      student_number: ['StudentNumber'],
      state_id: [['CalculatedStudentStateID', 'StudentStateID']],
      grade: ['Grade'],
      graduation_year: ['GradYear'],
      native_language: ['LanguageIDNative', language],
    },
  },
  guardian_links: {
    object: 'Family/StudentGuardian',
    columns: {
      person_id: ['NameIDGuardian'],
      rank: ['Rank'],
      relationship: ['RelationshipID', 'Demographics/Relationship'],
      is_custodial: ['IsCustodialGuardian'],
      is_emergency_contact: ['IsEmergencyContact'],
      allows_pickup: ['AllowStudentPickup'],
      has_family_access: ['AllowFamilyAccess'],
      has_restricted_access: ['HasActiveRestrictedAccess'],
    },
  },
  families: { object: 'Family/Family', columns: { home_language: ['LanguageIDHome', language] } },
  family_students: { object: 'Family/StudentFamily', columns: { rank: ['Rank'] } },
  family_guardians: { object: 'Family/FamilyGuardian', columns: { rank: ['Rank'] } },
  entity_years: {
    object: 'Enrollment/StudentEntityYear',
    columns: {
      grade: ['Grade'],
      homeroom: ['HomeroomID', homeroom],
      homeroom_teacher_person_id: ['HomeroomID', homeroom, `${homeroom}.StaffID`, 'Staff/Staff'],
      advisor_person_id: ['StaffIDAdvisor', 'Staff/Staff'],
    },
  },
  enrollments: {
    object: 'Enrollment/EntryWithdrawal',
    columns: {
      skyward_id: ['EntryWithdrawalID'],
      student_skyward_id: ['StudentID'],
      entity_id: ['EntityID'],
      entity_name: ['EntityID', entity, `${entity}.Name`],
      school_name: ['SchoolID', school, `${school}.Name`],
      school_state_id: ['SchoolID', school, `${school}.StateAssignedID`],
      school_year: ['SchoolYearID'],
      start_date: ['StartDate'],
      end_date: ['EndDate'],
      withdrawal_date: ['WithdrawalDate'],
      withdrawal_code: ['WithdrawalCodeID'],
      withdrawal_reason: ['Enrollment/WithdrawalCode.Description'],
      entry_code: ['EntryCodeID', 'Enrollment/EntryCode'],
      entry_reason: ['EntryCodeID', 'Enrollment/EntryCode', 'Enrollment/EntryCode.Description'],
      is_default_entity: ['IsDefaultEntity'],
      is_no_show: ['IsNoShow'],
      enrolled_at_least_one_day: ['EnrolledAtLeastOneDay'],
      calendar_end_date: ['CalendarID', calendar, `${calendar}.EndDate`],
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
 * `notGranted` names fields by object, or a whole object by an empty list of fields.
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
