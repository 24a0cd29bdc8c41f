/**
 * Labels of Skyward's objects and fields for screens, from the catalog of fields. The names in Skyward's API are shown
 * only as details for support.
 */
import type { Field } from './fields/catalog.ts';
import { guardianFields } from './fields/guardian.ts';
import { fullFieldLabel, type ImportedRecord } from './fields/labels.ts';
import { fieldsByTable } from './fields/staged.ts';
import {
  findColumns,
  findMissingPlaces,
  sourceObject,
  stagedObjects,
  type MissingSource,
} from './qmlativ-sources.ts';

/** A field of the catalog, and its label with the record unless that is the student. */
interface LabeledField {
  readonly table: keyof typeof fieldsByTable;
  readonly field: Field;
  readonly label: string;
}

const records: Readonly<Record<keyof typeof fieldsByTable, ImportedRecord>> = {
  students: 'student',
  guardians: 'guardian',
  enrollments: 'enrollment',
};

const labeledFields: readonly LabeledField[] = (
  Object.keys(fieldsByTable) as LabeledField['table'][]
).flatMap((table) =>
  Object.values<Field>(fieldsByTable[table]).map((field) => ({
    table,
    field,
    label: fullFieldLabel(records[table], field.column),
  })),
);

/** `isConfidential` and `is_confidential` as `confidential`. */
const partWords = (key: string): string => toWords(key).toLowerCase().replace(/^is /, '');

/** Splits a name of Skyward: `WithdrawalCode` is `Withdrawal code`, `LanguageIDNative` is `Language native`. */
function toWords(name: string): string {
  const words = name
    .replaceAll(/IDs?(?=[A-Z]|$)/g, '')
    .split(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .map((word) => word.toLowerCase())
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `Withdrawal codes`, `Entities`, `Name suffixes`, `Staff`. */
function toPlural(words: string): string {
  if (words.endsWith('ff')) return words;
  if (/[^aeiou]y$/.test(words)) return `${words.slice(0, -1)}ies`;
  return /(?:s|x|ch)$/.test(words) ? `${words}es` : `${words}s`;
}

/** Returns the label of an object such as `Enrollment/EntryWithdrawal`: `Enrollments`. */
export const objectLabel = (object: string): string =>
  stagedObjects.find((staged) => staged.object === object)?.label ??
  toPlural(toWords(object.split('/').at(-1) ?? object));

/** Returns the label of a staged column: that of its field, or of the list of which it is a part. */
function placeLabel(place: string): string | undefined {
  for (const { field, label } of labeledFields) {
    if (`${field.staged}.${field.column}` === place) return label;
    for (const [key, part] of Object.entries(field.parts?.fields ?? {}))
      if (`${part.staged}.${part.column}` === place) return `${label}: ${partWords(key)}`;
  }
  return labeledFields.find(
    ({ field }) => field.needs?.includes(place) || Object.hasOwn(field.parts?.links ?? {}, place),
  )?.label;
}

/** Returns the label of a field of Skyward: `Home language` for `LanguageIDHome` of `Family/Family`. */
export function sourceFieldLabel({
  object,
  field,
}: {
  readonly object: string;
  readonly field: string;
}): string {
  for (const { table } of stagedObjects) {
    const name = object === sourceObject(table) ? field : `${object}.${field}`;
    for (const column of findColumns(table, name)) {
      const label = placeLabel(`${table}.${column}`);
      if (label !== undefined) return label;
    }
  }
  return toWords(field);
}

/** A field that an import cannot update because of missing permissions. */
export interface MissingField extends LabeledField {
  /** True for the mark of guardians who must not have access to a student. */
  readonly isSafety: boolean;
}

/** Returns the fields that have no value without these permissions; a field with another source is not missing. */
export function findMissingFields(
  missingPermissions: readonly MissingSource[],
): readonly MissingField[] {
  const places: ReadonlySet<string> = findMissingPlaces(missingPermissions);
  return labeledFields.flatMap(({ table, field, label }) => {
    const own = field.staged === undefined ? [] : [`${field.staged}.${field.column}`];
    const whole = [...own, ...(field.needs ?? []), ...Object.keys(field.parts?.links ?? {})];
    const isSafety = field === guardianFields.hasRestrictedAccess;
    if (whole.some((place) => places.has(place))) return [{ table, field, label, isSafety }];
    return Object.entries(field.parts?.fields ?? {})
      .filter(([, part]) => places.has(`${part.staged}.${part.column}`))
      .map(([key]) => ({ table, field, label: `${label}: ${partWords(key)}`, isSafety }));
  });
}
