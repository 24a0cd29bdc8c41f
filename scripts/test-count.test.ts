/** The last line of `npm test` must count every failure. */
import { describe, expect, it } from 'vitest';

import { countTests } from './test-count.ts';

const file = (name: string, status: string, tests: readonly string[], ms = 0) => ({
  name,
  status,
  startTime: 1000,
  endTime: 1000 + ms,
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
    expect(countTests(text, 1)).toMatchObject({ passed: 3, failed: 1, skipped: 1, failures: [] });
  });

  it('counts a file that could not be loaded as one failure and names it', () => {
    const counted = countTests(report(file('a', 'passed', ['passed']), file('b', 'failed', [])), 1);
    expect(counted).toMatchObject({ passed: 1, failed: 1 });
    expect(counted.failures[0]).toContain('b could not be run');
  });

  it.each([undefined, '', '{"testResults": [', '{}'])(
    'counts a runner with the report %j as failed, whatever its exit status',
    (text) => {
      expect(countTests(text, 0)).toMatchObject({ passed: 0, failed: 1 });
    },
  );

  it('names the ten files that took longest, the longest first', () => {
    const files = Array.from({ length: 12 }, (_, index) =>
      file(`file ${index}`, 'passed', ['passed'], index * 10),
    );
    const { slowest } = countTests(report(...files), 0);
    expect(slowest).toHaveLength(10);
    expect(slowest[0]).toEqual({ file: 'file 11', ms: 110 });
    expect(slowest.at(-1)).toEqual({ file: 'file 2', ms: 20 });
  });

  it('counts a runner that fails although no test failed', () => {
    expect(countTests(report(file('a', 'passed', ['passed'])), 1)).toMatchObject({ failed: 1 });
  });

  it('does not count a run without tests as a success', () => {
    expect(countTests(report(), 0)).toMatchObject({ passed: 0, failed: 1 });
  });
});
