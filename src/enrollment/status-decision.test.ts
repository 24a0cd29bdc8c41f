/** The status rules as tables: test vectors, the decision table, and edge cases. */
import { describe, expect, it } from 'vitest';
import {
  buildEnrollment,
  type EnrollmentOverrides,
} from '../../tests/builders/enrollment-builder.ts';
import { decideStatus, retainedDecision } from './status-decision.ts';
import { defaultStatusRules, type StatusRules } from './status-settings.ts';

const T = Temporal.PlainDate.from('2026-11-23');
const onDay = (days: number): string => T.add({ days }).toString();

function decide(
  rows: readonly EnrollmentOverrides[],
  {
    today = T.toString(),
    schoolYear = 2027,
    rules = {},
  }: { today?: string; schoolYear?: number; rules?: Partial<StatusRules> } = {},
) {
  const decision = decideStatus(
    rows.map((overrides, index) => buildEnrollment({ id: index + 1, ...overrides })),
    Temporal.PlainDate.from(today),
    schoolYear,
    { ...defaultStatusRules, ...rules },
  );
  return {
    ...decision,
    changesOn: decision.changesOn?.toString() ?? null,
    sameThrough: decision.sameThrough?.toString() ?? null,
  };
}

const cecs = { withdrawalCode: 'CECS', isDefaultEntity: false, entityId: 402 };
const ended = (days: number, withdrawalCode: string | null): EnrollmentOverrides => ({
  startDate: '2025-08-13',
  schoolYear: days < -150 ? 2026 : 2027,
  endDate: onDay(days),
  withdrawalCode,
});

type Vector = readonly [
  name: string,
  rows: readonly EnrollmentOverrides[],
  dayBefore: string,
  today: string,
  dayAfter: string,
];

