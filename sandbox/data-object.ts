/** Reads and checks the `DataObject` of a create or update. */
import { checkFields, type Access } from './access.ts';
import { formOf, type FieldDefinition, type ObjectDefinition } from './catalogue.ts';
import type { Value } from './columns.ts';
import { findDay } from './day.ts';
import { findField } from './field-path.ts';
import { membersOf, isRecord, Refusal } from './refusal.ts';
import type { Store } from './store.ts';

/** What is written, and whether it makes a row or changes one. */
export interface Writing {
  readonly definition: ObjectDefinition;
  readonly access: Access;
  readonly body: unknown;
  /** Key of the row that is changed; undefined for a new one. */
  readonly id?: number;
}

/**
 * The values of a body `{"DataObject": {…}}`. Only the fields that are given are set. Refuses
 * unknown, read-only and not granted fields, values of a wrong kind, keys that lead nowhere
 * and, for a new row, a missing required field.
 */
export function readDataObject(store: Store, writing: Writing): Record<string, Value> {
  const { definition, access, id } = writing;
  if (!access.allowsWriting) {
    throw new Refusal(403, `The Integration Access may not change ${definition.path}.`);
  }
  const object = membersOf(writing.body, ['DataObject'], 'The body').get('dataobject');
  if (!isRecord(object)) throw new Refusal(400, 'The body has no DataObject.');
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(object)) {
    const field = findField(definition, name);
    if (field.isKey) {
      if (id === undefined || Number(value) !== id) {
        throw new Refusal(400, `${name} in the DataObject is not the key in the address.`);
      }
      continue;
    }
    if (field.isReadOnly) throw new Refusal(400, `${definition.path}.${name} is read-only.`);
    values[field.name] = readValue(store, definition, field, value);
  }
  checkFields(access, definition, Object.keys(values));
  checkRequired(definition, values, id === undefined);
  return values;
}

function checkRequired(
  definition: ObjectDefinition,
  values: Readonly<Record<string, Value>>,
  isNew: boolean,
): void {
  const missing = Array.from(definition.fields.values())
    .filter(({ name, isRequired, isReadOnly, isKey }) => {
      if (!isRequired || isReadOnly || isKey) return false;
      const value = values[name];
      return value === null || value === '' || (isNew && value === undefined);
    })
    .map(({ name }) => name);
  if (missing.length === 0) return;
  throw new Refusal(400, `${definition.path} needs a value for ${missing.join(', ')}.`, {
    object: definition.path,
    fields: missing,
  });
}

function readValue(
  store: Store,
  definition: ObjectDefinition,
  field: FieldDefinition,
  value: unknown,
): Value {
  if (value === null) return null;
  const wrong = (wanted: string): Refusal =>
    new Refusal(400, `${definition.path}.${field.name} must be ${wanted}.`);
  if (field.type === 'Unknown') {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return value;
    }
    throw wrong('a text, a number, true or false');
  }
  const form = formOf(field.type);
  if (form === 'boolean') {
    if (typeof value !== 'boolean') throw wrong('true or false');
    return value;
  }
  if (form === 'number') {
    const isNumber =
      typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
    const number = isNumber ? Number(value) : NaN;
    const isWhole = field.type === 'Decimal' || Number.isSafeInteger(number);
    if (!Number.isFinite(number) || !isWhole) throw wrong('a number');
    checkTarget(store, definition, field, number);
    return number;
  }
  if (typeof value !== 'string') throw wrong(form === 'date' ? 'a date' : 'a text');
  if (form === 'text') return value;
  if (findDay(value) === undefined) throw wrong('a date');
  return /T\d\d:\d\d:\d\d/u.test(value) ? value.slice(0, 19) : `${value.slice(0, 10)}T00:00:00`;
}

function checkTarget(
  store: Store,
  definition: ObjectDefinition,
  field: FieldDefinition,
  key: number,
): void {
  const { target } = field;
  if (target === undefined || !store.catalogue.has(target)) return;
  if (store.table(target).findRow(key) === undefined) {
    throw new Refusal(400, `${definition.path}.${field.name}: ${target} has no row ${key}.`);
  }
}
