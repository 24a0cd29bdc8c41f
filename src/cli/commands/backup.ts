/** The work of `daybreak backup` and `daybreak restore`. */
import { restoreBackup, writeBackup } from '../../database/backup.ts';
import { openDatabase } from '../../database/database.ts';
import { print, printMessage, withCommandContext } from '../command-context.ts';
import { printError } from '../error-output.ts';
import { readSettings } from '../settings.ts';

export async function backUp(file: string): Promise<void> {
  await withCommandContext(async ({ database }) => {
    const { tables, rows } = await writeBackup(database.pool, file, Temporal.Now.instant());
    print(`Wrote ${rows} rows of ${tables} tables to ${file}.`);
    printMessage(
      'The file does not contain the sealing key. Keep the key elsewhere: secrets cannot be opened without it.',
    );
  });
}

/** Opens the database without migrating it: the version to restore into is in the file. */
export async function restore(file: string): Promise<void> {
  try {
    const settings = readSettings(process.env);
    const database = await openDatabase({
      url: settings.databaseUrl,
      dataDirectory: settings.dataDirectory,
      migrate: false,
      onProgress: printMessage,
    });
    try {
      const { tables, rows } = await restoreBackup(database.pool, file);
      print(`Restored ${rows} rows of ${tables} tables from ${file}.`);
    } finally {
      await database.close();
    }
  } catch (error) {
    printError(error);
    process.exitCode = 1;
  }
}
