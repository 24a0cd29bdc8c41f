/** Parses the rows of a response into typed rows, and reports unreadable values. */
import { QmlativError } from '../http/qmlativ-error.ts';
import { objectPath, readKey, InvalidValue } from '../objects/qmlativ-object.ts';
import type { QmlativField, QmlativObject, RowOf } from '../objects/qmlativ-object.ts';

/** A row with a readable key and an unreadable field. Contains no values except ids. */
export interface UnreadableRow {
  readonly object: string;
  readonly page: number;
  /** Counted from 1 within the page. */
  readonly row: number;
  readonly key: number;
  readonly field: string;
  /** What is wrong with the field, for example `not a real date`. */
  readonly message: string;
  /** The row's other readable ids, to find out whose row it is. */
  readonly ids: Readonly<Record<string, number>>;
}

/** A parsed page. `keys` includes the keys of unreadable rows. */
export interface ReadRows<Row> {
  readonly rows: Row[];
  readonly unreadable: UnreadableRow[];
  /** Unreadable values in usable rows, where they are null. */
  readonly unreadableValues: UnreadableRow[];
  readonly keys: number[];
}

export interface RowReader<Row> {
  /**
   * Parses the rows of one page. Throws `unreadable-row` if a row is not an object or its key is unreadable, because
   * then absence cannot be proven.
   */
  read(raw: readonly unknown[], page: number): ReadRows<Row>;
}

type RawRow = Partial<Readonly<Record<string, unknown>>>;

/** Returns the reader of an object, for all its pages. */
export function createRowReader<Object extends QmlativObject>(
  object: Object,
): RowReader<RowOf<Object>> {
  const fields: readonly [string, QmlativField<unknown>][] = Object.entries(object.fields);
  const path = objectPath(object);

  return {
    read(raw, page) {
      const rows: RowOf<Object>[] = [];
      const unreadable: UnreadableRow[] = [];
      const unreadableValues: UnreadableRow[] = [];
      const keys: number[] = [];
      for (const [index, value] of raw.entries()) {
        const from: RawRow = typeof value === 'object' && value !== null ? value : {};
        const row: Record<string, unknown> = {};
        let invalid: [field: string, reason: InvalidValue][] | undefined;
        let isUsable = true;
        for (const [name, field] of fields) {
          const read = field.read(from[name]);
          if (read instanceof InvalidValue) {
            (invalid ??= []).push([name, read]);
            isUsable &&= !field.isVital;
            row[name] = null;
          } else row[name] = read;
        }
        const place = { object: path, page, row: index + 1 };
        const key = getKey(object, row, from, place);
        keys.push(key);
        if (isUsable) rows.push(row as RowOf<Object>);
        if (invalid === undefined) continue;
        const ids = readIds(object, row);
        const found = invalid.map(([field, { reason: message }]) => ({
          ...place,
          key,
          field,
          message,
          ids,
        }));
        if (isUsable) unreadableValues.push(...found);
        else
          unreadable.push(
            ...found.filter(({ field }) => object.fields[field]?.isVital).slice(0, 1),
          );
      }
      return { rows, unreadable, unreadableValues, keys };
    },
  };
}

/** Returns the key of a row. Zero is valid as a key, although not as an id. */
function getKey(
  object: QmlativObject,
  row: Readonly<Record<string, unknown>>,
  from: RawRow,
  place: { object: string; page: number; row: number },
): number {
  const key = row[object.key] ?? readKey(from[object.key]);
  if (typeof key === 'number') return key;
  throw new QmlativError('unreadable-row', 'the key of this row could not be read', {
    place: { ...place, field: object.key },
  });
}

function readIds(
  object: QmlativObject,
  row: Readonly<Record<string, unknown>>,
): Record<string, number> {
  const ids: Record<string, number> = {};
  for (const [name, field] of Object.entries(object.fields)) {
    const value = row[name];
    if (field.kind === 'id' && name !== object.key && typeof value === 'number') ids[name] = value;
  }
  return ids;
}
