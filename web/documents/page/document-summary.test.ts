import { array, assert, constantFrom, integer, property } from 'fast-check';
import { expect, it } from 'vitest';

import { emptySummary, splitStudents, addResults } from './document-summary.ts';

const outcome = constantFrom(
  'created' as const,
  'already-exists' as const,
  'student-not-found' as const,
);

it('parts contain every student once, in order, none empty or too large for one request', () => {
  assert(
    property(array(integer({ min: 1 })), (students) => {
      const parts = splitStudents(students);
      expect(parts.flat()).toEqual(students);
      expect(parts.every((part) => part.length > 0 && part.length <= 50)).toBe(true);
    }),
  );
});

it('every student is counted once, whatever the outcome', () => {
  assert(
    property(array(array(outcome)), (answers) => {
      const summary = answers.reduce(
        (sum, answer) =>
          addResults(
            sum,
            answer.map((one) => ({ outcome: one })),
          ),
        emptySummary,
      );
      expect(summary.done).toBe(answers.flat().length);
      expect(summary.created + summary.alreadyExisting + summary.notFound).toBe(summary.done);
    }),
  );
});
