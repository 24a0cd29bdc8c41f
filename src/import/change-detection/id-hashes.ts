/** A combined 64-bit hash for each of many ids, in flat arrays: a Map of a million objects would take 100 MB. Pure. */

/** Id and hash are adjacent, because a cache miss costs as much as combining the hashes. */
const idLow = 0;
const idHigh = 1;
const hashLow = 2;
const hashHigh = 3;
const cellSize = 4;

type Numbers = Int32Array<ArrayBuffer>;

const twoTo32 = 0x1_0000_0000;

/** Hashes are combined by XOR, so the order of rows does not matter. The index of an id never changes. */
export class IdHashes {
  size = 0;
  #cells: Numbers = new Int32Array(1024 * cellSize);
  /** Hash table of index + 1, with 0 for an empty slot; at most half full. */
  #slots: Numbers = new Int32Array(2048);

  /** Returns the index of an id, or -1. */
  find(id: number | null): number {
    return id === null || !Number.isInteger(id) ? -1 : (this.#slots[this.#slotOf(id)] ?? 0) - 1;
  }

  /** Returns the index of an integer id, adding it if needed. */
  ensure(id: number): number {
    const slot = this.#slotOf(id);
    const found = this.#slots[slot] ?? 0;
    if (found > 0) return found - 1;
    const index = this.size;
    const cell = index * cellSize;
    if (cell === this.#cells.length) {
      this.#grow();
      return this.ensure(id);
    }
    this.#slots[slot] = index + 1;
    this.#cells[cell + idLow] = id;
    this.#cells[cell + idHigh] = Math.floor(id / twoTo32);
    this.size += 1;
    return index;
  }

  combine(index: number, low: number, high: number): void {
    const cell = index * cellSize;
    this.#cells[cell + hashLow] = this.lowAt(index) ^ low;
    this.#cells[cell + hashHigh] = this.highAt(index) ^ high;
  }

  /** Removes all ids and frees the memory. */
  clear(): void {
    this.size = 0;
    this.#cells = cleared(this.#cells, cellSize);
    this.#slots = cleared(this.#slots, 2);
  }

  idAt(index: number): number {
    const cell = index * cellSize;
    return (this.#cells[cell + idHigh] ?? 0) * twoTo32 + ((this.#cells[cell + idLow] ?? 0) >>> 0);
  }

  lowAt(index: number): number {
    return this.#cells[index * cellSize + hashLow] ?? 0;
  }

  highAt(index: number): number {
    return this.#cells[index * cellSize + hashHigh] ?? 0;
  }

  /**
   * Returns the slot of an id, or the free slot for it. Blocks of 64 consecutive ids are adjacent, because lists are
   * sorted by id and adjacent memory is faster.
   */
  #slotOf(id: number): number {
    const slots = this.#slots;
    const cells = this.#cells;
    const mask = slots.length - 1;
    const block = Math.imul(Math.floor(id / 64), 0x9e3779b1);
    const low = id | 0;
    const high = Math.floor(id / twoTo32) | 0;
    let slot = (((block ^ (block >>> 15)) << 6) | (id & 63)) & mask;
    for (;;) {
      const found = slots[slot] ?? 0;
      if (found === 0) return slot;
      const cell = (found - 1) * cellSize;
      if (cells[cell + idLow] === low && cells[cell + idHigh] === high) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    this.#cells = grown(this.#cells, this.#cells.length * 2);
    this.#fillSlots((this.#cells.length / cellSize) * 2);
  }

  #fillSlots(length: number): void {
    this.#slots = cleared(this.#slots, length);
    for (let index = 0; index < this.size; index++) {
      this.#slots[this.#slotOf(this.idAt(index))] = index + 1;
    }
  }
}

/**
 * Hashes that one table combines into ids, separate until the table is complete. Several tables can be combined into
 * the same ids concurrently, and an incomplete table leaves only ids without a hash, which count as none.
 */
export class PendingHashes {
  readonly #hashes: IdHashes;
  #cells: Numbers;

  constructor(idHashes: IdHashes) {
    this.#hashes = idHashes;
    this.#cells = new Int32Array(Math.max(1024, idHashes.size) * 2);
  }

  combine(id: number, low: number, high: number): void {
    this.combineAt(this.#hashes.ensure(id), low, high);
  }

  /** Combines a hash into the id at this index. */
  combineAt(index: number, low: number, high: number): void {
    const cell = index * 2;
    if (cell >= this.#cells.length) this.#grow(cell);
    this.#cells[cell] = this.lowAt(index) ^ low;
    this.#cells[cell + 1] = this.highAt(index) ^ high;
  }

  lowAt(index: number): number {
    return this.#cells[index * 2] ?? 0;
  }

  highAt(index: number): number {
    return this.#cells[index * 2 + 1] ?? 0;
  }

  /** Combines all hashes into the ids and frees the memory; must be the last call. */
  apply(): void {
    const cells = this.#cells;
    for (let cell = 0; cell < cells.length; cell += 2) {
      const low = cells[cell] ?? 0;
      const high = cells[cell + 1] ?? 0;
      if (low !== 0 || high !== 0) this.#hashes.combine(cell / 2, low, high);
    }
    cells.buffer.transfer(0);
  }

  #grow(cell: number): void {
    this.#cells = grown(this.#cells, Math.max(cell + 2, this.#cells.length * 2));
  }
}

/** Returns a larger array with the same numbers. Transferring frees the old memory at once; garbage collection may take seconds. */
const grown = (numbers: Numbers, length: number): Numbers =>
  new Int32Array(numbers.buffer.transfer(length * Int32Array.BYTES_PER_ELEMENT));

/** Returns an array of zeros and frees the old memory at once. */
function cleared(numbers: Numbers, length: number): Numbers {
  numbers.buffer.transfer(0);
  return new Int32Array(length);
}
