/** How the screens call the ways in which a record is kept. */
import type { Origin } from '../../../src/contract/students/duplicates.ts';

export const originLabels: Readonly<Record<Origin, string>> = {
  skyward: 'From Skyward',
  missing: 'No longer in Skyward',
  manual: 'Kept by hand',
  skipped: 'In Skyward, not brought in',
};
