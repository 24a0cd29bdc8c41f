/** `daybreak backup` and `daybreak restore`. */
import { Command } from 'commander';

export function backupCommand(): Command {
  return new Command('backup')
    .summary('write all data to one file')
    .description(
      'Writes a consistent snapshot of all tables to one compressed file; imports and users are not interrupted. Secrets stay sealed: keep the sealing key (DAYBREAK_SEALING_KEY, or sealing.key in the data folder) elsewhere, because they cannot be used after a restore without it.',
    )
    .argument('<file>', 'the file to write; an existing file is replaced')
    .action(async (file: string) => {
      const { backUp } = await import('./backup.ts');
      await backUp(file);
    });
}

export function restoreCommand(): Command {
  return new Command('restore')
    .summary('fill an empty database from a backup')
    .description(
      'Restores a file written by `daybreak backup` into an empty database in one transaction, and migrates it to the schema of this version.',
    )
    .argument('<file>', 'the file to read')
    .action(async (file: string) => {
      const { restore } = await import('./backup.ts');
      await restore(file);
    });
}
