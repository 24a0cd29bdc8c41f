/** Which reasons of a repeated import an approval covers. */
import { expect, it } from 'vitest';
import { findUnapproved } from './approved-reasons.ts';
import type { ExceededLimit, HoldReason } from './hold-reason.ts';

const reason = (change: Partial<ExceededLimit>): HoldReason => ({
  code: 'mass-change',
  message: '',
  advice: '',
  exceeded: {
    limit: 'status',
    school: 4,
    schoolName: 'Oak Elementary',
    population: 'active',
    field: null,
    moves: [{ from: 'ENROLLED', to: 'PRE_ENROLLED', count: 30 }],
    count: 30,
    base: 100,
    limitShare: 0.1,
    ...change,
  },
});
const list = (details: string): HoldReason => ({
  code: 'empty-list',
  message: '',
  advice: '',
  details,
});

it('covers the same change of as many students, and of a few more', () => {
  for (const count of [1, 30, 33])
    expect(findUnapproved([reason({ count })], [reason({})])).toEqual([]);
  expect(findUnapproved([reason({ count: 34 })], [reason({})])).toHaveLength(1);
});

it.each<[string, Partial<ExceededLimit>]>([
  ['another school', { school: 5 }],
  ['the whole district', { school: null }],
  ['another limit', { limit: 'graduated' }],
  ['another field', { limit: 'changed', field: 'phones' }],
  ['another status', { moves: [{ from: 'ENROLLED', to: 'INACTIVE', count: 30 }] }],
])('does not cover %s', (_, change) => {
  expect(findUnapproved([reason(change)], [reason({})])).toHaveLength(1);
});

it('covers an empty list only if it is the same', () => {
  expect(findUnapproved([list('A/B')], [list('A/B')])).toEqual([]);
  expect(findUnapproved([list('A/B'), reason({})], [list('A/C')])).toHaveLength(2);
});
