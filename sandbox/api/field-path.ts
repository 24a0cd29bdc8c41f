/** Resolves field names and dotted paths such as `Student.StudentNumber` to readers. */
import { checkFields, type Access } from './access.ts';
import type { FieldDefinition, ObjectDefinition } from '../district/catalog.ts';
import type { Reader } from '../district/columns.ts';
import { ApiError } from './api-error.ts';
import type { Store } from '../district/store.ts';

/** A field reached from an object over zero or more relationships. */
export interface FieldPath {
  readonly names: readonly string[];
  readonly field: FieldDefinition;
  readonly read: Reader;
  /** For each relationship of the path, a reader of whether there is a row. */
  readonly targetChecks: readonly Reader[];
  /** Every field that is read, including keys of relationships. */
  readonly uses: readonly FieldUse[];
}

interface FieldUse {
  readonly object: ObjectDefinition;
  readonly field: string;
}

type RowLookup = (row: number) => number | undefined;

const sameRowLookup: RowLookup = (row) => row;

/** Resolves a path. Throws for unknown fields and relationships, and for missing permissions. */
export function followPath(
  store: Store,
  access: Access,
  definition: ObjectDefinition,
  path: string,
): FieldPath {
  const found = resolvePath(store, definition, path);
  checkUses(access, found.uses);
  return found;
}

/** Resolves several paths. An error names all missing permissions. */
export function followPaths(
  store: Store,
  access: Access,
  definition: ObjectDefinition,
  paths: readonly string[],
): FieldPath[] {
  const found = paths.map((path) => resolvePath(store, definition, path));
  checkUses(
    access,
    found.flatMap(({ uses }) => uses),
  );
  return found;
}

/** Throws for the first object with missing permissions, naming all its fields without permission. */
function checkUses(access: Access, uses: readonly FieldUse[]): void {
  const byObject = Map.groupBy(uses, ({ object }) => object);
  for (const [object, fields] of byObject) {
    checkFields(
      access,
      object,
      fields.map(({ field }) => field),
    );
  }
}

function resolvePath(store: Store, definition: ObjectDefinition, path: string): FieldPath {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let object = definition;
  // Maps a row of the first object to the row of `object`; null if a key is empty.
  let lookUpRow: RowLookup = sameRowLookup;
  const targetChecks: Reader[] = [];
  const uses: FieldUse[] = [];
  for (const name of names) {
    const key = object.relationships.get(name) ?? findKeyTo(object, name);
    const target = key?.target === undefined ? undefined : store.catalog.get(key.target);
    if (key === undefined || target === undefined)
      throw unknownRelationshipError(store, object, name);
    uses.push({ object, field: key.name });
    const readKey = store.table(object.path).reader(key.name);
    const table = store.table(target.path);
    const before = lookUpRow;
    lookUpRow = (row) => {
      const from = before(row);
      return from === undefined ? undefined : table.findRow(readKey(from));
    };
    const lookup = lookUpRow;
    targetChecks.push((row) => lookup(row) !== undefined);
    object = target;
  }
  const field = findField(object, last);
  uses.push({ object, field: field.name });
  const read = store.table(object.path).reader(field.name);
  if (names.length === 0) return { names: [last], field, read, targetChecks, uses };
  return {
    names: [...names, last],
    field,
    targetChecks,
    uses,
    read: (row) => {
      const target = lookUpRow(row);
      return target === undefined ? null : read(target);
    },
  };
}

/** Finds a field by its name, in any case. */
export function findField(definition: ObjectDefinition, name: string): FieldDefinition {
  const field = definition.fields.get(name);
  if (field !== undefined) return field;
  const lower = name.toLowerCase();
  for (const [each, found] of definition.fields) if (each.toLowerCase() === lower) return found;
  throw new ApiError(400, `${definition.path} has no field '${name}'.`, {
    object: definition.path,
    fields: [name],
  });
}

/**
 * Finds the only foreign key to an object: a public client builds paths of object names, which
 * usually equal names of relationships. Returns undefined if several keys lead to the object.
 */
function findKeyTo(object: ObjectDefinition, name: string): FieldDefinition | undefined {
  const keys = Array.from(object.fields.values()).filter(
    ({ target }) => target?.slice(target.indexOf('/') + 1) === name,
  );
  return keys.length === 1 ? keys[0] : undefined;
}

function unknownRelationshipError(store: Store, object: ObjectDefinition, name: string): ApiError {
  const known = Array.from(object.relationships)
    .filter(([, key]) => key.target !== undefined && store.catalog.has(key.target))
    .map(([relationship]) => relationship);
  return new ApiError(
    400,
    `${object.path} has no relationship '${name}'. Known: ${known.join(', ') || 'none'}.`,
    { object: object.path },
  );
}
