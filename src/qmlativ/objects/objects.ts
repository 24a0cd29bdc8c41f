/**
 * The objects and fields of Skyward's API that an import reads, and which are required.
 *
 * This folder defines the objects and fields that are read.
 */
import type { QmlativObject } from './qmlativ-object.ts';
import { districtObjects } from './district-objects.ts';
import { enrollmentObjects } from './enrollment-objects.ts';
import { familyObjects } from './family-objects.ts';
import { nameObjects } from './name-objects.ts';
import { studentObjects } from './student-objects.ts';

/**
 * All objects by name. Required are ids that link rows, names, the student number, the enrollment dates and the
 * withdrawal code. Everything else is optional and reported as a missing permission if it is not allowed. Of fields in
 * no public access list only important ones are requested (home language, state ID).
 */
export const qmlativObjects = {
  ...districtObjects,
  ...enrollmentObjects,
  ...studentObjects,
  ...nameObjects,
  ...familyObjects,
} as const satisfies Record<string, QmlativObject>;
