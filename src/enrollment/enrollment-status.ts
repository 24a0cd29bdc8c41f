/** The statuses a student can have in the district, and their names on the screen. */

/** What a person may set by hand. */
export type DistrictEnrollmentStatus =
  | 'PRE_ENROLLED'
  | 'ENROLLED'
  | 'TRANSFERRED'
  | 'WITHDREW'
  | 'DROPPED_OUT'
  | 'GRADUATED'
  | 'INACTIVE'
  | 'HISTORICAL_IDLE';

/** What the nightly import gives; the other four are never its doing (R42). */
export type ImportedStatus = Extract<
  DistrictEnrollmentStatus,
  'PRE_ENROLLED' | 'ENROLLED' | 'GRADUATED' | 'INACTIVE'
>;

/** Every status with its label, in the order in which lists and filters show them. */
export const statusLabels: Readonly<Record<DistrictEnrollmentStatus, string>> = {
  PRE_ENROLLED: 'Pre-Enrolled',
  ENROLLED: 'Enrolled',
  TRANSFERRED: 'Transferred',
  WITHDREW: 'Withdrew',
  DROPPED_OUT: 'Dropped Out',
  GRADUATED: 'Graduated',
  INACTIVE: 'Inactive',
  HISTORICAL_IDLE: 'Historic/Idle',
};
