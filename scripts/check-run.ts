/** Runs the checks, two at a time, and tells what each failing one said. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Check } from './checks.ts';

/** The folder that all programs are run in. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** As many as the smallest machine we know has processors. */
const maxConcurrentChecks = 2;

export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** What the tool wrote, standard output and standard error as they came. */
  readonly output: string;
}

/**
 * Runs every check and returns the results in the order given. `onResult` is called as each one ends.
 * A check that cannot be started has failed; nothing is thrown.
 */
export async function runChecks(
  checks: readonly Check[],
  onResult: (result: CheckResult) => void = () => undefined,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const waiting = checks.entries();
  const work = async () => {
    for (const [index, check] of waiting) {
      const result = await runCheck(check);
      results[index] = result;
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: maxConcurrentChecks }, work));
  return results;
}

async function runCheck(check: Check): Promise<CheckResult> {
  const startedAt = performance.now();
  const { promise: end, resolve } = Promise.withResolvers<string | undefined>();
  const child = spawn(process.execPath, [check.program, ...check.arguments], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  child.on('error', (error) => resolve(`It could not be started: ${error.message}`));
  child.on('close', (code, signal) =>
    resolve(code === 0 ? undefined : `It ended with ${signal ?? `exit status ${code}`}.`),
  );
  const failure = await end;
  const output = Buffer.concat(said).toString('utf8').trim();
  return {
    name: check.name,
    passed: failure === undefined,
    seconds: (performance.now() - startedAt) / 1000,
    output: output === '' ? (failure ?? '') : output,
  };
}

/** A result as it is printed: one line, and under it what a failing check said. */
export function checkText({ name, passed, seconds, output }: CheckResult): string {
  const line = `${passed ? '✓' : '✗'} ${name}, ${seconds.toFixed(1)} s`;
  return passed ? line : `${line}\n\n${output}\n`;
}
