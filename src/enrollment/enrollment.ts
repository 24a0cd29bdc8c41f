/** One enrollment of a student, as the status rules read it. */

/**
 * An entry/withdrawal row with its withdrawal code resolved. All dates are plain days in the district's
 * own calendar; `schoolYear` is the year a school year ends in (2027 = autumn 2026 to summer 2027).
 */
export interface Enrollment {
  readonly id: number;
  readonly entityId: number;
  readonly schoolYear: number;
  /** First day in effect; `null` where the SIS has none that can be read. */
  readonly startDate: Temporal.PlainDate | null;
  /** Last day in effect, that day included. */
  readonly endDate: Temporal.PlainDate | null;
  /** First day on which the student is no longer a member. */
  readonly withdrawalDate: Temporal.PlainDate | null;
  /** The code itself (`01`, `CECS`, …), never its id in the SIS, which differs from year to year. */
  readonly withdrawalCode: string | null;
  readonly isDefaultEntity: boolean;
  /** Last day of the row's school calendar, where known: closes a finished year that nobody closed. */
  readonly calendarEndDate: Temporal.PlainDate | null;
  /** Whether the student never appeared; `null` where the SIS does not say. */
  readonly isNoShow: boolean | null;
  /** Computed by the SIS on the day it was read, so it says something only of a row that was over by then. */
  readonly enrolledAtLeastOneDay: boolean | null;
}
