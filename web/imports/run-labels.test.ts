import { assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ImportRun } from '../../src/contract/imports.ts';
import { formatSeconds, formatOrigin, formatRun, getStateLabel } from './run-labels.ts';

const run = (words: Partial<ImportRun>): ImportRun => ({
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
  ...words,
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
  ])('says %d seconds as %s', (seconds, words) => {
    expect(formatSeconds(seconds)).toBe(words);
  });

  it('never says sixty of anything', () => {
    assert(
      property(double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
        expect(formatSeconds(seconds)).not.toMatch(/\b60 (s|min)\b/);
      }),
    );
  });
});

it('tells a night in one sentence', () => {
  expect(formatRun(run({}))).toBe('Published: 3 added, 1,204 changed, took 12 s');
});

it('speaks of a held night as of a plan', () => {
  expect(formatRun(run({ state: 'held' }))).toBe(
    'Held: 3 would be added, 1,204 would change, took 12 s',
  );
});

it('tells a held run that was decided about from one that waits', () => {
  const review = { at: '2026-11-23T09:00:00Z', by: 'Ann Poe', reason: 'A school closed' };
  expect(getStateLabel(run({ state: 'held' }))).toEqual({ label: 'Held', tone: 'held' });
  expect(
    getStateLabel(run({ state: 'held', review: { ...review, outcome: 'discarded' } })).label,
  ).toBe('Held, discarded');
});

it('calls a run that a person stopped stopped, not failed', () => {
  const failure = { code: 'import-cancelled', message: 'Stopped.', advice: null };
  expect(getStateLabel(run({ state: 'failed', failure })).label).toBe('Stopped');
});

it.each([
  [run({ origin: 'person', requestedBy: 'Ann Poe' }), 'by Ann Poe'],
  [run({ origin: 'schedule' }), 'by the nightly schedule'],
  [run({ origin: 'command' }), 'by a command on the server'],
])('says who started a run', (given, words) => {
  expect(formatOrigin(given)).toBe(words);
});
