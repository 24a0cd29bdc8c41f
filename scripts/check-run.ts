/**
 * Runs the checks, two at a time, and formats the output of failed ones.
 *
 * This folder contains the programs behind the npm scripts and the build.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Check } from './checks.ts';

/** The working folder of all programs. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** The number of processors of the smallest supported machine. */
const maxConcurrentChecks = 2;

export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** Standard output and standard error of the tool. */
  readonly output: string;
}

/**
 * Runs every check and returns the results in order. Calls `onResult` when each one ends.
 * A check that cannot be started has failed; does not throw.
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

/** Formats a result: one line, followed by the output of a failed check. */
export function checkText({ name, passed, seconds, output }: CheckResult): string {
  const line = `${passed ? '✓' : '✗'} ${name}, ${seconds.toFixed(1)} s`;
  return passed ? line : `${line}\n\n${output}\n`;
}
