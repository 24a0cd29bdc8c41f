import { expect, it } from 'vitest';

import {
  emptyRequiredSentence,
  type FieldValue,
  type FormTemplate,
  listEmptyRequired,
} from './form-template.ts';

const form: Pick<FormTemplate, 'sections'> = {
  sections: [
    {
      title: 'Meeting',
      fields: [
        { kind: 'date', key: 'on', label: 'Meeting date', isRequired: true },
        { kind: 'text', key: 'place', label: 'Location' },
        {
          kind: 'people',
          key: 'team',
          label: 'Team members',
          isRequired: true,
          columns: [{ key: 'name', label: 'Name' }],
        },
      ],
    },
  ],
};
const missing = (values: Readonly<Record<string, FieldValue>>) =>
  listEmptyRequired(form, (key) => values[key]).map(({ label }) => label);

it('a required field needs a text, or a row of people with a text', () => {
  expect(missing({})).toEqual(['Meeting date', 'Team members']);
  expect(missing({ on: ' ', team: [] })).toEqual(['Meeting date', 'Team members']);
  expect(missing({ on: '2026-12-01', team: [{ name: '' }] })).toEqual(['Team members']);
  expect(missing({ on: '2026-12-01', team: [{ name: '' }, { name: 'Sam Poe' }] })).toEqual([]);
});

it('says how many fields are empty and which', () => {
  expect(emptyRequiredSentence(['Meeting date'])).toBe(
    'Can’t complete yet: 1 required field is empty (Meeting date).',
  );
  expect(emptyRequiredSentence(['Meeting date', 'Team'])).toBe(
    'Can’t complete yet: 2 required fields are empty (Meeting date, Team).',
  );
});
