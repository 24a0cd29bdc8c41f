/** Whose each staged row is: by whom it is looked up, and whose ids it names in turn. Data alone. */
import type { StagedTable } from '../../roster/staged-rows.ts';

/** Whom rows belong to. */
export type RowOwner = 'students' | 'families' | 'people' | 'addresses';

export interface Ownership {
  readonly owner: RowOwner;
  /** The column with the owner's id. */
  readonly column: string;
  /** Columns with ids of others, without whose rows this one cannot be understood. */
  readonly references: readonly { readonly owner: RowOwner; readonly column: string }[];
}

/** Of every table but the students' own. */
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

/** The columns whose ids are kept beside each encoded row: the owner's first, then those that it names. */
export const idColumnsOf = (table: StagedTable): readonly string[] =>
  table === 'students'
    ? ['skyward_id', 'person_id']
    : [ownership[table].column, ...ownership[table].references.map(({ column }) => column)];
