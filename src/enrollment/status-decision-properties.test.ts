/** Laws of the status rules, and an oracle that follows the page's words with no thought of speed. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Enrollment } from './enrollment.ts';
import { decideStatus, type StatusDecision } from './status-decision.ts';
import { defaultStatusRules, type StatusRules } from './status-rules.ts';

type Day = Temporal.PlainDate;
const compare = (a: Day, b: Day): number => Temporal.PlainDate.compare(a, b);
const isOnOrBefore = (a: Day, b: Day): boolean => compare(a, b) <= 0;
const isBefore = (a: Day, b: Day): boolean => compare(a, b) < 0;

interface Case {
  readonly rows: readonly Enrollment[];
  readonly today: Day;
  readonly schoolYear: number;
  readonly rules: StatusRules;
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

/** Days at and around the edges of the rules, and others within some two years. */
const someDay = (today: Day): fc.Arbitrary<Day> =>
  fc.oneof(
    fc.integer({ min: -3, max: 3 }).map((days) => today.add({ days })),
    fc.integer({ min: -4, max: 4 }).map((days) => today.subtract({ years: 1 }).add({ days })),
    fc.integer({ min: -700, max: 500 }).map((days) => today.add({ days })),
    fc
      .constantFrom('2024-02-29', '2027-02-28', '2028-02-29')
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
    ),
    startDate: someDay(today),
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
  });

const someCase: fc.Arbitrary<Case> = fc
  .record({ today: someToday, yearsAhead: fc.constantFrom(0, 1) })
  .chain(({ today, yearsAhead }) => {
    const schoolYear = today.year + yearsAhead;
    return fc.record({
      // Ids by place and then shuffled, so that they say nothing about the order of the rows.
      rows: fc
        .array(someRow(today, schoolYear), { maxLength: 5 })
        .map((rows) => rows.map((row, index) => ({ ...row, id: index + 1 })))
        .chain((rows) => fc.shuffledSubarray(rows, { minLength: rows.length })),
      today: fc.constant(today),
      schoolYear: fc.constant(schoolYear),
      rules: fc
        .boolean()
        .map((includeUpcomingSchoolYear) => ({ ...defaultStatusRules, includeUpcomingSchoolYear })),
    });
  });

const decide = ({ rows, today, schoolYear, rules }: Case): StatusDecision =>
  decideStatus(rows, today, schoolYear, rules);

/** The page's words, one after the other, as a person would apply them with a calendar in hand. */
function oracle({ rows, today, schoolYear, rules }: Case) {
  const read = rows.map((row) => {
    let lastDay: Day | undefined = row.endDate ?? row.withdrawalDate?.subtract({ days: 1 });
    let withdrawal: Day | undefined = row.withdrawalDate ?? row.endDate ?? undefined;
    if (row.schoolYear < schoolYear && !row.endDate && !row.withdrawalDate) {
      lastDay = row.calendarEndDate ?? new Temporal.PlainDate(row.schoolYear, 6, 30);
      withdrawal = lastDay;
    }
    return { row, lastDay, withdrawal };
  });
  const leftOut = new Map<number, string>();
  const counted = read.filter(({ row, lastDay, withdrawal }) => {
    const isEffectiveToday =
      isOnOrBefore(row.startDate, today) && (!lastDay || isOnOrBefore(today, lastDay));
    const withdrewWithinYear =
      withdrawal &&
      isOnOrBefore(today.subtract({ years: 1 }), withdrawal) &&
      isOnOrBefore(withdrawal, today);
    const isCurrentOrUpcoming =
      row.schoolYear === schoolYear && (isEffectiveToday || isBefore(today, row.startDate));
    const isUpcomingYear = rules.includeUpcomingSchoolYear && row.schoolYear === schoolYear + 1;
    if (lastDay && isBefore(lastDay, row.startDate)) leftOut.set(row.id, 'never-effective');
    else if (!withdrewWithinYear && !isCurrentOrUpcoming && !isUpcomingYear)
      leftOut.set(row.id, 'not-retrieved');
    else if (row.withdrawalCode?.trim().toUpperCase() === 'CECS') leftOut.set(row.id, 'cecs');
    return !leftOut.has(row.id);
  });
  const future = counted.filter(({ row }) => isBefore(today, row.startDate));
  const past = counted.filter(({ lastDay }) => lastDay && isBefore(lastDay, today));
  const current = counted.filter((one) => !future.includes(one) && !past.includes(one));
  const [latest] = past.toSorted(
    (a, b) =>
      compare(b.lastDay ?? today, a.lastDay ?? today) ||
      compare(b.row.startDate, a.row.startDate) ||
      Number(b.row.isDefaultEntity) - Number(a.row.isDefaultEntity) ||
      b.row.id - a.row.id,
  );
  const answer = (status: string, rule: string) => ({ status, rule, leftOut });
  if (current.length > 0) return answer('ENROLLED', 'current-enrollment');
  if (future.length > 0 && past.length === 0) return answer('PRE_ENROLLED', 'future-without-past');
  if (future.length > 0) return answer('ENROLLED', 'future-with-past');
  if (!latest) return answer('INACTIVE', 'no-enrollment');
  return latest.row.withdrawalCode?.trim() === '01'
    ? answer('GRADUATED', 'graduated')
    : answer('INACTIVE', 'withdrawn');
}

const whole = ({ status, rule, decidedBy, leftOut }: StatusDecision): string =>
  JSON.stringify([status, rule, decidedBy, leftOut]);

/** Every day from tomorrow until nothing about any row can turn any more. */
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
      if (day && isBefore(last, day)) last = day;
    }
  }
  const horizon = last.add({ years: 1, days: 3 });
  for (let day = today.add({ days: 1 }); isOnOrBefore(day, horizon); day = day.add({ days: 1 })) {
    yield day;
  }
}

describe('decideStatus', () => {
  it('R32 to R41: says what the page says, read word by word', () => {
    fc.assert(
      fc.property(someCase, (input) => {
        const decision = decide(input);
        const expected = oracle(input);
        expect([decision.status, decision.rule]).toEqual([expected.status, expected.rule]);
        expect(new Map(decision.leftOut.map(({ id, reason }) => [id, reason]))).toEqual(
          expected.leftOut,
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('is decided by a row that counts, and lists the others by id', () => {
    fc.assert(
      fc.property(someCase, (input) => {
        const { decidedBy, leftOut, rule } = decide(input);
        const ids = leftOut.map(({ id }) => id);
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

  it('R36: gives the same status, rule and day of change with a CECS row added', () => {
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

  it('names as changesOn the first later day with another status, and as sameThrough the last with nothing different', () => {
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
          if (then.status !== decision.status) {
            changesOn = day;
            break;
          }
        }
        expect(decision.changesOn?.toString()).toBe(changesOn?.toString());
        expect(decision.sameThrough?.toString()).toBe(sameThrough?.toString());
      }),
      { numRuns: 250 },
    );
  });
});
