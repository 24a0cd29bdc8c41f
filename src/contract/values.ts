/** Values that several endpoints use: days, instants, ids, statuses. */
import { z } from 'zod';

import { type DistrictEnrollmentStatus, statusLabels } from '../enrollment/enrollment-status.ts';
import { nextSchoolYears } from '../enrollment/status-settings.ts';
import { code, wholeNumber } from './text.ts';

/** A date; `error` says what to enter. PostgreSQL has no year 0. */
export const dayOr = (error?: string) =>
  z.iso
    .date(error)
    .refine((day) => !day.startsWith('0000'), error ?? 'must be a day of a year from 1 on');

/** A date without time or zone. */
export const Day = dayOr().meta({ description: 'A day: YYYY-MM-DD.' });

/** An instant in UTC. */
export const Instant = z.iso.datetime().meta({ description: 'An instant in UTC.' });

/** The id of a record. */
export const RecordId = z.int().positive();

/** A district's e-mail domain in an address. */
export const DomainInPath = code(253).meta({ description: "The district's e-mail domain." });

/** The id of a record in an address, given as text. */
export const RecordIdInPath = wholeNumber(16).refine(Number.isSafeInteger, 'is too large');

/** The version of a record: how often it was saved, within PostgreSQL's integer. */
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
  description: 'The enrollment status in the district. The import determines four of the eight.',
});
export type Status = z.infer<typeof Status>;

export const NextSchoolYearSetting = z.enum(nextSchoolYears).meta({
  id: 'NextSchoolYear',
  description:
    'Which enrollments of the next school year count before they start: none (`current`), those of students who have not left, new ones included (`returning`), or all (`all`).',
});

const namePart = z.string().nullable();
export const PersonName = z
  .strictObject({ first: namePart, middle: namePart, last: namePart, suffix: namePart })
  .meta({ id: 'PersonName' });
export type PersonName = z.infer<typeof PersonName>;

export const PlanKind = z.enum(['status', 'missing', 'added', 'changed']).meta({
  id: 'ImportPlanKind',
  description:
    'status: the status changes; missing: no longer in Skyward; added: new; changed: only other values change.',
});
export type PlanKind = z.infer<typeof PlanKind>;
