import { describe, expect, it } from 'vitest';

import type { ImportStatus } from '../../src/contract/imports/import-status.ts';
import {
  assessImports,
  describeLastImport,
  describeTrouble,
  formatAge,
  formatUpcoming,
  getStateTone,
} from './import-state.ts';

const timeZone = 'America/Chicago';
/** Monday, Nov 23, 2026, 2:05 AM in Chicago; the next nightly import starts at 1:40 AM. */
const completed: ImportStatus = {
  now: '2026-11-23T15:00:00Z',
  isConnected: true,
  isPaused: false,
  undoneAt: null,
  lastCompleted: {
    runId: 7,
    at: '2026-11-23T08:05:00Z',
    importDate: '2026-11-23',
    origin: 'schedule',
  },
  nextAt: '2026-11-24T07:40:00Z',
  lateAt: '2026-11-24T09:40:00Z',
  overdueAt: '2026-11-25T09:40:00Z',
  heldRunId: null,
  failed: null,
  missedByFailure: false,
  running: null,
};
const failure = {
  runId: 8,
  at: '2026-11-24T07:45:00Z',
  code: 'unreachable',
  origin: 'schedule',
  requestedBy: null,
} as const;
const failedNightly: ImportStatus = { ...completed, failed: failure, missedByFailure: true };
const failedManually: ImportStatus = {
  ...completed,
  failed: {
    ...failure,
    at: '2026-11-23T17:55:00Z',
    origin: 'person',
    requestedBy: 'Jordan Avery',
  },
};
const before: ImportStatus = { ...completed, lastCompleted: null };

const at = (instant: string) => Date.parse(instant);
const morning = at('2026-11-23T15:00:00Z');
const nextMorning = at('2026-11-24T15:00:00Z');

describe('the state of the imports', () => {
  it.each([
    ['at once', completed, morning, 'ok', 'good'],
    ['just before the next one is missed', completed, at('2026-11-24T09:39:59Z'), 'ok', 'good'],
    ['when one was missed', completed, at('2026-11-24T09:40:00Z'), 'late', 'warning'],
    ['before the second was missed', completed, at('2026-11-25T09:39:59Z'), 'late', 'warning'],
    ['when two were missed', completed, at('2026-11-25T09:40:00Z'), 'overdue', 'bad'],
    [
      'when the nightly import failed',
      failedNightly,
      at('2026-11-24T07:46:00Z'),
      'failed',
      'warning',
    ],
    ['two days after a failure', failedNightly, at('2026-11-26T15:00:00Z'), 'overdue', 'bad'],
    ['after a failed manual import', failedManually, at('2026-11-23T18:00:00Z'), 'ok', 'good'],
    ['on hold', { ...completed, heldRunId: 9 }, nextMorning, 'held', 'warning'],
    ['long on hold', { ...completed, heldRunId: 9 }, at('2026-11-27T15:00:00Z'), 'held', 'bad'],
    [
      'paused',
      { ...completed, isPaused: true, lateAt: null, overdueAt: null },
      at('2027-02-01T15:00:00Z'),
      'paused',
      'quiet',
    ],
    [
      'paused after a failure',
      { ...failedNightly, isPaused: true },
      nextMorning,
      'paused',
      'quiet',
    ],
    ['before the first import', before, morning, 'waiting', 'quiet'],
    ['when the first import failed', { ...before, failed: failure }, morning, 'failed', 'bad'],
    [
      'before the connection',
      { ...before, isConnected: false, lateAt: null, overdueAt: null },
      morning,
      'not-connected',
      'quiet',
    ],
  ] as const)('%s', (_when, status, now, state, tone) => {
    expect([assessImports(status, now), getStateTone(status, now)]).toEqual([state, tone]);
  });

  it('is not late while the import runs', () => {
    const running = { runId: 10, startedAt: '2026-11-24T07:40:00Z' };
    expect(assessImports({ ...completed, running }, at('2026-11-24T10:00:00Z'))).toBe('ok');
  });
});

