/** Displays the progress of an import: phase, rows, rate, time left. Without a terminal it prints one line per phase. */
import type { Writable } from 'node:stream';
import { createLogUpdate } from 'log-update';
import type { ImportProgress } from '../../import/import-options.ts';

/** Rows an import reads per student, to estimate the first import of a district. */
const rowsPerStudent = 19;

/** More frequent repainting would flicker. */
const repaintMs = 100;

const phaseLabels: Readonly<Record<ImportProgress['phase'], string>> = {
  connecting: 'Connecting to Skyward',
  reading: 'Reading from Skyward',
  comparing: 'Comparing with published records',
  deciding: 'Determining statuses',
  assembling: 'Building student records',
  checking: 'Checking safety limits',
  publishing: 'Publishing',
  finished: 'Finished',
};

export interface ImportProgressDisplay {
  show(progress: ImportProgress): void;
  /** Clears the progress line. */
  end(): void;
}

/**
 * Returns a display on `output`. `rowsExpected` is the number of rows the last import read; undefined for an
 * initial import, when it is estimated from the number of students.
 */
export function createImportProgressDisplay(options: {
  readonly output: Writable & { readonly isTTY?: boolean };
  readonly rowsExpected: number | undefined;
  readonly now: () => number;
}): ImportProgressDisplay {
  const { output, now } = options;
  const live = output.isTTY ? createLogUpdate(output) : undefined;
  let rowsExpected = options.rowsExpected;
  let phase: ImportProgress['phase'] | undefined;
  let readingSince = now();
  let painted = 0;

  return {
    show(progress) {
      if (progress.phase !== phase) {
        phase = progress.phase;
        if (phase === 'reading') readingSince = now();
        painted = 0;
        if (!live && phase !== 'finished') output.write(`${phaseLabels[phase]} …\n`);
      }
      if (options.rowsExpected === undefined && progress.object === 'Student/Student') {
        rowsExpected = (progress.objectRows ?? 0) * rowsPerStudent;
      }
      if (!live || now() - painted < repaintMs) return;
      painted = now();
      live(progressLine(progress, { seconds: (now() - readingSince) / 1000, rowsExpected }));
    },
    end() {
      live?.clear();
      live?.done();
    },
  };
}

/** Returns one line: "Reading from Skyward  [████░░░░]  123,456 rows  41,000 rows/s  about 12 s left  Demographics/Name". */
export function progressLine(
  progress: ImportProgress,
  pace: { readonly seconds: number; readonly rowsExpected: number | undefined },
): string {
  const label = phaseLabels[progress.phase];
  if (progress.phase !== 'reading' || progress.rows === undefined) return `${label} …`;
  const rate = progress.rows / Math.max(pace.seconds, 0.001);
  const parts = [label];
  if (pace.rowsExpected !== undefined && pace.rowsExpected > 0) {
    const share = Math.min(progress.rows / pace.rowsExpected, 1);
    const filled = Math.round(share * 20);
    parts.push(`[${'█'.repeat(filled)}${'░'.repeat(20 - filled)}]`);
  }
  parts.push(`${progress.rows.toLocaleString('en-US')} rows`);
  parts.push(`${Math.round(rate).toLocaleString('en-US')} rows/s`);
  if (rate > 0 && pace.rowsExpected !== undefined && pace.rowsExpected > progress.rows) {
    parts.push(
      `about ${Math.max(1, Math.round((pace.rowsExpected - progress.rows) / rate))} s left`,
    );
  }
  if (progress.object !== undefined) parts.push(progress.object);
  return parts.join('  ');
}
