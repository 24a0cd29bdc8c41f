/** What is published of a district, as its students' fingerprints: by them a night knows who needs a closer look. */
import type pg from 'pg';
import type { StudentFingerprint } from './fingerprints.ts';
import { IdFolds } from './id-folds.ts';

/** Bytes of a Skyward id and of a fingerprint, as PostgreSQL sends a bigint. */
const numberLength = 8;

/**
 * All students who were ever delivered, in two strings of bytes: a row each for a hundred thousand students would
 * cost more than everything that is done with them. `kept` has those whose record stands for a delivery, with its
 * fingerprint; `other` the ids of those who have to be looked at whatever is delivered.
 */
const published = `
  select coalesce(string_agg(int8send(skyward_id) || int8send(source_fingerprint), '')
      filter (where is_kept), '') as kept,
    coalesce(string_agg(int8send(skyward_id), '') filter (where not is_kept), '') as other
  from (
    select skyward_id, source_fingerprint,
      missing_since_run_id is null and source_fingerprint is not null as is_kept
    from students where district_id = $1 and skyward_id is not null
  ) s`;

/** Skyward's ids of the published students, each with the fingerprint of the delivery that it stands for, if any. */
export class PublishedFingerprints {
  readonly #students = new IdFolds();
  readonly #fingerprints: (bigint | undefined)[] = [];

  /** Reads what is published now. */
  static async read(
    db: Pick<pg.ClientBase, 'query'>,
    districtId: number,
  ): Promise<PublishedFingerprints> {
    const { rows } = await db.query<{ kept: Buffer; other: Buffer }>(published, [districtId]);
    const { kept, other } = rows[0] ?? { kept: Buffer.of(), other: Buffer.of() };
    const all = new PublishedFingerprints();
    for (let at = 0; at < kept.length; at += 2 * numberLength) {
      all.add(Number(kept.readBigInt64BE(at)), kept.readBigInt64BE(at + numberLength));
    }
    for (let at = 0; at < other.length; at += numberLength) {
      all.add(Number(other.readBigInt64BE(at)), undefined);
    }
    return all;
  }

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
