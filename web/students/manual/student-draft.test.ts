import { describe, expect, it } from 'vitest';

import { emptyDraft, emptyGuardian, emptyPhone, readDraft } from './student-draft.ts';

const today = '2026-11-23';
const complete = {
  ...emptyDraft(today),
  name: { first: ' Ann ', middle: '', last: 'Lee', suffix: '' },
  birthDate: '2015-05-17',
};

const problemsOf = (draft: Parameters<typeof readDraft>[0]) =>
  Object.fromEntries(readDraft(draft, today).problems ?? []);

describe('the form of a manual student', () => {
  it('returns trimmed values, and null for empty ones', () => {
    expect(readDraft(complete, today).values).toMatchObject({
      name: { first: 'Ann', middle: null, last: 'Lee', suffix: null },
      studentNumber: null,
      status: { value: 'ENROLLED', reason: null, since: today },
    });
  });

  it('reports each missing field', () => {
    expect(problemsOf(emptyDraft(today))).toEqual({
      'name.first': 'Enter the first name.',
      'name.last': 'Enter the last name.',
      birthDate: 'Enter the birth date.',
    });
  });

  it('reports problems in nested fields', () => {
    const draft = {
      ...complete,
      guardians: [{ ...emptyGuardian, first: 'Kim', phones: [emptyPhone] }],
    };
    expect(problemsOf(draft)).toEqual({
      'guardians.0.last': 'Enter the last name.',
      'guardians.0.phones.0.number': 'Enter the phone number with its digits.',
    });
  });

  it.each([
    ['2026-11-24', /not in the future/],
    ['0215-05-17', /in full/],
  ])('rejects the birth date %s', (birthDate, message) => {
    expect(problemsOf({ ...complete, birthDate })['birthDate']).toMatch(message);
  });

  it('rejects a status with a future date, and a school without a name', () => {
    const draft = {
      ...complete,
      school: { name: ' ' },
      status: { ...complete.status, since: '2026-11-24' },
    };
    expect(problemsOf(draft)).toEqual({
      'school.name': 'Enter the name of the school.',
      'status.since': 'Choose today or a day before: a status cannot be set for later.',
    });
  });
});