const vectors: readonly Vector[] = [
  ['1 open since before T', [{}], 'ENROLLED', 'ENROLLED', 'ENROLLED'],
  ['2 starts on T', [{ startDate: onDay(0) }], 'PRE_ENROLLED', 'ENROLLED', 'ENROLLED'],
  ['3 withdrawal date ahead', [{ withdrawalDate: onDay(9) }], 'ENROLLED', 'ENROLLED', 'ENROLLED'],
  ['3a withdrawal date is T', [{ withdrawalDate: onDay(0) }], 'ENROLLED', 'INACTIVE', 'INACTIVE'],
  ['3b end date is T', [{ endDate: onDay(0) }], 'ENROLLED', 'ENROLLED', 'INACTIVE'],
  [
    '3c end date and, the day after, withdrawal date',
    [{ endDate: onDay(0), withdrawalDate: onDay(1), withdrawalCode: '01' }],
    'ENROLLED',
    'ENROLLED',
    'GRADUATED',
  ],
  ['4 only T+30', [{ startDate: onDay(30) }], 'PRE_ENROLLED', 'PRE_ENROLLED', 'PRE_ENROLLED'],
  [
    '5 T+30, and over since T-20 with 01',
    [{ startDate: onDay(30) }, ended(-20, '01')],
    'ENROLLED',
    'ENROLLED',
    'ENROLLED',
  ],
  [
    '5a T+30, and over since T-20 with no code',
    [{ startDate: onDay(30) }, ended(-20, null)],
    'ENROLLED',
    'ENROLLED',
    'ENROLLED',
  ],
  [
    '6 T+30, and CECS over since T-20',
    [{ startDate: onDay(30) }, { ...ended(-20, null), ...cecs }],
    'PRE_ENROLLED',
    'PRE_ENROLLED',
    'PRE_ENROLLED',
  ],
  [
    '7 CECS in effect, home row over since T-10 with 01',
    [{ ...cecs }, ended(-10, '01')],
    'GRADUATED',
    'GRADUATED',
    'GRADUATED',
  ],
  ['8 CECS and home row in effect', [{ ...cecs }, {}], 'ENROLLED', 'ENROLLED', 'ENROLLED'],
  [
    '9 latest past 01, older 80',
    [ended(-5, '01'), ended(-40, '80')],
    'GRADUATED',
    'GRADUATED',
    'GRADUATED',
  ],
  [
    '9 swapped: latest past 80, older 01',
    [ended(-5, '80'), ended(-40, '01')],
    'INACTIVE',
    'INACTIVE',
    'INACTIVE',
  ],
  [
    '10 newest past is CECS, home row older with 01',
    [{ ...ended(-3, null), ...cecs }, ended(-40, '01')],
    'GRADUATED',
    'GRADUATED',
    'GRADUATED',
  ],
  ['11 code 1', [ended(-5, '1')], 'INACTIVE', 'INACTIVE', 'INACTIVE'],
  ['11 code 001', [ended(-5, '001')], 'INACTIVE', 'INACTIVE', 'INACTIVE'],
  ['11 code 01 in blanks', [ended(-5, ' 01 ')], 'GRADUATED', 'GRADUATED', 'GRADUATED'],
  [
    '12 withdrew 13 months ago, starts T+30',
    [
      { startDate: '2025-08-13', schoolYear: 2026, withdrawalDate: '2025-10-23' },
      { startDate: onDay(30) },
    ],
    'PRE_ENROLLED',
    'PRE_ENROLLED',
    'PRE_ENROLLED',
  ],
  [
    '13 withdrew exactly one year ago',
    [
      {
        startDate: '2025-08-13',
        schoolYear: 2026,
        withdrawalDate: '2025-11-23',
        withdrawalCode: '01',
      },
    ],
    'GRADUATED',
    'GRADUATED',
    'INACTIVE',
  ],
  [
    '14 status change: 33 through T-1, new row from T',
    [
      { endDate: onDay(-1), withdrawalDate: onDay(0), withdrawalCode: '33' },
      { startDate: onDay(0) },
    ],
    'ENROLLED',
    'ENROLLED',
    'ENROLLED',
  ],
  [
    '14a status change: 33 through T, new row from T',
    [{ endDate: onDay(0), withdrawalCode: '33' }, { startDate: onDay(0) }],
    'ENROLLED',
    'ENROLLED',
    'ENROLLED',
  ],
  [
    '15 two entities in effect',
    [{}, { entityId: 402, isDefaultEntity: false }],
    'ENROLLED',
    'ENROLLED',
    'ENROLLED',
  ],
  [
    '16 back on T after graduating',
    [ended(-30, '01'), { startDate: onDay(0) }],
    'ENROLLED',
    'ENROLLED',
    'ENROLLED',
  ],
  [
    '16a back on T after leaving more than a year ago',
    [
      { startDate: '2024-08-13', schoolYear: 2025, endDate: '2025-03-01', withdrawalCode: '80' },
      { startDate: onDay(0) },
    ],
    'PRE_ENROLLED',
    'ENROLLED',
    'ENROLLED',
  ],
];

describe('the test vectors', () => {
  it.each(vectors)('%s', (_name, rows, dayBefore, today, dayAfter) => {
    expect([-1, 0, 1].map((days) => decide(rows, { today: onDay(days) }).status)).toEqual([
      dayBefore,
      today,
      dayAfter,
    ]);
  });

  it('8: school and grade come from the home enrollment, not from the CECS row', () => {
    const rows = [buildEnrollment({ id: 1, ...cecs }), buildEnrollment({ id: 2 })];
    expect(decideStatus(rows, T, 2027).decidedBy).toBe(2);
  });

  it('16: the date of return is changesOn while the student is still away', () => {
    const away = decide([ended(-30, '80'), { startDate: onDay(5), schoolYear: 2028 }], {
      rules: { nextSchoolYear: 'all' },
    });
    expect(away).toMatchObject({ status: 'ENROLLED', rule: 'future-with-past', changesOn: null });
  });
});

