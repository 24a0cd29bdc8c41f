/** `daybreak demo`. */
import { Command, InvalidArgumentError } from 'commander';

import { portOption } from './port-option.ts';

export function demoCommand(): Command {
  return new Command('demo')
    .summary('try Daybreak with a sandbox district, in one command')
    .description(
      'Starts PostgreSQL and a sandbox Skyward with invented people, imports a district in its third month, and serves the web app until Ctrl-C. The next start continues with the same data.',
    )
    .option(...portOption, 4000)
    .option(
      '--students <number>',
      'number of students in the sandbox district',
      parseStudents,
      1200,
    )
    .option('--days <number>', 'days of nightly imports in the past', parseDays, 60)
    .action(async (options) => {
      const { runDemo } = await import('../demo/demo.ts');
      await runDemo(options);
    });
}

function parseStudents(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text) && Number(text) <= 1_000_000) return Number(text);
  throw new InvalidArgumentError('Give a number of students from 1 to 1000000.');
}

/** The story of the demo takes eleven days. */
function parseDays(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text) && Number(text) >= 11 && Number(text) <= 120) return Number(text);
  throw new InvalidArgumentError('Give a number of days from 11 to 120.');
}
