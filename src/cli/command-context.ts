/** What commands that need the database share: opening it, telling faults, ending well. */
import { openDatabase, type Database } from '../database/database.ts';
import { printError } from './error-output.ts';
import { readSettings, type Settings } from './settings.ts';

export interface CommandContext {
  readonly settings: Settings;
  readonly database: Database;
  /** Aborted by Ctrl-C or a request to end: stop at the next safe place. */
  readonly signal: AbortSignal;
}

/**
 * Opens the database for a command and closes it afterwards. Faults that a person can act on are told in
 * two sentences on standard error and set the exit status to 1.
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

/** A line for the person at the terminal; results go to standard output, this does not. */
export function printMessage(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** Writes a result, as text or as one line of JSON. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Everything on standard input, without the newline at its end. */
export async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
