/** The objects of Skyward's API that a night reads, with the fields kept of each and how much depends on them. */
import type { QmlativObject } from './qmlativ-object.ts';
import { districtObjects } from './district-objects.ts';
import { enrollmentObjects } from './enrollment-objects.ts';
import { familyObjects } from './family-objects.ts';
import { nameObjects } from './name-objects.ts';
import { studentObjects } from './student-objects.ts';

/**
 * Everything a night may read, by object name. A field is required when the night cannot do without it:
 * ids that tie rows together, names, the student number, the enrollment dates and the withdrawal code.
 * The rest is optional and left out where the access was not granted it. Fields that stand in no public
 * access list are asked for only where much depends on them (home language, state id).
 */
export const qmlativObjects = {
  ...districtObjects,
  ...enrollmentObjects,
  ...studentObjects,
  ...nameObjects,
  ...familyObjects,
} as const satisfies Record<string, QmlativObject>;
