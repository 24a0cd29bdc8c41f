/** Unusable rows are counted as such, not as missing rows. */
import { expect, it } from 'vitest';
import {
  createDistrictRows,
  openFixedRowsDistrict,
  withRows,
} from '../../tests/skyward/fixed-rows.ts';

const enrollments = 'Enrollment/EntryWithdrawal';

/** Some rows with a date in an unknown format. */
const withOdd = (
  count: number,
  object = enrollments,
  change: object = { StartDate: 'in August' },
) => withRows(createDistrictRows(200), object, (_, index) => (index < count ? { ...change } : {}));

it('reports in an initial import that all enrollments are unusable, and why', async () => {
  await using district = await openFixedRowsDistrict();
  expect((await district.import(withOdd(200))).failure).toMatchObject({
    code: 'unusable-rows',
    message:
      'Enrollments: none of 200 records can be used (Enrollment start date: not a real date).',
    details: 'Enrollment/EntryWithdrawal, field StartDate',
    advice: expect.stringMatching(/Correct the values in Skyward/),
  });
});

it('reports in an initial import that all students are unusable, and why', async () => {
  await using district = await openFixedRowsDistrict();
  const odd = withOdd(200, 'Student/Student', { NameID: 'nobody' });
  expect((await district.import(odd)).failure?.message).toMatch(
    /^Students: none of 200 records can be used \(Name: /,
  );
});

it('reports how many rows of a shrunk list are unusable', async () => {
  await using district = await openFixedRowsDistrict();
  await district.import(createDistrictRows(200));
  expect((await district.import(withOdd(120))).failure).toMatchObject({
    code: 'unusable-rows',
    message: expect.stringMatching(
      /^Enrollments: 120 of 200 records cannot be used \(Enrollment start date: not a real date\)\. /,
    ),
  });
  // Rows that are gone are not explained by two that cannot be used.
  const odd = withOdd(2);
  const short = { ...odd, [enrollments]: (odd[enrollments] ?? []).slice(0, 80) };
  expect((await district.import(short)).failure?.code).toBe('mass-change');
});
