/** Property tests of the status rules, and a slow oracle that follows docs/status-rules.md literally. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../sandbox/property-runs.ts';
import type { Enrollment } from './enrollment.ts';
import { decideStatus, type UncountedReason, type StatusDecision } from './status-decision.ts';
import { defaultStatusRules, nextSchoolYears, type StatusRules } from './status-settings.ts';

type Day = Temporal.PlainDate;
const compare = (a: Day, b: Day): number => Temporal.PlainDate.compare(a, b);
const isOnOrBefore = (a: Day, b: Day): boolean => compare(a, b) <= 0;
const isBefore = (a: Day, b: Day): boolean => compare(a, b) < 0;

interface Case {
  readonly rows: readonly Enrollment[];
  readonly today: Day;
  readonly schoolYear: number;
  readonly rules: StatusRules;
  readonly readOn: Day;
}

const someToday = fc
  .constantFrom(
    '2026-11-23',
    '2026-06-30',
    '2026-07-01',
    '2027-02-28',
    '2028-02-28',
    '2028-02-29',
    '2028-03-01',
    '2029-02-28',
  )
  .map((text) => Temporal.PlainDate.from(text));

/** Dates at and around the boundaries of the rules, and others within about two years. */
const someDay = (today: Day): fc.Arbitrary<Day> =>
  fc.oneof(
    fc.integer({ min: -3, max: 3 }).map((days) => today.add({ days })),
    fc.integer({ min: -4, max: 4 }).map((days) => today.subtract({ years: 1 }).add({ days })),
    fc.integer({ min: -700, max: 500 }).map((days) => today.add({ days })),
    fc
      .constantFrom('2024-02-29', '2027-02-28', '2028-02-29', '0001-01-01', '9999-12-31')
      .map((t) => Temporal.PlainDate.from(t)),
  );

const someRow = (today: Day, schoolYear: number): fc.Arbitrary<Enrollment> =>
  fc.record({
    id: fc.constant(0),
    entityId: fc.constantFrom(401, 402),
    schoolYear: fc.constantFrom(
      schoolYear - 2,
      schoolYear - 1,
      schoolYear,
      schoolYear,
      schoolYear + 1,
      schoolYear + 1,
      schoolYear + 2,
    ),
    startDate: fc.option(someDay(today), { freq: 20 }),
    endDate: fc.option(someDay(today)),
    withdrawalDate: fc.option(someDay(today)),
    withdrawalCode: fc.constantFrom(
      null,
      null,
      '',
      '01',
      ' 01 ',
      '1',
      '001',
      '33',
      '80',
      'CECS',
      ' cecs',
    ),
    isDefaultEntity: fc.boolean(),
    calendarEndDate: fc.option(someDay(today)),
    isNoShow: fc.constantFrom(null, null, false, false, true),
    enrolledAtLeastOneDay: fc.constantFrom(null, true, false),
  });

const someCase: fc.Arbitrary<Case> = fc
  .record({ today: someToday, yearsAhead: fc.constantFrom(0, 1) })
  .chain(({ today, yearsAhead }) => {
    const schoolYear = today.year + yearsAhead;
    return fc.record({
      // Shuffled, so ids do not correspond to the order of the rows.
      rows: fc
        .array(someRow(today, schoolYear), { maxLength: 5 })
        .map((rows) => rows.map((row, index) => ({ ...row, id: index + 1 })))
        .chain((rows) => fc.shuffledSubarray(rows, { minLength: rows.length })),
      today: fc.constant(today),
      schoolYear: fc.constant(schoolYear),
      rules: fc
        .tuple(fc.constantFrom(...nextSchoolYears), fc.constantFrom([], ['33'], ['01', '80']))
        .map(([nextSchoolYear, stayingCodes]) => ({
          ...defaultStatusRules,
          nextSchoolYear,
          stayingCodes,
        })),
      // Rows are evaluated on the day they are read, or later.
      readOn: fc.constantFrom(today, today, today.subtract({ days: 20 })),
    });
  });

const decide = ({ rows, today, schoolYear, rules, readOn }: Case): StatusDecision =>
  decideStatus(rows, today, schoolYear, rules, readOn);

/** A row's position on a day: exactly one of these. */
type Standing = 'current' | 'future' | 'past' | UncountedReason;

interface Read {
  readonly row: Enrollment;
  /** `undefined` if ongoing. */
  readonly last: Day | undefined;
  readonly standing: Standing;
}

