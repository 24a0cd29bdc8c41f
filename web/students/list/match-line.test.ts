import { expect, it } from 'vitest';

import { formatMatch } from './match-line.tsx';

const guardian = {
  name: { first: 'Lucía', middle: null, last: 'Hernández', suffix: null },
  relationship: 'Mother',
};
const none = { isSimilar: false, guardian: null, phone: null, email: null, address: null };

it.each([
  [{ ...none, by: 'name' }, undefined],
  [{ ...none, by: 'number' }, undefined],
  [{ ...none, by: 'name', isSimilar: true }, 'Similar name'],
  [{ ...none, by: 'guardian', guardian }, 'Guardian: Lucía Hernández (Mother)'],
  [
    { ...none, by: 'guardian', guardian, isSimilar: true },
    'Similar guardian: Lucía Hernández (Mother)',
  ],
  [
    { ...none, by: 'phone', guardian, phone: '512-555-0102' },
    'Phone of Lucía Hernández: 512-555-0102',
  ],
  [{ ...none, by: 'phone', phone: '512-555-0102' }, 'Phone: 512-555-0102'],
  [
    { ...none, by: 'email', guardian, email: 'lucia@mail.example' },
    'E-mail of Lucía Hernández: lucia@mail.example',
  ],
  [{ ...none, by: 'address', address: '12 Elm St' }, 'Address: 12 Elm St'],
  [{ ...none, by: 'school' }, undefined],
] as const)('explains why a search found a student: %o', (match, sentence) => {
  expect(formatMatch(match)).toBe(sentence);
});
