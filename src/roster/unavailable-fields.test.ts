import { describe, expect, it } from 'vitest';

import { findUnavailableFields } from './unavailable-fields.ts';

const unavailable = (object: string, ...fields: string[]) =>
  findUnavailableFields([{ object, fields }]);

describe('fields without permission', () => {
  it('are none if everything can be read', () => {
    expect(findUnavailableFields([])).toEqual({ student: [], guardian: [], guardians: false });
  });

  it('are those copied from a field', () => {
    expect(unavailable('Demographics/Name', 'Race').student).toEqual(['race']);
    const { student, guardian } = unavailable(
      'Family/StudentGuardian',
      'HasActiveRestrictedAccess',
    );
    expect([student, guardian]).toEqual([[], ['hasRestrictedAccess']]);
  });

  it('are those looked up in a code table', () => {
    const { student } = unavailable('Demographics/Language');
    expect(student).toEqual(expect.arrayContaining(['nativeLanguage', 'homeLanguage']));
  });

  it('are lists whose entries cannot be read, of students and guardians', () => {
    const { student, guardian } = unavailable('Demographics/NamePhone');
    expect([student, guardian]).toEqual([['phones'], ['phones']]);
  });

  it('are those of the enrollment that gives the school', () => {
    expect(unavailable('Enrollment/Homeroom').student).toContain('homeroom');
  });

  it('are the guardians without their links', () => {
    expect(unavailable('Family/StudentGuardian')).toMatchObject({ guardians: true });
  });
});
