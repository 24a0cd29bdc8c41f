/** `daybreak import`. */
import { Command } from 'commander';
import { parseDay } from './status-command.ts';

interface ImportOptions {
  readonly district?: string;
  readonly dryRun: boolean;
  readonly allowMassChange: boolean;
  readonly today?: Temporal.PlainDate;
  readonly json: boolean;
}

export function importCommand(): Command {
  return new Command('import')
    .summary('import students and parents from Skyward')
    .description(
      'Imports one district, or all districts one after another, and prints a report. The exit status is 1 when an import failed or is on hold.',
    )
    .option('--district <domain>', 'the district, by its e-mail domain; without it, all districts')
    .option('--dry-run', 'do everything except publish', false)
    .option(
      '--today <day>',
      "the import date, YYYY-MM-DD; without it, today in the district's time zone",
      parseDay,
    )
    .option('--allow-mass-change', 'import even if a safety limit is exceeded', false)
    .option('--json', 'one line of JSON for each district', false)
    .action(async (options: ImportOptions) => {
      const { runImportCommand } = await import('./import.ts');
      await runImportCommand(options);
    });
}
