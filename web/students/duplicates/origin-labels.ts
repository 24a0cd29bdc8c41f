/** Labels for where a record comes from. */
import type { Origin } from '../../../src/contract/students/duplicates.ts';

export const originLabels: Readonly<Record<Origin, string>> = {
  skyward: 'From Skyward',
  missing: 'No longer in Skyward',
  manual: 'Added manually',
  skipped: 'In Skyward, not imported',
};
