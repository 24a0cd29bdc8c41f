/** `daybreak runs`, `daybreak problems` and `daybreak students`: listings from the database, as text or JSON. */
import { Command, InvalidArgumentError } from 'commander';

export function runsCommand(): Command {
  return new Command('runs')
    .summary('list import runs, latest first')
    .option('--district <domain>', 'the district; without it, all districts')
    .option('--limit <number>', 'runs to list for each district', parseCount, 10)
    .option('--json', 'one line of JSON for each run', false)
    .action(async (options) => {
      const { listRunsCommand } = await import('./listings.ts');
      await listRunsCommand(options);
    });
}

export function problemsCommand(): Command {
  return new Command('problems')
    .summary('list the data problems of a run with their places in Skyward')
    .option('--district <domain>', 'the district; without it, all districts')
    .option('--run <number>', 'the run; without it, the latest', parseCount)
    .option('--json', 'one line of JSON for each problem', false)
    .action(async (options) => {
      const { listProblemsCommand } = await import('./listings.ts');
      await listProblemsCommand(options);
    });
}

export function studentsCommand(): Command {
  return new Command('students')
    .summary('list students with their status')
    .option('--district <domain>', 'the district; without it, all districts')
    .option('--search <words>', 'only students whose name, number or state ID contains these words')
    .option('--json', 'one line of JSON for each student', false)
    .action(async (options) => {
      const { listStudentsCommand } = await import('./listings.ts');
      await listStudentsCommand(options);
    });
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1 to 999999.');
}
