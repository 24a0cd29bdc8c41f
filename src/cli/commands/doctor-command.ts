/** `daybreak doctor`. */
import { Command } from 'commander';

export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('check that imports can run, and say what to fix')
    .description(
      "Checks the settings, the sealing key, the database and its clock, the disk, the mail server, and each district's connection to Skyward. Changes nothing. The exit status is 1 when a check finds an error.",
    )
    .option('--district <domain>', 'check only the connection of this district')
    .option('--json', 'one line of JSON for each check', false)
    .action(async (options: { readonly district?: string; readonly json: boolean }) => {
      const { doctor } = await import('./doctor.ts');
      await doctor(options);
    });
}
