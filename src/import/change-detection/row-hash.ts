/** A 64-bit hash of a row's bytes, in two halves of 32 bits. Not cryptographic. Pure. */
import type { IdHashes } from './id-hashes.ts';

/** Computes one hash at a time: `start`, `add…`, `finish`, then read `low` and `high`. Reused for all rows to avoid garbage. */
export class RowHash {
  low = 0;
  high = 0;

  start(seed: number): void {
    this.low = 0x9e3779b9 ^ seed;
    this.high = 0x7f4a7c15 + seed;
  }

  /** Continues an unfinished hash. */
  resume(low: number, high: number): void {
    this.low = low;
    this.high = high;
  }

  /** Adds the bytes from `start` to `end`, four at a time, and their number. */
  addBytes(bytes: DataView, start: number, end: number): void {
    let { low, high } = this;
    let offset = start;
    for (const last = end - 4; offset <= last; offset += 4) {
      const bits = bytes.getInt32(offset, true);
      low = Math.imul(low ^ bits, 0x9e3779b1);
      high = Math.imul(high ^ bits, 0x85ebca77);
      low = (low << 13) | (low >>> 19);
      high = (high << 7) | (high >>> 25);
    }
    this.low = low;
    this.high = high;
    let rest = 0;
    for (; offset < end; offset++) rest = (rest << 8) | bytes.getUint8(offset);
    this.add(rest);
    this.add(end - start);
  }

  /** Adds the hash of an id; an index below 0 stands for no hash. */
  addIdHash(idHashes: Pick<IdHashes, 'lowAt' | 'highAt'>, index: number): void {
    this.add(index < 0 ? 0 : idHashes.lowAt(index));
    this.add(index < 0 ? 0 : idHashes.highAt(index));
  }

  /** Adds 32 bits. The halves are computed differently, so that they do not collide together. */
  add(bits: number): void {
    const low = Math.imul(this.low ^ bits, 0x9e3779b1);
    const high = Math.imul(this.high ^ bits, 0x85ebca77);
    this.low = (low << 13) | (low >>> 19);
    this.high = (high << 7) | (high >>> 25);
  }

  /** Mixes until every input bit affects every bit of the result. */
  finish(): void {
    const low = this.low;
    this.low = mix(low ^ mix(this.high ^ 0x165667b1));
    this.high = mix(this.high ^ mix(low ^ 0x27d4eb2f));
  }
}

/** The finalizer of MurmurHash3. */
function mix(bits: number): number {
  let mixed = bits ^ (bits >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
