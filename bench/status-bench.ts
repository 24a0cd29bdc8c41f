/** The benchmark of `daybreak status`: students per second from a file, and whether memory stays constant. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { runScript } from './child-process.ts';
import { median, verdict, type Verdict } from './measurement.ts';

export interface StatusResult {
  readonly students: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Students per second, and growth of memory with four times as many students (README.md). */
const targets = { studentsPerSecond: 100_000, growth: 1.2 } as const;

/** Students in the file; a run reads it repeatedly to reach its size. */
const studentsInFile = 500_000;

/**
 * Both are long enough for a steady heap: V8 first collects its old generation after about a million students, and
 * memory grows until then.
 */
const sizes = [2_000_000, 8_000_000];

/** Measures both sizes and returns the medians of `repeat` runs. */
export async function benchStatus(repeat: number): Promise<StatusResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-bench-'));
  try {
    const results: StatusResult[] = [];
    const file = join(folder, 'students.jsonl');
    await writeStudents(file, studentsInFile);
    for (const students of sizes) {
      const times = students / studentsInFile;
      const runs: Omit<StatusResult, 'students'>[] = [];
      for (let run = 0; run < repeat; run++)
        runs.push(await runScript('status-step.ts', { file, times }, []));
      results.push({
        students,
        seconds: median(runs.map((run) => run.seconds)),
        peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
      });
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Compares the results with the targets. */
export function judgeStatus(results: readonly StatusResult[]): Verdict[] {
  const verdicts = results.map(({ students, seconds }) =>
    verdict(
      `microseconds-per-student-${students}`,
      `${students.toLocaleString('en-US')} students: microseconds per student`,
      (seconds * 1e6) / students,
      1e6 / targets.studentsPerSecond,
    ),
  );
  const [small, large] = results;
  if (small === undefined || large === undefined) return verdicts;
  const growth = large.peakBytes / small.peakBytes;
  const sentence = 'peak memory with four times as many students';
  return [...verdicts, verdict('memory-growth', sentence, growth, targets.growth)];
}

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Common histories: enrolled, moved, CECS in addition to the home school, graduated, withdrawn, future. */
const histories: readonly (readonly Row[])[] = [
  [
    { startDate: '2026-08-12' },
    { schoolYear: 2026, startDate: '2025-08-13', endDate: '2026-05-22' },
  ],
  [
    {
      startDate: '2026-08-12',
      endDate: '2026-10-02',
      withdrawalDate: '2026-10-05',
      withdrawalCode: '20',
    },
    { entityId: 402, startDate: '2026-10-05' },
  ],
  [{ startDate: '2026-08-12' }, { entityId: 490, startDate: '2026-08-12', withdrawalCode: 'CECS' }],
  [{ schoolYear: 2026, startDate: '2025-08-13', endDate: '2026-05-22', withdrawalCode: '01' }],
  [
    {
      startDate: '2026-08-12',
      endDate: '2026-09-30',
      withdrawalDate: '2026-10-01',
      withdrawalCode: '24',
    },
  ],
  [{ startDate: '2027-01-06' }],
];

async function writeStudents(file: string, students: number): Promise<void> {
  const output = createWriteStream(file);
  for (let index = 0; index < students; index++) {
    const enrollments = (histories[index % histories.length] ?? []).map((row, place) => ({
      id: index * 4 + place,
      entityId: 401,
      schoolYear: 2027,
      endDate: null,
      withdrawalDate: null,
      withdrawalCode: null,
      isDefaultEntity: place === 0,
      calendarEndDate: null,
      ...row,
    }));
    const line = `${JSON.stringify({ studentId: String(index + 1), enrollments })}\n`;
    if (!output.write(line)) await new Promise((resolve) => output.once('drain', resolve));
  }
  output.end();
  await finished(output);
}
