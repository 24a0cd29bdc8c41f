/** The settings a district may change in the status rules. */

/**
 * Which rows of the next school year count before they start: `current` none; `returning` those of students
 * who stayed until the end of their school year and did not graduate; `all` all of them.
 */
export type NextSchoolYear = (typeof nextSchoolYears)[number];

export const nextSchoolYears = ['current', 'returning', 'all'] as const;

/** The choices as screens name them: whose enrollments count before the next school year begins. */
export const nextSchoolYearLabels: Readonly<Record<NextSchoolYear, string>> = {
  current: 'Nobody: only the current school year counts',
  returning: 'Returning students: they stay Enrolled over the summer',
  all: 'All students: new ones are Pre-Enrolled over the summer',
};

export interface StatusRules {
  /** Withdrawal code of a graduate; compared trimmed, otherwise exactly (`1` and `001` are other codes). */
  readonly graduationCode: string;
  /** Withdrawal code of rows that never count; compared trimmed and without regard to case. */
  readonly ignoredCode: string;
  readonly nextSchoolYear: NextSchoolYear;
}

/** The rules as the integration's page states them (R32, R33, R36, R40). */
export const defaultStatusRules: StatusRules = {
  graduationCode: '01',
  ignoredCode: 'CECS',
  nextSchoolYear: 'current',
};
