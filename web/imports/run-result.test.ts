import { describe, expect, it } from 'vitest';

import type { ImportRunDetail } from '../../src/contract/imports/import-report.ts';
import { formatResult } from './run-result.ts';

type Run = Parameters<typeof formatResult>[0];

const run = (overrides: Partial<Run>): Run => ({
  state: 'published',
  isDryRun: false,
  counts: { received: 400, added: 1, changed: 1204, unchanged: 10 },
  failure: null,
  plan: null,
  report: null,
  review: null,
  undo: null,
  ...overrides,
});

const failure = { code: 'timeout', message: 'No response.', advice: null, details: null };
const newlyMissing = (count: number) =>
  ({ newlyMissing: count }) as NonNullable<ImportRunDetail['report']>;

describe('the result of a run', () => {
  it.each([
    [run({}), 'Completed: 1 student added, 1,204 updated.'],
    [
      run({
        counts: { received: 9, added: 0, changed: 0, unchanged: 9 },
        report: newlyMissing(2),
      }),
      'Completed: 2 students no longer in Skyward.',
    ],
    [run({ state: 'unchanged' }), 'Completed: no changes.'],
    [
      run({ state: 'planned', isDryRun: true }),
      'Dry run finished: 1 student would be added, 1,204 would be updated. Nothing was changed.',
    ],
    [
      run({ state: 'planned', isDryRun: true, failure }),
      'Dry run finished: an import would be put on hold. Nothing was changed.',
    ],
    [run({ state: 'held', failure }), 'On hold: student data was not changed.'],
    [run({ state: 'failed', failure }), 'Failed: student data was not changed.'],
    [
      run({ state: 'failed', failure: { ...failure, code: 'import-cancelled' } }),
      'Canceled: student data was not changed.',
    ],
    [
      run({
        state: 'recalculated',
        counts: { received: null, added: null, changed: 1, unchanged: null },
      }),
      'The status of 1 student changed with the date.',
    ],
  ])('is a sentence', (given, sentence) => {
    expect(formatResult(given)).toBe(sentence);
  });

  it('says what an undo and its preview change', () => {
    const undo = { importId: 3, importDate: '2026-11-12', reason: 'Wrong file' };
    const counts = { received: 0, added: 0, changed: 2, unchanged: 9 };
    expect(formatResult(run({ state: 'restored', undo, counts }))).toBe(
      'Data is as it was before: 2 students got earlier values back.',
    );
    expect(formatResult(run({ state: 'planned', isDryRun: true, undo, counts }))).toBe(
      '2 students would get earlier values back. Nothing was changed.',
    );
  });
});
