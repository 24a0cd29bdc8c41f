/** The owner of each staged row, by whom it is looked up, and the owners it references. Data only. */
import type { StagedTable } from '../../roster/staged-rows.ts';

export type RowOwner = 'students' | 'families' | 'people' | 'addresses';

export interface Ownership {
  readonly owner: RowOwner;
  /** The column with the owner's id. */
  readonly column: string;
  /** Columns with ids of other owners, whose rows are needed with this one. */
  readonly references: readonly { readonly owner: RowOwner; readonly column: string }[];
}

/** For every table except `students`. */
export const ownership: Readonly<Record<Exclude<StagedTable, 'students'>, Ownership>> = {
  people: { owner: 'people', column: 'person_id', references: [] },
  entity_years: {
    owner: 'students',
    column: 'student_skyward_id',
    references: [
      { owner: 'people', column: 'homeroom_teacher_person_id' },
      { owner: 'people', column: 'advisor_person_id' },
    ],
  },
  person_aliases: { owner: 'people', column: 'person_id', references: [] },
  addresses: { owner: 'addresses', column: 'address_id', references: [] },
  person_addresses: {
    owner: 'people',
    column: 'person_id',
    references: [{ owner: 'addresses', column: 'address_id' }],
  },
  person_phones: { owner: 'people', column: 'person_id', references: [] },
  person_emails: { owner: 'people', column: 'person_id', references: [] },
  families: { owner: 'families', column: 'family_id', references: [] },
  family_guardians: { owner: 'families', column: 'family_id', references: [] },
  family_students: {
    owner: 'students',
    column: 'student_skyward_id',
    references: [{ owner: 'families', column: 'family_id' }],
  },
  guardian_links: {
    owner: 'students',
    column: 'student_skyward_id',
    references: [{ owner: 'people', column: 'person_id' }],
  },
  enrollments: { owner: 'students', column: 'student_skyward_id', references: [] },
};

/** Returns the columns whose ids are stored with each encoded row: that of the owner first, then references. */
export const idColumnsOf = (table: StagedTable): readonly string[] =>
  table === 'students'
    ? ['skyward_id', 'person_id']
    : [ownership[table].column, ...ownership[table].references.map(({ column }) => column)];
