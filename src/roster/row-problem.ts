/** The kinds of data problems, with advice, and unusable rows. */

import type { StagedTable } from './staged-rows.ts';

/** The kinds of data problems, with what they mean and how to fix them. */
export const problemKinds = {
  'name-missing':
    'First and last name are missing in Skyward. The student was not updated; enter the name in Skyward.',
  'name-incomplete':
    'The first or last name is missing in Skyward. The student was updated; a name imported earlier was retained. Enter the missing name in Skyward, unless this person has only one name.',
  'birth-date-missing':
    'The birth date is missing in Skyward. The student was not updated; enter the birth date in Skyward.',
  'birth-date-implausible':
    'The birth date is before 1950 or after today. The student was updated without it, or with the one imported earlier; correct the birth date in Skyward.',
  'field-unreadable':
    'A value could not be read and was not updated; if it is part of the identity or enrollment of a student, the student was not updated. Correct the value in Skyward; if it is correct there, send this message to support.',
  'code-unknown':
    'The row has a code that Skyward did not send, so its meaning is unknown. The student was not updated; check that the integration may read the code tables of every school year.',
  'code-missing':
    'Rows reference entries that Skyward did not send in this code table. Values imported earlier were retained, and new records have no value; check that the integration may read the table for every school year, and check the entries in Skyward.',
  'person-missing':
    'Skyward did not send the name record of this row. Values that depend on it were not updated; check the record in Skyward.',
  'number-missing':
    'The student has no student number in Skyward. The student was not updated; enter the number in Skyward.',
  'number-shared':
    'Two students in Skyward have this student number. Neither was updated; they are listed under Duplicates. Give each student a different number in Skyward.',
  'number-used-before':
    'The student number also belongs to a record that is no longer in Skyward or was added manually. Compare the two records under Duplicates, and merge them if they are the same student.',
  'identity-changed':
    'Skyward now has another person under this Skyward ID: name, student number and more changed at the same time, and no state ID shows that it is the same student. The student was not updated. If the record was overwritten with another student, restore it in Skyward and add the other student as a new record; if it is the same student, confirm that under Duplicates.',
  'guardian-is-student':
    'This guardian has the name record of a student under 18: the student’s own, or that of another student of nearly the same age. The guardian was not updated. Link the correct name record to this guardian in Skyward.',
  'default-entities-rival':
    'The student is enrolled at two default entities at the same time. The status is correct; school and grade are those of the enrollment that started last. In Skyward, set Default Entity only on the enrollment at the student’s main school, or end the other enrollment.',
  'student-unknown':
    'This row belongs to a student that Skyward did not send. The row was not used; check the record in Skyward.',
  'start-date-unreadable':
    'The start date of an enrollment is missing or not a real date in a known format. The enrollment is not counted. Enter its start date in Skyward; if it has one there, send this message to support.',
  'withdrawn-before-end':
    'The withdrawal date of an enrollment is before its end date, so it is counted until the day before the withdrawal. Correct the end date or the withdrawal in Skyward.',
  'guardian-left-out':
    'A guardian could not be read, so the student was updated without this guardian. Correct the guardian in Skyward.',
  'guardian-name-missing':
    'A guardian has no name in Skyward and was not updated. Enter the name in Skyward.',
  'guardian-linked-twice':
    'The same guardian is linked to the student more than once. One link was used; remove the others in Skyward.',
} as const;

export type ProblemKind = keyof typeof problemKinds;

/** The kinds in a few words, for lists. */
export const problemTitles: Readonly<Record<ProblemKind, string>> = {
  'name-missing': 'Name missing',
  'name-incomplete': 'First or last name missing',
  'birth-date-missing': 'Date of birth missing',
  'birth-date-implausible': 'Date of birth implausible',
  'field-unreadable': 'Value could not be read',
  'code-unknown': 'Unknown code',
  'code-missing': 'Entries missing in a code table',
  'person-missing': 'Name record missing',
  'number-missing': 'Student number missing',
  'number-shared': 'Two students with one student number',
  'number-used-before': 'Student number of an older record',
  'identity-changed': 'Another student under the same Skyward ID',
  'guardian-is-student': 'Guardian has the name record of a student',
  'default-entities-rival': 'Two main schools at the same time',
  'student-unknown': 'Enrollment without a student',
  'start-date-unreadable': 'Enrollment without a valid start date',
  'withdrawn-before-end': 'Withdrawal before the end date',
  'guardian-left-out': 'Guardian could not be read',
  'guardian-name-missing': 'Guardian without a name',
  'guardian-linked-twice': 'Guardian linked twice',
};

/** Remarks on enrollments that are used anyway; they skip no student. */
export const remarkKinds = ['start-date-unreadable', 'withdrawn-before-end'] as const;

export type RemarkKind = (typeof remarkKinds)[number];

/** A row that is unusable or has unreadable values, with its readable ids. */
export interface UnusableRow {
  readonly kind: ProblemKind;
  /** The staged table of the row. */
  readonly table: StagedTable;
  readonly object: string;
  readonly page: number;
  readonly row: number;
  readonly key: string;
  readonly field: string;
  /** What is wrong with the field; never the value itself. */
  readonly message: string;
  /** The unknown staged columns of a usable row; null if the row is unusable. */
  readonly unknownColumns: readonly string[] | null;
  readonly sisStudentId: number | null;
  readonly personId: number | null;
  readonly addressId: number | null;
  readonly familyId: number | null;
}
