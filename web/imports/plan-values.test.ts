import { assert, jsonValue, property } from 'fast-check';
import { expect, it } from 'vitest';

import { changedFieldName, changeName, fieldName, valueText } from './plan-values.ts';

it.each([
  ['legal_first_name', 'Legal first name'],
  ['state_id', 'State id'],
  ['is_custodial', 'Custodial'],
])('names the column %s %s', (column, name) => {
  expect(fieldName(column)).toBe(name);
});

it.each([
  ['status', 'Status'],
  ['guardian.phones', 'Guardian: phones'],
  ['guardian', 'Guardians coming or going'],
])('names the count of %s %s', (key, name) => {
  expect(changedFieldName(key)).toBe(name);
});

it.each([
  [{ record: 'student', field: 'grade', from: '04', to: '05' } as const, 'Grade'],
  [
    { record: 'enrollment', field: 'end_date', from: null, to: null } as const,
    'Enrollment: end date',
  ],
  [{ record: 'guardian', field: null, from: null, to: {} } as const, 'Guardian added'],
  [{ record: 'guardian', field: null, from: {}, to: null } as const, 'Guardian removed'],
])('names a change', (change, name) => {
  expect(changeName({ recordId: 7, ...change })).toBe(name);
});

it.each([
  [null, '–'],
  ['', '–'],
  [[], '–'],
  [true, 'yes'],
  ['2026-08-12', 'Aug 12, 2026'],
  ['PRE_ENROLLED', 'Pre-Enrolled'],
  [[{ rank: 1, type: 'Home', number: '555-0101', extension: null }], '555-0101 Home'],
  [[{ lines: ['1 Elm St'], text: '1 Elm St, Cedar Hollow' }], '1 Elm St, Cedar Hollow'],
  [{ first_name: 'Ann', last_name: 'Poe', relationship: 'Mother' }, 'Ann Poe Mother'],
])('says the value %j as %s', (value, words) => {
  expect(valueText(value)).toBe(words);
});

it('has words for whatever a plan may hold', () => {
  assert(
    property(jsonValue(), (value) => {
      expect(valueText(value)).not.toBe('');
      expect(valueText(value)).not.toContain('[object');
    }),
  );
});
