/** What can be wrong with delivered rows, and what it means for the students behind them. */

import type { StagedTable } from './staged-rows.ts';

/** Kinds of problem that a night reports, each with a sentence for the person who has to mend it. */
export const problemKinds = {
  'name-missing':
    'First and last name are missing in Skyward. The student is left as last imported; enter the name in Skyward.',
  'name-incomplete':
    'The first or the last name is missing in Skyward. The student is brought in with the other; a name imported before stays. Enter the missing name in Skyward, unless this person has one name only.',
  'birth-date-missing':
    'The birth date is missing in Skyward. The student is left as last imported; enter the birth date in Skyward.',
  'birth-date-implausible':
    'The birth date lies before 1950 or after today. The student is brought in without it, or keeps the one last imported; correct the birth date in Skyward.',
  'field-unreadable':
    'A value could not be read. It stays as last imported; if it says who the student is or when they are enrolled, the student does. Correct the value in Skyward; if it is right there, send this message to support.',
  'code-unknown':
    'The row uses a code that Skyward did not deliver, so it cannot be judged. The student is left as last imported; check that the code tables are granted for every school year.',
  'code-missing':
    'Rows point to entries that this code table did not deliver. What is published stays, what is new comes without the value; check that the table is granted for every school year, and the entries in Skyward.',
  'person-missing':
    'The name record that this row points to was not delivered. What depends on it is left as last imported; check the record in Skyward.',
  'number-missing':
    'The student has no student number in Skyward. The student is left as last imported; enter the number in Skyward.',
  'number-shared':
    'Skyward delivers this student number for two students. Both are left as last imported, and Duplicates shows them; give each a number of their own in Skyward.',
  'number-used-before':
    'The student number also belongs to a record that Skyward no longer delivers or that was added by hand. Each keeps a record of their own. Compare the two under Duplicates, and merge them if they are one student.',
  'identity-changed':
    'Under this StudentID Skyward now describes somebody else: name, student number and more changed at once, and no state ID says that it is the same student. The student is left as last imported. If another student was typed over this one, restore the record in Skyward and add the other one anew; if it is the same student, confirm that under Duplicates.',
  'guardian-is-student':
    "This guardian has the name record of a student under 18: the student's own, or that of another one of nearly the same age. The guardian is left out, or stays as last imported; everything else is brought in. Link the right name record to this guardian in Skyward.",
  'default-entities-rival':
    "The student is enrolled at two default entities at once. The status is right either way; school and grade are those of the enrollment that began last. Leave Default Entity set in Skyward on the enrollment at the student's main school only, or end the other one.",
  'student-unknown':
    'This row belongs to a student whom Skyward did not deliver. The row is not used; check the record in Skyward.',
  'start-date-unreadable':
    'The start date of an enrollment is missing or not a real date in a form that Daybreak knows. The enrollment does not count, the student’s others do. Enter its start date in Skyward; if it is there, send this message to support.',
  'withdrawn-before-end':
    'An enrollment was withdrawn before its end date, so it counts until the day before the withdrawal. Correct the end date, or the withdrawal, in Skyward.',
  'guardian-left-out':
    'A guardian could not be read, so the student was brought in without them. Correct the guardian in Skyward.',
  'guardian-name-missing':
    'A guardian has no name in Skyward. A guardian imported before stays as last imported, a new one is left out; enter the name in Skyward.',
  'guardian-linked-twice':
    'Skyward links the same guardian to the student more than once. One link is used; remove the others in Skyward.',
} as const;

/** One of the kinds above. */
export type ProblemKind = keyof typeof problemKinds;

/** Kinds that say something of an enrollment that is used all the same: they set nobody aside. */
export const remarkKinds = ['start-date-unreadable', 'withdrawn-before-end'] as const;

export type RemarkKind = (typeof remarkKinds)[number];

/** A row that could not be used, as a whole or in some of its values, with whatever ids in it could be read. */
export interface UnusableRow {
  readonly kind: ProblemKind;
  /** The staged table that the row was meant for. */
  readonly table: StagedTable;
  readonly object: string;
  readonly page: number;
  readonly row: number;
  readonly key: string;
  readonly field: string;
  /** What is wrong with the field; never the value itself. */
  readonly message: string;
  /** The staged columns that cannot be told because of it, while the row itself is used; null: the row is not. */
  readonly unknownColumns: readonly string[] | null;
  readonly sisStudentId: number | null;
  readonly personId: number | null;
  readonly addressId: number | null;
  readonly familyId: number | null;
}
