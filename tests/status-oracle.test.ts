/** Tests of the oracle with manually determined examples; each title gives the reason. */
import { describe, expect, it } from 'vitest';
import {
  expectedDecision,
  expectedStatuses,
  type ExpectedStatus,
  type NextYear,
  type OracleDecision,
  type OracleEnrollment,
  type OracleReason,
} from './status-oracle.ts';

/** Returns an enrollment of the school year 2027, by default open since the first school day. */
function row(id: number, facts: Partial<OracleEnrollment> = {}): OracleEnrollment {
  return {
    id,
    schoolYear: 2027,
    startDate: '2026-08-12',
    endDate: null,
    withdrawalDate: null,
    withdrawalCode: null,
    isDefaultEntity: true,
    calendarEndDate: null,
    ...facts,
  };
}

/** The date, by default with the school year 2027 and the setting `current`. */
interface Day {
  readonly today?: string;
  readonly schoolYear?: number;
  readonly nextYear?: NextYear;
}

function decide(day: Day, ...enrollments: OracleEnrollment[]): OracleDecision {
  const question = { today: '2026-11-23', schoolYear: 2027, nextYear: 'current', ...day } as const;
  return expectedDecision(enrollments, question);
}

type Outcome = OracleDecision['rule'];
const statusOf: Record<Outcome, OracleDecision['status']> = {
  'current-enrollment': 'ENROLLED',
  'future-without-past': 'PRE_ENROLLED',
  'future-with-past': 'ENROLLED',
  graduated: 'GRADUATED',
  withdrawn: 'INACTIVE',
  'no-enrollment': 'INACTIVE',
};

/** Returns a decision: rule, deciding enrollment, next change, and uncounted enrollments. */
function decision(
  rule: Outcome,
  decidedBy: number | null,
  changesOn: string | null,
  leftOut: Record<number, OracleReason> = {},
): OracleDecision {
  return {
    status: statusOf[rule],
    rule,
    decidedBy,
    leftOut: Object.entries(leftOut).map(([id, reason]) => ({ id: Number(id), reason })),
    changesOn,
  };
}

type Example = readonly [
  title: string,
  day: Day,
  enrollments: readonly OracleEnrollment[],
  expected: OracleDecision,
];

/** Checks examples in both orders, since the order of enrollments must not matter. */
function examples(list: readonly Example[]): void {
  it.each(list)('%s', (_title, day, enrollments, expected) => {
    expect(decide(day, ...enrollments)).toEqual(expected);
    expect(decide(day, ...enrollments.toReversed())).toEqual(expected);
  });
}

