/**
 * Writes rows as COPY's text format straight into bytes. Most of a night's rows are plain ASCII, and putting
 * text together first would leave some gigabyte of garbage a hundred thousand students.
 */

/** What a column takes: days, instants and JSON go as text, an absent value as null. */
export type CopyValue = string | number | boolean | bigint | null;

const tab = 9;
const newline = 10;
const backslash = 92;

/** What follows the backslash for a character that has a meaning in the format; 0 for all others. */
const escapes = new Uint8Array(128);
escapes[backslash] = backslash;
escapes[tab] = 't'.charCodeAt(0);
escapes[newline] = 'n'.charCodeAt(0);
escapes['\r'.charCodeAt(0)] = 'r'.charCodeAt(0);

/** Room for a separator and anything whose length is known. */
const maxScalarLength = 32;

/** Rows gather here until they are taken. */
export class CopyText {
  /** Bytes gathered. */
  length = 0;
  /** Where the last row begins; it ends at `length`. */
  rowStart = 0;
  /** How many U+0000 were left out so far: PostgreSQL text cannot hold that character. */
  strippedNulls = 0;
  readonly #defaultSize: number;
  #bytes: Buffer<ArrayBuffer>;
  #view: DataView;

  /** Rows are taken when there are about `chunkLength` bytes; a row may go beyond that. */
  constructor(chunkLength: number) {
    this.#defaultSize = chunkLength + 4096;
    this.#bytes = Buffer.allocUnsafeSlow(this.#defaultSize);
    this.#view = toDataView(this.#bytes);
  }

  /** What was gathered, to be read number by number; another one when the memory is. */
  get view(): DataView {
    return this.#view;
  }

  /** Adds a row, its end included. */
  addRow(row: readonly CopyValue[]): void {
    this.rowStart = this.length;
    for (let index = 0; index < row.length; index++) {
      const value = row[index];
      if (this.length + maxScalarLength > this.#bytes.length) this.#makeRoom(maxScalarLength);
      if (index > 0) this.#bytes[this.length++] = tab;
      if (typeof value === 'string') this.#addText(value);
      else if (typeof value === 'number') this.#addNumber(value);
      else if (typeof value === 'boolean') this.#bytes[this.length++] = value ? 116 : 102;
      else if (value === null || value === undefined) {
        this.#bytes[this.length++] = backslash;
        this.#bytes[this.length++] = 78;
      } else this.#addText(String(value));
    }
    this.#makeRoom(1);
    this.#bytes[this.length++] = newline;
  }

  /** Adds whole rows that another of these wrote. */
  addEncoded(rows: Buffer, start: number, end: number): void {
    this.#makeRoom(end - start);
    this.length += rows.copy(this.#bytes, this.length, start, end);
  }

  /** What was gathered; holds until more is added. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  /** Begins anew in the same memory. */
  clear(): void {
    this.length = 0;
    this.rowStart = 0;
  }

  /** Hands over what was gathered and begins anew. */
  take(): Buffer {
    const taken = this.written();
    this.#bytes = Buffer.allocUnsafeSlow(this.#defaultSize);
    this.#view = toDataView(this.#bytes);
    this.clear();
    return taken;
  }

  #addNumber(value: number): void {
    if (value !== (value | 0) || value < 0) return this.#addText(String(value));
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits += 1;
    this.length += digits;
    let rest = value;
    for (let place = this.length - 1; digits > 0; digits--, place--) {
      const tenth = (rest / 10) | 0;
      this.#bytes[place] = 48 + rest - tenth * 10;
      rest = tenth;
    }
  }

  #addText(text: string): void {
    // Twice the length: each character may need a backslash.
    if (this.length + text.length * 2 > this.#bytes.length) this.#makeRoom(text.length * 2);
    const bytes = this.#bytes;
    let { length, strippedNulls } = this;
    for (let index = 0; index < text.length; index++) {
      const character = text.charCodeAt(index);
      if (character > 127) return this.#addUnicode(text);
      const escape = escapes[character] ?? 0;
      if (escape !== 0) {
        bytes[length++] = backslash;
        bytes[length++] = escape;
      } else if (character === 0) strippedNulls++;
      else bytes[length++] = character;
    }
    this.length = length;
    this.strippedNulls = strippedNulls;
  }

  #addUnicode(text: string): void {
    const escaped = text.replace(specials, (character) => {
      if (character === '\0') this.strippedNulls++;
      return character === '\0'
        ? ''
        : `\\${String.fromCharCode(escapes[character.charCodeAt(0)] ?? 0)}`;
    });
    this.#makeRoom(escaped.length * 3);
    this.length += this.#bytes.write(escaped, this.length, 'utf8');
  }

  #makeRoom(bytes: number): void {
    if (this.length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow((this.length + bytes) * 2);
    this.#bytes.copy(larger, 0, 0, this.length);
    this.#bytes = larger;
    this.#view = toDataView(larger);
  }
}

const toDataView = ({ buffer, byteOffset, byteLength }: Buffer): DataView =>
  new DataView(buffer, byteOffset, byteLength);

// eslint-disable-next-line no-control-regex
const specials = /[\\\t\n\r\u0000]/g;
