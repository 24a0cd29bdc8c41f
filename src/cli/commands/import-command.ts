/** `daybreak import`. */
import { Command, InvalidArgumentError } from 'commander';
import type { UndoCommandOptions } from './import-undo.ts';
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
    })
    .addCommand(undoCommand())
    .addCommand(continueCommand());
}

function undoCommand(): Command {
  return new Command('undo')
    .summary('undo an import, and all later ones')
    .description(
      'Shows what undoing an import would change, and with --yes undoes it: the data from Skyward is as it was before, and imports wait until `daybreak import continue`.',
    )
    .requiredOption('--of <domain>', 'the district, by its e-mail domain')
    .requiredOption('--run <number>', 'the import, as `daybreak runs` lists it', parseRun)
    .option('--reason <text>', 'why, for the run and the audit log; required with --yes')
    .option('--yes', 'undo it', false)
    .action(async (options: UndoCommandOptions) => {
      const { runUndoCommand } = await import('./import-undo.ts');
      await runUndoCommand(options);
    });
}

function continueCommand(): Command {
  return new Command('continue')
    .summary('let imports continue after an undo')
    .requiredOption('--of <domain>', 'the district, by its e-mail domain')
    .action(async (options: { readonly of: string }) => {
      const { runContinueCommand } = await import('./import-undo.ts');
      await runContinueCommand(options.of);
    });
}

function parseRun(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be the number of a run.');
}
