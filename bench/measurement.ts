/** Measurements of benchmark steps, their medians and ratios, and the import's targets. Pure. */

/** The steps of the import benchmark, in the order in which they run. */
export const importSteps = ['drain', 'copy', 'initial', 'unchanged', 'changed'] as const;
export type ImportStep = (typeof importSteps)[number];

/** One step, measured in its own process. */
export interface Measurement {
  readonly seconds: number;
  /** Rows read from Skyward's lists, code tables not counted. */
  readonly rows: number;
  /** Requests sent to Skyward, those for tokens not counted. */
  readonly requests: number;
  /** Highest resident memory of the importer's process; PostgreSQL and the sandbox are not in it. */
  readonly peakBytes: number;
  /** Write-ahead log that the whole server wrote meanwhile. */
  readonly walBytes: number;
  /** Rows of published tables inserted, updated or deleted, as PostgreSQL counted them. */
  readonly rowsWritten: number;
  /** Result of an import (`published`, `unchanged`); null for a step that is not an import. */
  readonly outcome: string | null;
  /** Seconds by phase of an import, as in its report. */
  readonly phases: Readonly<Record<string, number>>;
}

/** All steps of one size. */
export interface SizeResult {
  readonly students: number;
  readonly steps: Readonly<Record<ImportStep, Measurement>>;
}

/** A target of the import, with what was measured. */
export interface Verdict {
  /** Stable name, as used in the baselines. */
  readonly name: string;
  readonly sentence: string;
  readonly measured: number;
  readonly limit: number;
  readonly isMet: boolean;
}

/** Targets of the import (README.md). */
const importTargets = {
  /** An initial import, of drain and copy together. */
  initial: 3.5,
  /** An unchanged import, of drain. */
  unchangedRatio: 1.9,
  /** Peak memory up to 100,000 students, and above. */
  megabytes: 320,
  largeMegabytes: 350,
} as const;

const largeDistrict = 100_000;

/** Returns the middle number; of an even count, the larger of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('The median of an empty list is undefined');
  return middle;
}

/** Returns the run with the median time, and the highest memory of all runs. */
export function medianMeasurement(runs: readonly Measurement[]): Measurement {
  const seconds = median(runs.map((run) => run.seconds));
  const typical = runs.find((run) => run.seconds === seconds);
  if (typical === undefined) throw new RangeError('The median of an empty list is undefined');
  return {
    ...typical,
    peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
    rowsWritten: Math.max(...runs.map((run) => run.rowsWritten)),
  };
}

/** Returns a step's time divided by the drain's, for an initial import by drain and copy together. */
export function computeRatio(result: SizeResult, step: ImportStep): number {
  const { drain, copy } = result.steps;
  const base = step === 'initial' ? drain.seconds + copy.seconds : drain.seconds;
  return result.steps[step].seconds / base;
}

/** Highest memory of any import of a size. */
function findPeakBytes({ steps }: SizeResult): number {
  return Math.max(steps.initial.peakBytes, steps.unchanged.peakBytes, steps.changed.peakBytes);
}

/** Compares the results with the targets. */
export function judgeImport(results: readonly SizeResult[]): Verdict[] {
  return results.flatMap((result) => {
    const at = `${result.students.toLocaleString('en-US')} students`;
    const initialRatio = computeRatio(result, 'initial');
    const unchangedRatio = computeRatio(result, 'unchanged');
    const written = result.steps.unchanged.rowsWritten;
    const peak = findPeakBytes(result);
    return [
      verdict(
        `initial-import-${result.students}`,
        `${at}: initial import / (drain + copy)`,
        initialRatio,
        importTargets.initial,
      ),
      verdict(
        `unchanged-import-${result.students}`,
        `${at}: unchanged import / drain`,
        unchangedRatio,
        importTargets.unchangedRatio,
      ),
      verdict(
        `unchanged-rows-${result.students}`,
        `${at}: rows written by an unchanged import`,
        written,
        0,
      ),
      verdict(
        `peak-memory-${result.students}`,
        `${at}: peak memory of the importer in MB`,
        megabytes(peak),
        result.students > largeDistrict ? importTargets.largeMegabytes : importTargets.megabytes,
      ),
    ];
  });
}

const megabytes = (bytes: number): number => bytes / 1024 / 1024;

/** Compares a measured value with the limit that it must not exceed. */
export function verdict(name: string, sentence: string, measured: number, limit: number): Verdict {
  return { name, sentence, measured, limit, isMet: measured <= limit };
}
