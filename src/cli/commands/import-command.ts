/** `daybreak import`: tonight's import of one district or of all. */
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
      "Runs the nightly import of one district, or of all of them one after the other, and prints a report. The exit status is 1 when a district's night failed or is held.",
    )
    .option('--district <domain>', 'the district, by its e-mail domain; without it all districts')
    .option('--dry-run', 'do everything but publish', false)
    .option('--today <day>', "the day to import for, YYYY-MM-DD; else the district's own", parseDay)
    .option(
      '--allow-mass-change',
      'publish even if more students than the limit turn inactive or vanish',
      false,
    )
    .option('--json', 'one line of JSON for each district', false)
    .action(async (options: ImportOptions) => {
      const { runImportCommand } = await import('./import.ts');
      await runImportCommand(options);
    });
}
