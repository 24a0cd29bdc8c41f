/** A 64-bit hash of a row's bytes, in two halves of 32 bits. Not for secrets: it tells rows apart. Pure. */
import type { IdFolds } from './id-folds.ts';

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

  /** Goes on where another of these was before it finished. */
  resume(low: number, high: number): void {
    this.low = low;
    this.high = high;
  }

  /** Takes the bytes from `start` up to `end`, four at a time, and their number. */
  takeBytes(bytes: DataView, start: number, end: number): void {
    let { low, high } = this;
    let place = start;
    for (const last = end - 4; place <= last; place += 4) {
      const bits = bytes.getInt32(place, true);
      low = Math.imul(low ^ bits, 0x9e3779b1);
      high = Math.imul(high ^ bits, 0x85ebca77);
      low = (low << 13) | (low >>> 19);
      high = (high << 7) | (high >>> 25);
    }
    this.low = low;
    this.high = high;
    let rest = 0;
    for (; place < end; place++) rest = (rest << 8) | bytes.getUint8(place);
    this.take(rest);
    this.take(end - start);
  }

  /** Takes what was folded for an id; an index below 0 stands for nothing. */
  takeFold(folds: Pick<IdFolds, 'lowAt' | 'highAt'>, index: number): void {
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
}

/** The end of MurmurHash3. */
function stirred(bits: number): number {
  let stirring = bits ^ (bits >>> 16);
  stirring = Math.imul(stirring, 0x85ebca6b);
  stirring ^= stirring >>> 13;
  stirring = Math.imul(stirring, 0xc2b2ae35);
  return stirring ^ (stirring >>> 16);
}
