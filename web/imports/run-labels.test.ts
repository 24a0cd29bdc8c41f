import { assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ImportRun } from '../../src/contract/imports/import-runs.ts';
import { formatSeconds, formatOrigin, formatRun, getStateLabel } from './run-labels.ts';

const run = (overrides: Partial<ImportRun>): ImportRun => ({
  id: 1,
  state: 'published',
  isDryRun: false,
  importDate: '2026-11-23',
  startedAt: '2026-11-23T08:00:00Z',
  finishedAt: '2026-11-23T08:00:12Z',
  seconds: 12,
  counts: { received: 400, added: 3, changed: 1204, unchanged: 10 },
  failure: null,
  origin: 'schedule',
  requestedBy: null,
  review: null,
  undo: null,
  undoneBy: null,
  ...overrides,
});

describe('formatSeconds', () => {
  it.each([
    [0, '0.1 s'],
    [0.44, '0.4 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [185, '3 min 5 s'],
    [7800, '2 h 10 min'],
  ])('formats %d seconds as %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  it('never shows 60 of a unit', () => {
    assert(
      property(double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
        expect(formatSeconds(seconds)).not.toMatch(/\b60 (s|min)\b/);
      }),
    );
  });
});

it('describes a run', () => {
  expect(formatRun(run({}))).toBe('completed. 3 students added, 1,204 updated. Import time: 12 s.');
});

it('describes a held run as a plan', () => {
  expect(formatRun(run({ state: 'held' }))).toBe(
    'on hold. 3 students would be added, 1,204 would be updated. Import time: 12 s.',
  );
});

it('distinguishes a reviewed held run from one that needs review', () => {
  const review = { at: '2026-11-23T09:00:00Z', by: 'Ann Poe', reason: 'A school closed' };
  expect(getStateLabel(run({ state: 'held' }))).toEqual({ label: 'On hold', tone: 'held' });
  expect(
    getStateLabel(run({ state: 'held', review: { ...review, outcome: 'discarded' } })).label,
  ).toBe('Discarded');
});

it('labels a run that a user canceled as canceled, not failed', () => {
  const failure = { code: 'import-cancelled', message: 'Canceled.', advice: null, details: null };
  expect(getStateLabel(run({ state: 'failed', failure })).label).toBe('Canceled');
});

it.each([
  [run({ origin: 'person', requestedBy: 'Ann Poe' }), 'by Ann Poe'],
  [run({ origin: 'schedule' }), 'by the nightly schedule'],
  [run({ origin: 'command' }), 'from the server command line'],
])('formats who started a run', (given, text) => {
  expect(formatOrigin(given)).toBe(text);
});