describe('R37 to R41: the decision table', () => {
  const current = {};
  const future = { startDate: onDay(30) };
  it.each([
    ['current alone', [current], 'ENROLLED', 'current-enrollment', 1],
    [
      'current with all others',
      [ended(-9, '01'), future, current],
      'ENROLLED',
      'current-enrollment',
      3,
    ],
    ['future alone', [future], 'PRE_ENROLLED', 'future-without-past', 1],
    ['future and past', [ended(-9, '01'), future], 'ENROLLED', 'future-with-past', 2],
    ['past with 01', [ended(-9, '01')], 'GRADUATED', 'graduated', 1],
    ['past with another code', [ended(-9, '80')], 'INACTIVE', 'withdrawn', 1],
    ['past without a code', [ended(-9, null)], 'INACTIVE', 'withdrawn', 1],
    ['past with a blank code', [ended(-9, '  ')], 'INACTIVE', 'withdrawn', 1],
    ['nothing', [], 'INACTIVE', 'no-enrollment', null],
    ['only a CECS row', [cecs], 'INACTIVE', 'no-enrollment', null],
  ] as const)('%s', (_name, rows, status, rule, decidedBy) => {
    expect(decide(rows)).toMatchObject({ status, rule, decidedBy });
  });
});

describe('rule 1: the interval', () => {
  it.each([
    ['ended the day before it started', { startDate: onDay(0), endDate: onDay(-1) }],
    ['withdrawn on the day it started', { startDate: onDay(0), withdrawalDate: onDay(0) }],
    ['canceled before a later start', { startDate: onDay(9), endDate: onDay(2) }],
  ])('a row %s was never effective', (_name, row) => {
    expect(decide([row])).toMatchObject({
      rule: 'no-enrollment',
      uncounted: [{ id: 1, reason: 'never-effective' }],
      changesOn: null,
      sameThrough: null,
    });
  });

  it('a row of one day was effective on that day', () => {
    const rows = [{ startDate: onDay(0), endDate: onDay(0) }];
    expect(decide(rows)).toMatchObject({ status: 'ENROLLED', changesOn: onDay(1) });
  });

  it('a no-show with 01 is no graduation', () => {
    const noShow = { startDate: onDay(-2), endDate: onDay(-3), withdrawalCode: '01' };
    expect(decide([ended(-9, '80'), noShow])).toMatchObject({ status: 'INACTIVE', decidedBy: 1 });
  });

  it.each([3, 18, 75])(
    'is over from the day after its end date, %i days before it is withdrawn',
    (gap) => {
      const row = { endDate: onDay(-1), withdrawalDate: onDay(gap), withdrawalCode: '01' };
      const past = { status: 'GRADUATED', rule: 'graduated', uncounted: [], changesOn: null };
      expect(decide([row], { today: onDay(-1) })).toMatchObject({
        status: 'ENROLLED',
        changesOn: onDay(0),
      });
      for (const day of [0, 1, gap - 1, gap, gap + 1]) {
        expect(decide([row], { today: onDay(day) })).toMatchObject(past);
      }
      const back = { startDate: onDay(gap) };
      expect(decide([row, back])).toMatchObject({ rule: 'future-with-past', changesOn: null });
    },
  );

  it('a withdrawal date before the end date ends the row on the day before', () => {
    const row = { endDate: onDay(90), withdrawalDate: onDay(0), withdrawalCode: '80' };
    expect(decide([row], { today: onDay(-1) })).toMatchObject({
      status: 'ENROLLED',
      changesOn: onDay(0),
    });
    expect(decide([row])).toMatchObject({ status: 'INACTIVE', rule: 'withdrawn', decidedBy: 1 });
    expect(decide([{ ...row, withdrawalDate: row.endDate }]).changesOn).toBe(onDay(91));
    expect(decide([{ ...row, withdrawalDate: '2026-08-12' }]).uncounted).toEqual([
      { id: 1, reason: 'never-effective' },
    ]);
  });

  it.each([
    ['is a no-show', { isNoShow: true }],
    ['ended without a day of attendance', { endDate: onDay(-1), enrolledAtLeastOneDay: false }],
  ])('a row that %s was never effective', (_what, row) => {
    expect(decide([{ withdrawalCode: '01', ...row }])).toMatchObject({
      rule: 'no-enrollment',
      uncounted: [{ id: 1, reason: 'never-effective' }],
      changesOn: null,
    });
  });

  it('no day of attendance is ignored for a row that had not ended when it was read', () => {
    const open = { enrolledAtLeastOneDay: false };
    const toCome = { ...open, startDate: onDay(5), endDate: onDay(9) };
    expect(decide([{ ...open, endDate: onDay(0) }])).toMatchObject({
      status: 'ENROLLED',
      changesOn: onDay(1),
    });
    expect(decide([open])).toMatchObject({ status: 'ENROLLED', changesOn: null });
    expect(decide([toCome])).toMatchObject({ status: 'PRE_ENROLLED', changesOn: onDay(5) });
    // The same row, read before it started and evaluated after it ended.
    const rows = [buildEnrollment(toCome)];
    expect(decideStatus(rows, T.add({ days: 20 }), 2027, defaultStatusRules, T).rule).toBe(
      'withdrawn',
    );
    expect(decideStatus(rows, T.add({ days: 20 }), 2027).rule).toBe('no-enrollment');
  });

  it.each(['0001-01-01', '1753-01-01', '1979-12-31', '2901-01-01', '9999-12-31'])(
    'treats %s as no date',
    (noDate) => {
      const nothing = { endDate: noDate, withdrawalDate: noDate, calendarEndDate: noDate };
      expect(decide([nothing])).toMatchObject({ status: 'ENROLLED', changesOn: null });
      expect(decide([{ ...nothing, endDate: onDay(-1) }]).rule).toBe('withdrawn');
      expect(decide([{ ...nothing, withdrawalDate: onDay(1) }]).changesOn).toBe(onDay(1));
      expect(
        decide([{ ...nothing, schoolYear: 2026, startDate: '2025-08-13' }], {
          today: '2026-07-01',
        }),
      ).toMatchObject({ rule: 'withdrawn', decidedBy: 1 });
      expect(decide([{ startDate: noDate }, {}])).toMatchObject({
        status: 'ENROLLED',
        decidedBy: 2,
        uncounted: [{ id: 1, reason: 'unreadable-date' }],
      });
    },
  );

  it.each(['1980-01-01', '2900-12-31'])('treats %s as a date', (date) => {
    expect(decide([{ startDate: date, schoolYear: 2027 }]).uncounted).toEqual([]);
  });

  it('a row without a start date is not counted, whatever its other values', () => {
    const row = { startDate: null, endDate: '2020-01-01', isNoShow: true, withdrawalCode: 'CECS' };
    expect(decide([row])).toMatchObject({
      rule: 'no-enrollment',
      uncounted: [{ id: 1, reason: 'unreadable-date' }],
    });
  });

  it('returns only the first of several reasons for not counting a row', () => {
    const rows = [
      { startDate: '2020-01-02', endDate: '2020-01-01', withdrawalCode: 'CECS' },
      { startDate: '2020-01-02', endDate: '2020-02-01', withdrawalCode: 'CECS' },
    ];
    expect(decide(rows).uncounted).toEqual([
      { id: 1, reason: 'never-effective' },
      { id: 2, reason: 'not-retrieved' },
    ]);
  });
});

