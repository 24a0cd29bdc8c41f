/** Tests of the oracle with manually determined examples: codes, days, placeholder dates and no-shows. */
import { describe } from 'vitest';

import { checkExamples, decision, row } from './builders/oracle-examples.ts';

describe('the examples in the rules', () => {
  checkExamples([
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
  checkExamples([
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
  checkExamples([
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
  checkExamples([
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
  checkExamples([
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
