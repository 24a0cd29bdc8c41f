/** The fast parser of a line, compared with the schema. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDateReader } from '../../enrollment/date-reader.ts';
import { parseStudentLineFast, studentLineSchema } from './status-input.ts';

const odd: fc.Arbitrary<unknown> = fc.constantFrom(
  null,
  undefined,
  '',
  'x',
  '01',
  '2026-02-29',
  '2028-02-29T00:00:00Z',
  0,
  -0,
  -1,
  9998,
  9999,
  1.5,
  2 ** 53,
  -(2 ** 53),
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  false,
  [],
  {},
);
/** Mostly the valid value, so that many whole lines are valid. */
const mostly = (good: unknown): fc.Arbitrary<unknown> =>
  fc.oneof({ arbitrary: fc.constant(good), weight: 40 }, { arbitrary: odd, weight: 1 });

const rows = fc.record(
  {
    id: mostly(7),
    entityId: mostly(401),
    schoolYear: mostly(2027),
    startDate: mostly('2026-08-12'),
    endDate: mostly(null),
    withdrawalDate: mostly('2026-11-30T12:00:00'),
    withdrawalCode: mostly('01'),
    isDefaultEntity: mostly(true),
    calendarEndDate: mostly(null),
    isNoShow: fc.oneof(fc.constantFrom(true, false, null, undefined), mostly(true)),
    enrolledAtLeastOneDay: mostly(undefined),
    unknown: mostly(1),
  },
  { noNullPrototype: true },
);
const lines = fc.oneof(
  {
    arbitrary: fc.record(
      {
        studentId: mostly('1'),
        enrollments: fc.oneof(
          {
            arbitrary: fc.array(fc.oneof({ arbitrary: rows, weight: 30 }, odd), {
              maxLength: 3,
            }),
            weight: 30,
          },
          odd,
        ),
      },
      { noNullPrototype: true },
    ),
    weight: 30,
  },
  odd,
  fc.jsonValue(),
);

describe('the fast parser of a line', () => {
  it('accepts the same lines as the schema, with the same result', () => {
    const dates = createDateReader();
    const StudentLine = studentLineSchema(dates);
    let good = 0;
    fc.assert(
      fc.property(lines, (value) => {
        const quick = parseStudentLineFast(value, dates);
        const careful = StudentLine.safeParse(value).data;
        if (careful) good += 1;
        // As text, because different dates may compare as equal objects.
        expect(JSON.stringify(quick)).toBe(JSON.stringify(careful));
      }),
      { numRuns: 4000 },
    );
    // Both kinds must occur often, or the property proves little.
    expect(good).toBeGreaterThan(400);
    expect(good).toBeLessThan(3600);
  });
});