describe('rule 2: closed years', () => {
  const unclosed = { schoolYear: 2026, startDate: '2025-08-13' };

  it('an earlier year that was never closed ended on June 30', () => {
    expect(decide([unclosed], { today: '2026-07-01' })).toMatchObject({
      rule: 'withdrawn',
      changesOn: null,
      sameThrough: '2027-06-30',
    });
    expect(decide([unclosed], { today: '2027-06-30' }).rule).toBe('withdrawn');
    expect(decide([unclosed], { today: '2027-07-01' }).rule).toBe('no-enrollment');
  });

  it('… or with its calendar, if that is known', () => {
    const row = { ...unclosed, calendarEndDate: '2026-05-29' };
    expect(decide([row], { today: '2026-05-30' }).rule).toBe('withdrawn');
    expect(decide([row], { today: '2027-05-29' }).rule).toBe('withdrawn');
    expect(decide([row], { today: '2027-05-30' }).rule).toBe('no-enrollment');
  });

  it('R39: it bridges the summer to the enrollment of the new year', () => {
    const rows = [unclosed, { startDate: '2026-08-12' }];
    expect(decide(rows, { today: '2026-07-15' })).toMatchObject({
      status: 'ENROLLED',
      rule: 'future-with-past',
      decidedBy: 2,
      changesOn: null,
      sameThrough: '2026-08-11',
    });
  });

  it('a row of the current year stays ongoing, regardless of its calendar', () => {
    expect(decide([{ calendarEndDate: onDay(-9) }]).status).toBe('ENROLLED');
  });

  it('a row with an end date keeps it', () => {
    const row = { ...unclosed, endDate: '2026-03-02', calendarEndDate: '2026-05-29' };
    expect(decide([row], { today: '2027-03-02' }).rule).toBe('withdrawn');
    expect(decide([row], { today: '2027-03-03' }).rule).toBe('no-enrollment');
  });

  it.each([
    ['after the end of its calendar ends on June 30', '2026-06-05', '2026-06-30'],
    ['after its year ends on the day on which it starts', '2026-07-20', '2026-07-20'],
  ])('one that started %s', (_what, startDate, last) => {
    const row = { ...unclosed, startDate, calendarEndDate: '2026-05-29' };
    const after = Temporal.PlainDate.from(last).add({ days: 1 });
    expect(decide([row], { today: last })).toMatchObject({
      status: 'ENROLLED',
      changesOn: after.toString(),
    });
    expect(decide([row], { today: after.toString() }).rule).toBe('withdrawn');
  });
});

