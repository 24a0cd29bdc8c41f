/** The settings a district may change in the status rules. */

export interface StatusRules {
  /** Withdrawal code of a graduate; compared trimmed, otherwise exactly (`1` and `001` are other codes). */
  readonly graduationCode: string;
  /** Withdrawal code of rows that never count; compared trimmed and without regard to case. */
  readonly ignoredCode: string;
  /** Whether rows of the school year after the current one are retrieved as well. */
  readonly includeUpcomingSchoolYear: boolean;
}

/** The rules as the integration's page states them (R32, R33, R36, R40). */
export const defaultStatusRules: StatusRules = {
  graduationCode: '01',
  ignoredCode: 'CECS',
  includeUpcomingSchoolYear: false,
};
