/** The changes of a plan as screens show them. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { toPlannedChange } from './planned-changes.ts';

const change = {
  record: 'student',
  recordId: null,
  field: 'grade',
  from: null,
  to: null,
} as const;

it.each([
  [{ field: 'grade', from: '04', to: '05' }, 'Grade', '4', '5'],
  [{ field: 'birth_date', from: null, to: '2015-08-12' }, 'Date of birth', null, 'Aug 12, 2015'],
  [
    { record: 'enrollment', field: 'is_default_entity', from: true, to: false } as const,
    'Enrollment main school',
    'yes',
    'no',
  ],
  [
    {
      record: 'guardian',
      field: null,
      from: null,
      to: { first_name: 'Ann', last_name: 'Poe', relationship: 'Mother' },
    } as const,
    'Guardian added',
    null,
    'Ann Poe (Mother)',
  ],
  [
    { record: 'enrollment', field: null, from: { school_name: 'Cedar High' }, to: null } as const,
    'Enrollment removed',
    'Cedar High',
    null,
  ],
])('names %j %s', (given, label, from, to) => {
  expect(toPlannedChange({ ...change, ...given })).toMatchObject({ label, from, to });
});

it('shows any stored value as text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('grade', 'status_rule', 'phones'), (to, field) => {
      expect(toPlannedChange({ ...change, field, to }).to ?? '').not.toContain('[object');
    }),
  );
});