describe('the examples in the rules', () => {
  examples([
    [
      'an open enrollment that has started is current; CECS is not counted',
      {},
      [row(7), row(3, { withdrawalCode: 'CECS', endDate: '2027-05-27' })],
      decision('current-enrollment', 7, null, { 3: 'cecs' }),
    ],
    [
      'during winter break a transfer is past from the day after the last day, before the withdrawal date',
      { today: '2026-12-28' },
      [
        row(1, { endDate: '2026-12-18', withdrawalDate: '2027-01-05', withdrawalCode: 'TR' }),
        row(2, { startDate: '2027-01-05' }),
      ],
      decision('future-with-past', 2, null),
    ],
    [
      '0001-01-01 is no end date, so the enrollment is open',
      {},
      [row(1, { endDate: '0001-01-01T00:00:00' })],
      decision('current-enrollment', 1, null),
    ],
    [
      'withdrawn before the entered end date: past since the day before the withdrawal',
      {},
      [row(1, { endDate: '2027-05-27', withdrawalDate: '2026-10-02', withdrawalCode: '80' })],
      decision('withdrawn', 1, null),
    ],
    [
      'a no-show of one day is not past, so the student is future',
      {},
      [
        row(1, { endDate: '2026-08-12', withdrawalDate: '2026-08-12', isNoShow: true }),
        row(2, { startDate: '2027-01-11' }),
      ],
      decision('future-without-past', 2, '2027-01-11', { 1: 'never-effective' }),
    ],
    [
      'not enrolled for even one day and over: not past either',
      {},
      [
        row(1, {
          endDate: '2026-08-12',
          withdrawalDate: '2026-08-12',
          enrolledAtLeastOneDay: false,
        }),
        row(2, { startDate: '2027-01-11' }),
      ],
      decision('future-without-past', 2, '2027-01-11', { 1: 'never-effective' }),
    ],
    [
      'the same with neither flag: a row of one day was in effect that day, so it is past',
      {},
      [
        row(1, { endDate: '2026-08-12', withdrawalDate: '2026-08-12' }),
        row(2, { startDate: '2027-01-11' }),
      ],
      decision('future-with-past', 2, null),
    ],
    [
      'with a future withdrawal date the student is enrolled through the day before it',
      {},
      [row(1, { withdrawalDate: '2026-11-24', withdrawalCode: '80' })],
      decision('current-enrollment', 1, '2026-11-24'),
    ],
    [
      'future after a past enrollment is enrolled, even if the past one has the graduation code',
      {},
      [
        row(1, { endDate: '2026-11-03', withdrawalCode: '01' }),
        row(2, { startDate: '2026-12-23' }),
      ],
      decision('future-with-past', 2, null),
    ],
    [
      'an ended CECS row does not count as past for a future one',
      {},
      [
        row(1, { endDate: '2026-11-03', withdrawalCode: 'CECS' }),
        row(2, { startDate: '2026-12-23' }),
      ],
      decision('future-without-past', 2, '2026-12-23', { 1: 'cecs' }),
    ],
    [
      'a CECS row in effect does not hide a graduation',
      {},
      [row(1, { endDate: '2026-11-13', withdrawalCode: '01' }), row(2, { withdrawalCode: 'CECS' })],
      decision('graduated', 1, null, { 2: 'cecs' }),
    ],
    [
      'the most recent of two past rows carries 01: graduated',
      {},
      [
        row(1, { endDate: '2026-09-11', withdrawalCode: '80' }),
        row(2, { endDate: '2026-11-18', withdrawalCode: '01' }),
      ],
      decision('graduated', 2, null),
    ],
    [
      'the most recent of two past rows carries 80, an older one 01: inactive',
      {},
      [
        row(1, { endDate: '2026-09-11', withdrawalCode: '01' }),
        row(2, { endDate: '2026-11-18', withdrawalCode: '80' }),
      ],
      decision('withdrawn', 2, null),
    ],
    [
      'a CECS row is not the most recent past row, however recent',
      {},
      [
        row(1, { endDate: '2026-09-11', withdrawalCode: '01' }),
        row(2, { endDate: '2026-11-18', withdrawalCode: 'CECS' }),
      ],
      decision('graduated', 1, null, { 2: 'cecs' }),
    ],
    [
      'withdrawn thirteen months ago is not counted, so the student is new',
      {},
      [
        row(1, { schoolYear: 2026, startDate: '2025-08-13', endDate: '2025-10-23' }),
        row(2, { startDate: '2026-12-23' }),
      ],
      decision('future-without-past', 2, '2026-12-23', { 1: 'not-retrieved' }),
    ],
    [
      'a status change on one day: the new row is in effect',
      {},
      [
        row(1, { endDate: '2026-11-22', withdrawalCode: '33' }),
        row(2, { startDate: '2026-11-23' }),
      ],
      decision('current-enrollment', 2, null),
    ],
  ]);
});

