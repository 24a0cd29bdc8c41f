/** The rows of an object: a fixed base in columns, and later changes. */
import type { ObjectDefinition } from './catalog.ts';
import type { Reader, Value } from './columns.ts';

/** A row's values by field name; other fields have their default. */
export type RowValues = Readonly<Record<string, Value>>;

/** Rows from a generator: `count` rows with consecutive keys from `firstId`. */
export interface TableBase {
  readonly firstId: number;
  readonly count: number;
  readonly readers: Readonly<Record<string, Reader>>;
}

/** Creates the reader of a computed field from the readers of other fields. */
export type ComputedField = (table: Table) => Reader;

interface ValueIndex {
  readonly version: number;
  readonly min: number;
  /** Whether values are so far apart that an index would not fit into memory. */
  readonly isSparse: boolean;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
}

const noRows = new Int32Array(0);
/** Limit so that one wrong key of nine digits does not take gigabytes. */
const maxIndexRange = 20_000_000;

/**
 * The rows of an object. A row's number never changes, and its key is `firstId` plus that
 * number, so no lookup is needed. Removed rows leave gaps.
 */
export class Table {
  readonly definition: ObjectDefinition;
  readonly #base: TableBase;
  readonly #computed: Readonly<Record<string, ComputedField>>;
  readonly #onChange: () => void;
  readonly #changes = new Map<number, Map<string, Value>>();
  readonly #removed = new Set<number>();
  readonly #readers = new Map<string, Reader>();
  readonly #indexes = new Map<string, ValueIndex>();
  #rowCount: number;
  #version = 0;

  constructor(
    definition: ObjectDefinition,
    base: TableBase,
    computed: Readonly<Record<string, ComputedField>>,
    onChange: () => void,
  ) {
    this.definition = definition;
    this.#base = base;
    this.#computed = computed;
    this.#onChange = onChange;
    this.#rowCount = base.count;
  }

  /** Limit of row numbers, including gaps of removed rows. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** Number of rows. */
  get size(): number {
    return this.#rowCount - this.#removed.size;
  }

  get hasHoles(): boolean {
    return this.#removed.size > 0;
  }

  /** Key of the next new row. */
  get nextId(): number {
    return this.#base.firstId + this.#rowCount;
  }

  /** Returns the stored values of a row, without computed fields. */
  storedValues(row: number): Record<string, Value> {
    const values: Record<string, Value> = {};
    if (row < this.#base.count) {
      for (const [field, read] of Object.entries(this.#base.readers)) values[field] = read(row);
    }
    return { ...values, ...Object.fromEntries(this.#changes.get(row) ?? []) };
  }

  idOf(row: number): number {
    return this.#base.firstId + row;
  }

  /** Returns the row with this key; undefined if it does not exist. */
  findRow(id: Value): number | undefined {
    if (typeof id !== 'number') return undefined;
    const row = id - this.#base.firstId;
    return this.isLive(row) ? row : undefined;
  }

  isLive(row: number): boolean {
    return row >= 0 && row < this.#rowCount && !this.#removed.has(row);
  }

  /** Returns the reader of a field, created once. A field without data is null (Bool: false). */
  reader(field: string): Reader {
    let reader = this.#readers.get(field);
    if (reader === undefined) {
      reader = this.#createReader(field);
      this.#readers.set(field, reader);
    }
    return reader;
  }

  #createReader(field: string): Reader {
    if (field === this.definition.key) return (row) => this.#base.firstId + row;
    const { count } = this.#base;
    const base = this.#base.readers[field];
    const computed = this.#computed[field]?.(this);
    const empty = this.definition.fields.get(field)?.type === 'Bool' ? false : null;
    const rest: Reader = computed ?? (() => empty);
    const changes = this.#changes;
    return (row) => {
      if (changes.size > 0) {
        const value = changes.get(row)?.get(field);
        if (value !== undefined) return value;
      }
      return base !== undefined && row < count ? base(row) : rest(row);
    };
  }

  /** Returns the rows with `value` in an integer field, ascending. */
  rowsWhere(field: string, value: Value): Int32Array {
    if (typeof value !== 'number') return noRows;
    let index = this.#indexes.get(field);
    if (index?.version !== this.#version) {
      index = this.#createIndex(field);
      this.#indexes.set(field, index);
    }
    if (index.isSparse) return this.#scan(field, value);
    const position = value - index.min;
    const start = index.starts[position];
    const end = index.starts[position + 1];
    return start === undefined || end === undefined ? noRows : index.rows.subarray(start, end);
  }

  #createIndex(field: string): ValueIndex {
    const read = this.reader(field);
    let min = Infinity;
    let max = -Infinity;
    for (let row = 0; row < this.#rowCount; row += 1) {
      const value = read(row);
      if (typeof value !== 'number' || !this.isLive(row)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    const isSparse = max - min > maxIndexRange;
    if (isSparse || min > max) {
      return { version: this.#version, min: 0, isSparse, starts: noRows, rows: noRows };
    }
    const starts = new Int32Array(max - min + 2);
    const liveValue: Reader = (row) => (this.isLive(row) ? read(row) : null);
    for (let row = 0; row < this.#rowCount; row += 1) {
      const value = liveValue(row);
      if (typeof value === 'number') starts[value - min + 1] = (starts[value - min + 1] ?? 0) + 1;
    }
    for (let position = 1; position < starts.length; position += 1) {
      starts[position] = (starts[position] ?? 0) + (starts[position - 1] ?? 0);
    }
    const next = starts.slice();
    const rows = new Int32Array(starts[starts.length - 1] ?? 0);
    for (let row = 0; row < this.#rowCount; row += 1) {
      const value = liveValue(row);
      if (typeof value !== 'number') continue;
      const position = next[value - min] ?? 0;
      rows[position] = row;
      next[value - min] = position + 1;
    }
    return { version: this.#version, min, isSparse, starts, rows };
  }

  #scan(field: string, value: number): Int32Array {
    const read = this.reader(field);
    const rows: number[] = [];
    for (let row = 0; row < this.#rowCount; row += 1) {
      if (this.isLive(row) && read(row) === value) rows.push(row);
    }
    return Int32Array.from(rows);
  }

  /** Sets the named fields of a row. */
  update(row: number, values: RowValues): void {
    const changes = this.#changes.get(row) ?? new Map<string, Value>();
    for (const [field, value] of Object.entries(values)) changes.set(field, value);
    this.#changes.set(row, changes);
    this.#touch();
  }

  /** Adds a row and returns its number. */
  insert(values: RowValues): number {
    const row = this.#rowCount;
    this.#rowCount += 1;
    this.update(row, values);
    return row;
  }

  remove(row: number): void {
    this.#removed.add(row);
    this.#changes.delete(row);
    this.#touch();
  }

  /** Remembers all rows; the returned function restores them, without those added since. */
  remember(): () => void {
    const changes = Array.from(this.#changes, ([row, values]) => [row, new Map(values)] as const);
    const removed = Array.from(this.#removed);
    const rowCount = this.#rowCount;
    return () => {
      // Readers hold on to the map, so it is filled again.
      this.#changes.clear();
      for (const [row, values] of changes) this.#changes.set(row, new Map(values));
      this.#removed.clear();
      for (const row of removed) this.#removed.add(row);
      this.#rowCount = rowCount;
      this.#touch();
    };
  }

  #touch(): void {
    this.#version += 1;
    this.#onChange();
  }
}
