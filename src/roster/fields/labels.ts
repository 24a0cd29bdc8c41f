/** Returns labels, keys and groups of fields by the name that history stores: a column, or a field of a form. */
import type { Field, FieldGroup } from './catalog.ts';
import { enrollmentFields } from './enrollment.ts';
import { guardianFields } from './guardian.ts';
import { staffFields } from './staff.ts';
import { combinedFields, decidedFields, studentFields } from './student.ts';

type Fields = Readonly<Record<string, Field>>;

/** The record of a change in history; `hand` is a field of the form for manual students. */
export type ChangedRecord = 'student' | 'guardian' | 'enrollment' | 'staff' | 'hand';

interface KnownField {
  readonly key: string;
  readonly label: string;
  readonly group?: FieldGroup;
}

const byColumn = (fields: Fields): ReadonlyMap<string, KnownField> =>
  new Map(Object.entries(fields).map(([key, field]) => [field.column, { key, ...field }]));

const byKey = (
  fields: Readonly<Record<string, Omit<KnownField, 'key'>>>,
): ReadonlyMap<string, KnownField> =>
  new Map(Object.entries(fields).map(([key, field]) => [key, { key, ...field }]));

const known: Readonly<Record<ChangedRecord, ReadonlyMap<string, KnownField>>> = {
  student: byColumn({ ...decidedFields, ...studentFields }),
  guardian: byColumn(guardianFields),
  enrollment: byColumn(enrollmentFields),
  staff: byKey(staffFields),
  hand: byKey({ ...decidedFields, ...studentFields, ...combinedFields }),
};

/** Returns the key of a stored field, or its stored name if this version does not know it. */
export const fieldKey = (record: ChangedRecord, stored: string): string =>
  known[record].get(stored)?.key ?? stored;

/** Returns the label of a stored field, or words of its stored name if this version does not know it. */
export const fieldLabel = (record: ChangedRecord, stored: string): string =>
  known[record].get(stored)?.label ?? stored.replaceAll('_', ' ');

const recordLabels = {
  student: 'Student',
  guardian: 'Guardian',
  enrollment: 'Enrollment',
} as const;

/** A record that an import writes. */
export type ImportedRecord = keyof typeof recordLabels;

/** Returns the label with the record if that is not the student: `Grade`, `Guardian phone numbers`. */
export const fullFieldLabel = (record: ImportedRecord, stored: string): string =>
  record === 'student'
    ? fieldLabel(record, stored)
    : `${recordLabels[record]} ${toMiddle(fieldLabel(record, stored))}`;

/** `Phone numbers` as `phone numbers`; `ID` stays. */
const toMiddle = (label: string): string =>
  /^[A-Z][a-z-]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

/** Returns the label of a whole record that is added or removed: `Guardian added`. */
export const wholeRecordLabel = (record: ImportedRecord, isAdded: boolean): string =>
  `${recordLabels[record]} ${isAdded ? 'added' : 'removed'}`;

/** A field whose changes a report counts. */
export interface CountedField {
  readonly record: ImportedRecord;
  /** Null: records added or removed. */
  readonly field: string | null;
  readonly label: string;
}

/** Returns the field of a count. Reports store `grade`, `guardian.phones`, or `guardian` for added and removed ones. */
export function countedField(stored: string): CountedField {
  const [first = '', column] = stored.split('.');
  const record = first === 'guardian' || first === 'enrollment' ? first : 'student';
  if (record !== 'student' && column === undefined)
    return { record, field: null, label: `${recordLabels[record]}s added or removed` };
  const field = column ?? stored;
  return { record, field: fieldKey(record, field), label: fullFieldLabel(record, field) };
}

/** Groups of a student's fields by stored name: columns, and fields of the form for manual students. */
export const studentFieldGroups: Readonly<Record<string, FieldGroup>> = {
  ...Object.fromEntries(
    Object.values<Field>({ ...decidedFields, ...studentFields }).flatMap(({ column, group }) =>
      group === undefined ? [] : [[column, group]],
    ),
  ),
  school: 'school',
  guardians: 'guardians',
};
