/**
 * Turns a page of rows into what the rest of the import needs of them: COPY's text, the ids by which rows are looked
 * at, and a hash of each row. Pure.
 */
import { CopyText, type CopyValue } from '../../database/copy-text.ts';
import { stagedTables, type StagedTable } from '../../roster/staged-rows.ts';
import { RowHash } from './row-hash.ts';
import { idColumnsOf } from './row-ownership.ts';

/** Enough for a page of a thousand rows. */
const defaultTextBytes = 256 * 1024;
const defaultNumberBytes = 64 * 1024;

/** Seeds of the row hashes, so that rows of different tables differ. Part of every stored fingerprint. */
const tableSeeds: Readonly<Record<StagedTable, number>> = {
  students: 0,
  people: 1,
  entity_years: 2,
  person_aliases: 3,
  addresses: 4,
  person_addresses: 5,
  person_phones: 6,
  person_emails: 7,
  families: 8,
  family_guardians: 9,
  family_students: 10,
  guardian_links: 11,
  enrollments: 12,
};

/** The encoded rows of a page. */
export interface EncodedRows {
  readonly count: number;
  /** The rows as COPY text. */
  readonly text: Buffer;
  /** Where each row ends in `text`. */
  readonly ends: Uint32Array;
  /** The ids in the id columns (`idColumnsOf`), row by row; NaN for no id. */
  readonly ids: Float64Array;
  /** The unfinished hash of each row, in two halves. */
  readonly hashes: Int32Array;
  /** Whether any row has a birth date. */
  readonly hasBirthDates: boolean;
}

/** Reusable memory to encode pages in: allocating memory costs more than filling it. */
export class RowMemory {
  readonly text = new CopyText(defaultTextBytes);
  #numbers = new ArrayBuffer(defaultNumberBytes);

  /** Allocates the numbers of `count` rows in one buffer, the widest first. */
  numbers(count: number, width: number): Pick<EncodedRows, 'ids' | 'ends' | 'hashes'> {
    const bytes = count * bytesPerRow(width);
    if (bytes > this.#numbers.byteLength) this.#numbers = new ArrayBuffer(bytes * 2);
    const ids = new Float64Array(this.#numbers, 0, count * width);
    const hashes = new Int32Array(this.#numbers, ids.byteLength, count * 2);
    const ends = new Uint32Array(this.#numbers, ids.byteLength + hashes.byteLength, count);
    return { ids, hashes, ends };
  }
}

const bytesPerRow = (width: number) => width * 8 + 4 + 8;

/** Encodes the rows of one table. */
export class RowEncoder {
  readonly #columns: readonly string[];
  readonly #idPlaces: readonly number[];
  readonly #birthDate: number;
  readonly #seed: number;
  readonly #values: CopyValue[];
  readonly #hash = new RowHash();

  /** `columns`: in the order of COPY. */
  constructor(table: StagedTable, columns: readonly string[] = Object.keys(stagedTables[table])) {
    this.#columns = columns;
    this.#idPlaces = idColumnsOf(table).map((column) => columns.indexOf(column));
    this.#birthDate = table === 'people' ? columns.indexOf('birth_date') : -1;
    this.#seed = tableSeeds[table];
    this.#values = columns.map(() => null);
  }

  /** Encodes a page. The result is valid until the memory is used again. */
  encode(rows: readonly Readonly<Record<string, CopyValue>>[], memory: RowMemory): EncodedRows {
    const { text } = memory;
    const width = this.#idPlaces.length;
    const { ids, hashes, ends } = memory.numbers(rows.length, width);
    const values = this.#values;
    const hash = this.#hash;
    let hasBirthDates = false;
    text.clear();
    for (let row = 0; row < rows.length; row++) {
      const source = rows[row];
      for (let column = 0; column < values.length; column++)
        values[column] = source?.[this.#columns[column] ?? ''] ?? null;
      if (this.#birthDate >= 0 && values[this.#birthDate] !== null) hasBirthDates = true;
      text.addRow(values);
      ends[row] = text.length;
      for (let index = 0; index < width; index++) {
        const id = values[this.#idPlaces[index] ?? -1];
        ids[row * width + index] = typeof id === 'number' ? id : Number.NaN;
      }
      hash.start(this.#seed);
      hash.addBytes(text.view, text.rowStart, text.length);
      hashes[row * 2] = hash.low;
      hashes[row * 2 + 1] = hash.high;
    }
    return { count: rows.length, text: text.written(), ends, ids, hashes, hasBirthDates };
  }
}
