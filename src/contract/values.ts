/** Values that several endpoints speak of: days, instants, ids, statuses. */
import { z } from 'zod';

import { type DistrictEnrollmentStatus, statusLabels } from '../enrollment/enrollment-status.ts';
import { nextSchoolYears } from '../enrollment/status-rules.ts';
import { code, wholeNumber } from './text.ts';

/** A day of the calendar; `error` says what to enter. PostgreSQL knows no year 0. */
export const dayOr = (error?: string) =>
  z.iso
    .date(error)
    .refine((day) => !day.startsWith('0000'), error ?? 'must be a day of a year from 1 on');

/** A day of the calendar, without time or zone. */
export const Day = dayOr().meta({ description: 'A day: YYYY-MM-DD.' });

/** A moment, in UTC. */
export const Instant = z.iso.datetime().meta({ description: 'A moment in UTC.' });

/** A record's number. */
export const RecordId = z.int().positive();

/** A district's e-mail domain in an address. */
export const DomainInPath = code(253).meta({ description: "The district's e-mail domain." });

/** A record's number in an address, where it arrives as text. */
export const RecordIdInPath = wholeNumber(16).refine(Number.isSafeInteger, 'is too large');

/** Counts the saves of a record, as PostgreSQL's integer does. */
export const VersionNumber = z
  .int()
  .nonnegative()
  .max(2 ** 31 - 2);

/** The same in an address. */
export const VersionInPath = wholeNumber(9);

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
