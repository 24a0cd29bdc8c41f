/** Whose each staged row is: by whom it is looked up, and whose ids it names in turn. Data alone. */
import type { StagedTable } from '../roster/staged-rows.ts';

/** Whom rows belong to. */
export type RowOwner = 'students' | 'families' | 'people' | 'addresses';

export interface Ownership {
  readonly owner: RowOwner;
  /** The column with the owner's id. */
  readonly by: string;
  /** Columns with ids of others, without whose rows this one cannot be understood. */
  readonly names: readonly { readonly owner: RowOwner; readonly column: string }[];
}

/** Of every table but the students' own. */
export const ownership: Readonly<Record<Exclude<StagedTable, 'students'>, Ownership>> = {
  people: { owner: 'people', by: 'person_id', names: [] },
  entity_years: {
    owner: 'students',
    by: 'student_skyward_id',
    names: [
      { owner: 'people', column: 'homeroom_teacher_person_id' },
      { owner: 'people', column: 'advisor_person_id' },
    ],
  },
  person_aliases: { owner: 'people', by: 'person_id', names: [] },
  addresses: { owner: 'addresses', by: 'address_id', names: [] },
  person_addresses: {
    owner: 'people',
    by: 'person_id',
    names: [{ owner: 'addresses', column: 'address_id' }],
  },
  person_phones: { owner: 'people', by: 'person_id', names: [] },
  person_emails: { owner: 'people', by: 'person_id', names: [] },
  families: { owner: 'families', by: 'family_id', names: [] },
  family_guardians: { owner: 'families', by: 'family_id', names: [] },
  family_students: {
    owner: 'students',
    by: 'student_skyward_id',
    names: [{ owner: 'families', column: 'family_id' }],
  },
  guardian_links: {
    owner: 'students',
    by: 'student_skyward_id',
    names: [{ owner: 'people', column: 'person_id' }],
  },
  enrollments: { owner: 'students', by: 'student_skyward_id', names: [] },
};

/** The columns whose ids are kept beside each encoded row: the owner's first, then those that it names. */
export const idColumnsOf = (table: StagedTable): readonly string[] =>
  table === 'students'
    ? ['skyward_id', 'person_id']
    : [ownership[table].by, ...ownership[table].names.map(({ column }) => column)];
