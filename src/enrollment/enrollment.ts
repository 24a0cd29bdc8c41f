/**
 * One enrollment of a student, as input of the status rules.
 *
 * This folder determines a student's status from enrollments and a date. Pure.
 */

/**
 * An entry/withdrawal row with its withdrawal code resolved. All dates are dates of the district's calendar;
 * `schoolYear` is the year in which the school year ends (2027 is 2026–27).
 */
export interface Enrollment {
  readonly id: number;
  readonly entityId: number;
  readonly schoolYear: number;
  /** First day in effect; `null` if the SIS has no readable one. */
  readonly startDate: Temporal.PlainDate | null;
  /** Last day in effect, inclusive. */
  readonly endDate: Temporal.PlainDate | null;
  /** First day on which the student is no longer a member. */
  readonly withdrawalDate: Temporal.PlainDate | null;
  /** The code itself (`01`, `CECS`, …), not its id in the SIS, which differs between years. */
  readonly withdrawalCode: string | null;
  readonly isDefaultEntity: boolean;
  /** Last day of the school calendar, if known; ends an enrollment of a past year that was never closed. */
  readonly calendarEndDate: Temporal.PlainDate | null;
  /** Whether the student never attended; `null` if the SIS has no value. */
  readonly isNoShow: boolean | null;
  /** Computed by the SIS on the day it was read, so it is meaningful only if the enrollment had ended by then. */
  readonly enrolledAtLeastOneDay: boolean | null;
}
