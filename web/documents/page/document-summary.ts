/** Counts the outcomes of creating documents for many students. Pure. */

export interface CreationSummary {
  /** Number of students processed. */
  readonly done: number;
  readonly created: number;
  readonly alreadyExisting: number;
  readonly notFound: number;
}

export const emptySummary: CreationSummary = {
  done: 0,
  created: 0,
  alreadyExisting: 0,
  notFound: 0,
};

interface Result {
  readonly outcome: 'created' | 'already-exists' | 'student-not-found';
}

/** Returns the summary with the outcomes of one more request. */
export function addResults(before: CreationSummary, results: readonly Result[]): CreationSummary {
  const count = (outcome: Result['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    done: before.done + results.length,
    created: before.created + count('created'),
    alreadyExisting: before.alreadyExisting + count('already-exists'),
    notFound: before.notFound + count('student-not-found'),
  };
}

/** Students per request; few enough to show progress. */
const partSize = 50;

/** Splits the students into parts, in order. */
export function splitStudents(students: readonly number[]): readonly (readonly number[])[] {
  const starts = Array.from(
    { length: Math.ceil(students.length / partSize) },
    (_, index) => index * partSize,
  );
  return starts.map((start) => students.slice(start, start + partSize));
}
