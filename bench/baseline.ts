/**
 * Checked-in baselines of the benchmarks, and comparing new measurements with them.
 *
 * This folder measures imports, pages and PDFs against checked-in baselines.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import type { Verdict } from './measurement.ts';

/** A checked-in baseline: ratios and memory, which are comparable between machines; times are not. */
export interface Baseline {
  /** Description of the machine that measured it. */
  readonly machine: string;
  readonly measurements: Readonly<Record<string, number>>;
}

/** A measurement is a regression if it exceeds its baseline by this factor; smaller differences are noise. */
const tolerance = 1.25;

const baselineFile = (bench: string) => new URL(`baselines/${bench}.json`, import.meta.url);

/** Writes the new baseline; measurements of sizes that were not measured now stay. */
export async function writeBaseline(bench: string, verdicts: readonly Verdict[]): Promise<void> {
  const previous = await readBaseline(bench);
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  const measurements = Object.fromEntries(
    verdicts.map(({ name, measured }) => [name, Math.round(measured * 100) / 100]),
  );
  const baseline: Baseline = {
    machine: `${cpus().length} cores, ${gigabytes} GB memory`,
    measurements: { ...previous?.measurements, ...measurements },
  };
  await writeFile(baselineFile(bench), `${JSON.stringify(baseline, null, 2)}\n`);
}

/** Returns a sentence for each measurement that is clearly worse than the baseline. */
export async function findRegressions(
  bench: string,
  verdicts: readonly Verdict[],
): Promise<string[]> {
  const baseline = await readBaseline(bench);
  if (baseline === undefined)
    return [
      `There is no baseline ${baselineFile(bench).pathname}; write one with --write-baseline.`,
    ];
  return verdicts.flatMap(({ name, sentence, measured }) => {
    const previous = baseline.measurements[name];
    if (previous === undefined || measured <= previous * tolerance) return [];
    return [`${sentence}: ${measured.toFixed(2)}, the baseline is ${previous.toFixed(2)}`];
  });
}

async function readBaseline(bench: string): Promise<Baseline | undefined> {
  try {
    return JSON.parse(await readFile(baselineFile(bench), 'utf8')) as Baseline;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
