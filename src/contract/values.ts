/** Values that several endpoints speak of: days, instants, ids, statuses. */
import { z } from 'zod';

import { type DistrictEnrollmentStatus, statusLabels } from '../enrollment/enrollment-status.ts';
import { nextSchoolYears } from '../enrollment/status-rules.ts';

/** A day of the calendar, without time or zone. */
export const Day = z.iso.date().meta({ description: 'A day: YYYY-MM-DD.' });

/** A moment, in UTC. */
export const Instant = z.iso.datetime().meta({ description: 'A moment in UTC.' });

/** A record's number. */
export const RecordId = z.int().positive();

/** A record's number in an address, where it arrives as text. */
export const RecordIdInPath = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'must be a whole number from 1')
  .transform(Number)
  .refine(Number.isSafeInteger, 'is too large');

/** Every status in the order of lists and filters. */
export const statuses = Object.keys(statusLabels) as [
  DistrictEnrollmentStatus,
  ...DistrictEnrollmentStatus[],
];

export const Status = z.enum(statuses).meta({
  id: 'EnrollmentStatus',
  description: 'The enrollment status in the district. The import gives four of the eight.',
});
export type Status = z.infer<typeof Status>;

export const NextSchoolYearSetting = z.enum(nextSchoolYears).meta({
  id: 'NextSchoolYear',
  description:
    'Whose enrollments of the next school year count before they start: nobody’s (`current`), those of students who stayed to the end of their school year and did not graduate (`returning`), or everybody’s (`all`).',
});
