import { describe, expect, it } from 'vitest';

import type { FieldChange } from '../../../src/contract/students/students.ts';
import { cardSource, keptNote, missingNote, recentChangesOf } from './value-notes.ts';

const change = (given: Partial<FieldChange>): FieldChange => ({
  record: 'student',
  recordId: null,
  field: 'homeLanguage',
  importDate: '2026-11-10',
  from: 'English',
  to: 'Spanish',
  ...given,
});

const student = (...fieldChanges: readonly FieldChange[]) => ({
  sisStudentId: 4711,
  fieldChanges: [...fieldChanges],
  notAvailable: { student: ['race'], guardian: ['hasRestrictedAccess'], guardians: false },
});

const today = '2026-11-23';

describe('a recent change', () => {
  it('is noted with its date and the old value for 30 days', () => {
    const find = recentChangesOf(student(change({})), today);
    expect(find('homeLanguage')).toBe('Changed Nov 10, 2026, was English');
    expect(find('race')).toBeUndefined();
    expect(recentChangesOf(student(change({})), '2026-12-10')('homeLanguage')).toBeDefined();
    expect(recentChangesOf(student(change({})), '2026-12-11')('homeLanguage')).toBeUndefined();
  });

  it('of a value that was empty says so, and of a name has all changed parts', () => {
    expect(recentChangesOf(student(change({ from: null })), today)('homeLanguage')).toBe(
      'Changed Nov 10, 2026, was empty',
    );
    const name = recentChangesOf(
      student(
        change({ field: 'firstName', from: 'Malena' }),
        change({ field: 'lastName', from: 'Vega' }),
      ),
      today,
    );
    expect(name('firstName', 'middleName', 'lastName')).toBe(
      'Changed Nov 10, 2026, was Malena Vega',
    );
  });

  it('of a guardian belongs to that guardian', () => {
    const changed = student(change({ record: 'guardian', recordId: 7, field: 'phones' }));
    expect(recentChangesOf(changed, today, 'guardian', 7)('phones')).toBeDefined();
    expect(recentChangesOf(changed, today, 'guardian', 8)('phones')).toBeUndefined();
    expect(recentChangesOf(changed, today)('phones')).toBeUndefined();
  });
});

describe('an empty value', () => {
  it('is not in Skyward, or not available without permission', () => {
    expect(missingNote(student(), 'student', 'gender')).toBe('Not in Skyward');
    expect(missingNote(student(), 'student', 'race')).toBe('Not available (missing permission)');
    expect(missingNote(student(), 'guardian', 'race')).toBe('Not in Skyward');
  });

  it('of a manual student says nothing', () => {
    expect(missingNote({ ...student(), sisStudentId: null }, 'student', 'gender')).toBeUndefined();
  });
});

it('a value that can no longer be read is not being updated', () => {
  expect(keptNote(student(), 'student', 'race')).toBe('Not being updated (missing permission)');
  expect(keptNote(student(), 'student', 'gender')).toBeUndefined();
  expect(keptNote({ ...student(), sisStudentId: null }, 'student', 'race')).toBeUndefined();
});

it('a card names its source and its last change once', () => {
  const isShown = ({ field }: FieldChange) => field === 'homeLanguage';
  expect(cardSource(student(change({}), change({ field: 'status' })), isShown)).toBe(
    'From Skyward, last updated Nov 10, 2026',
  );
  expect(cardSource(student(change({ field: 'status' })), isShown)).toBe(
    'From Skyward, no changes yet',
  );
  expect(cardSource({ ...student(), sisStudentId: null }, isShown)).toBe('Added manually');
});
