/**
 * A compact set of row keys, for the dense numbers that databases assign.
 *
 * This folder defines students, guardians and enrollments independently of where they come from. Pure.
 */

const keysPerBlock = 65_536;
const maxBlocks = 512;

/**
 * Stores integers with one bit each: a million dense keys take about 130 kB, where a Set takes 40 MB. Once blocks take
 * 4 MB, further scattered keys go to an ordinary Set.
 */
export class KeySet {
  readonly #blocks = new Map<number, Uint8Array>();
  readonly #scattered = new Set<number>();

  /** Adds a key. Returns false if it was already in the set. */
  add(key: number): boolean {
    const number = Math.floor(key / keysPerBlock);
    const block = this.#blocks.get(number) ?? this.#newBlock(number);
    if (block === undefined) {
      const size = this.#scattered.size;
      return this.#scattered.add(key).size > size;
    }
    const offset = key - number * keysPerBlock;
    const bit = 1 << (offset & 7);
    const byte = block[offset >> 3] ?? 0;
    block[offset >> 3] = byte | bit;
    return (byte & bit) === 0;
  }

  has(key: number): boolean {
    const number = Math.floor(key / keysPerBlock);
    const block = this.#blocks.get(number);
    if (block === undefined) return this.#scattered.has(key);
    const offset = key - number * keysPerBlock;
    return ((block[offset >> 3] ?? 0) & (1 << (offset & 7))) !== 0;
  }

  #newBlock(number: number): Uint8Array | undefined {
    if (this.#blocks.size >= maxBlocks) return undefined;
    const block = new Uint8Array(keysPerBlock / 8);
    this.#blocks.set(number, block);
    return block;
  }
}
