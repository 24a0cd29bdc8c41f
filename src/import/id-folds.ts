/** A 64-bit fold for each of many ids, in flat arrays: an ordinary map of a million objects would take 100 MB. Pure. */

/** What was folded up to some moment. */
export interface FoldSnapshot {
  readonly size: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
}

/** Folding is exclusive or: the order of rows does not matter. An id's index never changes. */
export class IdFolds {
  size = 0;
  #ids = new Float64Array(1024);
  #low = new Int32Array(1024);
  #high = new Int32Array(1024);
  /** Index + 1 of the id that hashes there, 0 for none; at most half full. */
  #slots = new Int32Array(2048);

  /** The id's index, or -1. */
  find(id: number | null): number {
    return id === null ? -1 : (this.#slots[this.#slotOf(id)] ?? 0) - 1;
  }

  /** The id's index; it gets one when it has none. */
  place(id: number): number {
    const slot = this.#slotOf(id);
    const found = this.#slots[slot] ?? 0;
    if (found > 0) return found - 1;
    const index = this.size;
    if (index === this.#ids.length) {
      this.#grow();
      return this.place(id);
    }
    this.#slots[slot] = index + 1;
    this.#ids[index] = id;
    this.size += 1;
    return index;
  }

  fold(index: number, low: number, high: number): void {
    this.#low[index] = (this.#low[index] ?? 0) ^ low;
    this.#high[index] = (this.#high[index] ?? 0) ^ high;
  }

  idAt(index: number): number {
    return this.#ids[index] ?? Number.NaN;
  }

  lowAt(index: number): number {
    return this.#low[index] ?? 0;
  }

  highAt(index: number): number {
    return this.#high[index] ?? 0;
  }

  snapshot(): FoldSnapshot {
    const { size } = this;
    return { size, low: this.#low.slice(0, size), high: this.#high.slice(0, size) };
  }

  /** Takes back what was folded, and the ids that came, since the snapshot. */
  restore({ size, low, high }: FoldSnapshot): void {
    this.#low.set(low);
    this.#high.set(high);
    this.#low.fill(0, size);
    this.#high.fill(0, size);
    this.size = size;
    this.#fillSlots(this.#slots.length);
  }

  /**
   * Where the id's slot is, or the free one where it would go. Ids that lie side by side do so here, too,
   * in stretches of 64: lists come in the order of their ids, and memory that is near is fast.
   */
  #slotOf(id: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const stretch = Math.imul(Math.floor(id / 64), 0x9e3779b1);
    let slot = (((stretch ^ (stretch >>> 15)) << 6) | (id & 63)) & mask;
    for (;;) {
      const index = (slots[slot] ?? 0) - 1;
      if (index < 0 || this.#ids[index] === id) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const { length } = this.#ids;
    this.#ids = grown(this.#ids, new Float64Array(length * 2));
    this.#low = grown(this.#low, new Int32Array(length * 2));
    this.#high = grown(this.#high, new Int32Array(length * 2));
    this.#fillSlots(length * 4);
  }

  #fillSlots(length: number): void {
    this.#slots = new Int32Array(length);
    for (let index = 0; index < this.size; index++) {
      const id = this.#ids[index];
      if (id !== undefined) this.#slots[this.#slotOf(id)] = index + 1;
    }
  }
}

function grown<Numbers extends Float64Array | Int32Array>(old: Numbers, larger: Numbers): Numbers {
  larger.set(old);
  return larger;
}
