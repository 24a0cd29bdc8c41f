/** A 64-bit hash of a row's values, in two halves of 32 bits. Not for secrets: it tells rows apart. Pure. */
import type { IdFolds } from './id-folds.ts';

/** What a staged row holds. */
export type HashedValue = string | number | boolean | null;

/** Written after each value, beyond every character, so that values can neither run together nor change kind. */
const endOfText = 0x1_10000;
const endOfNumber = 0x1_10001;
const endOfLargeNumber = 0x1_10002;
const isNull = 0x1_10003;
const isTrue = 0x1_10004;
const isFalse = 0x1_10005;

/**
 * Holds one hash at a time: `start`, take what belongs to it, `finish`, then read `low` and `high`. One
 * object serves all rows, so that hashing leaves no garbage.
 */
export class RowHash {
  low = 0;
  high = 0;

  start(seed: number): void {
    this.low = 0x9e3779b9 ^ seed;
    this.high = 0x7f4a7c15 + seed;
  }

  takeRow(values: readonly HashedValue[]): void {
    for (const value of values) {
      if (typeof value === 'string') this.#takeText(value);
      else if (typeof value === 'number') this.#takeNumber(value);
      else this.take(value === null ? isNull : value ? isTrue : isFalse);
    }
  }

  /** Takes what was folded for an id; an index below 0 stands for nothing. */
  takeFold(folds: IdFolds, index: number): void {
    this.take(index < 0 ? 0 : folds.lowAt(index));
    this.take(index < 0 ? 0 : folds.highAt(index));
  }

  /** Takes 32 bits; the halves go different ways, so that what collides in one does not in the other. */
  take(bits: number): void {
    const low = Math.imul(this.low ^ bits, 0x9e3779b1);
    const high = Math.imul(this.high ^ bits, 0x85ebca77);
    this.low = (low << 13) | (low >>> 19);
    this.high = (high << 7) | (high >>> 25);
  }

  /** Stirs until every bit that was taken bears on every bit of the result. */
  finish(): void {
    const low = this.low;
    this.low = stirred(low ^ stirred(this.high ^ 0x165667b1));
    this.high = stirred(this.high ^ stirred(low ^ 0x27d4eb2f));
  }

  #takeNumber(number: number): void {
    this.take(number);
    if (number === (number | 0)) this.take(endOfNumber);
    else {
      this.take(Math.floor(number / 0x1_0000_0000));
      this.take(endOfLargeNumber);
    }
  }

  #takeText(text: string): void {
    let { low, high } = this;
    for (let index = 0; index < text.length; index++) {
      const character = text.charCodeAt(index);
      low = Math.imul(low ^ character, 0x9e3779b1);
      high = Math.imul(high ^ character, 0x85ebca77);
      low = (low << 13) | (low >>> 19);
      high = (high << 7) | (high >>> 25);
    }
    this.low = low;
    this.high = high;
    this.take(endOfText);
  }
}

/** The end of MurmurHash3. */
function stirred(bits: number): number {
  let stirring = bits ^ (bits >>> 16);
  stirring = Math.imul(stirring, 0x85ebca6b);
  stirring ^= stirring >>> 13;
  stirring = Math.imul(stirring, 0xc2b2ae35);
  return stirring ^ (stirring >>> 16);
}
