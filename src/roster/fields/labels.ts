/** Labels, keys and groups of fields, by the column or form field that history keeps. */
import type { Field, FieldGroup } from './catalog.ts';
import { enrollmentFields } from './enrollment.ts';
import { guardianFields } from './guardian.ts';
import { staffFields } from './staff.ts';
import { combinedFields, decidedFields, studentFields } from './student.ts';

type Fields = Readonly<Record<string, Field>>;

/** Whose field it is, as history names it; `hand`: entered by a person. */
export type ChangedRecord = 'student' | 'guardian' | 'enrollment' | 'staff' | 'hand';

/** Of a column, or of a form's field, its key, label and group. */
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

/** The key of a stored field: history keeps the column. One that this version does not know keeps its name. */
export const fieldKey = (record: ChangedRecord, stored: string): string =>
  known[record].get(stored)?.key ?? stored;

/** `Legal first name` of `legal_first_name`; a field that this version does not know keeps its own name. */
export const fieldLabel = (record: ChangedRecord, stored: string): string =>
  known[record].get(stored)?.label ?? stored.replaceAll('_', ' ');

const recordLabels = {
  student: 'Student',
  guardian: 'Guardian',
  enrollment: 'Enrollment',
} as const;

/** A record that imports write. */
export type ImportedRecord = keyof typeof recordLabels;

/** `Grade`, or `Guardian: Phones` where the field is not the student's. */
export const fullFieldLabel = (record: ImportedRecord, stored: string): string =>
  record === 'student'
    ? fieldLabel(record, stored)
    : `${recordLabels[record]}: ${fieldLabel(record, stored)}`;

/** `Guardian added`, of a record as a whole. */
export const wholeRecordLabel = (record: ImportedRecord, isAdded: boolean): string =>
  `${recordLabels[record]} ${isAdded ? 'added' : 'removed'}`;

/** A field by which a report counts changes. */
export interface CountedField {
  readonly record: ImportedRecord;
  /** Null: records added or removed. */
  readonly field: string | null;
  readonly label: string;
}

/** The field of a count as reports store it: `grade`, `guardian.phones`, or `guardian` for guardians added or removed. */
export function countedField(stored: string): CountedField {
  const [first = '', column] = stored.split('.');
  const record = first === 'guardian' || first === 'enrollment' ? first : 'student';
  if (record !== 'student' && column === undefined)
    return { record, field: null, label: `${recordLabels[record]}s added or removed` };
  const field = column ?? stored;
  return { record, field: fieldKey(record, field), label: fullFieldLabel(record, field) };
}

/** Groups of a student's stored fields: columns, and fields of the form for students entered by a person. */
export const studentFieldGroups: Readonly<Record<string, FieldGroup>> = {
  ...Object.fromEntries(
    Object.values<Field>({ ...decidedFields, ...studentFields }).flatMap(({ column, group }) =>
      group === undefined ? [] : [[column, group]],
    ),
  ),
  school: 'school',
  guardians: 'guardians',
};
