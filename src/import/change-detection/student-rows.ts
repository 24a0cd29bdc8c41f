/** The hashes of the students' own rows, and the person of each student. Pure. */
import { KeySet } from '../../roster/key-set.ts';
import { PendingHashes, type IdHashes } from './id-hashes.ts';

/** The students received in one reading of their list. If the list is read again, a new object is used. */
export class StudentRows {
  readonly #students: IdHashes;
  readonly #hashes: PendingHashes;
  readonly #received = new KeySet();
  #persons: Float64Array<ArrayBuffer>;
  size = 0;

  /** `students` supplies the index of each student. */
  constructor(students: IdHashes) {
    this.#students = students;
    this.#hashes = new PendingHashes(students);
    this.#persons = new Float64Array(Math.max(1024, students.size));
  }

  /** Adds a student's row, with the id of their person (NaN for none). */
  add(sisStudentId: number, personId: number, low: number, high: number): void {
    const index = this.#students.ensure(sisStudentId);
    this.#hashes.combineAt(index, low, high);
    if (index >= this.#persons.length) this.#grow(index);
    this.#persons[index] = personId;
    if (this.#received.add(index)) this.size += 1;
  }

  /** Returns whether a row of the student at this index was received; false below 0. */
  has(index: number): boolean {
    return index >= 0 && this.#received.has(index);
  }

  personAt(index: number): number {
    return this.#persons[index] ?? Number.NaN;
  }

  lowAt(index: number): number {
    return this.#hashes.lowAt(index);
  }

  highAt(index: number): number {
    return this.#hashes.highAt(index);
  }

  #grow(index: number): void {
    const length = Math.max(index + 1, this.#persons.length * 2);
    const bytes = length * Float64Array.BYTES_PER_ELEMENT;
    this.#persons = new Float64Array(this.#persons.buffer.transfer(bytes));
  }
}