describe('rule 3: the retrieval window (R32, R33)', () => {
  it.each([
    ['2025-11-23', '2026-11-23', true],
    ['2025-11-22', '2026-11-23', false],
    ['2027-02-28', '2028-02-28', true],
    ['2027-02-28', '2028-02-29', true],
    ['2027-02-27', '2028-02-29', false],
    ['2027-02-28', '2028-03-01', false],
    ['2028-02-29', '2029-02-28', true],
    ['2028-02-29', '2029-03-01', false],
    ['2028-02-28', '2029-02-28', true],
    ['2099-03-01', '2100-03-01', true],
    ['2099-12-31', '2100-12-31', true],
    ['2099-12-31', '2101-01-01', false],
  ])('withdrawn %s, asked on %s: %s', (endDate, today, isRetrieved) => {
    const row = { schoolYear: 2020, startDate: '2019-08-12', endDate };
    expect(decide([row], { today, schoolYear: 2030 }).uncounted).toEqual(
      isRetrieved ? [] : [{ id: 1, reason: 'not-retrieved' }],
    );
  });

  it.each([2020, 2026, 2028, 2035])('keeps a row in effect of the school year %i', (schoolYear) => {
    const row = { ...ended(1, '01'), schoolYear };
    expect(decide([row])).toMatchObject({ status: 'ENROLLED', changesOn: onDay(2) });
    expect(decide([row], { today: onDay(2) }).status).toBe('GRADUATED');
  });

  it.each([2026, 2029])(
    'does not count a row of the school year %i until it starts',
    (schoolYear) => {
      const row = { schoolYear, startDate: onDay(9) };
      const closed = { ...row, endDate: onDay(90) };
      expect(decide([closed])).toMatchObject({
        rule: 'no-enrollment',
        uncounted: [{ id: 1, reason: 'not-retrieved' }],
        changesOn: onDay(9),
      });
    },
  );

  it('counts the year from the withdrawal date, however long after the last day that is', () => {
    const row = { endDate: '2025-12-18', withdrawalDate: '2026-01-05', schoolYear: 2026 };
    const retrieved = { startDate: '2025-08-13', ...row };
    expect(decide([retrieved], { today: '2027-01-05' }).rule).toBe('withdrawn');
    expect(decide([retrieved], { today: '2027-01-06' }).rule).toBe('no-enrollment');
  });

  describe('(d) the next school year', () => {
    const next = { schoolYear: 2028, startDate: '2027-08-11' };
    const summer = '2027-06-20';
    const stayed = (endDate: string, overrides: EnrollmentOverrides = {}) => ({
      endDate,
      ...overrides,
    });
    const under = (
      nextSchoolYear: StatusRules['nextSchoolYear'],
      rows: readonly EnrollmentOverrides[],
      today = summer,
    ) => decide(rows, { today, rules: { nextSchoolYear } });

    it('`current` counts none of its rows before they start', () => {
      expect(under('current', [next]).uncounted).toEqual([{ id: 1, reason: 'not-retrieved' }]);
      expect(under('current', [stayed('2027-05-21'), next]).rule).toBe('withdrawn');
      expect(under('current', [next], '2027-08-11').status).toBe('ENROLLED');
      expect(under('current', [next]).changesOn).toBe('2027-08-11');
    });

    it('`all` counts all of them, and none of the year after', () => {
      expect(under('all', [next])).toMatchObject({
        status: 'PRE_ENROLLED',
        changesOn: '2027-08-11',
        uncounted: [],
      });
      expect(under('all', [{ schoolYear: 2029, startDate: '2028-08-11' }]).rule).toBe(
        'no-enrollment',
      );
      expect(under('all', [{ ...next, withdrawalCode: 'CECS' }]).uncounted).toEqual([
        { id: 1, reason: 'cecs' },
      ]);
    });

    it.each([
      ['stayed until the end', [stayed('2027-05-31')], true],
      ['ended 45 days before May 31', [stayed('2027-04-16')], true],
      ['ended 46 days before', [stayed('2027-04-15')], false],
      [
        'ended 45 days before the end of the calendar',
        [stayed('2027-04-06', { calendarEndDate: '2027-05-21' })],
        true,
      ],
      ['ended 46 days before it', [stayed('2027-04-05', { calendarEndDate: '2027-05-21' })], false],
      ['graduated', [stayed('2027-05-31', { withdrawalCode: '01' })], false],
      ['left on the last day', [stayed('2027-05-31', { withdrawalCode: '80' })], false],
      ['has a blank code', [stayed('2027-05-31', { withdrawalCode: ' ' })], true],
      ['stayed at another campus only', [stayed('2027-05-31', { withdrawalCode: 'CECS' })], true],
      ['never came', [stayed('2027-05-31', { isNoShow: true })], true],
      [
        'was there last year only',
        [stayed('2026-05-29', { schoolYear: 2026, startDate: '2025-08-13' })],
        true,
      ],
      [
        'left early after an earlier stay',
        [stayed('2026-10-02'), stayed('2027-06-04', { startDate: '2026-11-02' })],
        true,
      ],
      [
        'came to another campus and left',
        [
          stayed('2027-06-04'),
          stayed('2027-06-10', { startDate: '2027-06-07', withdrawalCode: '01' }),
        ],
        false,
      ],
      [
        'is still withdrawn in the coming days',
        [stayed('2027-06-18', { withdrawalDate: '2027-08-11' })],
        true,
      ],
    ] as const)('`returning`: of a student who %s: %s', (_what, rows, counts) => {
      const decision = under('returning', [...rows, next]);
      const reasons = decision.uncounted.filter(({ id }) => id === rows.length + 1);
      expect(reasons).toEqual(counts ? [] : [{ id: rows.length + 1, reason: 'not-retrieved' }]);
      expect(decision.status === 'ENROLLED' || decision.status === 'PRE_ENROLLED').toBe(counts);
    });

    it('`returning`: a new student is Pre-Enrolled', () => {
      expect(under('returning', [next])).toMatchObject({ status: 'PRE_ENROLLED', uncounted: [] });
    });

    it.each([
      ['YE', 'future-with-past'],
      ['80', 'withdrawn'],
      ['01', 'graduated'],
    ])(
      '`returning`: after a code after which students stay, but not after %s: %s',
      (code, rule) => {
        const rows = [stayed('2027-02-05', { withdrawalCode: code }), next];
        const rules = { nextSchoolYear: 'returning', stayingCodes: ['YE', '01'] } as const;
        expect(decide(rows, { today: '2027-06-15', rules }).rule).toBe(rule);
      },
    );

    it('`returning`: counts them until the student leaves', () => {
      const rows = [stayed('2027-05-21'), next];
      expect(under('returning', rows, '2027-05-21')).toMatchObject({
        rule: 'current-enrollment',
        uncounted: [],
        changesOn: null,
        sameThrough: '2027-05-21',
      });
      const leaves = [stayed('2027-05-21', { withdrawalCode: '80' }), next];
      expect(under('returning', leaves, '2027-05-21')).toMatchObject({
        rule: 'current-enrollment',
        changesOn: '2027-05-22',
      });
      expect(under('current', rows, '2027-05-21').changesOn).toBe('2027-05-22');
    });

    it('`returning`: a CECS row counts for nothing in either place', () => {
      const rows = [stayed('2027-05-21'), { ...next, withdrawalCode: 'CECS' }];
      expect(under('returning', rows)).toMatchObject({
        rule: 'withdrawn',
        uncounted: [{ id: 2, reason: 'cecs' }],
      });
    });
  });
});

