/** What the students' own rows fold into, and the person behind each: beside the folds of the students' ids. Pure. */
import { KeySet } from '../../roster/key-set.ts';
import { PendingHashes, type IdHashes } from './id-hashes.ts';

/** The delivered students of one reading of their list. A list that is read again gets new ones. */
export class StudentRows {
  readonly #students: IdHashes;
  readonly #folds: PendingHashes;
  readonly #delivered = new KeySet();
  #persons: Float64Array<ArrayBuffer>;
  size = 0;

  /** `students` gives each student its index. */
  constructor(students: IdHashes) {
    this.#students = students;
    this.#folds = new PendingHashes(students);
    this.#persons = new Float64Array(Math.max(1024, students.size));
  }

  /** Folds a row of the student, who is the person of this id (NaN for nobody). */
  add(sisStudentId: number, personId: number, low: number, high: number): void {
    const index = this.#students.ensure(sisStudentId);
    this.#folds.combineAt(index, low, high);
    if (index >= this.#persons.length) this.#grow(index);
    this.#persons[index] = personId;
    if (this.#delivered.add(index)) this.size += 1;
  }

  /** Whether a row of the student at this index was delivered; there is none below 0. */
  has(index: number): boolean {
    return index >= 0 && this.#delivered.has(index);
  }

  personAt(index: number): number {
    return this.#persons[index] ?? Number.NaN;
  }

  lowAt(index: number): number {
    return this.#folds.lowAt(index);
  }

  highAt(index: number): number {
    return this.#folds.highAt(index);
  }

  #grow(index: number): void {
    const length = Math.max(index + 1, this.#persons.length * 2);
    const bytes = length * Float64Array.BYTES_PER_ELEMENT;
    this.#persons = new Float64Array(this.#persons.buffer.transfer(bytes));
  }
}
