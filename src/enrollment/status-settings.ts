/** The settings of the status rules that a district can change. */

/**
 * Which rows of the next school year are counted before they start: `current` none; `returning` those of students who
 * stayed until the end of their school year and did not graduate; `all` all of them.
 */
export type NextSchoolYear = (typeof nextSchoolYears)[number];

export const nextSchoolYears = ['current', 'returning', 'all'] as const;

/** Labels of the choices: whose enrollments are counted before the next school year starts. */
export const nextSchoolYearLabels: Readonly<Record<NextSchoolYear, string>> = {
  current: 'No students: only the current school year is counted',
  returning: 'Returning students: they stay Enrolled over the summer',
  all: 'All students: new ones are Pre-Enrolled over the summer',
};

export interface StatusRules {
  /** Withdrawal code of graduates; compared exactly after trimming (`1` and `001` are different codes). */
  readonly graduationCode: string;
  /** Withdrawal code of rows that are never counted; compared after trimming, ignoring case. */
  readonly ignoredCode: string;
  readonly nextSchoolYear: NextSchoolYear;
}

/** The default rules (R32, R33, R36, R40). */
export const defaultStatusRules: StatusRules = {
  graduationCode: '01',
  ignoredCode: 'CECS',
  nextSchoolYear: 'current',
};
