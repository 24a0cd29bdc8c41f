/** Reads and validates the `DataObject` of a create or update. */
import { checkFields, type Access } from './access.ts';
import { valueKind, type FieldDefinition, type ObjectDefinition } from '../district/catalog.ts';
import type { Value } from '../district/columns.ts';
import { parseDay } from '../day.ts';
import { findField } from './field-path.ts';
import { parseMembers, isRecord, ApiError } from './api-error.ts';
import type { Store } from '../district/store.ts';

/** A request to create or change a row. */
export interface WriteRequest {
  readonly definition: ObjectDefinition;
  readonly access: Access;
  readonly body: unknown;
  /** Key of the changed row; undefined for a new one. */
  readonly id?: number;
}

/**
 * Returns the values of a body `{"DataObject": {…}}`. Only the given fields are set. Throws for
 * unknown and read-only fields, missing permissions, values of a wrong kind, keys without a row,
 * and a missing required field of a new row.
 */
export function readDataObject(store: Store, request: WriteRequest): Record<string, Value> {
  const { definition, access, id } = request;
  if (!access.allowsWriting) {
    throw new ApiError(403, `The Integration Access may not change ${definition.path}.`);
  }
  const object = parseMembers(request.body, ['DataObject'], 'The body').get('dataobject');
  if (!isRecord(object)) throw new ApiError(400, 'The body has no DataObject.');
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(object)) {
    const field = findField(definition, name);
    if (field.isKey) {
      if (id === undefined || Number(value) !== id) {
        throw new ApiError(400, `${name} in the DataObject is not the key in the address.`);
      }
      continue;
    }
    if (field.isReadOnly) throw new ApiError(400, `${definition.path}.${name} is read-only.`);
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
  throw new ApiError(400, `${definition.path} needs a value for ${missing.join(', ')}.`, {
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
  const mismatch = (expected: string): ApiError =>
    new ApiError(400, `${definition.path}.${field.name} must be ${expected}.`);
  if (field.type === 'Unknown') {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return value;
    }
    throw mismatch('a text, a number, true or false');
  }
  const kind = valueKind(field.type);
  if (kind === 'boolean') {
    if (typeof value !== 'boolean') throw mismatch('true or false');
    return value;
  }
  if (kind === 'number') {
    const isNumber =
      typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
    const number = isNumber ? Number(value) : NaN;
    const isWhole = field.type === 'Decimal' || Number.isSafeInteger(number);
    if (!Number.isFinite(number) || !isWhole) throw mismatch('a number');
    checkTarget(store, definition, field, number);
    return number;
  }
  if (typeof value !== 'string') throw mismatch(kind === 'date' ? 'a date' : 'a text');
  if (kind === 'text') return value;
  if (parseDay(value) === undefined) throw mismatch('a date');
  return /T\d\d:\d\d:\d\d/u.test(value) ? value.slice(0, 19) : `${value.slice(0, 10)}T00:00:00`;
}

function checkTarget(
  store: Store,
  definition: ObjectDefinition,
  field: FieldDefinition,
  key: number,
): void {
  const { target } = field;
  if (target === undefined || !store.catalog.has(target)) return;
  if (store.table(target).findRow(key) === undefined) {
    throw new ApiError(400, `${definition.path}.${field.name}: ${target} has no row ${key}.`);
  }
}
