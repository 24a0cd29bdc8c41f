/** Tests of the oracle with manually determined examples: the deciding enrollment, and a district's imports. */
import { describe, expect, it } from 'vitest';

import {
  checkExamples,
  decide,
  decision,
  lastYear,
  nextYearRow,
  row,
} from './builders/oracle-examples.ts';
import { type ExpectedStatus, expectedStatuses, type OracleEnrollment } from './status-oracle.ts';

describe('which enrollment decides', () => {
  checkExamples([
    [
      'of two in effect the default entity, although the other started later',
      {},
      [row(1), row(2, { startDate: '2026-09-01', isDefaultEntity: false })],
      decision('current-enrollment', 1, null),
    ],
    [
      'of two in effect in default entities the later start',
      {},
      [row(1, { startDate: '2026-09-01' }), row(2)],
      decision('current-enrollment', 1, null),
    ],
    [
      'of two equal ones in effect the higher id, as a number',
      {},
      [row(9), row(10)],
      decision('current-enrollment', 10, null),
    ],
    [
      'of two future ones the earlier, although the other is in the default entity',
      {},
      [
        row(1, { startDate: '2027-01-12' }),
        row(2, { startDate: '2027-01-11', isDefaultEntity: false }),
      ],
      decision('future-without-past', 2, '2027-01-11'),
    ],
    [
      'of two future ones on one day the default entity, then the higher id',
      {},
      [
        row(1, { startDate: '2027-01-11' }),
        row(2, { startDate: '2027-01-11' }),
        row(3, { startDate: '2027-01-11', isDefaultEntity: false }),
      ],
      decision('future-without-past', 2, '2027-01-11'),
    ],
    [
      'of two past the later last day, although the other was withdrawn later and is therefore retrieved longer',
      {},
      [
        row(1, { endDate: '2026-10-02', withdrawalDate: '2026-10-20', withdrawalCode: '80' }),
        row(2, { endDate: '2026-10-09', withdrawalDate: '2026-10-12', withdrawalCode: '01' }),
      ],
      decision('graduated', 2, '2027-10-13'),
    ],
    [
      'of two past with one last day the later start, although the other is in the default entity',
      {},
      [
        row(1, { endDate: '2026-10-09', withdrawalCode: '80' }),
        row(2, {
          startDate: '2026-09-01',
          endDate: '2026-10-09',
          withdrawalCode: '01',
          isDefaultEntity: false,
        }),
      ],
      decision('graduated', 2, null),
    ],
    [
      'of two past with the same days the default entity, although the other has the higher id',
      {},
      [
        row(1, { endDate: '2026-10-09', withdrawalCode: '01' }),
        row(2, { endDate: '2026-10-09', withdrawalCode: '80', isDefaultEntity: false }),
      ],
      decision('graduated', 1, null),
    ],
    [
      'of two equal past ones the higher id',
      {},
      [
        row(1, { endDate: '2026-10-09', withdrawalCode: '80' }),
        row(2, { endDate: '2026-10-09', withdrawalCode: '01' }),
      ],
      decision('graduated', 2, null),
    ],
    [
      'a row in effect in another entity that is not CECS keeps a graduate enrolled',
      {},
      [row(1, { endDate: '2026-11-20', withdrawalCode: '01' }), row(2, { isDefaultEntity: false })],
      decision('current-enrollment', 2, null),
    ],
    [
      'uncounted rows are listed by ascending id, each with its first reason',
      {},
      [
        row(11, { withdrawalCode: 'CECS' }),
        row(2, { startDate: '' }),
        row(9, { isNoShow: true }),
        nextYearRow(10),
        row(1),
      ],
      decision('current-enrollment', 1, null, {
        2: 'unreadable-date',
        9: 'never-effective',
        10: 'not-retrieved',
        11: 'cecs',
      }),
    ],
    ['without any enrollment nothing decides', {}, [], decision('no-enrollment', null, null)],
  ]);
});

it('does not guess the meaning of an invalid end', () => {
  expect(() => decide({}, row(1, { endDate: '2026-02-30' }))).toThrow('Enrollment 1, endDate');
});

