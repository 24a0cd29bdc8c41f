/** Runs the `daybreak` command as a process with its own data folder and a real database. */
import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { makeDataFolder } from './data-folder.ts';

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface CommandResult {
  readonly output: string;
  readonly messages: string;
  readonly status: number | null;
}

export interface DaybreakProcesses {
  readonly dataDirectory: string;
  /** Runs a command and waits for its end; `input` is its standard input. */
  run(args: readonly string[], input?: string): Promise<CommandResult>;
  /** Starts a command that runs until it is ended. */
  start(args: readonly string[]): ChildProcess;
  /** Removes the data folder. */
  remove(): Promise<void>;
}

/** Creates a data folder, with the embedded server or the database of `databaseUrl`, and additional `settings`. */
export async function openDaybreakProcesses(
  databaseUrl = '',
  settings: Readonly<Record<string, string>> = {},
): Promise<DaybreakProcesses> {
  const dataDirectory = await makeDataFolder('commands');
  const env = {
    ...process.env,
    ...settings,
    DAYBREAK_DATA: dataDirectory,
    DATABASE_URL: databaseUrl,
  };
  const start = (args: readonly string[]) =>
    spawn(process.execPath, [program, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  return {
    dataDirectory,
    start,
    async run(args, input = '') {
      const child = start(args);
      child.stdin.end(input);
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      const [output, messages, status] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        ended,
      ]);
      return { output, messages, status };
    },
    remove: () => rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 }),
  };
}
