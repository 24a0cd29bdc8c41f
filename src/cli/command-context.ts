/** Shared by commands that need the database: opening it, printing errors, shutting down. */
import { openDatabase, type Database } from '../database/database.ts';
import { printError } from './error-output.ts';
import { readSettings, type Settings } from './settings.ts';

export interface CommandContext {
  readonly settings: Settings;
  readonly database: Database;
  /** Aborts on Ctrl-C or a termination signal: stop at the next safe point. */
  readonly signal: AbortSignal;
}

/**
 * Opens the database for a command and closes it afterwards. Prints an error with its advice on standard error
 * and sets the exit status to 1.
 */
export async function withCommandContext(
  work: (context: CommandContext) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  try {
    const settings = readSettings(process.env);
    const database = await openDatabase({
      url: settings.databaseUrl,
      webPassword: settings.databaseWebPassword,
      dataDirectory: settings.dataDirectory,
      onProgress: printMessage,
    });
    try {
      await work({ settings, database, signal: stopping.signal });
    } finally {
      await database.close();
    }
  } catch (error) {
    printError(error);
    process.exitCode = 1;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    process.off('SIGHUP', stop);
  }
}

/** Writes a message for the user to standard error; only results go to standard output. */
export function printMessage(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** Writes a result to standard output, as text or as one line of JSON. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Reads all of standard input, without the final newline. */
export async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
