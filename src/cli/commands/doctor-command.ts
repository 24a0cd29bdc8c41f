/** `daybreak doctor`. */
import { Command } from 'commander';

export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('check that a night can go well, and say what to do')
    .description(
      "Checks the settings, the sealing key, the database and its clock, the disk, the mail server, and each district's connection to Skyward. Nothing is changed. The exit status is 1 when something is wrong.",
    )
    .option('--district <domain>', 'check the connection of this district alone')
    .option('--json', 'one line of JSON for each check', false)
    .action(async (options: { readonly district?: string; readonly json: boolean }) => {
      const { doctor } = await import('./doctor.ts');
      await doctor(options);
    });
}
