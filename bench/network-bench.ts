/** The import over a network: what connecting and reading takes when Skyward responds late, held to what the network allows. */
import { runScript, startSandboxProcess } from './child-process.ts';
import { benchDay, emptyDistrict } from './import-bench.ts';
import { median, verdict, type Verdict } from './measurement.ts';
import { withBenchServer } from './server-folder.ts';
import type { ChildFigures } from './step-order.ts';

/** Runs that are measured, in their order. */
export const networkRuns = ['initial', 'unchanged'] as const;
export type NetworkRun = (typeof networkRuns)[number];

/** What one run took of the network. */
export interface NetworkFigures {
  /** Connecting and reading. */
  readonly seconds: number;
  readonly requests: number;
}

export interface NetworkResult {
  readonly students: number;
  readonly delayMs: number;
  readonly concurrency: number;
  readonly runs: Readonly<Record<NetworkRun, NetworkFigures>>;
}

export interface NetworkBenchOptions {
  readonly sizes: readonly number[];
  readonly repeat: number;
  readonly delayMs: number;
  readonly pageSize?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly onProgress: (sentence: string) => void;
}

/** Requests at once, unless the bench is told otherwise: the setting that a district begins with. */
const defaultConcurrency = 4;

/**
 * Requests that no import can send before it has the response to the one before, whatever the size of the
 * district: a list's further pages are not among them, since they can be guessed.
 */
const longestChain = [
  'token',
  'metadata',
  'school years',
  'first page of a list',
  'its last page',
  'rows between its pages',
  'metadata again',
  'school years again',
].length;

/** Connecting and reading may take so many times the ideal. */
const maxRatio = 1.4;

/** Measures an initial and an unchanged import of each size, and returns the medians. */
export async function benchNetwork(options: NetworkBenchOptions): Promise<NetworkResult[]> {
  const { delayMs, pageSize, onProgress } = options;
  const concurrency = options.concurrency ?? defaultConcurrency;
  return withBenchServer(async ({ database, url, folder }) => {
    const results: NetworkResult[] = [];
    for (const students of options.sizes) {
      onProgress(`Making a sandbox district of ${students} students …`);
      const sandbox = await startSandboxProcess(students, benchDay, delayMs);
      const measured = new Map<NetworkRun, NetworkFigures[]>(networkRuns.map((run) => [run, []]));
      const step = { skyward: sandbox.skyward, today: benchDay, databaseUrl: url, folder };
      try {
        for (let round = 1; round <= options.repeat; round++) {
          const districtId = await emptyDistrict(database.pool);
          const order = { ...step, pageSize, concurrency, districtId, round };
          onProgress(`Round ${round} of ${options.repeat}: rendering the responses …`);
          await runScript('import-step.ts', { ...order, step: 'drain' }, []);
          for (const run of networkRuns) {
            onProgress(`Measuring: ${run} …`);
            const figures = await runScript<ChildFigures>(
              'import-step.ts',
              { ...order, step: 'night' },
              [],
            );
            const { connecting = 0, reading = 0 } = figures.phases;
            const { requests } = figures;
            measured.get(run)?.push({ seconds: connecting + reading, requests });
          }
        }
      } finally {
        await sandbox.stop();
      }
      const runs = Object.fromEntries(
        [...measured].map(([run, all]) => [run, medianFigures(all)]),
      ) as Record<NetworkRun, NetworkFigures>;
      results.push({ students, delayMs, concurrency, runs });
    }
    return results;
  });
}

const medianFigures = (all: readonly NetworkFigures[]): NetworkFigures => ({
  seconds: median(all.map(({ seconds }) => seconds)),
  requests: Math.max(...all.map(({ requests }) => requests)),
});

/** The least that connecting and reading can take: all requests always in flight, or the longest chain of them. */
export function idealSeconds(result: NetworkResult, run: NetworkRun): number {
  const turns = Math.max(result.runs[run].requests / result.concurrency, longestChain);
  return (turns * result.delayMs) / 1000;
}

/** Holds each run to the ideal. */
export function judgeNetwork(results: readonly NetworkResult[]): Verdict[] {
  return results.flatMap((result) =>
    networkRuns.map((run) =>
      verdict(
        `network-${run}-${result.students}-${result.delayMs}`,
        `${result.students.toLocaleString('en-US')} students, ${result.delayMs} ms a response: ${run} import, connecting and reading / ideal`,
        result.runs[run].seconds / idealSeconds(result, run),
        maxRatio,
      ),
    ),
  );
}
