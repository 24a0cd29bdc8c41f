/** What a family of attacks is, and how its tries are counted. */
import { setTimeout as delay } from 'node:timers/promises';

import { createRandom } from '../../sandbox/random.ts';
import type { Answer } from './http-client.ts';
import type { Target } from './target.ts';

/** Attacks of one kind. */
export interface Family {
  readonly name: string;
  /** Whether it has a form of a few seconds, for `npm test`. */
  readonly isQuick: boolean;
  attack(target: Target, tries: Tries): Promise<void>;
}

/** What a family tried, and what did not hold. */
export class Tries {
  count = 0;
  /** Requests that a limit kept from being tried. */
  limited = 0;
  readonly holes: string[] = [];
  /** A sample instead of everything. */
  readonly isQuick: boolean;
  readonly #seed: number;

  constructor(isQuick: boolean, seed: number) {
    this.isQuick = isQuick;
    this.#seed = seed;
  }

  /** Counts one try; `seen` is what should not have been seen, as the end of a sentence. */
  note(attack: string, seen: string | undefined | false): void {
    this.count += 1;
    if (seen) this.holes.push(`${attack}: ${seen}`);
  }

  /** All rows, or this many of them in the quick form. */
  sample<Row>(rows: readonly Row[], quickCount: number): readonly Row[] {
    if (!this.isQuick || rows.length <= quickCount) return rows;
    const random = createRandom(this.#seed);
    const order = rows.map((row, place) => ({ row, place, lot: random.below(2 ** 30) }));
    const chosen = order.toSorted((one, other) => one.lot - other.lot).slice(0, quickCount);
    return chosen.toSorted((one, other) => one.place - other.place).map(({ row }) => row);
  }
}

/** Asks until no limit is in the way, for some seconds. */
export async function untilTried(ask: () => Promise<Answer>): Promise<Answer> {
  for (let round = 0; round < 10; round++) {
    const answer = await ask();
    if (answer.status !== 429) return answer;
    await delay(1000 * Math.min(3, Number(answer.headers['retry-after'] ?? 1)));
  }
  return ask();
}

/** Does the work for every row, a few at a time. */
export async function each<Row>(
  rows: readonly Row[],
  work: (row: Row) => Promise<void>,
  atOnce = 4,
): Promise<void> {
  const left = rows.values();
  const workers = Array.from({ length: atOnce }, async () => {
    for (const row of left) await work(row);
  });
  await Promise.all(workers);
}
