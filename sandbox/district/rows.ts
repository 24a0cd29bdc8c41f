/** Reading and changing rows without the API's checks. */
import type { Value } from './columns.ts';
import type { Store } from './store.ts';
import type { RowValues } from './table.ts';

/** The rows of one object. Keys are the object's primary keys. */
export interface Rows {
  readonly size: number;
  /** Returns all keys, ascending. */
  ids(): Iterable<number>;
  has(id: number): boolean;
  /** Returns every field of a row; undefined if it does not exist. */
  find(id: number): Record<string, Value> | undefined;
  /** Returns a field of a row; throws if the row does not exist. */
  get(id: number, field: string): Value;
  /** Returns the keys of rows with a value in an integer field. */
  where(field: string, value: number): number[];
  /** Sets fields, including computed and read-only ones; throws for an unknown row or field. */
  update(id: number, values: RowValues): void;
  /** Adds a row and returns its key. */
  insert(values: RowValues): number;
  remove(id: number): void;
}

/** Opens the rows of `Module/Object`. */
export function openRows(store: Store, path: string): Rows {
  const table = store.table(path);
  const getRow = (id: number): number => {
    const row = table.findRow(id);
    if (row === undefined) throw new RangeError(`${path} has no row ${id}.`);
    return row;
  };
  const checkFields = (values: RowValues): void => {
    for (const field of Object.keys(values)) {
      if (!table.definition.fields.has(field))
        throw new RangeError(`${path} has no field ${field}.`);
    }
  };
  return {
    get size() {
      return table.size;
    },
    *ids() {
      for (let row = 0; row < table.rowCount; row += 1) {
        if (table.isLive(row)) yield table.idOf(row);
      }
    },
    has: (id) => table.findRow(id) !== undefined,
    find: (id) => {
      const row = table.findRow(id);
      if (row === undefined) return undefined;
      return Object.fromEntries(
        Array.from(table.definition.fields.keys(), (field) => [field, table.reader(field)(row)]),
      );
    },
    get: (id, field) => table.reader(field)(getRow(id)),
    where: (field, value) => Array.from(table.rowsWhere(field, value), (row) => table.idOf(row)),
    update: (id, values) => {
      checkFields(values);
      table.update(getRow(id), values);
    },
    insert: (values) => {
      checkFields(values);
      return table.idOf(table.insert(values));
    },
    remove: (id) => table.remove(getRow(id)),
  };
}
