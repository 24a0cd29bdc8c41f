import { describe, expect, it } from 'vitest';

import type { Enrollment } from './enrollment.ts';
import { findStatusHorizon } from './status-horizon.ts';
import { defaultStatusRules } from './status-settings.ts';

const date = (text: string) => Temporal.PlainDate.from(text);

const row = (given: Partial<Enrollment>): Enrollment => ({
  id: 1,
  entityId: 401,
  schoolYear: 2027,
  startDate: date('2026-08-12'),
  endDate: null,
  withdrawalDate: null,
  withdrawalCode: null,
  isDefaultEntity: true,
  calendarEndDate: null,
  isNoShow: null,
  enrolledAtLeastOneDay: null,
  ...given,
});

function horizon(rows: readonly Enrollment[], today = '2026-11-23', schoolYear = 2027) {
  const { knownFrom, unknownFrom } = findStatusHorizon(
    rows,
    date(today),
    schoolYear,
    defaultStatusRules,
  );
  return [knownFrom.toString(), unknownFrom?.toString() ?? null];
}

describe('the status is known', () => {
  it('from the first enrollment, or from today for a student who starts later', () => {
    expect(horizon([row({ startDate: date('2026-08-12') })])[0]).toBe('2026-08-12');
    expect(horizon([row({ startDate: date('2027-01-05') })])[0]).toBe('2026-11-23');
    expect(horizon([])[0]).toBe('2026-11-23');
  });

  it('until the next school year, of which Skyward has no enrollment', () => {
    expect(horizon([row({})])[1]).toBe('2027-07-01');
    expect(horizon([row({})], '2027-07-15')[1]).toBe('2027-07-16');
  });

  it('until the school year turns, if the last school day was entered beforehand', () => {
    const yearEnd = row({ endDate: date('2027-05-27') });
    // What is known then is that the enrollment ends, and not yet what follows.
    expect(horizon([yearEnd])[1]).toBe('2027-07-01');
    expect(horizon([yearEnd], '2027-06-10')[1]).toBe('2027-07-01');
  });

  it('on all days, if the next school year has an enrollment', () => {
    const next = row({ id: 2, schoolYear: 2028, startDate: date('2027-08-11') });
    expect(horizon([row({}), next])[1]).toBeNull();
  });

  it.each<[string, Partial<Enrollment>]>([
    ['withdrew', { withdrawalDate: date('2026-10-02'), withdrawalCode: '80' }],
    ['will withdraw', { withdrawalDate: date('2027-05-20'), withdrawalCode: '80' }],
    ['leaves long before the end of the school year', { endDate: date('2027-01-29') }],
    ['graduates', { endDate: date('2027-05-27'), withdrawalCode: '01' }],
  ])('on all days, if the student %s', (_, given) => {
    expect(horizon([row(given)])[1]).toBeNull();
  });

  it('regardless of enrollments that are never counted', () => {
    const course = row({ id: 2, withdrawalCode: 'CECS', schoolYear: 2028 });
    expect(horizon([row({}), course])[1]).toBe('2027-07-01');
  });
});
