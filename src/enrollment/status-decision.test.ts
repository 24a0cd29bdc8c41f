/** The status rules as tables: the page's test vectors, its decision table, and what it leaves open. */
import { describe, expect, it } from 'vitest';
import { anEnrollment, type EnrollmentWords } from './enrollment-builder.ts';
import { decideStatus, decidingEnrollment } from './status-decision.ts';
import { defaultStatusRules, type StatusRules } from './status-rules.ts';

const T = Temporal.PlainDate.from('2026-11-23');
const onDay = (days: number): string => T.add({ days }).toString();

function decide(
  rows: readonly EnrollmentWords[],
  {
    today = T.toString(),
    schoolYear = 2027,
    rules = {},
  }: { today?: string; schoolYear?: number; rules?: Partial<StatusRules> } = {},
) {
  const decision = decideStatus(
    rows.map((words, index) => anEnrollment({ id: index + 1, ...words })),
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
const ended = (days: number, withdrawalCode: string | null): EnrollmentWords => ({
  startDate: '2025-08-13',
  schoolYear: days < -150 ? 2026 : 2027,
  endDate: onDay(days),
  withdrawalCode,
});

type Vector = readonly [
  name: string,
  rows: readonly EnrollmentWords[],
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

describe('the test vectors of the page (1G)', () => {
  it.each(vectors)('%s', (_name, rows, dayBefore, today, dayAfter) => {
    expect([-1, 0, 1].map((days) => decide(rows, { today: onDay(days) }).status)).toEqual([
      dayBefore,
      today,
      dayAfter,
    ]);
  });

  it('8: building and grade come from the home row, not from the CECS row', () => {
    const rows = [anEnrollment({ id: 1, ...cecs }), anEnrollment({ id: 2 })];
    expect(decidingEnrollment(rows, decideStatus(rows, T, 2027))).toBe(rows[1]);
  });

  it('16: the day of return is announced while the student is still away', () => {
    const away = decide([ended(-30, '80'), { startDate: onDay(5), schoolYear: 2028 }], {
      rules: { includeUpcomingSchoolYear: true },
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
      'current beside all others',
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
    ['cancelled before a later start', { startDate: onDay(9), endDate: onDay(2) }],
  ])('a row %s was never effective', (_name, row) => {
    expect(decide([row])).toMatchObject({
      rule: 'no-enrollment',
      leftOut: [{ id: 1, reason: 'never-effective' }],
      changesOn: null,
      sameThrough: null,
    });
  });

  it('a row of one day was effective on that day', () => {
    const rows = [{ startDate: onDay(0), endDate: onDay(0) }];
    expect(decide(rows)).toMatchObject({ status: 'ENROLLED', changesOn: onDay(1) });
  });

  it('a no-show with 01 graduates nobody', () => {
    const noShow = { startDate: onDay(-2), endDate: onDay(-3), withdrawalCode: '01' };
    expect(decide([ended(-9, '80'), noShow])).toMatchObject({ status: 'INACTIVE', decidedBy: 1 });
  });

  it('the end date wins over the withdrawal date for the last day', () => {
    const row = { endDate: onDay(-2), withdrawalDate: onDay(0), withdrawalCode: '01' };
    expect(decide([row], { today: onDay(-2) }).status).toBe('ENROLLED');
    // Over, but not yet withdrawn: on this one day it is in neither set of retrieved rows.
    expect(decide([row], { today: onDay(-1) })).toMatchObject({
      rule: 'no-enrollment',
      changesOn: onDay(0),
    });
    expect(decide([row]).status).toBe('GRADUATED');
  });

  it('names only the first reason of a row that several would leave out', () => {
    const rows = [
      { startDate: '2020-01-02', endDate: '2020-01-01', withdrawalCode: 'CECS' },
      { startDate: '2020-01-02', endDate: '2020-02-01', withdrawalCode: 'CECS' },
    ];
    expect(decide(rows).leftOut).toEqual([
      { id: 1, reason: 'never-effective' },
      { id: 2, reason: 'not-retrieved' },
    ]);
  });
});

describe('rule 2: closed years', () => {
  const unclosed = { schoolYear: 2026, startDate: '2025-08-13' };

  it('an earlier year that nobody closed ended on 30 June', () => {
    expect(decide([unclosed], { today: '2026-07-01' })).toMatchObject({
      rule: 'withdrawn',
      changesOn: null,
      sameThrough: '2027-06-30',
    });
    expect(decide([unclosed], { today: '2027-06-30' }).rule).toBe('withdrawn');
    expect(decide([unclosed], { today: '2027-07-01' }).rule).toBe('no-enrollment');
  });

  it('… or with its calendar, where that is known', () => {
    const row = { ...unclosed, calendarEndDate: '2026-05-29' };
    expect(decide([row], { today: '2026-05-30' }).rule).toBe('withdrawn');
    expect(decide([row], { today: '2027-05-29' }).rule).toBe('withdrawn');
    expect(decide([row], { today: '2027-05-30' }).rule).toBe('no-enrollment');
  });

  it('R39: it bridges the summer to the row of the new year', () => {
    const rows = [unclosed, { startDate: '2026-08-12' }];
    expect(decide(rows, { today: '2026-07-15' })).toMatchObject({
      status: 'ENROLLED',
      rule: 'future-with-past',
      decidedBy: 2,
      changesOn: null,
      sameThrough: '2026-08-11',
    });
  });

  it('a row of the current year stays open, whatever its calendar says', () => {
    expect(decide([{ calendarEndDate: onDay(-9) }]).status).toBe('ENROLLED');
  });

  it('a row with an end date keeps it', () => {
    const row = { ...unclosed, endDate: '2026-03-02', calendarEndDate: '2026-05-29' };
    expect(decide([row], { today: '2027-03-02' }).rule).toBe('withdrawn');
    expect(decide([row], { today: '2027-03-03' }).rule).toBe('no-enrollment');
  });

  it('one that started after its year closed was never effective', () => {
    const row = { ...unclosed, startDate: '2026-07-20' };
    expect(decide([row]).leftOut).toEqual([{ id: 1, reason: 'never-effective' }]);
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
    expect(decide([row], { today, schoolYear: 2030 }).leftOut).toEqual(
      isRetrieved ? [] : [{ id: 1, reason: 'not-retrieved' }],
    );
  });

  it('leaves out a row of an earlier year that has not ended yet', () => {
    const row = { ...ended(1, '01'), schoolYear: 2026 };
    expect(decide([row])).toMatchObject({ rule: 'no-enrollment', changesOn: onDay(1) });
    // Withdrawn within the past year from its last day on, which is one more day in effect.
    expect(decide([row], { today: onDay(1) }).status).toBe('ENROLLED');
    expect(decide([row], { today: onDay(2) }).status).toBe('GRADUATED');
  });

  it('Q4: reads the upcoming school year only where the district says so', () => {
    const next = { schoolYear: 2028, startDate: '2027-08-11' };
    const afterNext = { schoolYear: 2029, startDate: '2028-08-11' };
    const rules = { includeUpcomingSchoolYear: true };
    expect(decide([next]).leftOut).toEqual([{ id: 1, reason: 'not-retrieved' }]);
    expect(decide([next], { rules })).toMatchObject({
      status: 'PRE_ENROLLED',
      changesOn: '2027-08-11',
      leftOut: [],
    });
    expect(decide([afterNext], { rules }).rule).toBe('no-enrollment');
  });
});

describe('rule 4: CECS (R36)', () => {
  it.each(['CECS', 'cecs', ' Cecs ', '\tCECS\n'])('drops a row with the code %j', (code) => {
    expect(decide([{ withdrawalCode: code }]).leftOut).toEqual([{ id: 1, reason: 'cecs' }]);
  });

  it.each(['CEC', 'CECS1', 'C ECS', '', ' ', null])('keeps a row with the code %j', (code) => {
    expect(decide([{ withdrawalCode: code }])).toMatchObject({ status: 'ENROLLED', leftOut: [] });
  });

  it('the ignored and the graduation code are settings', () => {
    const rules = { ignoredCode: ' xc ', graduationCode: ' 1 ' };
    expect(decide([{ withdrawalCode: 'XC' }], { rules }).rule).toBe('no-enrollment');
    expect(decide([{ withdrawalCode: 'CECS' }], { rules }).rule).toBe('current-enrollment');
    expect(decide([ended(-3, '1')], { rules }).rule).toBe('graduated');
    expect(decide([ended(-3, '01')], { rules }).rule).toBe('withdrawn');
  });

  it('a blank setting matches no row, those without a code least of all', () => {
    const rules = { ignoredCode: ' ', graduationCode: '' };
    expect(decide([{ withdrawalCode: ' ' }], { rules }).rule).toBe('current-enrollment');
    expect(decide([ended(-3, null)], { rules }).rule).toBe('withdrawn');
  });
});

describe('which row decides', () => {
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

  it('no row decides where none counts', () => {
    expect(decidingEnrollment([anEnrollment()], { decidedBy: null })).toBeUndefined();
  });
});

describe('the days of change', () => {
  it('an open row never changes', () => {
    expect(decide([{}])).toMatchObject({ changesOn: null, sameThrough: null });
  });

  it('a change of reason alone moves sameThrough, not changesOn', () => {
    const rows = [
      { startDate: '2025-08-13', schoolYear: 2026, endDate: onDay(-364) },
      { endDate: onDay(40) },
    ];
    expect(decide(rows)).toMatchObject({
      leftOut: [],
      sameThrough: onDay(1),
      changesOn: onDay(41),
    });
  });

  it('a graduate becomes inactive when the year is over', () => {
    expect(decide([ended(-5, '01')]).changesOn).toBe('2027-11-19');
  });

  it('an end beyond the year 9999 is none', () => {
    expect(decide([{ endDate: '9999-12-31' }])).toMatchObject({
      changesOn: null,
      sameThrough: null,
    });
    expect(decide([{ endDate: '9999-12-30' }]).changesOn).toBe('9999-12-31');
  });
});
