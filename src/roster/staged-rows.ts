/**
 * The staged tables of an import: one for each kind of row that a student information system sends, with codes already
 * resolved. Ids and ranks are defined here, all other columns come from the catalog of fields.
 */
import type { ColumnTypes } from './fields/catalog.ts';
import { stagedColumns } from './fields/staged.ts';

/** The fields with dangling ids, separated by commas: values from them are unknown, not empty. Usually null. */
const unresolved = { unresolved: 'text' } as const;

const definitions = {
  /** Students, guardians and staff. */
  people: {
    person_id: 'bigint',
    ...stagedColumns('people'),
    /** Whether an implausible birth date was received, which is not in `birth_date`. */
    has_implausible_birth_date: 'boolean',
    ...unresolved,
  },
  person_aliases: {
    person_id: 'bigint',
    rank: 'integer',
    ...stagedColumns('person_aliases'),
    ...unresolved,
  },
  addresses: {
    address_id: 'bigint',
    ...stagedColumns('addresses'),
    full_text: 'text',
    ...unresolved,
  },
  person_addresses: {
    person_address_id: 'bigint',
    person_id: 'bigint',
    address_id: 'bigint',
    ...stagedColumns('person_addresses'),
  },
  person_phones: {
    person_phone_id: 'bigint',
    person_id: 'bigint',
    ...stagedColumns('person_phones'),
    ...unresolved,
  },
  person_emails: {
    person_email_id: 'bigint',
    person_id: 'bigint',
    ...stagedColumns('person_emails'),
    ...unresolved,
  },
  students: {
    skyward_id: 'bigint',
    person_id: 'bigint',
    ...stagedColumns('students'),
    ...unresolved,
  },
  guardian_links: {
    skyward_id: 'bigint',
    student_skyward_id: 'bigint',
    person_id: 'bigint',
    rank: 'integer',
    ...stagedColumns('guardian_links'),
    ...unresolved,
  },
  families: { family_id: 'bigint', ...stagedColumns('families'), ...unresolved },
  family_students: { family_id: 'bigint', student_skyward_id: 'bigint', rank: 'integer' },
  family_guardians: { family_id: 'bigint', person_id: 'bigint', rank: 'integer' },
  entity_years: {
    entity_year_id: 'bigint',
    student_skyward_id: 'bigint',
    entity_id: 'bigint',
    school_year: 'integer',
    ...stagedColumns('entity_years'),
    homeroom_teacher_person_id: 'bigint',
    advisor_person_id: 'bigint',
    ...unresolved,
  },
  enrollments: {
    skyward_id: 'bigint',
    student_skyward_id: 'bigint',
    ...stagedColumns('enrollments'),
    ...unresolved,
  },
} as const satisfies Record<string, Record<string, keyof ColumnTypes>>;

/** The staged tables with their columns and database types. */
export const stagedTables: Readonly<
  Record<StagedTable, Readonly<Record<string, keyof ColumnTypes>>>
> = definitions;

/** A staged table's name. */
export type StagedTable = keyof typeof definitions;

/** One row of a staged table; values that were not received are null. */
export type StagedRow<Table extends StagedTable> = {
  readonly [
    Column in keyof (typeof definitions)[Table]
  ]: (typeof definitions)[Table][Column] extends keyof ColumnTypes
    ? ColumnTypes[(typeof definitions)[Table][Column]] | null
    : never;
};
