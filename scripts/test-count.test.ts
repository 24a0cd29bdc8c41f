/** The last line of `npm test` must not be better than the truth. */
import { describe, expect, it } from 'vitest';

import { countTests } from './test-count.ts';

const file = (name: string, status: string, tests: readonly string[]) => ({
  name,
  status,
  assertionResults: tests.map((testStatus, index) => ({
    fullName: `${name} ${index}`,
    status: testStatus,
  })),
});
const report = (...files: readonly ReturnType<typeof file>[]) =>
  JSON.stringify({ testResults: files });

describe('the count of tests', () => {
  it('counts passed, failed and skipped tests of all files', () => {
    const text = report(
      file('a', 'passed', ['passed', 'passed', 'pending']),
      file('b', 'failed', ['failed', 'passed']),
    );
    expect(countTests(text, 1)).toEqual({ passed: 3, failed: 1, skipped: 1, failures: [] });
  });

  it('counts a file that could not be loaded as one failure and names it', () => {
    const counted = countTests(report(file('a', 'passed', ['passed']), file('b', 'failed', [])), 1);
    expect(counted).toMatchObject({ passed: 1, failed: 1 });
    expect(counted.failures[0]).toContain('b could not be run');
  });

  it.each([undefined, '', '{"testResults": [', '{}'])(
    'counts a runner that left the report %j as failed, whatever its exit status',
    (text) => {
      expect(countTests(text, 0)).toMatchObject({ passed: 0, failed: 1 });
    },
  );

  it('counts a runner that fails though no test failed', () => {
    expect(countTests(report(file('a', 'passed', ['passed'])), 1)).toMatchObject({ failed: 1 });
  });

  it('does not take a run without any test for a success', () => {
    expect(countTests(report(), 0)).toMatchObject({ passed: 0, failed: 1 });
  });
});
