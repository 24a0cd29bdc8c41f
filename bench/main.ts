/** The benchmarks: `npm run bench -- NAME` measures Daybreak and compares it with its targets. */
import { Command, InvalidArgumentError } from 'commander';
import { findRegressions, writeBaseline } from './baseline.ts';
import { benchDocuments, judgeDocuments } from './documents-bench.ts';
import { benchFleet, judgeFleet } from './fleet-bench.ts';
import { benchImport } from './import-bench.ts';
import { judgeImport, type Verdict } from './measurement.ts';
import {
  documentsTable,
  fleetTable,
  importTable,
  networkTable,
  phaseLines,
  statusTable,
  undoTable,
  verdictLines,
  webTable,
} from './report.ts';
import { benchNetwork, judgeNetwork } from './network-bench.ts';
import { benchStatus, judgeStatus } from './status-bench.ts';
import { benchUndo, judgeUndo } from './undo-bench.ts';
import { benchWeb, judgeWeb } from './web-bench.ts';

interface CommonOptions {
  readonly repeat: number;
  readonly json?: boolean;
  readonly check?: boolean;
  readonly writeBaseline?: boolean;
}

interface ImportOptions extends CommonOptions {
  readonly students: number[];
  readonly pageSize?: number;
  readonly concurrency?: number;
  readonly delayMs?: number;
  readonly profile?: string;
}

const wholeNumber = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number, 1 or more.');
};
const wholeNumbers = (text: string): number[] => text.split(',').map(wholeNumber);
const printProgress = (sentence: string) => process.stderr.write(`${sentence}\n`);

const program = new Command('bench').description(
  'Measures Daybreak and compares it with its targets.',
);

const command = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .option('--repeat <n>', 'measure each step N times and take the median', wholeNumber, 1)
    .option('--json', 'print the results as JSON')
    .option(
      '--check',
      'fail only where a measurement is clearly worse than the checked-in baseline',
    )
    .option('--write-baseline', 'make the measurements the new baseline');

command('import', 'the nightly import, against a sandbox district in its own process')
  .option(
    '--students <numbers>',
    'sizes of the district, such as 100000,300000',
    wholeNumbers,
    [100_000],
  )
  .option('--page-size <n>', "rows per page (default: the client's)", wholeNumber)
  .option('--concurrency <n>', "concurrent requests (default: the client's)", wholeNumber)
  .option(
    '--delay-ms <n>',
    'delay each response of Skyward, and measure connecting and reading only',
    wholeNumber,
  )
  .option('--profile <folder>', 'write a processor profile of each step into this folder')
  .action(async (options: ImportOptions) => {
    const { students: sizes, repeat, pageSize, concurrency, delayMs } = options;
    const common = { sizes, repeat, pageSize, concurrency, onProgress: printProgress };
    if (delayMs !== undefined) {
      const measured = await benchNetwork({ ...common, delayMs });
      await finish('import', options, measured, judgeNetwork(measured), networkTable(measured));
      return;
    }
    const results = await benchImport({ ...common, profileFolder: options.profile });
    const text = `${importTable(results)}\n\n${phaseLines(results)}`;
    await finish('import', options, results, judgeImport(results), text);
  });

command('status', '`daybreak status` from a file').action(async (options: CommonOptions) => {
  const results = await benchStatus(options.repeat);
  await finish('status', options, results, judgeStatus(results), statusTable(results));
});

command('undo', 'undoing an import that changed all students, and one that changed 5 %')
  .option('--students <n>', 'students of the district', wholeNumber, 100_000)
  .action(async ({ students, repeat, ...options }: CommonOptions & { students: number }) => {
    const results = await benchUndo({ students, repeat, onProgress: printProgress });
    await finish('undo', { ...options, repeat }, results, judgeUndo(results), undoTable(results));
  });

interface WebOptions extends CommonOptions {
  readonly students: number;
  readonly requests: number;
  readonly inFlight: number;
}

command('web', 'the web app: search, list and record, timed at the server')
  .option('--students <n>', 'students of the district', wholeNumber, 200_000)
  .option('--requests <n>', 'requests of each kind', wholeNumber, 2_000)
  .option('--in-flight <n>', 'concurrent requests', wholeNumber, 20)
  .action(async ({ students, requests, inFlight, ...options }: WebOptions) => {
    const result = await benchWeb({ students, requests, inFlight, onProgress: printProgress });
    await finish('web', options, [result], judgeWeb(result), webTable(result));
  });

interface DocumentsOptions extends WebOptions {
  readonly documents: number;
}

command('documents', 'documents: creating one, creating a thousand, printing a thousand')
  .option('--students <n>', 'students of the district', wholeNumber, 200_000)
  .option('--documents <n>', 'existing documents', wholeNumber, 500_000)
  .option('--requests <n>', 'documents created one by one', wholeNumber, 2_000)
  .option('--in-flight <n>', 'concurrent requests', wholeNumber, 20)
  .action(async ({ students, documents, requests, inFlight, ...options }: DocumentsOptions) => {
    const result = await benchDocuments({
      students,
      documents,
      requests,
      inFlight,
      onProgress: printProgress,
    });
    await finish('documents', options, [result], judgeDocuments(result), documentsTable(result));
  });

interface FleetOptions extends CommonOptions {
  readonly districts: number;
  readonly students: number;
  readonly delayMs: number;
  readonly neighbors: number[];
  readonly neighborStudents: number;
}

command(
  'fleet',
  'many districts: the gain of a second worker, and the cost of others in the database',
)
  .option('--districts <n>', 'districts that the workers import', wholeNumber, 200)
  .option('--students <n>', 'students of each', wholeNumber, 2_000)
  .option('--delay-ms <n>', 'delay of each response of Skyward', wholeNumber, 100)
  .option('--neighbors <numbers>', 'districts in the database', wholeNumbers, [10, 1_000])
  .option('--neighbor-students <n>', 'students of each of those', wholeNumber, 200)
  .action(async ({ repeat, ...options }: FleetOptions) => {
    const result = await benchFleet({ ...options, rounds: repeat, onProgress: printProgress });
    await finish('fleet', { ...options, repeat }, [result], judgeFleet(result), fleetTable(result));
  });

/** Prints the results and sets the exit status: 1 for a target not met or, with `--check`, a regression. */
async function finish(
  bench: string,
  options: CommonOptions,
  results: readonly object[],
  verdicts: readonly Verdict[],
  text: string,
): Promise<void> {
  const regressions = options.check === true ? await findRegressions(bench, verdicts) : [];
  if (options.writeBaseline === true) await writeBaseline(bench, verdicts);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ results, verdicts, regressions }, null, 2)}\n`
      : [
          text,
          '',
          verdictLines(verdicts),
          ...regressions.map((line) => `REGRESSION  ${line}`),
          '',
        ].join('\n'),
  );
  const failed =
    options.check === true ? regressions.length > 0 : verdicts.some(({ isMet }) => !isMet);
  if (failed) process.exitCode = 1;
}

await program.parseAsync();
