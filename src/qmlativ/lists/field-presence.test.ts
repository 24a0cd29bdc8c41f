import { expect, it } from 'vitest';
import { FieldPresence } from './field-presence.ts';
import { qmlativObjects } from '../objects/objects.ts';

const { EntryWithdrawal, Name } = qmlativObjects;

it.each([
  ['MiddleName', ''],
  ['MiddleName', '  '],
  ['MiddleName', null],
  ['NameSuffixID', 0],
  ['NameSuffixID', '0'],
  ['BirthDate', ''],
  ['BirthDate', '0001-01-01T00:00:00'],
  ['BirthDate', '12/31/9999 12:00:00 AM'],
])('finds no value in a field of which every row says there is none: %s %j', (field, value) => {
  const sightings = new FieldPresence(Name.fields, [field]);
  sightings.add([{ [field]: value }, {}, { [field]: null }]);
  expect([...sightings.empty]).toEqual([field]);
  expect([...sightings.absent]).toEqual([]);
});

it.each([
  [Name, 'MiddleName', 'Ann'],
  [Name, 'NameSuffixID', 7],
  // Guardians and staff are older than any enrollment.
  [Name, 'BirthDate', '1951-03-04T00:00:00'],
  [EntryWithdrawal, 'EndDate', '2026-11-20T00:00:00'],
  // There is a value, though it cannot be read.
  [EntryWithdrawal, 'EndDate', '20-NOV-2026'],
  [EntryWithdrawal, 'StartDate', '12-AUG-2026'],
  [EntryWithdrawal, 'StartDate', { day: 12 }],
] as const)('finds a value in one row of many', (object, field, value) => {
  const sightings = new FieldPresence(object.fields, [field]);
  sightings.add([{ [field]: null }, { [field]: value }]);
  expect([...sightings.empty]).toEqual([]);
});

it('distinguishes a field that is in no row from one that is null', () => {
  const sightings = new FieldPresence(Name.fields, ['MiddleName', 'FirstName']);
  sightings.add([{ FirstName: null }]);
  expect([...sightings.absent]).toEqual(['MiddleName']);
  expect([...sightings.empty]).toEqual(['MiddleName', 'FirstName']);
});