describe('rule 4: CECS (R36)', () => {
  it.each(['CECS', 'cecs', ' Cecs ', '\tCECS\n'])('drops a row with the code %j', (code) => {
    expect(decide([{ withdrawalCode: code }]).uncounted).toEqual([{ id: 1, reason: 'cecs' }]);
  });

  it.each(['CEC', 'CECS1', 'C ECS', '', ' ', null])('keeps a row with the code %j', (code) => {
    expect(decide([{ withdrawalCode: code }])).toMatchObject({ status: 'ENROLLED', uncounted: [] });
  });

  it('the ignored and the graduation code are settings', () => {
    const rules = { ignoredCode: ' xc ', graduationCode: ' 1 ' };
    expect(decide([{ withdrawalCode: 'XC' }], { rules }).rule).toBe('no-enrollment');
    expect(decide([{ withdrawalCode: 'CECS' }], { rules }).rule).toBe('current-enrollment');
    expect(decide([ended(-3, '1')], { rules }).rule).toBe('graduated');
    expect(decide([ended(-3, '01')], { rules }).rule).toBe('withdrawn');
  });

  it('a blank setting matches no row, not even those without a code', () => {
    const rules = { ignoredCode: ' ', graduationCode: '' };
    expect(decide([{ withdrawalCode: ' ' }], { rules }).rule).toBe('current-enrollment');
    expect(decide([ended(-3, null)], { rules }).rule).toBe('withdrawn');
  });
});