describe('the code', () => {
  examples([
    [
      'spaces around 01 are trimmed',
      {},
      [row(1, { endDate: '2026-11-20', withdrawalCode: ' 01 ' })],
      decision('graduated', 1, null),
    ],
    [
      '1 is not 01',
      {},
      [row(1, { endDate: '2026-11-20', withdrawalCode: '1' })],
      decision('withdrawn', 1, null),
    ],
    [
      '001 is not 01',
      {},
      [row(1, { endDate: '2026-11-20', withdrawalCode: '001' })],
      decision('withdrawn', 1, null),
    ],
    [
      'without a code there is no graduation',
      {},
      [row(1, { endDate: '2026-11-20' })],
      decision('withdrawn', 1, null),
    ],
    [
      'cecs is recognized in any case and with spaces',
      {},
      [row(1, { withdrawalCode: ' Cecs' })],
      decision('no-enrollment', null, null, { 1: 'cecs' }),
    ],
    [
      'CECS2 is another code',
      {},
      [row(1, { withdrawalCode: 'CECS2' })],
      decision('current-enrollment', 1, null),
    ],
    [
      'a code does not matter while the row is in effect: 01 with a last day tomorrow is enrolled, then graduated',
      {},
      [row(1, { endDate: '2026-11-24', withdrawalCode: '01' })],
      decision('current-enrollment', 1, '2026-11-25'),
    ],
    [
      'the reason for a CECS row that was never effective is that',
      {},
      [row(1, { endDate: '2026-08-11', withdrawalCode: 'CECS' })],
      decision('no-enrollment', null, null, { 1: 'never-effective' }),
    ],
    [
      'the reason for a CECS row before the window is that it is not retrieved',
      {},
      [row(1, { schoolYear: 2025, startDate: '2024-08-14', withdrawalCode: 'CECS' })],
      decision('no-enrollment', null, null, { 1: 'not-retrieved' }),
    ],
  ]);
});

describe('the days of an enrollment', () => {
  examples([
    [
      'starts today: the first day counts',
      {},
      [row(1, { startDate: '2026-11-23' })],
      decision('current-enrollment', 1, null),
    ],
    [
      'starts tomorrow: future, and enrolled from tomorrow',
      {},
      [row(1, { startDate: '2026-11-24' })],
      decision('future-without-past', 1, '2026-11-24'),
    ],
    [
      'ends today: the last day counts',
      {},
      [row(1, { endDate: '2026-11-23' })],
      decision('current-enrollment', 1, '2026-11-24'),
    ],
    [
      'ended yesterday: over',
      {},
      [row(1, { endDate: '2026-11-22' })],
      decision('withdrawn', 1, null),
    ],
    [
      'withdrawal date today and no end date: yesterday was the last day',
      {},
      [row(1, { withdrawalDate: '2026-11-23' })],
      decision('withdrawn', 1, null),
    ],
    [
      'withdrawal date and end date both today: the end date is the last day, so enrolled',
      {},
      [row(1, { endDate: '2026-11-23', withdrawalDate: '2026-11-23' })],
      decision('current-enrollment', 1, '2026-11-24'),
    ],
    [
      'withdrawal date today, end date tomorrow: the withdrawal date ends the row earlier, so past',
      {},
      [row(1, { endDate: '2026-11-24', withdrawalDate: '2026-11-23' })],
      decision('withdrawn', 1, null),
    ],
    [
      'end date today, withdrawal date next week: today is still the last day',
      {},
      [row(1, { endDate: '2026-11-23', withdrawalDate: '2026-11-30' })],
      decision('current-enrollment', 1, '2026-11-24'),
    ],
    [
      'a row of one day, which is today',
      {},
      [row(1, { startDate: '2026-11-23', endDate: '2026-11-23' })],
      decision('current-enrollment', 1, '2026-11-24'),
    ],
    [
      'only a withdrawal date, equal to the start: not one day',
      {},
      [row(1, { withdrawalDate: '2026-08-12', withdrawalCode: '01' })],
      decision('no-enrollment', null, null, { 1: 'never-effective' }),
    ],
    [
      'only a withdrawal date, the day after the start: one day, so past',
      {},
      [row(1, { withdrawalDate: '2026-08-13', withdrawalCode: '01' })],
      decision('graduated', 1, null),
    ],
    [
      'withdrawn on the start date with the end of the year entered: no day remains',
      {},
      [row(1, { endDate: '2027-05-27', withdrawalDate: '2026-08-12' })],
      decision('no-enrollment', null, null, { 1: 'never-effective' }),
    ],
    [
      'the end date is the day before the start: canceled',
      {},
      [row(1, { endDate: '2026-08-11' })],
      decision('no-enrollment', null, null, { 1: 'never-effective' }),
    ],
    [
      'a canceled future row is not future',
      {},
      [row(1, { startDate: '2027-01-11', withdrawalDate: '2027-01-11' })],
      decision('no-enrollment', null, null, { 1: 'never-effective' }),
    ],
    [
      'the last day is the last of a year: the change is on New Year',
      {},
      [row(1, { endDate: '2026-12-31' })],
      decision('current-enrollment', 1, '2027-01-01'),
    ],
    [
      'the last day is 28 February of a leap year: the change is on the 29th',
      { today: '2028-02-01', schoolYear: 2028 },
      [row(1, { schoolYear: 2028, startDate: '2027-08-11', endDate: '2028-02-28' })],
      decision('current-enrollment', 1, '2028-02-29'),
    ],
    [
      'the last day is 28 February of another year: the change is on 1 March',
      {},
      [row(1, { endDate: '2027-02-28' })],
      decision('current-enrollment', 1, '2027-03-01'),
    ],
    [
      'withdrawn on 1 March of a leap year: 29 February is the last day',
      { today: '2028-02-29', schoolYear: 2028 },
      [row(1, { schoolYear: 2028, startDate: '2027-08-11', withdrawalDate: '2028-03-01' })],
      decision('current-enrollment', 1, '2028-03-01'),
    ],
    [
      'a time and a zone are cut off, not shifted: late in the evening of today is today',
      {},
      [row(1, { startDate: '2026-11-23T23:30:00-06:00' })],
      decision('current-enrollment', 1, null),
    ],
    [
      'a time and a zone are cut off, not shifted: midnight of tomorrow is tomorrow',
      {},
      [row(1, { startDate: '2026-11-24T00:00:00Z' })],
      decision('future-without-past', 1, '2026-11-24'),
    ],
  ]);
});

