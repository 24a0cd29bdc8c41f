/** `npm run bench -- import|status`: measures Daybreak and holds it to its targets. */
import { Command, InvalidArgumentError } from 'commander';
import { benchImport } from './import-bench.ts';
import { judge } from './measurement.ts';
import { importTable, phaseLines, verdictLines } from './report.ts';

const wholeNumber = (text: string): number => {
  const number = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return number;
};
const wholeNumbers = (text: string): number[] => text.split(',').map(wholeNumber);
const tell = (sentence: string) => process.stderr.write(`${sentence}\n`);

const program = new Command('bench').description('Measures Daybreak and holds it to its targets.');

program
  .command('import')
  .description('the nightly import, against a practice district in its own process')
  .option(
    '--students <numbers>',
    'sizes of the district, separated by commas',
    wholeNumbers,
    [100_000],
  )
  .option('--repeat <n>', 'measure each step so often and take the median', wholeNumber, 1)
  .option('--page-size <n>', "rows a page (default: the client's own)", wholeNumber)
  .option('--concurrency <n>', "requests at once (default: the client's own)", wholeNumber)
  .option('--profile <folder>', 'write a processor profile of each step')
  .option('--json', 'print the results as JSON')
  .action(
    async (options: {
      students: number[];
      repeat: number;
      pageSize?: number;
      concurrency?: number;
      profile?: string;
      json?: boolean;
    }) => {
      const results = await benchImport({
        sizes: options.students,
        repeat: options.repeat,
        pageSize: options.pageSize,
        concurrency: options.concurrency,
        profileFolder: options.profile,
        onProgress: tell,
      });
      const verdicts = judge(results);
      if (options.json) process.stdout.write(`${JSON.stringify({ results, verdicts }, null, 2)}\n`);
      else {
        process.stdout.write(
          `${importTable(results)}\n\n${phaseLines(results)}\n\n${verdictLines(verdicts)}\n`,
        );
      }
      if (verdicts.some((verdict) => !verdict.isMet)) process.exitCode = 1;
    },
  );

await program.parseAsync();
