/** Builds enrollments for tests, by default an open row at the home campus of the school year 2027. */
import type { Enrollment } from '../../src/enrollment/enrollment.ts';

/** Values of a row that a test sets; days as `YYYY-MM-DD`. */
export type EnrollmentOverrides = Partial<{
  [Key in keyof Enrollment]: Enrollment[Key] extends Temporal.PlainDate | null
    ? string | Extract<Enrollment[Key], null>
    : Enrollment[Key];
}>;

const day = (text: string | null): Temporal.PlainDate | null =>
  text === null ? null : Temporal.PlainDate.from(text);

/** Builds a row from the values that matter to the test. */
export function buildEnrollment(overrides: EnrollmentOverrides = {}): Enrollment {
  const { startDate, endDate, withdrawalDate, calendarEndDate, ...rest } = overrides;
  return {
    id: 1,
    entityId: 401,
    schoolYear: 2027,
    withdrawalCode: null,
    isDefaultEntity: true,
    isNoShow: null,
    enrolledAtLeastOneDay: null,
    ...rest,
    startDate: day(startDate === undefined ? '2026-08-12' : startDate),
    endDate: day(endDate ?? null),
    withdrawalDate: day(withdrawalDate ?? null),
    calendarEndDate: day(calendarEndDate ?? null),
  };
}