describe('placeholder dates', () => {
  examples([
    [
      '1979-12-31 is no end, so the row is open',
      {},
      [row(1, { endDate: '1979-12-31', withdrawalDate: '0001-01-01' })],
      decision('current-enrollment', 1, null),
    ],
    [
      '1980-01-01 is a day that can be meant, and lies before the start',
      {},
      [row(1, { endDate: '1980-01-01' })],
      decision('no-enrollment', null, null, { 1: 'never-effective' }),
    ],
    [
      '2900-12-31 is an end, so a row of an earlier year is in effect until then',
      {},
      [row(1, { schoolYear: 2026, startDate: '2025-08-13', endDate: '2900-12-31' })],
      decision('current-enrollment', 1, null),
    ],
    [
      '2901-01-01 is no end, so a row of an earlier year ended with its year',
      {},
      [row(1, { schoolYear: 2026, startDate: '2025-08-13', endDate: '2901-01-01' })],
      decision('withdrawn', 1, null),
    ],
    [
      'with a placeholder as end date, the withdrawal date alone ends the row',
      {},
      [row(1, { endDate: '9999-12-31', withdrawalDate: '2026-11-24' })],
      decision('current-enrollment', 1, '2026-11-24'),
    ],
    [
      'a placeholder as withdrawal date does not end the row; the end date is also the withdrawal date',
      { today: '2027-11-23', schoolYear: 2028 },
      [row(1, { endDate: '2026-11-23', withdrawalDate: '1900-01-01', withdrawalCode: '01' })],
      decision('graduated', 1, null),
    ],
    [
      'a calendar end of 9999-12-31 does not count: the closed row ended on 30 June',
      { today: '2026-06-30' },
      [
        row(1, {
          schoolYear: 2026,
          startDate: '2025-08-13',
          calendarEndDate: '9999-12-31T00:00:00',
        }),
      ],
      decision('current-enrollment', 1, '2026-07-01'),
    ],
    [
      'a start date that is a placeholder, empty, missing or not in the calendar is unreadable',
      {},
      [
        row(1, { startDate: '0001-01-01' }),
        row(2, { startDate: '1979-12-31' }),
        row(3, { startDate: '2901-01-01' }),
        row(4, { startDate: '' }),
        row(5, { startDate: null }),
        row(6, { startDate: '2026-02-29' }),
        row(7, { startDate: '12-AUG-2026' }),
      ],
      decision('no-enrollment', null, null, {
        1: 'unreadable-date',
        2: 'unreadable-date',
        3: 'unreadable-date',
        4: 'unreadable-date',
        5: 'unreadable-date',
        6: 'unreadable-date',
        7: 'unreadable-date',
      }),
    ],
    [
      '1980-01-01 is a start, and 29 February of a leap year too',
      { today: '2028-03-01', schoolYear: 2028 },
      [
        row(1, { schoolYear: 2028, startDate: '1980-01-01' }),
        row(2, { schoolYear: 2028, startDate: '2028-02-29' }),
      ],
      decision('current-enrollment', 2, null),
    ],
    [
      'a start on 2900-12-31 is future, beyond the forecast',
      {},
      [row(1, { startDate: '2900-12-31' })],
      decision('future-without-past', 1, null),
    ],
    [
      'an unreadable start comes before every other reason',
      {},
      [row(1, { startDate: '1900-01-01', isNoShow: true, withdrawalCode: 'CECS' })],
      decision('no-enrollment', null, null, { 1: 'unreadable-date' }),
    ],
  ]);
});

