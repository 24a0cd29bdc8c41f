/** Fields that Skyward computes from other fields, of the same row and of related ones. */
import { addressFields } from './computed-addresses.ts';
import { enrollmentFields, type EnrollmentDeps } from './computed-enrollments.ts';
import { nameFields } from './computed-names.ts';
import { studentFields } from './computed-students.ts';
import type { ComputedFields, Store } from '../store.ts';

/** Returns all computed fields. */
export function computedFields(store: Store, deps: EnrollmentDeps): ComputedFields {
  return {
    ...nameFields(store, deps.clock),
    ...addressFields(store),
    ...studentFields(store, deps.clock),
    ...enrollmentFields(store, deps),
  };
}
