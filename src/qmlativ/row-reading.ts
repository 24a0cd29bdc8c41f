/** Turns the rows of an answer into typed rows, and says which could not be read and why. */
import { z } from 'zod';
import { QmlativError } from './qmlativ-error.ts';
import { objectPath } from './qmlativ-object.ts';
import type { QmlativField, QmlativObject, RowOf } from './qmlativ-object.ts';

/** A row whose key is known while another of its fields could not be read. Holds no value but ids. */
export interface UnreadableRow {
  readonly object: string;
  readonly page: number;
  /** Counted from 1 within the page. */
  readonly row: number;
  readonly key: number;
  readonly field: string;
  /** What is wrong with the field, for example `not a real date`. */
  readonly message: string;
  /** The row's other ids that could be read, so that it can be told whose row it is. */
  readonly ids: Readonly<Record<string, number>>;
}

/** A page after reading. `keys` are those of all rows, the unreadable ones included. */
export interface ReadRows<Row> {
  readonly rows: Row[];
  readonly unreadable: UnreadableRow[];
  readonly keys: number[];
}

export interface RowReader<Row> {
  /**
   * Reads the rows of one page. `careful` looks at every character (a page whose text holds an escaped NUL).
   * Throws `unreadable-row` when a row is no object or its key cannot be read: then absence cannot be proven.
   */
  read(raw: readonly unknown[], page: number, careful: boolean): ReadRows<Row>;
}

/** Makes the reader of an object. Schemas are compiled once here, so keep the reader for all its pages. */
export function createRowReader<Object extends QmlativObject>(
  object: Object,
): RowReader<RowOf<Object>> {
  const fields: readonly [string, QmlativField<unknown>][] = Object.entries(object.fields);
  const quick = z.object(Object.fromEntries(fields.map(([name, field]) => [name, field.quick])));
  const tolerant = z.object(
    Object.fromEntries(fields.map(([name, field]) => [name, field.tolerant])),
  );
  const path = objectPath(object);

  return {
    read(raw, page, careful) {
      const rows: RowOf<Object>[] = [];
      const unreadable: UnreadableRow[] = [];
      const keys: number[] = [];
      for (const [index, value] of raw.entries()) {
        const first = careful ? undefined : quick.safeParse(value);
        const result = first?.success === true ? first : tolerant.safeParse(value);
        if (result.success) {
          const row = result.data as RowOf<Object>;
          rows.push(row);
          keys.push((row as Record<string, unknown>)[object.key] as number);
          continue;
        }
        const fault = faultyRow(object, value, result.error, {
          object: path,
          page,
          row: index + 1,
        });
        unreadable.push(fault);
        keys.push(fault.key);
      }
      return { rows, unreadable, keys };
    },
  };
}

function faultyRow(
  object: QmlativObject,
  value: unknown,
  error: z.ZodError,
  place: { object: string; page: number; row: number },
): UnreadableRow {
  const raw: Partial<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {};
  const key = object.fields[object.key]?.tolerant.safeParse(raw[object.key]).data;
  if (typeof key !== 'number')
    throw new QmlativError('unreadable-row', 'the key of this row could not be read', {
      place: { ...place, field: object.key },
    });
  const issue = error.issues[0];
  return {
    ...place,
    key,
    field: String(issue?.path[0] ?? object.key),
    message: issue?.message ?? 'not readable',
    ids: readableIds(object, raw),
  };
}

function readableIds(
  object: QmlativObject,
  raw: Partial<Record<string, unknown>>,
): Record<string, number> {
  const ids: Record<string, number> = {};
  for (const [name, field] of Object.entries(object.fields)) {
    if (field.kind !== 'id' || name === object.key) continue;
    const value = field.tolerant.safeParse(raw[name]).data;
    if (typeof value === 'number') ids[name] = value;
  }
  return ids;
}