describe('which row determines the status', () => {
  const twice = { startDate: '2026-08-12', endDate: onDay(-9) };
  const other = { entityId: 402, isDefaultEntity: false };
  it.each([
    ['current: default entity', [{}, { ...other, startDate: onDay(-1) }], 1],
    ['current: then latest start', [{}, { startDate: onDay(-9) }, {}], 2],
    ['current: then highest id', [{}, {}], 2],
    ['future: earliest start', [{ startDate: onDay(9) }, { ...other, startDate: onDay(8) }], 2],
    [
      'future: then default entity',
      [{ startDate: onDay(9) }, { ...other, startDate: onDay(9) }],
      1,
    ],
    ['future: then highest id', [{ startDate: onDay(9) }, { startDate: onDay(9) }], 2],
    ['past: latest last day', [{ ...twice, endDate: onDay(-8), ...other }, twice], 1],
    ['past: then latest start', [{ ...twice, startDate: '2026-09-01', ...other }, twice], 1],
    ['past: then default entity', [twice, { ...twice, ...other }], 1],
    ['past: then highest id', [twice, twice], 2],
  ])('%s', (_name, rows, decidedBy) => {
    expect(decide(rows).decidedBy).toBe(decidedBy);
    expect(
      decide(rows.map((row, index) => ({ id: index + 1, ...row })).toReversed()).decidedBy,
    ).toBe(decidedBy);
  });

  it('no row determines the status if none is counted', () => {
    expect(decide([cecs]).decidedBy).toBeNull();
  });
});

