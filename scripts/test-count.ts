/** Counts the results of a test run from Vitest's JSON report and exit status. */
import { z } from 'zod';

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Failures other than failed tests: files that did not load, a runner that crashed. */
  readonly failures: readonly string[];
  /** The ten test files that took longest, in milliseconds, the longest first. */
  readonly slowest: readonly { readonly file: string; readonly ms: number }[];
}

/**
 * Counts passed and failed tests. A test file that fails without a failed test counts as one
 * failure, and so does a runner that fails without a failed test or file.
 */
export function countTests(reportText: string | undefined, exitStatus: number): TestCount {
  const files = parseReport(reportText)?.testResults;
  if (files === undefined) {
    const name = `The test runner ended with exit status ${exitStatus} and left no report.`;
    return { passed: 0, failed: 1, skipped: 0, failures: [name], slowest: [] };
  }
  const tests = files.flatMap((file) => file.assertionResults);
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  const failures = files
    .filter(
      (file) =>
        file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    )
    .map((file) => `${file.name} could not be run to its end.`);
  const failedTests = count('failed');
  const passed = count('passed');
  if (failedTests + failures.length === 0 && (exitStatus !== 0 || passed === 0)) {
    failures.push(
      passed === 0
        ? 'No test was run.'
        : `The test runner ended with exit status ${exitStatus}, though no test failed.`,
    );
  }
  return {
    passed,
    failed: failedTests + failures.length,
    skipped: tests.length - passed - failedTests,
    failures,
    slowest: files
      .map(({ name, startTime, endTime }) => ({ file: name, ms: endTime - startTime }))
      .toSorted((one, other) => other.ms - one.ms)
      .slice(0, 10),
  };
}

function parseReport(text: string | undefined): z.infer<typeof Report> | undefined {
  if (text === undefined) return undefined;
  try {
    return Report.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
