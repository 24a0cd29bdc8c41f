/** The parts of a name, which students and guardians share. */
import type { Field } from './catalog.ts';
import { suffixes } from './code-tables.ts';

export const nameFields = {
  firstName: {
    column: 'first_name',
    type: 'text',
    label: 'First name',
    staged: 'people',
    sources: ['FirstName'],
  },
  middleName: {
    column: 'middle_name',
    type: 'text',
    label: 'Middle name',
    staged: 'people',
    sources: ['MiddleName'],
  },
  lastName: {
    column: 'last_name',
    type: 'text',
    label: 'Last name',
    staged: 'people',
    sources: ['LastName'],
  },
  suffix: {
    column: 'suffix',
    type: 'text',
    label: 'Suffix',
    staged: 'people',
    sources: ['NameSuffixID', suffixes],
  },
} as const satisfies Readonly<Record<string, Field>>;
