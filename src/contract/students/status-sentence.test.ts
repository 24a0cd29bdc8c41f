import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { propertyRuns } from '../../../sandbox/property-runs.ts';
import { statusLabels } from '../../enrollment/enrollment-status.ts';
import { statusOfRule } from '../../enrollment/status-decision.ts';
import { statusRules, uncountedReasons } from './students.ts';
import {
  changeSentence,
  notKnownSentence,
  staleNote,
  type StatusEnrollment,
  type StatusFacts,
  statusReason,
} from './status-sentence.ts';

const enrollment: StatusEnrollment = {
  schoolName: 'Cypress Creek High School',
  schoolYear: 2026,
  startDate: '2025-08-13',
  lastDay: '2026-02-11',
  withdrawalDate: '2026-02-12',
  isClosedWithYear: false,
  code: '80',
  codeDescription: 'Moved in state',
};

const facts = (given: Partial<StatusFacts>): StatusFacts => ({
  status: given.rule ? statusOfRule[given.rule] : 'INACTIVE',
  rule: 'withdrawn',
  enrollment,
  uncounted: [],
  manual: null,
  decidedOn: '2026-11-29',
  ...given,
});

const open = { lastDay: null, withdrawalDate: null, code: null, codeDescription: null };

describe('the reason of a status', () => {
  it.each<[string, Partial<StatusFacts>]>([
    [
      'Inactive: withdrew Feb 12, 2026 from Cypress Creek High School (code 80, moved in state). No current or upcoming enrollment.',
      { rule: 'withdrawn' },
    ],
    [
      'Inactive: withdrew Feb 11, 2026 from Cypress Creek High School (code 80, moved in state). No current or upcoming enrollment.',
      { rule: 'withdrawn', decidedOn: '2026-02-11' },
    ],
    [
      'Inactive: the enrollment at Cypress Creek High School ended Feb 11, 2026. No current or upcoming enrollment.',
      { rule: 'withdrawn', enrollment: { ...enrollment, withdrawalDate: null, code: null } },
    ],
    [
      'Inactive: the 2025–26 enrollment at Cypress Creek High School ended with the school year. No current or upcoming enrollment.',
      {
        rule: 'withdrawn',
        enrollment: { ...enrollment, ...open, lastDay: '2026-06-30', isClosedWithYear: true },
      },
    ],
    [
      'Pre-Enrolled: starts Dec 2, 2026 at Mockingbird Middle School.',
      {
        rule: 'future-without-past',
        enrollment: {
          ...enrollment,
          ...open,
          startDate: '2026-12-02',
          schoolName: 'Mockingbird Middle School',
        },
      },
    ],
    [
      'Enrolled: at Cypress Creek High School since Aug 13, 2025.',
      { rule: 'current-enrollment', enrollment: { ...enrollment, ...open } },
    ],
    [
      'Enrolled: at Cypress Creek High School since Aug 13, 2025, until Dec 18, 2026 (code 80).',
      {
        rule: 'current-enrollment',
        enrollment: { ...enrollment, lastDay: '2026-12-18', codeDescription: null },
      },
    ],
    [
      'Enrolled: between two enrollments, returns Jan 5, 2027 to Cypress Creek High School.',
      {
        rule: 'future-with-past',
        enrollment: { ...enrollment, ...open, startDate: '2027-01-05' },
      },
    ],
    [
      'Graduated: left Cypress Creek High School on Feb 12, 2026 (code 01, Texas High School Program). No current or upcoming enrollment.',
      {
        rule: 'graduated',
        enrollment: {
          ...enrollment,
          code: ' 01 ',
          codeDescription: 'Texas High School Program',
        },
      },
    ],
    [
      'Graduated: left Cypress Creek High School on Feb 12, 2026 (code 80, moved in state). No current or upcoming enrollment. Kept, because that is more than a year ago and nothing newer is in Skyward.',
      { rule: 'graduated', decidedOn: '2027-02-13' },
    ],
    ['Inactive: no enrollment in Skyward.', { rule: 'no-enrollment', enrollment: null }],
    [
      'Inactive: the only enrollment is not counted: it is only for courses at another campus.',
      { rule: 'no-enrollment', enrollment: null, uncounted: ['cecs'] },
    ],
    [
      'Inactive: none of 2 enrollments is counted.',
      { rule: 'no-enrollment', enrollment: null, uncounted: ['cecs', 'not-retrieved'] },
    ],
    [
      'Transferred: set manually by Jordan Avery, since Oct 5, 2026 (moved to Austin).',
      {
        status: 'TRANSFERRED',
        rule: null,
        manual: { since: '2026-10-05', setBy: 'Jordan Avery', reason: 'moved to Austin' },
      },
    ],
    ['Transferred: set manually.', { status: 'TRANSFERRED', rule: null }],
  ])('is: %s', (sentence, given) => {
    expect(statusReason(facts(given))).toBe(sentence);
  });

  const day = fc.constantFrom('2025-08-13', '2026-02-12', '2026-11-29', '2027-05-27');
  const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value);
  const anyFacts: fc.Arbitrary<StatusFacts> = fc.record({
    status: fc.constantFrom('PRE_ENROLLED', 'ENROLLED', 'TRANSFERRED', 'INACTIVE'),
    rule: maybe(fc.constantFrom(...statusRules)),
    enrollment: maybe(
      fc.record({
        schoolName: maybe(fc.constant('Lakeview High')),
        schoolYear: fc.constant(2027),
        startDate: maybe(day),
        lastDay: maybe(day),
        withdrawalDate: maybe(day),
        isClosedWithYear: fc.boolean(),
        code: fc.constantFrom(null, '', ' ', '01', '80'),
        codeDescription: fc.constantFrom(null, '', '80', 'Moved in state'),
      }),
    ),
    uncounted: fc.array(fc.constantFrom(...uncountedReasons), { maxLength: 3 }),
    manual: maybe(
      fc.record({ since: day, setBy: fc.constant('A B'), reason: maybe(fc.constant('x')) }),
    ),
    decidedOn: maybe(day),
  });

  it('exists for every decision, whatever is missing', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const sentence = statusReason(given);
        expect(sentence).toMatch(new RegExp(`^${statusLabels[given.status]}: \\S.*\\.$`));
        expect(sentence).not.toMatch(/undefined|null|NaN|\d{4}-\d\d|\(\)|\.\.| {2}| [.,]/);
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});

describe('the next change', () => {
  const change = { from: 'PRE_ENROLLED', to: 'ENROLLED', on: '2026-12-02' } as const;

  it('names both statuses and the date, or says that there is none', () => {
    expect(changeSentence(change)).toBe('Pre-Enrolled → Enrolled on Dec 2, 2026.');
    expect(changeSentence(null)).toBe('No change is scheduled.');
  });

  it('is noted as due if its date has passed since the status was determined', () => {
    const decidedOn = '2026-11-29';
    expect(staleNote({ decidedOn, change }, '2026-11-29')).toBeNull();
    expect(staleNote({ decidedOn, change }, '2026-12-01')).toBe('Status as of Nov 29, 2026.');
    expect(staleNote({ decidedOn, change }, '2026-12-02')).toBe(
      'Status as of Nov 29, 2026. The next import changes it to Enrolled.',
    );
    expect(staleNote({ decidedOn: null, change: null }, '2026-12-02')).toBeNull();
  });
});

it('a school year without enrollments is not known yet', () => {
  expect(notKnownSentence(2028)).toBe('Not known yet: 2027–28 enrollments are not in Skyward.');
});