describe('no-shows', () => {
  examples([
    [
      'a future no-show does not count',
      {},
      [row(1, { startDate: '2027-01-11', isNoShow: true })],
      decision('no-enrollment', null, null, { 1: 'never-effective' }),
    ],
    [
      'a no-show whose row is open is not enrolled',
      {},
      [row(1, { isNoShow: true })],
      decision('no-enrollment', null, null, { 1: 'never-effective' }),
    ],
    [
      'not enrolled for a day yet does not matter for a future row',
      {},
      [row(1, { startDate: '2027-01-11', enrolledAtLeastOneDay: false })],
      decision('future-without-past', 1, '2027-01-11'),
    ],
    [
      'not enrolled for a day yet does not matter for a row that starts today',
      {},
      [row(1, { startDate: '2026-11-23', enrolledAtLeastOneDay: false })],
      decision('current-enrollment', 1, null),
    ],
    [
      'nor for a row that ends today, nor in the forecast of the next day: then it is past',
      {},
      [row(1, { startDate: '2026-11-23', endDate: '2026-11-23', enrolledAtLeastOneDay: false })],
      decision('current-enrollment', 1, '2026-11-24'),
    ],
    [
      'but for a row that ended yesterday',
      {},
      [
        row(1, {
          startDate: '2026-11-16',
          endDate: '2026-11-22',
          withdrawalCode: '01',
          enrolledAtLeastOneDay: false,
        }),
      ],
      decision('no-enrollment', null, null, { 1: 'never-effective' }),
    ],
    [
      'ended, with a future withdrawal date, is past',
      {},
      [
        row(1, {
          startDate: '2026-11-20',
          endDate: '2026-11-20',
          withdrawalDate: '2026-11-30',
          enrolledAtLeastOneDay: false,
        }),
      ],
      decision('no-enrollment', null, null, { 1: 'never-effective' }),
    ],
    [
      'a row of a closed year is past, so the flag counts although the row has no end',
      {},
      [row(1, { schoolYear: 2026, startDate: '2025-08-13', enrolledAtLeastOneDay: false })],
      decision('no-enrollment', null, null, { 1: 'never-effective' }),
    ],
    [
      'enrolled for a day, or unknown, and not a no-show: nothing changes',
      {},
      [
        row(1, { endDate: '2026-09-11', isNoShow: false, enrolledAtLeastOneDay: true }),
        row(2, { endDate: '2026-10-09', isNoShow: null, enrolledAtLeastOneDay: null }),
      ],
      decision('withdrawn', 2, null),
    ],
  ]);
});

/** Returns an open row of the school year 2026, with a calendar end. */
const lastYear = (id: number, facts: Partial<OracleEnrollment> = {}) =>
  row(id, { schoolYear: 2026, startDate: '2025-08-13', ...facts });

