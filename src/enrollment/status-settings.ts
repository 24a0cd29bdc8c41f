/** The settings of the status rules that a district can change. */

/**
 * Which rows of the next school year are counted before they start: `current` none; `returning` those of students who
 * have not left or graduated, new ones included; `all` all of them.
 */
export type NextSchoolYear = (typeof nextSchoolYears)[number];

export const nextSchoolYears = ['current', 'returning', 'all'] as const;

/** Labels of the choices: whose enrollments are counted before the next school year starts. */
export const nextSchoolYearLabels: Readonly<Record<NextSchoolYear, string>> = {
  current: 'No students: only the current school year is counted',
  returning: 'Students who have not left: they stay Enrolled, new ones are Pre-Enrolled',
  all: 'All students: also those who left, if they have an enrollment',
};

/** What withdrawal codes say about a student's leaving; compared exactly after trimming (`1` and `001` differ). */
export interface LeavingCodes {
  /** Withdrawal code of graduates. */
  readonly graduationCode: string;
  /**
   * Withdrawal codes after which students stay in the district, such as that of the end of a school year; trimmed.
   * After any other code, they have left.
   */
  readonly stayingCodes: readonly string[];
}

export interface StatusRules extends LeavingCodes {
  /** Withdrawal code of rows that are never counted; compared after trimming, ignoring case. */
  readonly ignoredCode: string;
  readonly nextSchoolYear: NextSchoolYear;
}

/** The default rules (R32, R33, R36, R40). */
export const defaultStatusRules: StatusRules = {
  graduationCode: '01',
  stayingCodes: [],
  ignoredCode: 'CECS',
  nextSchoolYear: 'current',
};
