/** The command line of `daybreak status`; its work is loaded only when it is called. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { nextSchoolYears, type NextSchoolYear } from '../../enrollment/status-rules.ts';

interface StatusOptions {
  readonly today: Temporal.PlainDate;
  readonly schoolYear: number;
  readonly nextYear: NextSchoolYear;
}

/** `daybreak status --school-year N [--today YYYY-MM-DD] [--next-year current|returning|all]`, on the process's own streams. */
export function statusCommand(): Command {
  return new Command('status')
    .summary('enrollment statuses of students given as JSON lines')
    .description(
      'Reads one student a line as JSON from standard input and writes one status a line, in the same order. See docs/status-rules.md.',
    )
    .option(
      '--today <day>',
      'the day to decide for, YYYY-MM-DD, as the district counts it',
      parseDay,
    )
    .requiredOption(
      '--school-year <year>',
      'the current school year, by the year it ends in (2027 = 2026/27)',
      parseSchoolYear,
    )
    .addOption(
      new Option(
        '--next-year <rows>',
        'which rows of the next school year count before they start: `current` none, `returning` those of returning students, `all` all',
      )
        .choices(nextSchoolYears)
        .default('current'),
    )
    .addOption(
      new Option('--include-upcoming', 'another word for --next-year all').implies({
        nextYear: 'all',
      }),
    )
    .addHelpText(
      'after',
      '\nWithout --today, today is the day in the time zone of this machine.\nThe exit status is 1 if any line was bad; such a line is answered with {"error", "line"}.',
    )
    .action(
      async ({
        today,
        schoolYear,
        nextYear,
      }: Partial<StatusOptions> & Omit<StatusOptions, 'today'>) => {
        const { runStatus } = await import('./status.ts');
        process.exitCode = await runStatus({
          input: process.stdin,
          output: process.stdout,
          today: today ?? Temporal.Now.plainDateISO(),
          schoolYear,
          nextSchoolYear: nextYear,
        });
        // An unread rest of the input would keep the process waiting once the reader of the output is gone.
        process.stdin.destroy();
      },
    );
}

/** A day written YYYY-MM-DD that exists. */
export function parseDay(text: string): Temporal.PlainDate {
  const hasDateFormat = /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text);
  try {
    if (hasDateFormat) return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new InvalidArgumentError('Write a day that exists as YYYY-MM-DD, such as 2026-11-23.');
}

/** A school year by the year it ends in. */
function parseSchoolYear(text: string): number {
  if (/^[12]\d{3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(
    'Write the year in which the school year ends, such as 2027 for 2026/27.',
  );
}