describe('closed years', () => {
  examples([
    [
      'the calendar end of an earlier year is the last day',
      { today: '2026-05-28' },
      [lastYear(1, { calendarEndDate: '2026-05-28' })],
      decision('current-enrollment', 1, '2026-05-29'),
    ],
    [
      'the day after it the row is past, so the summer before a future row is enrolled',
      { today: '2026-05-29' },
      [lastYear(1, { calendarEndDate: '2026-05-28' }), row(2)],
      decision('future-with-past', 2, null),
    ],
    [
      'without a known calendar end the row is in effect on 30 June',
      { today: '2026-06-30' },
      [lastYear(1)],
      decision('current-enrollment', 1, '2026-07-01'),
    ],
    [
      'without a known calendar end the row is past on 1 July',
      { today: '2026-07-01' },
      [lastYear(1)],
      decision('withdrawn', 1, null),
    ],
    [
      'a summer row that starts after the calendar end lasts until 30 June',
      { today: '2026-06-15' },
      [lastYear(1, { startDate: '2026-06-03', calendarEndDate: '2026-05-28' })],
      decision('current-enrollment', 1, '2026-07-01'),
    ],
    [
      'a row that starts on the calendar end has that one day',
      { today: '2026-05-29' },
      [lastYear(1, { startDate: '2026-05-28', calendarEndDate: '2026-05-28' })],
      decision('withdrawn', 1, null),
    ],
    [
      'a row that starts after 30 June has the one day on which it starts',
      { today: '2026-07-06' },
      [lastYear(1, { startDate: '2026-07-06', calendarEndDate: '2026-05-28' })],
      decision('current-enrollment', 1, '2026-07-07'),
    ],
    [
      'before that day it is future but of an earlier year, which is not retrieved',
      { today: '2026-07-01' },
      [lastYear(1, { startDate: '2026-07-06', calendarEndDate: '2026-05-28' })],
      decision('no-enrollment', null, '2026-07-06', { 1: 'not-retrieved' }),
    ],
    [
      'the current year is not closed, even after its calendar end',
      { today: '2027-07-15' },
      [row(1, { calendarEndDate: '2027-05-27' })],
      decision('current-enrollment', 1, null),
    ],
    [
      'the day that closed the year is also the withdrawal date: retrieved for a year',
      { today: '2027-05-28' },
      [lastYear(1, { calendarEndDate: '2026-05-28' })],
      decision('withdrawn', 1, null),
    ],
    [
      'and not retrieved on the day after that year',
      { today: '2027-05-29' },
      [lastYear(1, { calendarEndDate: '2026-05-28' })],
      decision('no-enrollment', null, null, { 1: 'not-retrieved' }),
    ],
    [
      'a row of an earlier year that was ended is not closed by its calendar',
      {},
      [lastYear(1, { endDate: '2026-12-18', calendarEndDate: '2026-05-28' })],
      decision('current-enrollment', 1, '2026-12-19'),
    ],
  ]);
});

