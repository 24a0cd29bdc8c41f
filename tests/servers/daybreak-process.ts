/** Runs the `daybreak` command as a person would: its own process, its own data folder, the real database. */
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
  /** Runs a command to its end; `input` is its standard input. */
  run(args: readonly string[], input?: string): Promise<CommandResult>;
  /** Starts a command that goes on until it is told to end. */
  start(args: readonly string[]): ChildProcess;
  /** Takes the data folder away. */
  remove(): Promise<void>;
}

/** A data folder of its own, with the embedded server or the database of `databaseUrl`; `settings` are added. */
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
