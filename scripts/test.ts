/**
 * `npm test`: the checks, then every test, then the slowest files and one last line `N passed, N failed`.
 *
 * The test runner is a separate process that writes a report to a file, so that even its crash is counted:
 * the last line is always printed. A check counts as one test.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { checkText, projectRoot, runChecks } from './check-run.ts';
import { checks } from './checks.ts';
import { type TestCount, countTests } from './test-count.ts';

const started = performance.now();
console.log('Checks');
const results = await runChecks(checks, (result) => console.log(checkText(result)));
const passedChecks = results.filter((result) => result.passed).length;

console.log('\nTests');
const tests = await runTests();
for (const name of tests.failures) console.log(`✗ ${name}`);
if (tests.skipped > 0) console.log(`${tests.skipped} skipped`);
for (const { name } of results.filter((result) => !result.passed)) console.log(`✗ check: ${name}`);

const passed = passedChecks + tests.passed;
const failed = results.length - passedChecks + tests.failed;
process.exitCode = failed === 0 ? 0 : 1;
if (tests.slowest.length > 0) {
  console.log('\nSlowest files, in seconds');
  for (const { file, ms } of tests.slowest) {
    console.log(`${(ms / 1000).toFixed(1).padStart(7)}  ${relative(projectRoot, file)}`);
  }
}
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`\nChecks and tests took ${Math.floor(seconds / 60)} min ${seconds % 60} s.`);
console.log(`${passed} passed, ${failed} failed`);

/** Runs Vitest with its normal output and counts the results in its report. */
async function runTests(): Promise<TestCount> {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-report-'));
  try {
    const report = join(folder, 'report.json');
    const exitStatus = await runVitest(report);
    const text = await readFile(report, 'utf8').catch(() => undefined);
    return countTests(text, exitStatus);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns its exit status; 1 if it could not be started or was ended by a signal. */
async function runVitest(report: string): Promise<number> {
  const { promise: exitStatus, resolve } = Promise.withResolvers<number>();
  const vitest = spawn(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
    { cwd: projectRoot, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  // Vitest stops its workers and the database server itself; this process waits to report the result.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, () => vitest.kill(signal));
  vitest.on('error', (error) => {
    console.log(`The test runner could not be started: ${error.message}`);
    resolve(1);
  });
  vitest.on('close', (code) => resolve(code ?? 1));
  return await exitStatus;
}