describe('the age of an import', () => {
  it.each([
    ['2026-11-23T15:00:00Z', 'today 2:05 AM'],
    ['2026-11-24T05:59:00Z', 'today 2:05 AM'],
    ['2026-11-24T06:01:00Z', 'yesterday 2:05 AM'],
    ['2026-11-25T06:01:00Z', '2 days ago'],
    ['2026-12-01T15:00:00Z', '8 days ago'],
    ['2027-01-15T15:00:00Z', 'Nov 23, 2026'],
    // The browser's clock is behind.
    ['2026-11-23T04:00:00Z', 'today 2:05 AM'],
  ])('at %s is %s', (now, age) => {
    expect(formatAge('2026-11-23T08:05:00Z', timeZone, at(now))).toBe(age);
  });

  it('counts dates over the change of the clocks', () => {
    // In Chicago the clock went back at 2 AM on Nov 1, and forward on Mar 14.
    expect(formatAge('2026-10-31T07:05:00Z', timeZone, at('2026-11-01T08:10:00Z'))).toBe(
      'yesterday 2:05 AM',
    );
    expect(formatAge('2027-03-13T08:05:00Z', timeZone, at('2027-03-15T05:30:00Z'))).toBe(
      '2 days ago',
    );
  });

  it('has a time to come', () => {
    expect(formatUpcoming('2026-11-24T07:40:00Z', timeZone, morning)).toBe('tomorrow 1:40 AM');
    expect(formatUpcoming('2026-11-24T07:40:00Z', timeZone, at('2026-11-24T06:30:00Z'))).toBe(
      'today 1:40 AM',
    );
    expect(formatUpcoming('2026-11-26T07:40:00Z', timeZone, morning)).toBe('Nov 26 1:40 AM');
  });
});

describe('the header', () => {
  const lines = (status: ImportStatus, now: number, isAdministrator = true) => {
    const reader = { timeZone, now, isAdministrator };
    const note = describeTrouble(status, reader);
    return [describeLastImport(status, reader), note && (note.text || (note.link?.label ?? null))];
  };

  it.each([
    ['ok', completed, morning, 'Last import: today 2:05 AM', null],
    [
      'missed',
      completed,
      nextMorning,
      'Last import: yesterday 2:05 AM',
      'The nightly import did not run.',
    ],
    [
      'failed',
      failedNightly,
      at('2026-11-26T15:00:00Z'),
      'Last import: 3 days ago',
      'Skyward can’t be reached.',
    ],
    [
      'a manual failure',
      failedManually,
      at('2026-11-23T18:00:00Z'),
      'Last import: today 2:05 AM',
      'Jordan Avery’s import failed today 11:55 AM: Skyward can’t be reached.',
    ],
    [
      'on hold',
      { ...completed, heldRunId: 9 },
      nextMorning,
      'Last import: yesterday 2:05 AM',
      'Import on hold: needs review',
    ],
    [
      'paused',
      { ...completed, isPaused: true },
      nextMorning,
      'Last import: yesterday 2:05 AM',
      'Nightly imports are paused.',
    ],
    ['none', before, morning, 'No imports yet', null],
    [
      'running',
      { ...completed, running: { runId: 10, startedAt: completed.now } },
      morning,
      'Last import: today 2:05 AM',
      'An import is running.',
    ],
  ] as const)('says to administrators: %s', (_case, status, now, first, second) => {
    expect(lines(status, now)).toEqual([first, second]);
  });

  it.each([
    ['ok', completed, morning, 'Last import: today 2:05 AM', null],
    ['failed', failedNightly, nextMorning, 'Student data was last updated Nov 23.', null],
    [
      'failed last year',
      failedNightly,
      at('2027-01-02T15:00:00Z'),
      'Student data was last updated Nov 23, 2026.',
      null,
    ],
    [
      'on hold',
      { ...completed, heldRunId: 9 },
      nextMorning,
      'Student data was last updated Nov 23.',
      null,
    ],
    [
      'paused',
      { ...completed, isPaused: true },
      nextMorning,
      'Last import: yesterday 2:05 AM',
      'Nightly imports are paused.',
    ],
  ] as const)('says to staff without technical terms: %s', (_case, status, now, first, second) => {
    expect(lines(status, now, false)).toEqual([first, second]);
  });

  it('is brief about a manual failure, and gives the reason of a nightly one', () => {
    const reader = { timeZone, now: nextMorning, isAdministrator: true };
    expect(describeTrouble(failedManually, reader)?.brief).toBe('Manual import failed.');
    expect(describeTrouble(failedNightly, reader)?.brief).toBe('Skyward can’t be reached.');
  });

  it('links to the run that needs attention', () => {
    const reader = { timeZone, now: nextMorning, isAdministrator: true };
    expect(describeTrouble(failedNightly, reader)?.link?.runId).toBe(8);
    expect(describeTrouble({ ...failedNightly, heldRunId: 9 }, reader)?.link?.runId).toBe(9);
    expect(describeTrouble(completed, reader)?.link?.runId).toBeNull();
  });
});
