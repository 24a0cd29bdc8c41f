import { describe, expect, it } from 'vitest';

import type { FieldChange } from '../../../src/contract/students/students.ts';
import { sourcesOf } from './value-source.ts';

const change = (field: string, importDate: string, from: string | null): FieldChange => ({
  record: 'student',
  recordId: null,
  field,
  importDate,
  from,
  to: 'x',
});

const student = {
  sisStudentId: 4711 as number | null,
  lastChanges: { student: null, guardians: null, enrollments: null },
  lastImport: { importDate: '2026-11-22', finishedAt: '2026-11-22T08:05:00Z' },
  fieldChanges: [
    change('grade', '2026-08-01', '6'),
    change('firstName', '2026-09-02', null),
    { ...change('language', '2026-10-01', 'Spanish'), record: 'guardian' as const, recordId: 7 },
  ],
};

describe('the source of a value', () => {
  it.each([
    [['grade'], 'From Skyward. Changed Aug 1, 2026; before: 6.'],
    [['grade', 'firstName'], 'From Skyward. Changed Sep 2, 2026; before: empty.'],
    [['gender'], expect.stringContaining('as of Nov 22, 2026')],
    [['language'], expect.stringContaining('Not changed')],
  ])('of %j', (fields, sentence) => {
    expect(sourcesOf(student)(...fields)).toEqual(sentence);
  });

  it("of a guardian considers only that guardian's changes", () => {
    expect(sourcesOf(student, 'guardian', 7)('language')).toContain('before: Spanish');
    expect(sourcesOf(student, 'guardian', 8)('language')).toContain('Not changed');
  });

  it('of a manual student is a person', () => {
    expect(sourcesOf({ ...student, sisStudentId: null })('grade')).toMatch(/^Added manually/);
  });
});
