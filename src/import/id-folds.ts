/** A 64-bit fold for each of many ids, in flat arrays: an ordinary map of a million objects would take 100 MB. Pure. */

/** What was folded up to some moment. */
export interface FoldSnapshot {
  readonly size: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
}

/** What belongs to an id lies together, since each look at memory far away costs as much as the folding itself. */
const idLow = 0;
const idHigh = 1;
const foldLow = 2;
const foldHigh = 3;
const cellSize = 4;

const twoTo32 = 0x1_0000_0000;

/** Folding is exclusive or: the order of rows does not matter. An id's index never changes. */
export class IdFolds {
  size = 0;
  #cells = new Int32Array(1024 * cellSize);
  /** Index + 1 of the id that hashes there, 0 for none; at most half full. */
  #slots = new Int32Array(2048);

  /** The id's index, or -1. */
  find(id: number | null): number {
    return id === null || !Number.isInteger(id) ? -1 : (this.#slots[this.#slotOf(id)] ?? 0) - 1;
  }

  /** The index of an id, a whole number; it gets one when it has none. */
  place(id: number): number {
    const slot = this.#slotOf(id);
    const found = this.#slots[slot] ?? 0;
    if (found > 0) return found - 1;
    const index = this.size;
    const cell = index * cellSize;
    if (cell === this.#cells.length) {
      this.#grow();
      return this.place(id);
    }
    this.#slots[slot] = index + 1;
    this.#cells[cell + idLow] = id;
    this.#cells[cell + idHigh] = Math.floor(id / twoTo32);
    this.size += 1;
    return index;
  }

  fold(index: number, low: number, high: number): void {
    const cell = index * cellSize;
    this.#cells[cell + foldLow] = this.lowAt(index) ^ low;
    this.#cells[cell + foldHigh] = this.highAt(index) ^ high;
  }

  idAt(index: number): number {
    const cell = index * cellSize;
    return (this.#cells[cell + idHigh] ?? 0) * twoTo32 + ((this.#cells[cell + idLow] ?? 0) >>> 0);
  }

  lowAt(index: number): number {
    return this.#cells[index * cellSize + foldLow] ?? 0;
  }

  highAt(index: number): number {
    return this.#cells[index * cellSize + foldHigh] ?? 0;
  }

  snapshot(): FoldSnapshot {
    const { size } = this;
    const low = new Int32Array(size);
    const high = new Int32Array(size);
    for (let index = 0; index < size; index++) {
      low[index] = this.lowAt(index);
      high[index] = this.highAt(index);
    }
    return { size, low, high };
  }

  /** Takes back what was folded, and the ids that came, since the snapshot. */
  restore({ size, low, high }: FoldSnapshot): void {
    this.#cells.fill(0, size * cellSize);
    for (let index = 0; index < size; index++) {
      this.#cells[index * cellSize + foldLow] = low[index] ?? 0;
      this.#cells[index * cellSize + foldHigh] = high[index] ?? 0;
    }
    this.size = size;
    this.#fillSlots(this.#slots.length);
  }

  /**
   * Where the id's slot is, or the free one where it would go. Ids that lie side by side do so here, too,
   * in stretches of 64: lists come in the order of their ids, and memory that is near is fast.
   */
  #slotOf(id: number): number {
    const slots = this.#slots;
    const cells = this.#cells;
    const mask = slots.length - 1;
    const stretch = Math.imul(Math.floor(id / 64), 0x9e3779b1);
    const low = id | 0;
    const high = Math.floor(id / twoTo32) | 0;
    let slot = (((stretch ^ (stretch >>> 15)) << 6) | (id & 63)) & mask;
    for (;;) {
      const found = slots[slot] ?? 0;
      if (found === 0) return slot;
      const cell = (found - 1) * cellSize;
      if (cells[cell + idLow] === low && cells[cell + idHigh] === high) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const larger = new Int32Array(this.#cells.length * 2);
    larger.set(this.#cells);
    this.#cells = larger;
    this.#fillSlots((larger.length / cellSize) * 2);
  }

  #fillSlots(length: number): void {
    this.#slots = new Int32Array(length);
    for (let index = 0; index < this.size; index++) {
      this.#slots[this.#slotOf(this.idAt(index))] = index + 1;
    }
  }
}