describe('a district', () => {
  const graduate = lastYear(1, { endDate: '2026-05-28', withdrawalCode: '01' });

  /** Returns the expected status on a day, by default the first on which the graduate's row is too old. */
  function findExpected(
    enrollments: readonly OracleEnrollment[],
    published?: ExpectedStatus,
    today = '2027-05-29',
  ) {
    const district = { today, schoolYear: 2027, students: [{ studentId: 5, enrollments }] };
    const before = new Map<number, ExpectedStatus>(published === undefined ? [] : [[5, published]]);
    return expectedStatuses(district, before).get(5);
  }

  it.each<
    [string, readonly OracleEnrollment[], ExpectedStatus | undefined, ExpectedStatus, boolean]
  >([
    [
      'a graduate stays one when the row becomes too old',
      [graduate],
      'GRADUATED',
      'GRADUATED',
      false,
    ],
    ['a withdrawn student stays inactive', [graduate], 'INACTIVE', 'INACTIVE', false],
    [
      'additional rows that never counted change nothing',
      [
        graduate,
        row(2, { withdrawalCode: 'CECS' }),
        row(3, { endDate: '2026-08-11' }),
        nextYearRow(4),
      ],
      'GRADUATED',
      'GRADUATED',
      false,
    ],
    ['a student with only too old rows is not created', [graduate], undefined, 'INACTIVE', false],
    [
      'an enrolled student did not age: the rows were corrected',
      [graduate],
      'ENROLLED',
      'INACTIVE',
      false,
    ],
    [
      'a pre-enrolled student who is canceled did not age',
      [graduate, row(2, { startDate: '2027-08-01', endDate: '2027-07-31' })],
      'PRE_ENROLLED',
      'INACTIVE',
      false,
    ],
    [
      'an old CECS row did not count before, so no status is kept',
      [lastYear(1, { endDate: '2026-05-28', withdrawalCode: 'CECS' })],
      'GRADUATED',
      'INACTIVE',
      false,
    ],
    [
      'an old row that was never effective did not count either',
      [lastYear(1, { endDate: '2025-08-12', withdrawalCode: '01' })],
      'GRADUATED',
      'INACTIVE',
      false,
    ],
    [
      'a graduation that became a CECS row no longer counts',
      [row(1, { withdrawalCode: 'CECS' })],
      'GRADUATED',
      'INACTIVE',
      false,
    ],
    ['without rows nothing has aged', [], 'GRADUATED', 'INACTIVE', false],
    [
      'a counted row decides, whatever was published',
      [graduate, row(2, { endDate: '2026-12-18', withdrawalCode: '80' })],
      'GRADUATED',
      'INACTIVE',
      true,
    ],
    ['a graduate who comes back is enrolled', [graduate, row(2)], 'GRADUATED', 'ENROLLED', true],
    ['a new student counts', [row(1)], undefined, 'ENROLLED', true],
    [
      'a new student with only CECS is not created',
      [row(1, { withdrawalCode: 'CECS' })],
      undefined,
      'INACTIVE',
      false,
    ],
    [
      'a new student who was never effective is not created',
      [row(1, { isNoShow: true })],
      undefined,
      'INACTIVE',
      false,
    ],
    [
      'a new student of the next school year is not created before it starts',
      [nextYearRow(1)],
      undefined,
      'INACTIVE',
      false,
    ],
  ])('%s', (_title, enrollments, published, status, counts) => {
    expect(findExpected(enrollments, published)).toEqual({ status, counts });
  });

  it('includes the last day of the window: the row still counts', () => {
    expect(findExpected([graduate], 'INACTIVE', '2027-05-28')).toEqual({
      status: 'GRADUATED',
      counts: true,
    });
  });

  it.each([
    ['before it began, the flag says nothing of it', '2026-08-11', true],
    ['on its last day, it does not either', '2026-08-20', true],
    ['when it was over, it never took effect', '2026-08-21', false],
  ])('applies computed values to the day of reading: read %s', (_reading, readOn, counts) => {
    const enrollments = [row(1, { endDate: '2026-08-20', enrolledAtLeastOneDay: false })];
    const students = [{ studentId: 5, enrollments, readOn }];
    const district = { today: '2026-11-23', schoolYear: 2027, students };
    expect(expectedStatuses(district, new Map()).get(5)?.counts).toBe(counts);
  });

  it('creates a new student of the next school year with the setting all', () => {
    const students = [{ studentId: 5, enrollments: [nextYearRow(1)] }];
    const district = { today: '2027-05-29', schoolYear: 2027, students };
    expect(expectedStatuses(district, new Map(), 'all').get(5)).toEqual({
      status: 'PRE_ENROLLED',
      counts: true,
    });
  });
});
