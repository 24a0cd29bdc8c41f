/** The import over a network: time of connecting and reading when each response is delayed, compared with the ideal. */
import { runScript, startSandboxProcess } from './child-process.ts';
import { benchDay, createEmptyDistrict } from './import-bench.ts';
import { median, verdict, type Verdict } from './measurement.ts';
import { withBenchServer } from './bench-server.ts';
import type { StepResult } from './step-options.ts';

/** Runs that are measured, in their order. */
export const networkRuns = ['initial', 'unchanged'] as const;
export type NetworkRun = (typeof networkRuns)[number];

/** Time and requests of one run. */
export interface NetworkMeasurement {
  /** Connecting and reading. */
  readonly seconds: number;
  readonly requests: number;
}

export interface NetworkResult {
  readonly students: number;
  readonly delayMs: number;
  readonly concurrency: number;
  readonly runs: Readonly<Record<NetworkRun, NetworkMeasurement>>;
}

export interface NetworkBenchOptions {
  readonly sizes: readonly number[];
  readonly repeat: number;
  readonly delayMs: number;
  readonly pageSize?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly onProgress: (sentence: string) => void;
}

/** Default of concurrent requests: that of a new district. */
const defaultConcurrency = 4;

/**
 * Requests that no import can send before it has the response to the one before, whatever the size of the
 * district: a list's further pages are not among them, since they can be guessed.
 */
const dependentRequests = [
  'token',
  'metadata',
  'school years',
  'first page of a list',
  'its last page',
  'rows between its pages',
  'metadata again',
  'school years again',
].length;

/** Highest allowed ratio of connecting and reading to the ideal. */
const maxRatio = 1.4;

/** Measures an initial and an unchanged import of each size, and returns the medians. */
export async function benchNetwork(options: NetworkBenchOptions): Promise<NetworkResult[]> {
  const { delayMs, pageSize, onProgress } = options;
  const concurrency = options.concurrency ?? defaultConcurrency;
  return withBenchServer(async ({ database, url, folder }) => {
    const results: NetworkResult[] = [];
    for (const students of options.sizes) {
      onProgress(`Generating a sandbox district of ${students} students …`);
      const sandbox = await startSandboxProcess(students, benchDay, delayMs);
      const measured = new Map<NetworkRun, NetworkMeasurement[]>(
        networkRuns.map((run) => [run, []]),
      );
      const step = { skyward: sandbox.skyward, today: benchDay, databaseUrl: url, folder };
      try {
        for (let round = 1; round <= options.repeat; round++) {
          const districtId = await createEmptyDistrict(database.pool);
          const stepOptions = { ...step, pageSize, concurrency, districtId, round };
          onProgress(`Round ${round} of ${options.repeat}: rendering the responses …`);
          await runScript('import-step.ts', { ...stepOptions, step: 'drain' }, []);
          for (const run of networkRuns) {
            onProgress(`Measuring: ${run} …`);
            const measurement = await runScript<StepResult>(
              'import-step.ts',
              { ...stepOptions, step: 'import' },
              [],
            );
            const { connecting = 0, reading = 0 } = measurement.phases;
            const { requests } = measurement;
            measured.get(run)?.push({ seconds: connecting + reading, requests });
          }
        }
      } finally {
        await sandbox.stop();
      }
      const runs = Object.fromEntries(
        [...measured].map(([run, all]) => [run, medianMeasurement(all)]),
      ) as Record<NetworkRun, NetworkMeasurement>;
      results.push({ students, delayMs, concurrency, runs });
    }
    return results;
  });
}

const medianMeasurement = (all: readonly NetworkMeasurement[]): NetworkMeasurement => ({
  seconds: median(all.map(({ seconds }) => seconds)),
  requests: Math.max(...all.map(({ requests }) => requests)),
});

/** Returns the shortest possible time: the larger of requests / in flight and the longest chain, times the delay. */
export function idealSeconds(result: NetworkResult, run: NetworkRun): number {
  const rounds = Math.max(result.runs[run].requests / result.concurrency, dependentRequests);
  return (rounds * result.delayMs) / 1000;
}

/** Compares each run with the ideal. */
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
