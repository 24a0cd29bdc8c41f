import { expect, it } from 'vitest';

import { fullName, gradeName, listName } from './person-name.ts';

const name = (first: string | null, middle: string | null, last: string | null, suffix = '') => ({
  first,
  middle,
  last,
  suffix: suffix || null,
});

it.each([
  [name('María', 'Elena', 'García López', 'Jr.'), 'García López Jr., María Elena'],
  [name('Cher', null, null), 'Cher'],
  [name(null, null, 'Nguyễn'), 'Nguyễn'],
  [name(null, null, null), 'No name'],
])('formats %o as %s for lists', (given, written) => {
  expect(listName(given)).toBe(written);
});

it('formats a full name without its missing parts', () => {
  expect(fullName(name('Ana', null, "O'Neil", 'III'))).toBe("Ana O'Neil III");
  expect(fullName(name(null, null, null))).toBe('No name');
});

it.each([
  ['07', 'Grade 7'],
  ['12', 'Grade 12'],
  ['KG', 'KG'],
])('formats grade %s as %s', (grade, said) => {
  expect(gradeName(grade)).toBe(said);
});
