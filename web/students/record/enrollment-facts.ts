/** What is known of an enrollment besides the columns of its table: labels and values, from the catalog of fields. */
import type { EnrollmentRow } from '../../../src/contract/students/students.ts';
import { plainEnrollmentFields } from '../../../src/roster/fields/columns.ts';
import { fieldText } from './field-text.ts';

type EnrollmentKey = keyof typeof plainEnrollmentFields;

/** In the table, or numbers that identify a school in Skyward and that nobody looks for here. */
const leftOut: readonly EnrollmentKey[] = [
  'schoolYear',
  'schoolName',
  'entityName',
  'entityId',
  'schoolStateId',
  'grade',
  'isDefaultEntity',
  'startDate',
  'entryCode',
  'entryReason',
  'endDate',
  'withdrawalDate',
  'withdrawalCode',
  'withdrawalReason',
];

const furtherKeys = (Object.keys(plainEnrollmentFields) as EnrollmentKey[]).filter(
  (key) => !leftOut.includes(key),
);

/** Returns each known value with its label: `Homeroom: 204`. */
export const furtherFacts = (row: EnrollmentRow): string[] =>
  furtherKeys.flatMap((key) => {
    const { label, type } = plainEnrollmentFields[key];
    const text = fieldText(type, row[key]);
    return text === null ? [] : [`${label}: ${text}`];
  });
