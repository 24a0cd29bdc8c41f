/** The fingerprints of published students, to find changed ones. Pure. */
import type { StudentFingerprint } from './fingerprints.ts';

/**
 * SIS ids of published students with the fingerprint of the rows they were assembled from, if any. They stay in the
 * buffers received from the database and are found by binary search: a Map would be several times as large, and an
 * import keeps them until its end.
 */
export class PublishedFingerprints {
  readonly #kept: BigInt64Array;
  readonly #other: BigInt64Array;

  /**
   * Both arrays are sorted by id. `withFingerprint` has id and fingerprint in turn, `withoutFingerprint` the ids of all
   * other students.
   */
  constructor(withFingerprint: BigInt64Array, withoutFingerprint: BigInt64Array) {
    this.#kept = withFingerprint;
    this.#other = withoutFingerprint;
  }

  /** Returns the same students, all of them to be checked. */
  withoutFingerprints(): PublishedFingerprints {
    const ids = BigInt64Array.from(this.ids(), BigInt).toSorted();
    return new PublishedFingerprints(new BigInt64Array(), ids);
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
   * Returns the received students who are new or differ from what is published, except new students without an
   * enrollment whose number matches no record (`matched`).
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

/** Returns the index of an id in a sorted array with `width` numbers per id, or -1. */
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
