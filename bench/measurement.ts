/** What a benchmark step measured, and how repeated measurements and sizes are compared. Pure. */

/** The steps of the import benchmark, in the order in which they run. */
export const importSteps = ['drain', 'copy', 'first', 'unchanged', 'changed'] as const;
export type ImportStep = (typeof importSteps)[number];

/** One step, measured in a process of its own. */
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
  /** How a night ended (`published`, `unchanged`); null for a step that is no night. */
  readonly outcome: string | null;
  /** Seconds by phase of a night, as its report has them. */
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

/** Targets of the import (issue "Foundation and the main job", 8). */
const importTargets = {
  /** First night, of drain and copy together. */
  first: 2,
  /** A night without changes, of drain. */
  unchanged: 1.5,
  peakBytes: 400 * 1024 * 1024,
  /** Peak memory of the larger size, of the smaller. */
  growth: 1.2,
} as const;

/** The middle one; of an even number the slower of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('There is no median of nothing');
  return middle;
}

/** The run of median time, with the worst memory of all runs: a peak that happens once counts. */
export function medianOf(runs: readonly Measurement[]): Measurement {
  const seconds = median(runs.map((run) => run.seconds));
  const typical = runs.find((run) => run.seconds === seconds);
  if (typical === undefined) throw new RangeError('There is no median of nothing');
  return {
    ...typical,
    peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
    rowsWritten: Math.max(...runs.map((run) => run.rowsWritten)),
  };
}

/** What a step's time is compared with: the drain, and for the first night drain and copy. */
export function ratioOf(result: SizeResult, step: ImportStep): number {
  const { drain, copy } = result.steps;
  const base = step === 'first' ? drain.seconds + copy.seconds : drain.seconds;
  return result.steps[step].seconds / base;
}

/** Highest memory of any night of a size. */
function peakOf({ steps }: SizeResult): number {
  return Math.max(steps.first.peakBytes, steps.unchanged.peakBytes, steps.changed.peakBytes);
}

/** Holds the results to the targets. Growth of memory is judged between smallest and largest size. */
export function judge(results: readonly SizeResult[]): Verdict[] {
  const verdicts = results.flatMap((result) => {
    const at = `${result.students.toLocaleString('en-US')} students`;
    const first = ratioOf(result, 'first');
    const unchanged = ratioOf(result, 'unchanged');
    const written = result.steps.unchanged.rowsWritten;
    const peak = peakOf(result);
    return [
      verdict(
        `first-night-${result.students}`,
        `${at}: first night / (drain + copy)`,
        first,
        importTargets.first,
      ),
      verdict(
        `unchanged-night-${result.students}`,
        `${at}: night without changes / drain`,
        unchanged,
        importTargets.unchanged,
      ),
      verdict(
        `unchanged-rows-${result.students}`,
        `${at}: rows written by a night without changes`,
        written,
        0,
      ),
      verdict(
        `peak-memory-${result.students}`,
        `${at}: peak memory of the importer in MB`,
        megabytes(peak),
        megabytes(importTargets.peakBytes),
      ),
    ];
  });
  const bySize = results.toSorted((a, b) => a.students - b.students);
  const small = bySize[0];
  const large = bySize.at(-1);
  if (small !== undefined && large !== undefined && small !== large) {
    const growth = peakOf(large) / peakOf(small);
    const sentence = `peak memory with ${large.students.toLocaleString('en-US')} students / with ${small.students.toLocaleString('en-US')}`;
    verdicts.push(verdict('memory-growth', sentence, growth, importTargets.growth));
  }
  return verdicts;
}

const megabytes = (bytes: number): number => bytes / 1024 / 1024;

/** Measured against a limit that it should not exceed. */
export function verdict(name: string, sentence: string, measured: number, limit: number): Verdict {
  return { name, sentence, measured, limit, isMet: measured <= limit };
}
