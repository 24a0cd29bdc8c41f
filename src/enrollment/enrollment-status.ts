/** The enrollment statuses and their labels. */

/** All statuses; each can be set manually. */
export type DistrictEnrollmentStatus =
  | 'PRE_ENROLLED'
  | 'ENROLLED'
  | 'TRANSFERRED'
  | 'WITHDREW'
  | 'DROPPED_OUT'
  | 'GRADUATED'
  | 'INACTIVE'
  | 'HISTORICAL_IDLE';

/** The statuses that an import determines; it never sets the other four (R42). */
export type ImportedStatus = Extract<
  DistrictEnrollmentStatus,
  'PRE_ENROLLED' | 'ENROLLED' | 'GRADUATED' | 'INACTIVE'
>;

/** Every status with its label, in the order of lists and filters. */
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
