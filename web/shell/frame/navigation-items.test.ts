import { describe, expect, it } from 'vitest';

import { Role } from '../../../src/contract/endpoint.ts';
import { listFrequentItems, listNavigation } from './navigation-items.ts';

const namesOf = (role: Role, isInDistrict = true) =>
  listNavigation(role, isInDistrict).map(({ title, items }) => [
    title ?? '',
    ...items.map(({ name }) => name),
  ]);

const administration = [
  ['', 'Home', 'Students', 'Documents', 'Forms'],
  ['Data', 'Import history', 'Upcoming changes', 'Import issues', 'Duplicates'],
  ['Admin', 'Users', 'Audit log'],
  [
    'Settings',
    'District Information',
    'Imports',
    'Notifications',
    'Letterhead',
    'Sign-in',
    'Webhooks',
  ],
];
const vendor = ['Vendor', 'Districts', 'Support', 'Support audit log'];

describe('the menu', () => {
  it('has everything of the district for administrators', () => {
    expect(namesOf('administrator')).toEqual(administration);
  });

  it('has also the pages of the vendor for technicians, and outside of a district only these', () => {
    expect(namesOf('technician')).toEqual([...administration, vendor]);
    expect(namesOf('technician', false)).toEqual([vendor]);
  });

  it.each(['staff', 'read-only'] as const)('has no group without items for %s', (role) => {
    expect(namesOf(role)).toEqual([
      ['', 'Home', 'Students', 'Documents'],
      ['Data', 'Import history'],
    ]);
  });
});

describe('the bar of a phone', () => {
  it.each(Role.options)('has the four most used pages for %s', (role) => {
    const names = listFrequentItems(listNavigation(role, true)).map(({ name }) => name);
    expect(names).toEqual(['Home', 'Students', 'Documents', 'Import history']);
  });

  it('has the pages of the vendor outside of a district', () => {
    const names = listFrequentItems(listNavigation('technician', false)).map(({ name }) => name);
    expect(names).toEqual(vendor.slice(1));
  });
});
