import { expect, it } from 'vitest';

import { listShownChanges } from './shown-changes.ts';

const change = (field: string, record: 'student' | 'guardian' = 'student') => ({
  record,
  recordId: null,
  field,
  label: field,
  from: 'a',
  to: 'b',
});

it('does not repeat the status, which the first line of a student says', () => {
  const changes = [
    change('status'),
    change('statusRule'),
    change('grade'),
    change('status', 'guardian'),
  ];
  expect(listShownChanges({ kind: 'status', changes })).toEqual({
    first: [change('grade'), change('status', 'guardian')],
    more: [],
    isOnlyReason: false,
  });
});

it('says when only another enrollment determines the same status', () => {
  const changes = [change('statusRule'), change('statusDecidedBy')];
  expect(listShownChanges({ kind: 'changed', changes }).isOnlyReason).toBe(true);
  expect(listShownChanges({ kind: 'status', changes }).isOnlyReason).toBe(false);
});

it('hides more than four at first, but never a single one', () => {
  const changes = (count: number) => Array.from({ length: count }, (_, at) => change(`field${at}`));
  const countShown = (count: number) => {
    const { first, more } = listShownChanges({ kind: 'changed', changes: changes(count) });
    return [first.length, more.length];
  };
  expect([4, 5, 6].map(countShown)).toEqual([
    [4, 0],
    [5, 0],
    [4, 2],
  ]);
});