/** Applies the rules of docs/status-rules.md one by one, as a person with a calendar would. */
function oracle({ rows, today, schoolYear, rules, readOn }: Case) {
  const meant = (day: Day | null) =>
    day !== null && day.year >= 1980 && day.year <= 2900 ? day : null;
  const codeOf = (row: Enrollment) => row.withdrawalCode?.trim() ?? '';

  // Rule 1 and 2: the interval.
  const intervals = rows.map((row) => {
    const start = meant(row.startDate);
    const [end, withdrawal] = [meant(row.endDate), meant(row.withdrawalDate)];
    const calendarEnd = meant(row.calendarEndDate);
    let last = end ?? undefined;
    if (withdrawal && (!end || isBefore(withdrawal, end))) last = withdrawal.subtract({ days: 1 });
    let withdrawn = withdrawal ?? end ?? undefined;
    if (!end && !withdrawal && start && row.schoolYear < schoolYear) {
      last =
        calendarEnd && isOnOrBefore(start, calendarEnd)
          ? calendarEnd
          : new Temporal.PlainDate(row.schoolYear, 6, 30);
      if (isBefore(last, start)) last = start;
      withdrawn = last;
    }
    return { row, start, last, withdrawn, calendarEnd };
  });
  type Interval = (typeof intervals)[number];

  const isUnreadable = ({ start }: Interval) => start === null;
  const wasNeverEffective = ({ row, start, last }: Interval) =>
    (last && start && isBefore(last, start)) ||
    row.isNoShow === true ||
    (row.enrolledAtLeastOneDay === false && last && isBefore(last, readOn));
  const isCecs = ({ row }: Interval) => codeOf(row).toUpperCase() === 'CECS';
  const isFuture = ({ start }: Interval) => start && isBefore(today, start);
  const isOver = (one: Interval) => !isFuture(one) && one.last && isBefore(one.last, today);
  const isWithinYear = ({ withdrawn }: Interval) =>
    withdrawn && isOnOrBefore(today.subtract({ years: 1 }), withdrawn);

  const byRecency = (a: Interval, b: Interval) =>
    compare(b.last ?? today, a.last ?? today) ||
    compare(b.start ?? today, a.start ?? today) ||
    Number(b.row.isDefaultEntity) - Number(a.row.isDefaultEntity) ||
    b.row.id - a.row.id;
  const [latest] = intervals
    .filter((one) => !isUnreadable(one) && !wasNeverEffective(one) && !isCecs(one))
    .filter((one) => isOver(one) && isWithinYear(one))
    .toSorted(byRecency);

  // Rule 3 (d).
  const isReturning = () => {
    if (!latest?.last) return true;
    const code = codeOf(latest.row);
    if (code !== '') return code !== '01' && rules.stayingCodes.includes(code);
    const yearEnd = latest.calendarEnd ?? new Temporal.PlainDate(latest.row.schoolYear, 5, 31);
    return isOnOrBefore(yearEnd.subtract({ days: 45 }), latest.last);
  };
  const countsNextYear =
    rules.nextSchoolYear === 'all' || (rules.nextSchoolYear === 'returning' && isReturning());
  const isRetrieved = (one: Interval) => {
    if (isOver(one)) return isWithinYear(one);
    if (!isFuture(one)) return true;
    if (one.row.schoolYear === schoolYear) return true;
    return one.row.schoolYear === schoolYear + 1 && countsNextYear;
  };

  const standing = (one: Interval): Standing => {
    if (isUnreadable(one)) return 'unreadable-date';
    if (wasNeverEffective(one)) return 'never-effective';
    if (!isRetrieved(one)) return 'not-retrieved';
    if (isCecs(one)) return 'cecs';
    if (isFuture(one)) return 'future';
    return isOver(one) ? 'past' : 'current';
  };
  const read = intervals.map((one): Read => ({ ...one, standing: standing(one) }));

  // Rule 5 and 6.
  const of = (wanted: Standing) => intervals.filter((one) => standing(one) === wanted);
  const [current] = of('current').toSorted(
    (a, b) =>
      Number(b.row.isDefaultEntity) - Number(a.row.isDefaultEntity) ||
      compare(b.start ?? today, a.start ?? today) ||
      b.row.id - a.row.id,
  );
  const [future] = of('future').toSorted(
    (a, b) =>
      compare(a.start ?? today, b.start ?? today) ||
      Number(b.row.isDefaultEntity) - Number(a.row.isDefaultEntity) ||
      b.row.id - a.row.id,
  );
  const uncounted = read
    .filter((one) => !['current', 'future', 'past'].includes(one.standing))
    .map((one) => ({ id: one.row.id, reason: one.standing }))
    .toSorted((a, b) => a.id - b.id);
  const expected = (status: string, rule: string, decider: Interval | undefined) => ({
    read,
    decision: { status, rule, decidedBy: decider?.row.id ?? null, uncounted },
  });
  if (current) return expected('ENROLLED', 'current-enrollment', current);
  if (future && !latest) return expected('PRE_ENROLLED', 'future-without-past', future);
  if (future) return expected('ENROLLED', 'future-with-past', future);
  if (!latest) return expected('INACTIVE', 'no-enrollment', undefined);
  return codeOf(latest.row) === '01'
    ? expected('GRADUATED', 'graduated', latest)
    : expected('INACTIVE', 'withdrawn', latest);
}