describe('the change dates', () => {
  it('an ongoing row never changes', () => {
    expect(decide([{}])).toMatchObject({ changesOn: null, sameThrough: null });
  });

  it('a change of reason only moves sameThrough, not changesOn', () => {
    const rows = [
      { startDate: '2025-08-13', schoolYear: 2026, endDate: onDay(-364) },
      { endDate: onDay(40) },
    ];
    expect(decide(rows)).toMatchObject({
      uncounted: [],
      sameThrough: onDay(1),
      changesOn: onDay(41),
    });
  });

  it('a day without counted rows is not a change, but a later day may be', () => {
    expect(decide([ended(-5, '01')])).toMatchObject({
      changesOn: null,
      sameThrough: '2027-11-18',
    });
    const later = { schoolYear: 2030, startDate: '2029-08-15' };
    expect(decide([ended(-5, '01'), later]).changesOn).toBe('2029-08-15');
    expect(
      decide([{ ...ended(-5, '01'), startDate: '2020-08-12', endDate: '2020-08-20' }, later]),
    ).toMatchObject({ rule: 'no-enrollment', changesOn: '2029-08-15' });
  });

  it('a past enrollment leaving the window is a change while another one is in the future', () => {
    const rows = [
      { startDate: '2025-08-13', schoolYear: 2026, endDate: onDay(-360) },
      { startDate: onDay(30) },
    ];
    expect(decide(rows)).toMatchObject({ status: 'ENROLLED', changesOn: onDay(6) });
    expect(decide(rows, { today: onDay(6) }).status).toBe('PRE_ENROLLED');
  });
});

describe('rule 5: the published status is retained when the rows leave the window', () => {
  const graduate = buildEnrollment({ ...ended(-5, '01'), id: 7 });
  const published = { status: 'GRADUATED', rule: 'graduated', decidedBy: 7 } as const;
  const lastDay = T.add({ days: -5 });
  const afterYear = lastDay.add({ years: 1, days: 1 });

  it('retains a graduate from the first day without counted rows', () => {
    const retainedOn = (today: Temporal.PlainDate) =>
      retainedDecision(published, [graduate], today, 2027, defaultStatusRules);
    expect(retainedOn(afterYear.subtract({ days: 1 }))).toBeUndefined();
    expect(retainedOn(afterYear)).toBe(published);
    expect(retainedOn(afterYear.add({ years: 10 }))).toBe(published);
  });

  it.each([
    ['the determining row is gone', []],
    ['it was never in effect', [{ ...graduate, isNoShow: true }]],
    ['it is of another campus', [{ ...graduate, withdrawalCode: 'CECS' }]],
    ['another row was the last', [graduate, { ...graduate, id: 9, endDate: T }]],
    ['another row counts', [graduate, buildEnrollment({ id: 9, startDate: '2027-08-11' })]],
  ])('not when %s', (_what, rows) => {
    expect(retainedDecision(published, rows, afterYear, 2027, defaultStatusRules)).toBeUndefined();
  });

  it('not if a setting excludes the row', () => {
    const next = buildEnrollment({ id: 7, schoolYear: 2028, startDate: '2027-08-11' });
    const preEnrolled = {
      status: 'PRE_ENROLLED',
      rule: 'future-without-past',
      decidedBy: 7,
    } as const;
    expect(retainedDecision(preEnrolled, [next], T, 2027, defaultStatusRules)).toBeUndefined();
  });

  it('returns the last result of the rules if the end of the row was missed', () => {
    const enrolled = { status: 'ENROLLED', rule: 'current-enrollment', decidedBy: 7 } as const;
    expect(retainedDecision(enrolled, [graduate], afterYear, 2027, defaultStatusRules)).toEqual(
      published,
    );
  });

  it('retains it under a changed setting', () => {
    const rules = { ...defaultStatusRules, graduationCode: '33' };
    expect(retainedDecision(published, [graduate], afterYear, 2027, rules)).toBe(published);
  });
});
