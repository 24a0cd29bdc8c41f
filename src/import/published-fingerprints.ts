/** What is published of a district, as its students' fingerprints: by them a night knows who needs a closer look. Pure. */
import type { StudentFingerprint } from './fingerprints.ts';
import { IdFolds } from './id-folds.ts';

/** Skyward's ids of the published students, each with the fingerprint of the delivery that it stands for, if any. */
export class PublishedFingerprints {
  readonly #students = new IdFolds();
  readonly #fingerprints: (bigint | undefined)[] = [];

  add(studentId: number, fingerprint: bigint | undefined): void {
    this.#fingerprints[this.#students.place(studentId)] = fingerprint;
  }

  get size(): number {
    return this.#students.size;
  }

  has(studentId: number): boolean {
    return this.#students.find(studentId) >= 0;
  }

  *ids(): Generator<number> {
    for (let index = 0; index < this.#students.size; index++) yield this.#students.idAt(index);
  }

  /**
   * Of the delivered students those who are new or not what is published. A new one without any enrollment is not
   * looked at, unless a published student of another id was found to be the same (`adopted`).
   */
  *differing(
    delivered: Iterable<StudentFingerprint>,
    adopted: ReadonlySet<number>,
  ): Generator<StudentFingerprint> {
    for (const student of delivered) {
      const index = this.#students.find(student.studentId);
      const differs =
        index < 0
          ? student.isEnrolled || adopted.has(student.studentId)
          : this.#fingerprints[index] !== student.fingerprint;
      if (differs) yield student;
    }
  }
}
