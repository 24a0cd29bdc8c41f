/** Columns that store millions of values in typed arrays instead of one object per row. */

/** A value as sent by the API. */
export type Value = string | number | boolean | null;

/** Returns the value of a field for a row number. */
export type Reader = (row: number) => Value;

const missingNumber = -2147483648;

/** A growing column of 32-bit integers or missing values. */
export class NumberColumn {
  #values = new Int32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number | null): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value ?? missingNumber;
    this.#length += 1;
  }

  at(row: number): number | null {
    const value = this.#values[row] ?? missingNumber;
    return value === missingNumber ? null : value;
  }

  /** Replaces an existing value. */
  replace(row: number, value: number | null): void {
    this.#values[row] = value ?? missingNumber;
  }
}

/** A growing column of integers from 0 to 255: codes, flags and ranks. */
export class ByteColumn {
  #values = new Uint8Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  at(row: number): number {
    return this.#values[row] ?? 0;
  }
}

/** Texts shared by many rows, each stored once. */
export class TextPool {
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** Returns the number of a text, after adding it; null stays null. */
  intern(text: string | null): number | null {
    if (text === null) return null;
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.length;
      this.#texts.push(text);
      this.#numbers.set(text, number);
    }
    return number;
  }

  textAt(number: number | null): string | null {
    return number === null ? null : (this.#texts[number] ?? null);
  }
}

/** A growing column of texts in a pool. */
export class TextColumn {
  readonly #numbers = new NumberColumn();
  readonly #pool: TextPool;

  constructor(pool: TextPool) {
    this.#pool = pool;
  }

  get length(): number {
    return this.#numbers.length;
  }

  push(text: string | null): void {
    this.#numbers.push(this.#pool.intern(text));
  }

  at(row: number): string | null {
    return this.#pool.textAt(this.#numbers.at(row));
  }
}