describe('the window of a year', () => {
  examples([
    [
      'withdrawn exactly a year ago is retrieved, although the last day is older',
      {},
      [lastYear(1, { endDate: '2025-11-14', withdrawalDate: '2025-11-23', withdrawalCode: '01' })],
      decision('graduated', 1, null),
    ],
    [
      'withdrawn a year and a day ago is not',
      {},
      [lastYear(1, { endDate: '2025-11-14', withdrawalDate: '2025-11-22', withdrawalCode: '01' })],
      decision('no-enrollment', null, null, { 1: 'not-retrieved' }),
    ],
    [
      'on 29 February the year started on 28 February',
      { today: '2028-02-29', schoolYear: 2028 },
      [row(1, { endDate: '2027-02-28' }), row(2, { endDate: '2027-02-27' })],
      decision('withdrawn', 1, null, { 2: 'not-retrieved' }),
    ],
    [
      'on 28 February after a leap year, 29 February is less than a year ago',
      { today: '2029-02-28', schoolYear: 2029 },
      [
        row(1, { schoolYear: 2028, startDate: '2027-08-11', endDate: '2028-02-29' }),
        row(2, { schoolYear: 2028, startDate: '2027-08-11', endDate: '2028-02-27' }),
      ],
      decision('withdrawn', 1, null, { 2: 'not-retrieved' }),
    ],
    [
      'on 1 March after a leap year, 29 February is more than a year ago',
      { today: '2029-03-01', schoolYear: 2029 },
      [row(1, { schoolYear: 2028, startDate: '2027-08-11', endDate: '2028-02-29' })],
      decision('no-enrollment', null, null, { 1: 'not-retrieved' }),
    ],
    [
      'a senior is graduated the day after the last day, weeks before the withdrawal date',
      { today: '2027-05-28' },
      [row(1, { endDate: '2027-05-27', withdrawalDate: '2027-08-11', withdrawalCode: '01' })],
      decision('graduated', 1, null),
    ],
    [
      'a row of an earlier year is current while it is in effect',
      {},
      [lastYear(1, { endDate: '2026-11-23' })],
      decision('current-enrollment', 1, '2026-11-24'),
    ],
    [
      'the past row becomes too old before the next one starts: pre-enrolled from that day',
      {},
      [lastYear(1, { endDate: '2025-11-30' }), row(2, { startDate: '2026-12-15' })],
      decision('future-with-past', 2, '2026-12-01'),
    ],
    [
      'a graduate whose row becomes too old does not change',
      { today: '2027-05-28' },
      [lastYear(1, { endDate: '2026-05-28', withdrawalCode: '01' })],
      decision('graduated', 1, null),
    ],
    [
      'but changes by returning after weeks without a row',
      {},
      [
        lastYear(1, { endDate: '2026-05-28', withdrawalCode: '01' }),
        row(2, { schoolYear: 2028, startDate: '2027-08-11' }),
      ],
      decision('graduated', 1, '2027-08-11', { 2: 'not-retrieved' }),
    ],
    [
      'an older uncounted row does not remove the graduation',
      {},
      [
        lastYear(1, { endDate: '2026-05-28', withdrawalCode: '01' }),
        row(2, { schoolYear: 2025, startDate: '2024-08-14', endDate: '2025-05-29' }),
      ],
      decision('graduated', 1, null, { 2: 'not-retrieved' }),
    ],
  ]);
});

/** Returns a row of the school year 2028, from its first day on. */
const nextYearRow = (id: number, facts: Partial<OracleEnrollment> = {}) =>
  row(id, { schoolYear: 2028, startDate: '2027-08-11', ...facts });

