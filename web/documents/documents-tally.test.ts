import { array, assert, constantFrom, integer, property } from 'fast-check';
import { expect, it } from 'vitest';

import { noneYet, partsOf, tallied } from './documents-tally.ts';

const outcome = constantFrom(
  'created' as const,
  'there-already' as const,
  'no-such-student' as const,
);

it('parts hold every student once, in order, none of them empty or too large for one request', () => {
  assert(
    property(array(integer({ min: 1 })), (students) => {
      const parts = partsOf(students);
      expect(parts.flat()).toEqual(students);
      expect(parts.every((part) => part.length > 0 && part.length <= 50)).toBe(true);
    }),
  );
});

it('every student is counted once, whatever became of it', () => {
  assert(
    property(array(array(outcome)), (answers) => {
      const tally = answers.reduce(
        (sum, answer) =>
          tallied(
            sum,
            answer.map((one) => ({ outcome: one })),
          ),
        noneYet,
      );
      expect(tally.seen).toBe(answers.flat().length);
      expect(tally.created + tally.thereAlready + tally.gone).toBe(tally.seen);
    }),
  );
});