const whole = ({ status, rule, decidedBy, uncounted }: StatusDecision): string =>
  JSON.stringify([status, rule, decidedBy, uncounted]);

/** Yields every day from tomorrow until no row can change any more. */
function* laterDays({ rows, today, schoolYear }: Case): Generator<Day> {
  let last = today;
  for (const row of rows) {
    const closing = new Temporal.PlainDate(Math.min(row.schoolYear, schoolYear), 6, 30);
    for (const day of [
      row.startDate,
      row.endDate,
      row.withdrawalDate,
      row.calendarEndDate,
      closing,
    ]) {
      if (day && day.year < 2900 && isBefore(last, day)) last = day;
    }
  }
  const horizon = last.add({ years: 1, days: 3 });
  for (let day = today.add({ days: 1 }); isOnOrBefore(day, horizon); day = day.add({ days: 1 })) {
    yield day;
  }
}

describe('decideStatus', () => {
  it('agrees with the literal rules', () => {
    fc.assert(
      fc.property(someCase, fc.constantFrom(0, 0, 1, -1, 90, 365, -365), (one, days) => {
        // The rows remain those of the day on which they were read.
        const input = { ...one, today: one.today.add({ days }) };
        const { status, rule, decidedBy, uncounted } = decide(input);
        expect({ status, rule, decidedBy, uncounted }).toEqual(oracle(input).decision);
      }),
      { numRuns: propertyRuns(3000) },
    );
  });

  it('classifies each counted row as current, future or past, and does not count the others', () => {
    fc.assert(
      fc.property(someCase, fc.integer({ min: -800, max: 800 }), (input, days) => {
        const today = input.today.add({ days });
        for (const { row, last, standing } of oracle({ ...input, today }).read) {
          const { uncounted, decidedBy } = decide({ ...input, rows: [row], today });
          const isUncounted = uncounted.length > 0;
          expect(decidedBy).toBe(isUncounted ? null : row.id);
          // Whether a student is returning depends on other rows; otherwise a row is classified independently.
          expect(
            row.schoolYear === input.schoolYear + 1 ||
              isUncounted === !['current', 'future', 'past'].includes(standing),
          ).toBe(true);
          if (isUncounted || row.startDate === null) continue;
          const isCurrent =
            isOnOrBefore(row.startDate, today) && (!last || isOnOrBefore(today, last));
          const isFuture = isBefore(today, row.startDate);
          expect([isCurrent, isFuture, last && isBefore(last, today)].filter(Boolean)).toHaveLength(
            1,
          );
        }
      }),
      { numRuns: propertyRuns(1000) },
    );
  });

  it('is determined by a counted row, and lists the others by id', () => {
    fc.assert(
      fc.property(someCase, (input) => {
        const { decidedBy, uncounted, rule } = decide(input);
        const ids = uncounted.map(({ id }) => id);
        expect(ids).toEqual(ids.toSorted((a, b) => a - b));
        const counted = input.rows.map(({ id }) => id).filter((id) => !ids.includes(id));
        expect(rule === 'no-enrollment').toBe(counted.length === 0);
        expect(decidedBy === null).toBe(counted.length === 0);
        expect([null, ...counted]).toContain(decidedBy);
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(
        someCase.chain((input) =>
          fc.tuple(
            fc.constant(input),
            fc.shuffledSubarray([...input.rows], { minLength: input.rows.length }),
          ),
        ),
        ([input, rows]) => {
          expect(JSON.stringify(decide({ ...input, rows }))).toBe(JSON.stringify(decide(input)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('R36: returns the same status, rule and change date with a CECS row added', () => {
    fc.assert(
      fc.property(
        someCase.chain((input) =>
          fc.tuple(fc.constant(input), someRow(input.today, input.schoolYear)),
        ),
        ([input, row]) => {
          const added = { ...row, id: 99, withdrawalCode: 'CECS' };
          const before = decide(input);
          const after = decide({ ...input, rows: [added, ...input.rows] });
          expect([after.status, after.rule, after.decidedBy, after.changesOn?.toString()]).toEqual([
            before.status,
            before.rule,
            before.decidedBy,
            before.changesOn?.toString(),
          ]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('returns as changesOn the first later day with another status, and as sameThrough the last day without any difference', () => {
    fc.assert(
      fc.property(someCase, (input) => {
        const decision = decide(input);
        let changesOn: Day | null = null;
        let sameThrough: Day | null = null;
        for (const day of laterDays(input)) {
          const then = decide({ ...input, today: day });
          if (sameThrough === null && whole(then) !== whole(decision)) {
            sameThrough = day.subtract({ days: 1 });
          }
          if (then.rule !== 'no-enrollment' && then.status !== decision.status) {
            changesOn = day;
            break;
          }
        }
        expect(decision.changesOn?.toString()).toBe(changesOn?.toString());
        expect(decision.sameThrough?.toString()).toBe(sameThrough?.toString());
      }),
      { numRuns: propertyRuns(250) },
    );
  });
});
