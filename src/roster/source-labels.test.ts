import { describe, expect, it } from 'vitest';

import { findMissingFields, objectLabel, sourceFieldLabel } from './source-labels.ts';

it.each([
  ['Enrollment/EntryWithdrawal', 'Enrollments'],
  ['Demographics/NamePhone', 'Phone numbers'],
  ['Enrollment/WithdrawalCode', 'Withdrawal codes'],
  ['District/Entity', 'Entities'],
  ['Demographics/NameSuffix', 'Name suffixes'],
  ['Staff/Staff', 'Staff'],
])('names the rows of %s %s', (object, label) => {
  expect(objectLabel(object)).toBe(label);
});

it.each([
  ['Student/Student', 'LanguageIDNative', 'Native language'],
  ['Student/Student', 'StudentStateID', 'State ID'],
  ['Demographics/Name', 'BirthDate', 'Date of birth'],
  ['Demographics/NamePhone', 'IsConfidential', 'Phone numbers: confidential'],
  ['Demographics/NamePhone', 'NameID', 'Phone numbers'],
  ['Demographics/Zip', 'City', 'Addresses: city'],
  ['Family/StudentGuardian', 'HasActiveRestrictedAccess', 'Guardian restricted access'],
  ['Enrollment/EntryWithdrawal', 'EndDate', 'Enrollment end date'],
  ['Enrollment/StudentEntityYear', 'HomeroomID', 'Enrollment homeroom'],
  ['Staff/Staff', 'DateOfHire', 'Date of hire'],
])('names %s.%s %s', (object, field, label) => {
  expect(sourceFieldLabel({ object, field })).toBe(label);
});

describe('missing fields', () => {
  const labels = (...missing: Parameters<typeof findMissingFields>[0]) =>
    findMissingFields(missing).map(({ label }) => label);

  it('leaves out a field that has another source', () => {
    expect(
      labels({ object: 'Student/Student', fields: ['StudentStateID', 'LanguageIDNative'] }),
    ).toEqual(['Native language']);
    expect(
      labels({ object: 'Student/Student', fields: ['StudentStateID', 'CalculatedStudentStateID'] }),
    ).toEqual(['State ID']);
  });

  it('names a list once when its object is missing, and else the part', () => {
    expect(labels({ object: 'Demographics/NamePhone', fields: [] })).toEqual([
      'Phone numbers',
      'Guardian phone numbers',
    ]);
    expect(labels({ object: 'Demographics/NamePhone', fields: ['Extension'] })).toEqual([
      'Phone numbers: extension',
      'Guardian phone numbers: extension',
    ]);
  });

  it('marks the restricted access of guardians as a matter of safety', () => {
    const fields = findMissingFields([
      { object: 'Family/StudentGuardian', fields: ['HasActiveRestrictedAccess'] },
    ]);
    expect(fields).toMatchObject([{ label: 'Guardian restricted access', isSafety: true }]);
  });
});
