/** `daybreak backup` and `daybreak restore`. */
import { Command } from 'commander';

export function backupCommand(): Command {
  return new Command('backup')
    .summary('write everything into one file')
    .description(
      'Writes all tables, as they stand at one moment, into one compressed file; nights and readers go on meanwhile. Secrets stay sealed: keep the sealing key (DAYBREAK_SEALING_KEY, or sealing.key in the data folder) elsewhere, for without it they cannot be used after a restore.',
    )
    .argument('<file>', 'the file to write; one of that name is replaced')
    .action(async (file: string) => {
      const { backUp } = await import('./backup.ts');
      await backUp(file);
    });
}

export function restoreCommand(): Command {
  return new Command('restore')
    .summary('fill an empty database from a backup')
    .description(
      'Fills an empty database from a file that `daybreak backup` wrote, all or nothing, and brings it up to the schema of this version.',
    )
    .argument('<file>', 'the file to read')
    .action(async (file: string) => {
      const { restore } = await import('./backup.ts');
      await restore(file);
    });
}
