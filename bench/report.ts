/** Prints the results of a benchmark: one table, then the targets. Pure. */
import type { DocumentsResult } from './documents-bench.ts';
import type { FleetResult } from './fleet-bench.ts';
import {
  importSteps,
  computeRatio,
  type ImportStep,
  type SizeResult,
  type Verdict,
} from './measurement.ts';
import { idealSeconds, networkRuns, type NetworkResult } from './network-bench.ts';
import type { StatusResult } from './status-bench.ts';
import type { UndoResult } from './undo-bench.ts';
import type { WebResult } from './web-bench.ts';

const names: Readonly<Record<ImportStep, string>> = {
  drain: 'drain',
  copy: 'copy',
  initial: 'initial import',
  unchanged: 'unchanged import',
  changed: 'import, 1 % changed',
};

const bases: Readonly<Record<ImportStep, string>> = {
  drain: '',
  copy: 'drain',
  initial: 'drain + copy',
  unchanged: 'drain',
  changed: 'drain',
};

/** The import steps, one line for each size and step. */
export function importTable(results: readonly SizeResult[]): string {
  const lines = results.flatMap((result) =>
    importSteps.map((step) => {
      const run = result.steps[step];
      return [
        whole(result.students),
        names[step],
        run.seconds.toFixed(2),
        whole(run.rows),
        whole(run.rows / run.seconds),
        step === 'drain' ? '1.00' : `${computeRatio(result, step).toFixed(2)} x ${bases[step]}`,
        `${whole(run.peakBytes / 1024 / 1024)} MB`,
        `${(run.walBytes / 1024 / 1024).toFixed(1)} MB`,
        step === 'drain' || step === 'copy' ? '' : whole(run.rowsWritten),
      ];
    }),
  );
  const head = [
    'students',
    'step',
    'seconds',
    'rows',
    'rows/s',
    'ratio',
    'peak memory',
    'WAL',
    'rows written',
  ];
  return table(head, lines, new Set([1, 5]));
}

/** Seconds and requests of imports over a network, one line for each size and run. */
export function networkTable(results: readonly NetworkResult[]): string {
  const lines = results.flatMap((result) =>
    networkRuns.map((run) => {
      const { seconds, requests } = result.runs[run];
      const ideal = idealSeconds(result, run);
      return [
        whole(result.students),
        `${run} import`,
        whole(result.delayMs),
        whole(result.concurrency),
        whole(requests),
        seconds.toFixed(2),
        ideal.toFixed(2),
        (seconds / ideal).toFixed(2),
      ];
    }),
  );
  const head = [
    'students',
    'run',
    'delay ms',
    'in flight',
    'requests',
    'seconds',
    'ideal',
    'ratio',
  ];
  return table(head, lines, new Set([1]));
}

/** Throughput and memory of `daybreak status`, one line for each size. */
export function statusTable(results: readonly StatusResult[]): string {
  const lines = results.map(({ students, seconds, peakBytes }) => [
    whole(students),
    seconds.toFixed(2),
    whole(students / seconds),
    `${whole(peakBytes / 1024 / 1024)} MB`,
  ]);
  return table(['students', 'seconds', 'students/s', 'peak memory'], lines, new Set());
}

/** Undone imports, one line for each. */
export function undoTable(results: readonly UndoResult[]): string {
  const lines = results.map((run) => [
    whole(run.students),
    `${run.percentChanged} %`,
    whole(run.values),
    run.changeSeconds.toFixed(2),
    run.seconds.toFixed(2),
    `${(run.seconds / run.changeSeconds).toFixed(2)} x changing`,
    Object.entries(run.phases)
      .map(([phase, seconds]) => `${phase} ${seconds.toFixed(2)}`)
      .join(', '),
  ]);
  const head = ['students', 'changed', 'values', 'changing s', 'undo s', 'ratio', 'phases'];
  return table(head, lines, new Set([5, 6]));
}

/** Times of each kind of request at the server, and the size of the app's first page. */
export function webTable({ students, kinds, firstPageBytes }: WebResult): string {
  const lines = kinds.map(({ kind, requests, mean, p50, p95, p99 }) => [
    whole(students),
    kind,
    whole(requests),
    ...[mean, p50, p95, p99].map((ms) => ms.toFixed(1)),
  ]);
  const head = ['students', 'request', 'requests', 'mean ms', 'p50 ms', 'p95 ms', 'p99 ms'];
  return `${table(head, lines, new Set([1]))}\n\nfirst page: ${whole(firstPageBytes)} bytes compressed`;
}

/** Two tables: the throughput of workers, and import times by number of districts. */
export function fleetTable(result: FleetResult): string {
  const work = result.workers.map(({ workers, seconds, skywardBusy }) => [
    whole(result.districts),
    whole(result.students),
    whole(workers),
    seconds.toFixed(1),
    whole((result.districts * 3600) / seconds),
    `${whole(skywardBusy * 100)} %`,
  ]);
  const imports = result.neighbors.map(
    ({ districts, initialSeconds: firstSeconds, unchangedSeconds }) => [
      whole(districts),
      firstSeconds.toFixed(2),
      unchangedSeconds.toFixed(2),
    ],
  );
  const workersHead = [
    'districts',
    'students',
    'workers',
    'seconds',
    'districts/h',
    'Skyward busy',
  ];
  const importsHead = ['districts in the database', 'initial import s', 'unchanged import s'];
  return `${table(workersHead, work, new Set())}\n\n${table(importsHead, imports, new Set())}`;
}

/** Times, sizes and memory of documents. */
export function documentsTable({ create, manySeconds, printed }: DocumentsResult): string {
  const lines = [
    ['one document, 50 %', `${create.p50.toFixed(1)} ms`],
    ['one document, 95 %', `${create.p95.toFixed(1)} ms`],
    ['one document, 99 %', `${create.p99.toFixed(1)} ms`],
    ['1,000 documents for chosen students', `${manySeconds.toFixed(2)} s`],
    [`one PDF of them, ${whole(printed.pages)} pages`, `${printed.seconds.toFixed(2)} s`],
    ['size of that PDF', `${(printed.bytes / 1024 ** 2).toFixed(1)} MB`],
    ['highest memory of the server', `${whole(printed.peakBytes / 1024 ** 2)} MB`],
  ];
  return table(['documents', 'measured'], lines, new Set([0]));
}

/** Seconds of each phase of each import, one line for each import. */
export function phaseLines(results: readonly SizeResult[]): string {
  return results
    .flatMap((result) =>
      (['initial', 'unchanged', 'changed'] as const).map((step) => {
        const phases = Object.entries(result.steps[step].phases)
          .map(([phase, seconds]) => `${phase} ${seconds.toFixed(2)}`)
          .join(', ');
        return `${whole(result.students)} ${names[step]}: ${phases}`;
      }),
    )
    .join('\n');
}

/** One line for each target, met or not met. */
export function verdictLines(verdicts: readonly Verdict[]): string {
  return verdicts
    .map(
      ({ sentence, measured, limit, isMet }) =>
        `${isMet ? 'met    ' : 'NOT MET'}  ${sentence}: ${plain(measured)} (at most ${plain(limit)})`,
    )
    .join('\n');
}

const whole = (number: number): string => Math.round(number).toLocaleString('en-US');
const plain = (number: number): string =>
  Number.isInteger(number) || number >= 100 ? whole(number) : number.toFixed(2);

function table(
  head: readonly string[],
  lines: readonly (readonly string[])[],
  textColumns: ReadonlySet<number>,
): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const write = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        textColumns.has(column)
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [write(head), rule, ...lines.map(write)].join('\n');
}
