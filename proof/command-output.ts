/**
 * Runs a program to its end.
 *
 * This folder runs long proofs of the whole system: attacks, crashes, faults, a simulated year.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Returns the standard output of a program. Throws with the end of its standard error if it fails. */
export async function commandOutput(
  program: string,
  args: readonly string[],
  { cwd, env, input = '' }: CommandOptions = {},
): Promise<string> {
  const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  // A program may end without reading its input; its exit status counts.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [output, messages] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  if (child.exitCode === 0) return output;
  throw new Error(
    `${program} ${args[0] ?? ''} failed (${child.exitCode ?? child.signalCode}): ${messages.trim().slice(-2000)}`,
  );
}
