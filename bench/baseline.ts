/** Baselines of the benchmarks: what is checked in, and how a new measurement is held to it. */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import type { Verdict } from './measurement.ts';

/** A checked-in baseline. No times: those belong to a machine; ratios and memory hold on any. */
export interface Baseline {
  /** The machine in words, to judge how far its figures reach. */
  readonly machine: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** So much worse than its baseline may a figure be before it is called a step back: machines waver. */
const tolerance = 1.25;

const fileOf = (bench: string) => new URL(`baselines/${bench}.json`, import.meta.url);

/** Writes the figures as the new baseline; figures of sizes not measured this time stay. */
export async function writeBaseline(bench: string, verdicts: readonly Verdict[]): Promise<void> {
  const old = await readBaseline(bench);
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  const figures = Object.fromEntries(
    verdicts.map(({ name, measured }) => [name, Math.round(measured * 100) / 100]),
  );
  const baseline: Baseline = {
    machine: `${cpus().length} cores, ${gigabytes} GB memory`,
    figures: { ...old?.figures, ...figures },
  };
  await writeFile(fileOf(bench), `${JSON.stringify(baseline, null, 2)}\n`);
}

/** Compares with the baseline: a sentence for each figure that is clearly worse. */
export async function stepsBack(bench: string, verdicts: readonly Verdict[]): Promise<string[]> {
  const baseline = await readBaseline(bench);
  if (baseline === undefined)
    return [`There is no baseline ${fileOf(bench).pathname}; write one with --write-baseline.`];
  return verdicts.flatMap(({ name, sentence, measured }) => {
    const before = baseline.figures[name];
    if (before === undefined || measured <= before * tolerance) return [];
    return [`${sentence}: ${measured.toFixed(2)}, the baseline is ${before.toFixed(2)}`];
  });
}

async function readBaseline(bench: string): Promise<Baseline | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(bench), 'utf8')) as Baseline;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
