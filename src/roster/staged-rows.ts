/**
 * The staged tables of an import: one for each kind of row that a student information system sends, with codes already
 * resolved. The tables of a run and the types of the mapping are derived from these definitions.
 */

/** The fields with dangling ids, separated by commas: values from them are unknown, not empty. Usually null. */
const unresolved = { unresolved: 'text' } as const;

/** Database types that staged columns use. */
type ColumnType = 'bigint' | 'integer' | 'text' | 'boolean' | 'date';

interface ColumnValues {
  bigint: number;
  integer: number;
  text: string;
  boolean: boolean;
  /** `YYYY-MM-DD` */
  date: string;
}

const definitions = {
  /** Students, guardians and staff. */
  people: {
    person_id: 'bigint',
    first_name: 'text',
    middle_name: 'text',
    last_name: 'text',
    suffix: 'text',
    legal_first_name: 'text',
    legal_middle_name: 'text',
    legal_last_name: 'text',
    legal_suffix: 'text',
    birth_date: 'date',
    gender: 'text',
    race: 'text',
    ethnicity: 'text',
    /** Whether an implausible birth date was received, which is not in `birth_date`. */
    has_implausible_birth_date: 'boolean',
    ...unresolved,
  },
  person_aliases: {
    person_id: 'bigint',
    rank: 'integer',
    first_name: 'text',
    middle_name: 'text',
    last_name: 'text',
    suffix: 'text',
    kind: 'text',
    ...unresolved,
  },
  addresses: {
    address_id: 'bigint',
    /** Lines above city and state, separated by a newline. */
    lines: 'text',
    city: 'text',
    state: 'text',
    zip: 'text',
    county: 'text',
    country: 'text',
    full_text: 'text',
    ...unresolved,
  },
  person_addresses: {
    person_address_id: 'bigint',
    person_id: 'bigint',
    address_id: 'bigint',
    is_home: 'boolean',
    is_mailing: 'boolean',
  },
  person_phones: {
    person_phone_id: 'bigint',
    person_id: 'bigint',
    rank: 'integer',
    type: 'text',
    number: 'text',
    extension: 'text',
    is_confidential: 'boolean',
    ...unresolved,
  },
  person_emails: {
    person_email_id: 'bigint',
    person_id: 'bigint',
    rank: 'integer',
    type: 'text',
    address: 'text',
    ...unresolved,
  },
  students: {
    skyward_id: 'bigint',
    person_id: 'bigint',
    student_number: 'text',
    state_id: 'text',
    grade: 'text',
    graduation_year: 'integer',
    native_language: 'text',
    ...unresolved,
  },
  guardian_links: {
    skyward_id: 'bigint',
    student_skyward_id: 'bigint',
    person_id: 'bigint',
    rank: 'integer',
    relationship: 'text',
    is_custodial: 'boolean',
    is_emergency_contact: 'boolean',
    allows_pickup: 'boolean',
    has_family_access: 'boolean',
    has_restricted_access: 'boolean',
    ...unresolved,
  },
  families: { family_id: 'bigint', home_language: 'text', ...unresolved },
  family_students: { family_id: 'bigint', student_skyward_id: 'bigint', rank: 'integer' },
  family_guardians: { family_id: 'bigint', person_id: 'bigint', rank: 'integer' },
  entity_years: {
    entity_year_id: 'bigint',
    student_skyward_id: 'bigint',
    entity_id: 'bigint',
    school_year: 'integer',
    grade: 'text',
    homeroom: 'text',
    homeroom_teacher_person_id: 'bigint',
    advisor_person_id: 'bigint',
    ...unresolved,
  },
  enrollments: {
    skyward_id: 'bigint',
    student_skyward_id: 'bigint',
    entity_id: 'bigint',
    entity_name: 'text',
    school_name: 'text',
    school_state_id: 'text',
    school_year: 'integer',
    start_date: 'date',
    end_date: 'date',
    withdrawal_date: 'date',
    withdrawal_code: 'text',
    withdrawal_reason: 'text',
    entry_code: 'text',
    entry_reason: 'text',
    is_default_entity: 'boolean',
    calendar_end_date: 'date',
    /** True or unknown. */
    is_no_show: 'boolean',
    /** False or unknown; known only after the enrollment has ended. */
    enrolled_at_least_one_day: 'boolean',
    ...unresolved,
  },
} as const satisfies Record<string, Record<string, ColumnType>>;

/** The staged tables with their columns and database types. */
export const stagedTables: Readonly<Record<StagedTable, Readonly<Record<string, ColumnType>>>> =
  definitions;

/** A staged table's name. */
export type StagedTable = keyof typeof definitions;

/** One row of a staged table; values that were not received are null. */
export type StagedRow<Table extends StagedTable> = {
  readonly [
    Column in keyof (typeof definitions)[Table]
  ]: (typeof definitions)[Table][Column] extends ColumnType
    ? ColumnValues[(typeof definitions)[Table][Column]] | null
    : never;
};
