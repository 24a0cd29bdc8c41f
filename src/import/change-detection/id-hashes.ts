/** A 64-bit fold for each of many ids, in flat arrays: an ordinary map of a million objects would take 100 MB. Pure. */

/** What belongs to an id lies together, since each look at memory far away costs as much as the folding itself. */
const idLow = 0;
const idHigh = 1;
const hashLow = 2;
const hashHigh = 3;
const cellSize = 4;

type Numbers = Int32Array<ArrayBuffer>;

const twoTo32 = 0x1_0000_0000;

/** Folding is exclusive or: the order of rows does not matter. An id's index never changes. */
export class IdHashes {
  size = 0;
  #cells: Numbers = new Int32Array(1024 * cellSize);
  /** Index + 1 of the id that hashes there, 0 for none; at most half full. */
  #slots: Numbers = new Int32Array(2048);

  /** The id's index, or -1. */
  find(id: number | null): number {
    return id === null || !Number.isInteger(id) ? -1 : (this.#slots[this.#slotOf(id)] ?? 0) - 1;
  }

  /** The index of an id, a whole number; it gets one when it has none. */
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

  /** Forgets all of it and gives the memory back, when nobody looks here any more. */
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
   * Where the id's slot is, or the free one where it would go. Ids that lie side by side do so here, too,
   * in stretches of 64: lists come in the order of their ids, and memory that is near is fast.
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
 * What one table folds into the ids of others, kept apart until the table is whole: two tables may be folded into
 * the same ids side by side, and of one that is not whole nothing is left but ids with nothing folded, which count
 * as none.
 */
export class PendingHashes {
  readonly #folds: IdHashes;
  #cells: Numbers;

  constructor(idHashes: IdHashes) {
    this.#folds = idHashes;
    this.#cells = new Int32Array(Math.max(1024, idHashes.size) * 2);
  }

  combine(id: number, low: number, high: number): void {
    this.combineAt(this.#folds.ensure(id), low, high);
  }

  /** The same for the id at this index. */
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

  /** Folds all of it into the ids themselves. Nothing can be folded in here any more. */
  apply(): void {
    const cells = this.#cells;
    for (let cell = 0; cell < cells.length; cell += 2) {
      const low = cells[cell] ?? 0;
      const high = cells[cell + 1] ?? 0;
      if (low !== 0 || high !== 0) this.#folds.combine(cell / 2, low, high);
    }
    cells.buffer.transfer(0);
  }

  #grow(cell: number): void {
    this.#cells = grown(this.#cells, Math.max(cell + 2, this.#cells.length * 2));
  }
}

/** The same numbers with room for more. The old memory is given back at once: collecting it may take seconds. */
const grown = (numbers: Numbers, length: number): Numbers =>
  new Int32Array(numbers.buffer.transfer(length * Int32Array.BYTES_PER_ELEMENT));

/** So many zeros in their place; the old memory is given back at once, too. */
function cleared(numbers: Numbers, length: number): Numbers {
  numbers.buffer.transfer(0);
  return new Int32Array(length);
}
