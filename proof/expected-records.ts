/** The records and statuses expected after each import, determined independently of the import. */
import type {
  DistrictFacts,
  EnrollmentFacts,
  StudentFacts,
} from '../sandbox/district/district-facts.ts';
import { expectedStatuses, type ExpectedStatus } from '../tests/status-oracle.ts';

/** A record as it should be published. */
export interface ExpectedRecord {
  /** The student as last received from Skyward. */
  student: StudentFacts;
  /** The import date of that. */
  receivedOn: string;
  status: ExpectedStatus;
  /** The id of the published record, once known; it stays if Skyward recreates the student. */
  publishedId: number | undefined;
}

/** The expected records of one district, updated with each import. */
export class ExpectedRecords {
  /** By the last received StudentID. */
  readonly #records = new Map<number, ExpectedRecord>();

  get records(): ReadonlyMap<number, ExpectedRecord> {
    return this.#records;
  }

  /** Updates the expected records with the facts that an import receives. */
  receive(facts: DistrictFacts): void {
    const ids = new Set(facts.students.map(({ studentId }) => studentId));
    for (const received of facts.students) {
      // Later school years are not read, so their rows must not count after the roll-over either.
      const enrollments = received.enrollments.filter(
        (row) => row.schoolYear <= facts.schoolYear + 1,
      );
      const student = { ...received, enrollments };
      const known = this.#records.get(student.studentId) ?? this.#matchByNumber(student, ids);
      this.#updateRecord(student, facts, facts.today, known);
    }
    // A student who is no longer in Skyward stays, with a status from the last received rows.
    for (const [id, record] of Array.from(this.#records)) {
      if (!ids.has(id)) this.#updateRecord(record.student, facts, record.receivedOn, record);
    }
  }

  /**
   * Returns the record of a student whose StudentID is new: the only one with the same student number that is no
   * longer in Skyward, if another value confirms that it is the same student.
   */
  #matchByNumber(student: StudentFacts, ids: ReadonlySet<number>): ExpectedRecord | undefined {
    const found = Array.from(this.#records).filter(
      ([id, record]) =>
        !ids.has(id) &&
        record.student.studentNumber === student.studentNumber &&
        isSamePerson(record.student, student),
    );
    const [only] = found;
    if (only === undefined || found.length > 1) return undefined;
    this.#records.delete(only[0]);
    return only[1];
  }

  #updateRecord(
    student: StudentFacts,
    facts: DistrictFacts,
    receivedOn: string,
    known: ExpectedRecord | undefined,
  ): void {
    // If a row was deleted or changed, the published status no longer corresponds to the rows.
    const isUnchanged = known !== undefined && hasUnchangedEnrollments(known.student, student);
    const published = new Map(isUnchanged ? [[student.studentId, known.status]] : []);
    const students = [{ ...student, readOn: receivedOn }];
    const found = expectedStatuses({ ...facts, students }, published).get(student.studentId);
    if (found === undefined || (known === undefined && !found.counts)) return;
    this.#records.set(student.studentId, {
      student,
      receivedOn,
      status: found.status,
      publishedId: known?.publishedId,
    });
  }
}

function isSamePerson(one: StudentFacts, other: StudentFacts): boolean {
  if (one.stateId !== null && other.stateId !== null) return one.stateId === other.stateId;
  return (
    one.birthDate === other.birthDate &&
    one.firstName?.toLowerCase() === other.firstName?.toLowerCase()
  );
}

/** Returns whether no earlier row was deleted or changed, so that a row can only have stopped counting by its age. */
function hasUnchangedEnrollments(previous: StudentFacts, student: StudentFacts): boolean {
  const rows = new Set(student.enrollments.map(serializeEnrollment));
  return previous.enrollments.every((row) => rows.has(serializeEnrollment(row)));
}

/** Serializes an enrollment without the field that Skyward recomputes daily. */
function serializeEnrollment(row: EnrollmentFacts): string {
  return JSON.stringify({ ...row, enrolledAtLeastOneDay: undefined });
}
