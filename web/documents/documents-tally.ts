/** What became of the students for whom documents are created. Pure. */

export interface Tally {
  /** Students whose outcome is known. */
  readonly seen: number;
  readonly created: number;
  readonly thereAlready: number;
  readonly gone: number;
}

export const noneYet: Tally = { seen: 0, created: 0, thereAlready: 0, gone: 0 };

interface Result {
  readonly outcome: 'created' | 'there-already' | 'no-such-student';
}

/** The tally with the outcomes of one more request. */
export function tallied(before: Tally, results: readonly Result[]): Tally {
  const many = (outcome: Result['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    seen: before.seen + results.length,
    created: before.created + many('created'),
    thereAlready: before.thereAlready + many('there-already'),
    gone: before.gone + many('no-such-student'),
  };
}

/** So many students go into one request; few enough that progress is seen. */
const partSize = 50;

/** The students in parts, in their order. */
export function partsOf(students: readonly number[]): readonly (readonly number[])[] {
  const starts = Array.from(
    { length: Math.ceil(students.length / partSize) },
    (_, index) => index * partSize,
  );
  return starts.map((start) => students.slice(start, start + partSize));
}
