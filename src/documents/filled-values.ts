/** Fills form fields from Details, with the source of each value or why there is none, and finds changed Details. */
import { formatDay, formatLongDay } from '../contract/day-format.ts';
import type { DetailsChange, DocumentField, ValueSource } from '../contract/documents/documents.ts';
import {
  type FieldValue,
  fieldsOf,
  type FormField,
  type FormTemplate,
  fieldValueProblem,
} from '../contract/documents/form-template.ts';
import { type Binding, type Details, findBinding, type Reading } from './bindings.ts';

/** A stored field of a document; `copied` is the value that Details had when last compared. */
export interface StoredField extends Omit<DocumentField, 'key'> {
  readonly copied: FieldValue;
}

/** By field key. */
export type StoredFields = Readonly<Record<string, StoredField>>;

/** Lists a form's problems beyond its schema, one sentence each; empty if the form is valid. */
export function formProblems(form: FormTemplate): string[] {
  const seen = new Set<string>();
  return fieldsOf(form).flatMap((field) => {
    const isTwice = seen.has(field.key);
    seen.add(field.key);
    return [
      isTwice ? `Two fields have the key "${field.key}".` : undefined,
      bindingProblem(field),
      field.kind === 'choice' && new Set(field.options).size < field.options.length
        ? `The field "${field.key}" offers a choice twice.`
        : undefined,
      'fallback' in field && field.fallback !== undefined
        ? fallbackProblem(field, field.fallback)
        : undefined,
    ].filter((problem) => problem !== undefined);
  });
}

function fallbackProblem(field: FormField, fallback: string): string | undefined {
  const problem = fieldValueProblem(field, fallback);
  return problem && `The fallback of the field "${field.key}" ${problem}.`;
}

function bindingProblem(field: FormField): string | undefined {
  const path = getBinding(field);
  if (path === undefined) return undefined;
  const binding = findBinding(path);
  if (binding === undefined)
    return `The field "${field.key}" binds to "${path}", which does not exist.`;
  const isPeople = field.kind === 'people';
  if (
    isPeople !== (binding.holds === 'people') ||
    (field.kind === 'date' && binding.holds !== 'date')
  ) {
    return `The field "${field.key}" can’t hold "${path}".`;
  }
  return undefined;
}

const getBinding = (field: FormField): string | undefined =>
  'binding' in field ? field.binding : undefined;

/** Fills all fields of the form from Details; a field that can't be filled has the reason (R5). */
export function fillFields(form: FormTemplate, details: Details): StoredFields {
  return Object.fromEntries(fieldsOf(form).map((field) => [field.key, fillField(field, details)]));
}

function fillField(field: FormField, details: Details): StoredField {
  const path = getBinding(field);
  const binding = path === undefined ? undefined : findBinding(path);
  const reading = binding && toFieldReading(field, binding, binding.read(details));
  if (reading !== undefined && 'value' in reading) {
    const value = typeof reading.value === 'string' ? reading.value : [...reading.value];
    return { value, source: toValueSource(reading.origin, details), note: null, copied: value };
  }
  const note = reading?.missing ?? null;
  const fallback = ('fallback' in field ? field.fallback : undefined) ?? null;
  const source: ValueSource | null =
    fallback === null ? null : { kind: 'form', importDate: null, by: null };
  return { value: fallback, source, note: fallback === null ? note : null, copied: null };
}

/** Formats the reading for the field; the user must enter a value that the field can't hold. */
function toFieldReading(field: FormField, binding: Binding, reading: Reading): Reading {
  if (!('value' in reading)) return reading;
  if (field.kind === 'people') return toPeopleReading(field, reading);
  if (typeof reading.value !== 'string') return reading;
  const format = 'format' in field ? field.format : undefined;
  const isDateText = field.kind === 'text' && binding.holds === 'date';
  const value = isDateText
    ? (format === 'short-date' ? formatDay : formatLongDay)(reading.value)
    : format === 'upper-case'
      ? reading.value.toUpperCase()
      : reading.value;
  const isAccepted = fieldValueProblem(field, value) === undefined;
  return isAccepted
    ? { ...reading, value }
    : { missing: 'Details have a value that this field does not offer. Fill it in here.' };
}

