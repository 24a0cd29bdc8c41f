/** Fields that Skyward computes out of other fields, here and in related tables. */
import { addressFields } from './computed-addresses.ts';
import { enrollmentFields, type EnrollmentSetting } from './computed-enrollments.ts';
import { nameFields } from './computed-names.ts';
import { studentFields } from './computed-students.ts';
import type { ComputedFields, Store } from './store.ts';

/** The computed fields of every object that has some. */
export function computedFields(store: Store, setting: EnrollmentSetting): ComputedFields {
  return {
    ...nameFields(store, setting.clock),
    ...addressFields(store),
    ...studentFields(store, setting.clock),
    ...enrollmentFields(store, setting),
  };
}
