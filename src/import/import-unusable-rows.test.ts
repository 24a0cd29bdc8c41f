/** Rows that came and could not be used: counted as such, not as rows that were not delivered. */
import { expect, it } from 'vitest';
import { givenDistrict, openGivenDistrict, withRows } from '../../tests/given-delivery.ts';

const enrollments = 'Enrollment/EntryWithdrawal';

/** Some rows with a date in a form that nobody knows. */
const withOdd = (
  count: number,
  object = enrollments,
  change: object = { StartDate: 'in August' },
) => withRows(givenDistrict(200), object, (_, index) => (index < count ? { ...change } : {}));

it('says on a first import that none of the enrollments could be used, and why', async () => {
  await using district = await openGivenDistrict();
  expect((await district.import(withOdd(200))).failure).toMatchObject({
    code: 'unusable-rows',
    message: `200 rows of ${enrollments} came, and none could be used (field StartDate: not a real date).`,
    advice: expect.stringMatching(/Correct the values in Skyward/),
  });
});

it('says the same of students', async () => {
  await using district = await openGivenDistrict();
  const odd = withOdd(200, 'Student/Student', { NameID: 'nobody' });
  expect((await district.import(odd)).failure?.message).toMatch(
    /^200 rows of Student\/Student came, and none could be used \(field NameID: /,
  );
});

it('says how many of a list could not be used that looks shorter than before', async () => {
  await using district = await openGivenDistrict();
  await district.import(givenDistrict(200));
  expect((await district.import(withOdd(120))).failure).toMatchObject({
    code: 'unusable-rows',
    message: `120 of 200 rows of ${enrollments} could not be used (field StartDate: not a real date).`,
  });
  // Rows that are gone are not explained by two that cannot be used.
  const odd = withOdd(2);
  const short = { ...odd, [enrollments]: (odd[enrollments] ?? []).slice(0, 80) };
  expect((await district.import(short)).failure?.code).toBe('mass-change');
});
