/**
 * Encodes rows in COPY's text format directly as bytes. Most imported rows are plain ASCII, and building strings first
 * would create about a gigabyte of garbage for 100,000 students.
 */

/** A column value: days, instants and JSON as text, a missing value as null. */
export type CopyValue = string | number | boolean | bigint | null;

const tab = 9;
const newline = 10;
const backslash = 92;

/** The character after the backslash for each character that must be escaped; 0 for all others. */
const escapes = new Uint8Array(128);
escapes[backslash] = backslash;
escapes[tab] = 't'.charCodeAt(0);
escapes[newline] = 'n'.charCodeAt(0);
escapes['\r'.charCodeAt(0)] = 'r'.charCodeAt(0);

/** Space for a separator and values of fixed length. */
const maxScalarLength = 32;

/** A buffer of encoded rows. */
export class CopyText {
  /** Bytes used. */
  length = 0;
  /** Start of the last row, which ends at `length`. */
  rowStart = 0;
  /** How many U+0000 were dropped so far: PostgreSQL text cannot contain that character. */
  strippedNulls = 0;
  readonly #defaultSize: number;
  #bytes: Buffer<ArrayBuffer>;
  #view: DataView;

  /** `chunkLength`: the expected number of bytes before rows are taken; a row may exceed it. */
  constructor(chunkLength: number) {
    this.#defaultSize = chunkLength + 4096;
    this.#bytes = Buffer.allocUnsafeSlow(this.#defaultSize);
    this.#view = toDataView(this.#bytes);
  }

  /** A view of the bytes; replaced when the memory grows. */
  get view(): DataView {
    return this.#view;
  }

  /** Adds a row with its line end. */
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

  /** Adds complete rows written by another `CopyText`. */
  addEncoded(rows: Buffer, start: number, end: number): void {
    this.#makeRoom(end - start);
    this.length += rows.copy(this.#bytes, this.length, start, end);
  }

  /** Returns the bytes; valid until more is added. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  /** Empties the buffer and keeps its memory. */
  clear(): void {
    this.length = 0;
    this.rowStart = 0;
  }

  /** Returns the bytes and continues with new memory. */
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