function toPeopleReading(
  { columns }: Extract<FormField, { kind: 'people' }>,
  reading: Extract<Reading, { value: unknown }>,
): Reading {
  if (typeof reading.value === 'string') return reading;
  const value = reading.value.map((row) =>
    Object.fromEntries(
      columns.map(({ key }) => [key, (Object.hasOwn(row, key) ? row[key] : undefined) ?? '']),
    ),
  );
  return { ...reading, value };
}

function toValueSource(
  origin: Extract<Reading, { value: unknown }>['origin'],
  { student }: Details,
): ValueSource {
  if (origin !== 'record') return { kind: origin, importDate: null, by: null };
  if (student.sisStudentId === null) return { kind: 'manual', importDate: null, by: null };
  return { kind: 'skyward', importDate: student.importDate, by: null };
}

/**
 * Finds values of Details that changed since they were copied; `current` is null if Details no longer have a value.
 * Excludes the date of creation, values that the document already has, and fields unknown to this version.
 */
export function findDetailsChanges(
  form: FormTemplate,
  stored: StoredFields,
  details: Details,
): DetailsChange[] {
  const fresh = fillFields(form, details);
  return fieldsOf(form).flatMap((field) => {
    const path = getBinding(field);
    const [now, held] = [fresh[field.key], stored[field.key]];
    // A form of an earlier version may name a field that this one does not have.
    if (path === undefined || path === 'today' || findBinding(path) === undefined) return [];
    if (now === undefined || held === undefined) return [];
    if (isSameValue(now.copied, held.copied)) return [];
    if (isSameValue(now.copied, held.value)) return [];
    const { key, label } = field;
    return [
      {
        key,
        label,
        before: held.copied,
        current: now.copied,
        documentValue: held.value,
        source: now.source,
      },
    ];
  });
}

/** Whether both values are equal. */
export function isSameValue(a: FieldValue, b: FieldValue): boolean {
  if (a === null || b === null || typeof a === 'string' || typeof b === 'string') return a === b;
  return (
    a.length === b.length &&
    a.every((row, index) => {
      const other = b[index] ?? {};
      const keys = new Set([...Object.keys(row), ...Object.keys(other)]);
      return [...keys].every((key) => (row[key] ?? '') === (other[key] ?? ''));
    })
  );
}

/**
 * Updates the fields of `update` from Details, and marks those of `keep` as reviewed, so that the same change is not
 * shown again. Other fields are unchanged.
 */
export function updateFields(
  form: FormTemplate,
  stored: StoredFields,
  details: Details,
  choice: { readonly update: readonly string[]; readonly keep: readonly string[] },
): StoredFields {
  const fresh = fillFields(form, details);
  const chosen = findDetailsChanges(form, stored, details).flatMap(
    ({ key }): [string, StoredField][] => {
      const [now, held] = [fresh[key], stored[key]];
      if (now === undefined || held === undefined) return [];
      if (choice.update.includes(key)) return [[key, now]];
      return choice.keep.includes(key) ? [[key, { ...held, copied: now.copied }]] : [];
    },
  );
  return { ...stored, ...Object.fromEntries(chosen) };
}

/** Returns the fields of a copy: current values from Details, and the entered values of the original. */
export function copyFields(
  form: FormTemplate,
  stored: StoredFields,
  details: Details,
): StoredFields {
  const fresh = fillFields(form, details);
  return Object.fromEntries(
    fieldsOf(form).map((field): [string, StoredField] => {
      const [now, original] = [fresh[field.key], stored[field.key]];
      const isFresh = getBinding(field) !== undefined && now !== undefined && now.copied !== null;
      // A copy needs new signatures.
      const isCopied = original !== undefined && !isFresh && field.kind !== 'signature';
      return [field.key, isCopied ? original : (now ?? emptyField)];
    }),
  );
}

const emptyField: StoredField = { value: null, source: null, note: null, copied: null };