describe('the next school year', () => {
  examples([
    [
      'current: a row of the next year is not retrieved until it starts',
      { today: '2027-06-15' },
      [row(1, { endDate: '2027-05-27' }), nextYearRow(2)],
      decision('withdrawn', 1, '2027-08-11', { 2: 'not-retrieved' }),
    ],
    [
      'current: on its first day it is in effect, regardless of its year',
      { today: '2027-08-11' },
      [nextYearRow(1)],
      decision('current-enrollment', 1, null),
    ],
    [
      'all: a new student of the next year is pre-enrolled',
      { today: '2027-06-15', nextYear: 'all' },
      [nextYearRow(1)],
      decision('future-without-past', 1, '2027-08-11'),
    ],
    [
      'all: the year after the next is not retrieved',
      { today: '2027-06-15', nextYear: 'all' },
      [row(1, { schoolYear: 2029, startDate: '2028-08-16' })],
      decision('no-enrollment', null, '2028-08-16', { 1: 'not-retrieved' }),
    ],
    [
      'returning: a new student of the next year is not retrieved',
      { today: '2027-06-15', nextYear: 'returning' },
      [nextYearRow(1)],
      decision('no-enrollment', null, '2027-08-11', { 1: 'not-retrieved' }),
    ],
    [
      'returning: 12 April is 45 days before the calendar end on 27 May, within the limit',
      { today: '2027-06-15', nextYear: 'returning' },
      [
        row(1, { endDate: '2027-04-12', withdrawalCode: '80', calendarEndDate: '2027-05-27' }),
        nextYearRow(2),
      ],
      decision('future-with-past', 2, null),
    ],
    [
      'returning: 11 April is 46 days before it, so this student had left',
      { today: '2027-06-15', nextYear: 'returning' },
      [
        row(1, { endDate: '2027-04-11', withdrawalCode: '80', calendarEndDate: '2027-05-27' }),
        nextYearRow(2),
      ],
      decision('withdrawn', 1, '2027-08-11', { 2: 'not-retrieved' }),
    ],
    [
      'returning: without a known calendar end, 16 April is 45 days before 31 May',
      { today: '2027-06-15', nextYear: 'returning' },
      [row(1, { endDate: '2027-04-16' }), nextYearRow(2)],
      decision('future-with-past', 2, null),
    ],
    [
      'returning: and 15 April is 46 days before it',
      { today: '2027-06-15', nextYear: 'returning' },
      [row(1, { endDate: '2027-04-15', calendarEndDate: '0001-01-01' }), nextYearRow(2)],
      decision('withdrawn', 1, '2027-08-11', { 2: 'not-retrieved' }),
    ],
    [
      'returning: a student who ended after the calendar end, in summer school, stayed to the end',
      { today: '2027-07-15', nextYear: 'returning' },
      [
        row(1, { startDate: '2027-06-07', endDate: '2027-07-02', calendarEndDate: '2027-05-27' }),
        nextYearRow(2),
      ],
      decision('future-with-past', 2, null),
    ],
    [
      'returning: a graduate does not return',
      { today: '2027-06-15', nextYear: 'returning' },
      [row(1, { endDate: '2027-05-27', withdrawalCode: '01' }), nextYearRow(2)],
      decision('graduated', 1, '2027-08-11', { 2: 'not-retrieved' }),
    ],
    [
      'returning: the most recent past row decides, not another that has no graduation code',
      { today: '2027-06-15', nextYear: 'returning' },
      [
        row(1, { endDate: '2027-05-20', withdrawalCode: '80' }),
        row(2, { endDate: '2027-05-27', withdrawalCode: '01' }),
        nextYearRow(3),
      ],
      decision('graduated', 2, '2027-08-11', { 3: 'not-retrieved' }),
    ],
    [
      'returning: a CECS row until the last day does not count as staying',
      { today: '2027-06-15', nextYear: 'returning' },
      [row(1, { endDate: '2027-05-27', withdrawalCode: 'CECS' }), nextYearRow(2)],
      decision('no-enrollment', null, '2027-08-11', { 1: 'cecs', 2: 'not-retrieved' }),
    ],
    [
      'returning: a past row that is too old does not count as staying',
      { today: '2027-05-29', nextYear: 'returning' },
      [lastYear(1, { endDate: '2026-05-28' }), nextYearRow(2)],
      decision('no-enrollment', null, '2027-08-11', { 1: 'not-retrieved', 2: 'not-retrieved' }),
    ],
    [
      'returning: a student in effect has no past yet, and returns in the forecast of the summer',
      { today: '2027-05-20', nextYear: 'returning' },
      [row(1, { endDate: '2027-05-27' }), nextYearRow(2)],
      decision('current-enrollment', 1, null, { 2: 'not-retrieved' }),
    ],
    [
      'current: the same student is inactive from the first day of the summer',
      { today: '2027-05-20' },
      [row(1, { endDate: '2027-05-27' }), nextYearRow(2)],
      decision('current-enrollment', 1, '2027-05-28', { 2: 'not-retrieved' }),
    ],
    [
      'returning: an open row of a closed year ended with it, so the student returns; from 28 May no row counts, no change',
      { today: '2027-06-15', schoolYear: 2028, nextYear: 'returning' },
      [
        row(1, { calendarEndDate: '2027-05-27' }),
        row(2, { schoolYear: 2029, startDate: '2028-08-16' }),
      ],
      decision('future-with-past', 2, null),
    ],
    [
      'all: a CECS row of the next year is uncounted as CECS',
      { today: '2027-06-15', nextYear: 'all' },
      [nextYearRow(1, { withdrawalCode: 'CECS' })],
      decision('no-enrollment', null, null, { 1: 'cecs' }),
    ],
    [
      'current: a CECS row of the next year is not even retrieved',
      { today: '2027-06-15' },
      [nextYearRow(1, { withdrawalCode: 'CECS' })],
      decision('no-enrollment', null, null, { 1: 'not-retrieved' }),
    ],
  ]);
});

describe('which enrollment decides', () => {
  examples([
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
