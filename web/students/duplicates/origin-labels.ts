/** How the screens call the ways in which a record is kept. */
import type { Origin } from '../../../src/contract/duplicates.ts';

export const originLabels: Readonly<Record<Origin, string>> = {
  delivered: 'From Skyward',
  missing: 'No longer in Skyward',
  'hand-kept': 'Kept by hand',
  'set-aside': 'In Skyward, not brought in',
};
