import { describe, expect, it } from 'vitest';

import type { DistrictOverview } from '../../src/contract/districts/districts.ts';
import {
  daysToExpiry,
  findTurn,
  formatState,
  matchesFilter,
  matchesText,
  sortByTrouble,
  toCsv,
} from './district-state.ts';

const now = Date.parse('2026-11-24T15:00:00Z');

/** A district whose import ran this morning, with these differences. */
function createDistrict(
  name: string,
  {
    status,
    ...more
  }: Omit<Partial<DistrictOverview>, 'status'> & {
    readonly status?: Partial<DistrictOverview['status']>;
  } = {},
): DistrictOverview {
  return {
    name,
    domain: `${name.toLowerCase().replaceAll(' ', '')}.example`,
    timeZone: 'America/Chicago',
    today: '2026-11-24',
    heldSince: null,
    students: { total: 412, change: 2 },
    accessExpiresOn: null,
    request: null,
    lastMail: null,
    status: {
      now: '2026-11-24T15:00:00Z',
      isConnected: true,
      isPaused: false,
      undoneAt: null,
      lastCompleted: {
        runId: 7,
        at: '2026-11-24T08:05:00Z',
        importDate: '2026-11-24',
        origin: 'schedule',
      },
      nextAt: '2026-11-25T07:40:00Z',
      lateAt: '2026-11-25T09:40:00Z',
      overdueAt: '2026-11-26T09:40:00Z',
      heldRunId: null,
      failed: null,
      missedByFailure: false,
      running: null,
      ...status,
    },
    ...more,
  };
}

const requestIn = (state: 'requested' | 'waiting' | 'verified' | 'connected') => ({
  districtId: 1,
  id: 3,
  state,
  requestedAt: '2026-11-20T15:00:00Z',
});
const fine = createDistrict('Alder');
const failed = createDistrict('Birch', { status: { missedByFailure: true } });
const overdue = createDistrict('Cedar', {
  status: { lateAt: '2026-11-21T09:40:00Z', overdueAt: '2026-11-22T09:40:00Z' },
});
const held = createDistrict('Dogwood', {
  status: { heldRunId: 9 },
  heldSince: '2026-11-23T08:01:00Z',
});
const late = createDistrict('Elm', { status: { lateAt: '2026-11-24T09:40:00Z' } });
const expiring = createDistrict('Fir', { accessExpiresOn: '2026-12-09' });
const unconnected = createDistrict('Gum', {
  request: requestIn('requested'),
  students: null,
  status: {
    isConnected: false,
    lastCompleted: null,
    nextAt: null,
    lateAt: null,
    overdueAt: null,
  },
});
const paused = createDistrict('Hazel', { status: { isPaused: true } });
const all = [fine, failed, overdue, held, late, expiring, unconnected, paused];

it('lists trouble first, then by name', () => {
  expect(sortByTrouble(all, now).map(({ name }) => name)).toEqual([
    'Cedar',
    'Birch',
    'Dogwood',
    'Elm',
    'Fir',
    'Gum',
    'Alder',
    'Hazel',
  ]);
});

it('lists the oldest data first where the trouble is the same', () => {
  const older = createDistrict('Zinnia', {
    status: {
      missedByFailure: true,
      lastCompleted: {
        runId: 1,
        at: '2026-11-23T08:05:00Z',
        importDate: '2026-11-23',
        origin: 'schedule',
      },
    },
  });
  expect(sortByTrouble([failed, older], now)).toEqual([older, failed]);
});

describe('the filters', () => {
  it.each([
    ['failed', ['Birch', 'Cedar']],
    ['held', ['Dogwood']],
    ['late', ['Elm']],
    ['expires', ['Fir']],
    ['support', ['Gum']],
    ['paused', ['Hazel']],
    ['unconnected', ['Gum']],
  ] as const)('show %s', (filter, names) => {
    expect(all.filter((one) => matchesFilter(one, filter, now)).map(({ name }) => name)).toEqual(
      names,
    );
  });

  it('show e-mail that needs review as the turn of support', () => {
    const lastMail = { receivedAt: '2026-11-24T14:00:00Z', needsReview: true };
    expect(matchesFilter({ ...fine, lastMail }, 'support', now)).toBe(true);
    expect(
      matchesFilter({ ...fine, lastMail: { ...lastMail, needsReview: false } }, 'support', now),
    ).toBe(false);
  });

  it('find a name or domain, without accents', () => {
    const district = createDistrict('Peña Blanca ISD', { domain: 'pbisd.example' });
    expect(['pena', 'BLANCA', 'pbisd'].map((text) => matchesText(district, text))).toEqual([
      true,
      true,
      true,
    ]);
    expect(matchesText(district, 'cedar')).toBe(false);
  });
});

it('says who is next in the setup', () => {
  const turnOf = (state: 'requested' | 'waiting' | 'verified' | 'connected') =>
    findTurn({ ...unconnected, request: requestIn(state) });
  expect(turnOf('requested')).toEqual({ text: 'Requested', isOurs: true });
  expect(turnOf('waiting')).toEqual({ text: 'Waiting on district', isOurs: false });
  expect(turnOf('verified')?.isOurs).toBe(true);
  expect(turnOf('connected')).toBeNull();
  expect(findTurn({ ...unconnected, request: null })?.text).toBe('Not requested');
  expect(findTurn(fine)).toBeNull();
});

it('counts the days until an access expires, when that is soon', () => {
  expect(daysToExpiry(expiring)).toBe(15);
  expect(daysToExpiry({ ...fine, accessExpiresOn: '2026-11-23' })).toBe(-1);
  expect(daysToExpiry({ ...fine, accessExpiresOn: '2027-06-01' })).toBeNull();
});

it('exports what the list shows', () => {
  expect(formatState(held, now)).toBe('On hold since yesterday 2:01 AM');
  const failure = {
    runId: 8,
    at: '2026-11-24T08:01:00Z',
    code: 'unreachable',
    origin: 'schedule',
    requestedBy: null,
  } as const;
  expect(formatState({ ...failed, status: { ...failed.status, failed: failure } }, now)).toBe(
    'Failed. Skyward can’t be reached.',
  );
  const [head, line] = toCsv([held], now).split('\r\n');
  expect(head).toContain('District,E-mail domain,Time zone,Last import,State');
  expect(line).toContain('Dogwood,dogwood.example,America/Chicago');
  expect(line).toContain('On hold since yesterday 2:01 AM,412,2');
});
