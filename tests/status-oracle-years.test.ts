/** Tests of the oracle with manually determined examples: closed years, the past year and the next school year. */
import { describe } from 'vitest';

import { checkExamples, decision, lastYear, nextYearRow, row } from './builders/oracle-examples.ts';

describe('closed years', () => {
  checkExamples([
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
  checkExamples([
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

describe('the next school year', () => {
  checkExamples([
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
      'returning: a new student of the next year has not left',
      { today: '2027-06-15', nextYear: 'returning' },
      [nextYearRow(1)],
      decision('future-without-past', 1, '2027-08-11'),
    ],
    [
      'returning: 12 April is 45 days before the calendar end on 27 May, within the limit',
      { today: '2027-06-15', nextYear: 'returning' },
      [row(1, { endDate: '2027-04-12', calendarEndDate: '2027-05-27' }), nextYearRow(2)],
      decision('future-with-past', 2, null),
    ],
    [
      'returning: 11 April is 46 days before it, so this student had left',
      { today: '2027-06-15', nextYear: 'returning' },
      [row(1, { endDate: '2027-04-11', calendarEndDate: '2027-05-27' }), nextYearRow(2)],
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
      'returning: a student withdrawn with a code on the last day had left',
      { today: '2027-06-15', nextYear: 'returning' },
      [
        row(1, { endDate: '2027-05-27', withdrawalCode: '80', calendarEndDate: '2027-05-27' }),
        nextYearRow(2),
      ],
      decision('withdrawn', 1, '2027-08-11', { 2: 'not-retrieved' }),
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
      'returning: a CECS row does not say that the student left, or was there',
      { today: '2027-06-15', nextYear: 'returning' },
      [row(1, { endDate: '2027-05-27', withdrawalCode: 'CECS' }), nextYearRow(2)],
      decision('future-without-past', 2, '2027-08-11', { 1: 'cecs' }),
    ],
    [
      'returning: a past row that is too old says nothing: the student is new',
      { today: '2027-05-29', nextYear: 'returning' },
      [lastYear(1, { endDate: '2026-05-28', withdrawalCode: '80' }), nextYearRow(2)],
      decision('future-without-past', 2, '2027-08-11', { 1: 'not-retrieved' }),
    ],
    [
      'returning: a student in effect has not left, and returns in the forecast of the summer',
      { today: '2027-05-20', nextYear: 'returning' },
      [row(1, { endDate: '2027-05-27' }), nextYearRow(2)],
      decision('current-enrollment', 1, null),
    ],
    [
      'current: the same student is inactive from the first day of the summer',
      { today: '2027-05-20' },
      [row(1, { endDate: '2027-05-27' }), nextYearRow(2)],
      decision('current-enrollment', 1, '2027-05-28', { 2: 'not-retrieved' }),
    ],
    [
      'returning: an open row of a closed year ended with it, so the student returns; a year later, as a new one',
      { today: '2027-06-15', schoolYear: 2028, nextYear: 'returning' },
      [
        row(1, { calendarEndDate: '2027-05-27' }),
        row(2, { schoolYear: 2029, startDate: '2028-08-16' }),
      ],
      decision('future-with-past', 2, '2028-05-28'),
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
