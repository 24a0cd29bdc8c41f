/** Compares `daybreak status` with the oracle, on invented enrollments near the days on which a status changes. */
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns } from '../sandbox/property-runs.ts';
import { commandOutput } from './command-output.ts';
import { expectedDecision, type NextYear } from '../tests/status-oracle.ts';

const program = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const schoolYear = 2027;

/** Days on and around the relevant ones: today, a year ago, ends of school years, 45 days before those, first days. */
const day = (today: string) => {
  const yearAgo = Temporal.PlainDate.from(today).subtract({ years: 1 }).toString();
  const turningPoints = [
    '2026-04-13',
    '2026-05-28',
    '2026-06-30',
    '2026-08-12',
    '2027-04-13',
    '2027-05-28',
  ];
  const near = fc
    .tuple(
      fc.constantFrom(today, today, yearAgo, yearAgo, '2027-06-30', '2027-08-11', ...turningPoints),
      fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -60, max: 60 })),
    )
    .map(([turningPoint, days]) => Temporal.PlainDate.from(turningPoint).add({ days }).toString());
  const placeholder = fc.constantFrom('0001-01-01', '1979-12-31', '2901-01-01', '1980-01-01');
  return fc.oneof({ weight: 12, arbitrary: near }, { weight: 1, arbitrary: placeholder });
};

const enrollments = (today: string) => {
  const end = fc.option(day(today), { freq: 2 });
  const drawn = fc.record(
    {
      id: fc.integer({ min: 1, max: 999 }),
      entityId: fc.constantFrom(401, 402),
      schoolYear: fc.constantFrom(2025, 2026, 2026, 2027, 2027, 2027, 2028, 2028, 2029),
      startDate: fc.oneof(fc.constantFrom('2025-08-13', '2026-08-12'), day(today)),
      endDate: end,
      withdrawalDate: end,
      withdrawalCode: fc.constantFrom(null, '01', ' 01', '1', '80', 'CECS', 'cecs '),
      isDefaultEntity: fc.boolean(),
      calendarEndDate: end,
      isNoShow: fc.constantFrom(false, false, true),
      enrolledAtLeastOneDay: fc.boolean(),
    },
    {
      requiredKeys: [
        'id',
        'entityId',
        'schoolYear',
        'startDate',
        'endDate',
        'withdrawalDate',
        'withdrawalCode',
        'isDefaultEntity',
        'calendarEndDate',
      ],
    },
  );
  // Equal days in one row matter, and would rarely be generated.
  const enrollment = fc.tuple(drawn, fc.nat(9)).map(([row, chance]) => {
    if (chance < 2) return { ...row, withdrawalDate: row.endDate };
    if (chance < 3) return { ...row, endDate: row.startDate };
    return chance < 4 ? { ...row, calendarEndDate: row.startDate } : row;
  });
  return fc.uniqueArray(enrollment, { minLength: 1, maxLength: 4, selector: ({ id }) => id });
};

const combinations = (['current', 'returning', 'all'] as const).flatMap((nextYear) =>
  ['2026-11-23', '2027-06-15', '2028-02-29'].map((today): [NextYear, string] => [nextYear, today]),
);

it.each(combinations)(
  'R32 to R42: the command agrees with the oracle, next year %s, on %s',
  async (nextYear, today) => {
    const students = fc.sample(enrollments(today), propertyRuns(25));
    const input = students.map((rows, index) =>
      JSON.stringify({ studentId: String(index), enrollments: rows }),
    );
    const statusArguments = [
      '--today',
      today,
      '--school-year',
      String(schoolYear),
      '--next-year',
      nextYear,
    ];
    const output = await commandOutput(process.execPath, [program, 'status', ...statusArguments], {
      input: `${input.join('\n')}\n`,
    });
    const lines = output.trim().split('\n');
    expect(lines).toHaveLength(students.length);
    // With the input, so that a difference shows its cause.
    for (const [index, rows] of students.entries())
      expect([input[index], JSON.parse(lines[index] ?? '')]).toEqual([
        input[index],
        { studentId: String(index), ...expectedDecision(rows, { today, schoolYear, nextYear }) },
      ]);
  },
);
