/** `daybreak status`. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { nextSchoolYears, type NextSchoolYear } from '../../enrollment/status-settings.ts';

interface StatusOptions {
  readonly today: Temporal.PlainDate;
  readonly schoolYear: number;
  readonly nextYear: NextSchoolYear;
}

export function statusCommand(): Command {
  return new Command('status')
    .summary('determine enrollment statuses of students from JSON lines')
    .description(
      'Reads one student per line as JSON from standard input and writes one status per line, in the same order. See docs/status-rules.md.',
    )
    .option(
      '--today <day>',
      "the date of the statuses, YYYY-MM-DD, in the district's time zone",
      parseDay,
    )
    .requiredOption(
      '--school-year <year>',
      'the current school year, by the year it ends in (2027 for 2026–27)',
      parseSchoolYear,
    )
    .addOption(
      new Option(
        '--next-year <rows>',
        'which enrollments of the next school year are counted before they start: `current` none, `returning` those of students who have not left, `all` all',
      )
        .choices(nextSchoolYears)
        .default('current'),
    )
    .addOption(
      new Option('--include-upcoming', 'same as --next-year all').implies({
        nextYear: 'all',
      }),
    )
    .addHelpText(
      'after',
      '\nWithout --today, the date is today in the time zone of this machine.\nThe exit status is 1 if a line was invalid; its output line is {"error", "line"}.',
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
        // Unread input would keep the process running after the output is closed.
        process.stdin.destroy();
      },
    );
}

/** Parses an existing date written as YYYY-MM-DD. */
export function parseDay(text: string): Temporal.PlainDate {
  const hasDateFormat = /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text);
  try {
    if (hasDateFormat) return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new InvalidArgumentError('Write an existing date as YYYY-MM-DD, such as 2026-11-23.');
}

/** Parses a school year, given as the year it ends in. */
function parseSchoolYear(text: string): number {
  if (/^[12]\d{3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(
    'Write the year in which the school year ends, such as 2027 for 2026–27.',
  );
}
