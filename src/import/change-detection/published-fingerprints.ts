/** What is published of a district, as its students' fingerprints: by them a night knows who needs a closer look. Pure. */
import type { StudentFingerprint } from './fingerprints.ts';

/**
 * Skyward's ids of the published students, each with the fingerprint of the delivery that it stands for, if any. They
 * stay in the memory in which they came from the database, and are found by halving: any kind of map beside it would
 * be several times as large, and a night keeps them from its beginning to its end.
 */
export class PublishedFingerprints {
  readonly #kept: BigInt64Array;
  readonly #other: BigInt64Array;

  /**
   * Each student once, the lowest id first: in `kept` those with a fingerprint, which stands behind the id; in
   * `other` the ids of all others.
   */
  constructor(withFingerprint: BigInt64Array, withoutFingerprint: BigInt64Array) {
    this.#kept = withFingerprint;
    this.#other = withoutFingerprint;
  }

  get size(): number {
    return this.#kept.length / 2 + this.#other.length;
  }

  has(sisStudentId: number): boolean {
    const id = BigInt(sisStudentId);
    return findIndex(id, this.#kept, 2) >= 0 || findIndex(id, this.#other, 1) >= 0;
  }

  *ids(): Generator<number> {
    for (let at = 0; at < this.#kept.length; at += 2) yield Number(this.#kept[at]);
    for (const id of this.#other) yield Number(id);
  }

  /**
   * Of the delivered students those who are new or not what is published. A new one without any enrollment is not
   * looked at, unless a record of another id may be the same student's (`matched`).
   */
  *differing(
    received: Iterable<StudentFingerprint>,
    matched: ReadonlySet<number>,
  ): Generator<StudentFingerprint> {
    for (const student of received) {
      const id = BigInt(student.sisStudentId);
      const index = findIndex(id, this.#kept, 2);
      const differs =
        index >= 0
          ? this.#kept[index + 1] !== student.fingerprint
          : student.isEnrolled ||
            matched.has(student.sisStudentId) ||
            findIndex(id, this.#other, 1) >= 0;
      if (differs) yield student;
    }
  }
}

/** Where an id stands in a list of ids in order, of which each has so many numbers; -1 where it does not. */
function findIndex(id: bigint, ids: BigInt64Array, width: number): number {
  let low = 0;
  let high = ids.length / width - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = ids[middle * width] ?? 0n;
    if (found === id) return middle * width;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
