/** Seeded random numbers that are the same on every machine. */

/** A stream of random choices. After `restart` it depends only on the seed and `index`. */
export interface Random {
  restart(index: number): void;
  /** Returns a whole number from 0 to `limit`, exclusive. */
  below(limit: number): number;
  /** Returns a whole number from `low` to `high`, inclusive; `low` if the range is empty. */
  between(low: number, high: number): number;
  /** Returns true with the given probability (0 to 1). */
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
}

/**
 * A generator in 32-bit integer arithmetic only, so that no floating-point library
 * of a machine can change a district. For invented data, never for secrets.
 */
export function createRandom(seed: number): Random {
  const start = mix(Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995);
  let state = start;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    return mix(state);
  };
  const below = (limit: number): number => Math.floor((next() / 4294967296) * limit);
  return {
    restart: (index) => {
      state = mix(start ^ Math.imul(index + 1, 0x85ebca6b));
    },
    below,
    between: (low, high) => (high <= low ? low : low + below(high - low + 1)),
    chance: (probability) => next() < probability * 4294967296,
    pick: (list) => list[below(list.length)] ?? list[0],
  };
}

function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b5);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  return (bits ^ (bits >>> 16)) >>> 0;
}
