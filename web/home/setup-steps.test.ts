import { expect, it } from 'vitest';

import { listSetupSteps } from './setup-steps.ts';

const facts = { request: null, isConnected: false, firstImport: null };
const open = (state: 'requested' | 'waiting' | 'verified') => ({
  state,
  closedAt: null,
  note: null,
});
const statesOf = (given: Parameters<typeof listSetupSteps>[0]) =>
  listSetupSteps(given).map(({ state, turn }) => (turn === null ? state : `${state}: ${turn}`));

it.each([
  ['a new district', facts, ['current: you', 'later', 'later', 'later']],
  [
    'a requested activation',
    { ...facts, request: open('requested') },
    ['done', 'done', 'current: support', 'later'],
  ],
  [
    'a record that must be fixed',
    { ...facts, request: open('waiting') },
    ['current: you', 'done', 'later', 'later'],
  ],
  [
    'a verified record',
    { ...facts, request: open('verified') },
    ['done', 'done', 'current: support', 'later'],
  ],
  [
    'a declined request',
    { ...facts, request: { state: 'declined', closedAt: '2026-11-23T15:00:00Z', note: null } },
    ['done', 'current: you', 'later', 'later'],
  ],
  [
    'a connected district',
    { request: null, isConnected: true, firstImport: 'tomorrow 1:40 AM' },
    ['done', 'done', 'done', 'current: automatic'],
  ],
] as const)('%s has exactly one next step and says who is next', (_of, given, states) => {
  expect(statesOf(given)).toEqual(states);
  expect(listSetupSteps(given).filter(({ state }) => state === 'current')).toHaveLength(1);
});

it('says when the first import starts, and why a request was declined', () => {
  const connected = { request: null, isConnected: true, firstImport: 'tomorrow 1:40 AM' };
  expect(listSetupSteps(connected)[3]?.text).toContain('starts automatically tomorrow 1:40 AM');
  expect(listSetupSteps({ ...connected, firstImport: null })[3]?.text).toContain('paused');
  const declined = {
    state: 'declined',
    closedAt: '2026-11-23T15:00:00Z',
    note: 'Wrong district.',
  } as const;
  expect(listSetupSteps({ ...facts, request: declined })[1]?.text).toBe(
    'We couldn’t complete the last request: Wrong district.',
  );
});
