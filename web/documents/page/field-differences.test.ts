import { expect, it } from 'vitest';

import type { FormField } from '../../../src/contract/documents/form-template.ts';
import { findDifferences } from './field-differences.ts';

const guardians: FormField = {
  kind: 'people',
  key: 'guardians',
  label: 'Parents and guardians',
  columns: [
    { key: 'name', label: 'Name' },
    { key: 'relationship', label: 'Relationship' },
    { key: 'phone', label: 'Phone' },
  ],
};
const lucia = { name: 'Lucía Vega', relationship: 'Mother', phone: '936-555-0114' };
const marco = { name: 'Marco Reyes', relationship: 'Father', phone: '936-555-0170' };

it('shows dates as people write them', () => {
  const born: FormField = { kind: 'date', key: 'born', label: 'Date of birth' };
  expect(findDifferences(born, '2014-02-03', null)).toEqual([
    { part: null, before: 'Feb 3, 2014', after: '' },
  ]);
});

it('names the person and the column that changed, whatever the order of the stored values', () => {
  const stored = { phone: '936-555-0114', relationship: 'Mother', name: 'Lucía Vega' };
  expect(
    findDifferences(guardians, [stored, marco], [{ ...lucia, phone: '936-555-0199' }, marco]),
  ).toEqual([{ part: 'Lucía Vega: Phone', before: '936-555-0114', after: '936-555-0199' }]);
});

it('shows an added and a removed person in the order of the columns', () => {
  expect(findDifferences(guardians, [lucia], [lucia, marco])).toEqual([
    { part: 'Marco Reyes', before: '', after: 'Marco Reyes, Father, 936-555-0170' },
  ]);
  expect(findDifferences(guardians, [marco, lucia], [lucia])).toEqual([
    { part: 'Marco Reyes', before: 'Marco Reyes, Father, 936-555-0170', after: '' },
  ]);
});

it('recognizes a person whose name was corrected by the phone', () => {
  expect(findDifferences(guardians, [lucia], [{ ...lucia, name: 'Lucía Vega Romero' }])).toEqual([
    { part: 'Lucía Vega: Name', before: 'Lucía Vega', after: 'Lucía Vega Romero' },
  ]);
});

it('says that only the order changed', () => {
  expect(findDifferences(guardians, [lucia, marco], [marco, lucia])).toEqual([
    { part: 'Order', before: 'Lucía Vega, Marco Reyes', after: 'Marco Reyes, Lucía Vega' },
  ]);
});
