/** Fields that Skyward computes out of other fields, here and in related tables. */
import { addressFields } from './computed-addresses.ts';
import { enrollmentFields, type EnrollmentDeps } from './computed-enrollments.ts';
import { nameFields } from './computed-names.ts';
import { studentFields } from './computed-students.ts';
import type { ComputedFields, Store } from '../store.ts';

/** The computed fields of every object that has some. */
export function computedFields(store: Store, deps: EnrollmentDeps): ComputedFields {
  return {
    ...nameFields(store, deps.clock),
    ...addressFields(store),
    ...studentFields(store, deps.clock),
    ...enrollmentFields(store, deps),
  };
}
