/** Families of attacks, and counting their attempts and findings. */
import { setTimeout as delay } from 'node:timers/promises';

import { createRandom } from '../../sandbox/random.ts';
import type { HttpResponse } from './target/http-client.ts';
import type { Target } from './target/target.ts';

/** Attacks of one kind. */
export interface Family {
  readonly name: string;
  /** Whether it can run in a few seconds, for `npm test`. */
  readonly isQuick: boolean;
  attack(target: Target, attempts: Attempts): Promise<void>;
}

/** The attempts of a family, and the successful ones as findings. */
export class Attempts {
  count = 0;
  /** Attempts that a rate limit prevented. */
  limited = 0;
  readonly findings: string[] = [];
  /** Whether to run only a sample. */
  readonly isQuick: boolean;
  readonly #seed: number;

  constructor(isQuick: boolean, seed: number) {
    this.isQuick = isQuick;
    this.#seed = seed;
  }

  /** Counts one attempt; `finding` says what went wrong, as the end of a sentence. */
  record(attack: string, finding: string | undefined | false): void {
    this.count += 1;
    if (finding) this.findings.push(`${attack}: ${finding}`);
  }

  /** Returns all rows, or a sample of `quickCount` in the quick form. */
  sample<Row>(rows: readonly Row[], quickCount: number): readonly Row[] {
    if (!this.isQuick || rows.length <= quickCount) return rows;
    const generator = createRandom(this.#seed);
    const numberedRows = rows.map((row, index) => ({
      row,
      index,
      random: generator.below(2 ** 30),
    }));
    const chosen = numberedRows
      .toSorted((one, other) => one.random - other.random)
      .slice(0, quickCount);
    return chosen.toSorted((one, other) => one.index - other.index).map(({ row }) => row);
  }
}

/** Sends a request, and again after a rate limit, for some seconds. */
export async function sendUntilAllowed(send: () => Promise<HttpResponse>): Promise<HttpResponse> {
  for (let round = 0; round < 10; round++) {
    const response = await send();
    if (response.status !== 429) return response;
    await delay(1000 * Math.min(3, Number(response.headers['retry-after'] ?? 1)));
  }
  return send();
}

/** Runs the work for every row, `concurrency` at a time. */
export async function forEachConcurrent<Row>(
  rows: readonly Row[],
  work: (row: Row) => Promise<void>,
  concurrency = 4,
): Promise<void> {
  const remaining = rows.values();
  const workers = Array.from({ length: concurrency }, async () => {
    for (const row of remaining) await work(row);
  });
  await Promise.all(workers);
}
