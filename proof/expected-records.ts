/** Which records a person expects after each import, and which status each has: a plain reading of design and page. */
import type {
  DistrictFacts,
  EnrollmentFacts,
  StudentFacts,
} from '../sandbox/district/district-facts.ts';
import { expectedStatuses, type ExpectedStatus } from '../tests/status-oracle.ts';

/** A record as it should be published. */
export interface ExpectedRecord {
  /** The student as Skyward gave them last. */
  student: StudentFacts;
  /** The import date on which that was. */
  receivedOn: string;
  status: ExpectedStatus;
  /** The id of the published record, once seen; it stays when Skyward makes the student anew. */
  publishedId: number | undefined;
}

/** The records of one district, from import to import. */
export class ExpectedRecords {
  /** By the StudentID of whom Skyward gave last. */
  readonly #records = new Map<number, ExpectedRecord>();

  get records(): ReadonlyMap<number, ExpectedRecord> {
    return this.#records;
  }

  /** Takes in what an import of these facts should bring. */
  receive(facts: DistrictFacts): void {
    const ids = new Set(facts.students.map(({ studentId }) => studentId));
    for (const whole of facts.students) {
      // Through the next school year, and no further: what is not read can't count after the roll-over either.
      const enrollments = whole.enrollments.filter((row) => row.schoolYear <= facts.schoolYear + 1);
      const student = { ...whole, enrollments };
      const known = this.#records.get(student.studentId) ?? this.#takeOver(student, ids);
      this.#judge(student, facts, facts.today, known);
    }
    // Whoever is no longer in Skyward stays, and the status follows from the rows of the last time.
    for (const [id, record] of Array.from(this.#records)) {
      if (!ids.has(id)) this.#judge(record.student, facts, record.receivedOn, record);
    }
  }

  /**
   * The record of a student whose StudentID is new: one of the same number that Skyward no longer gives,
   * if a second sign says that it is the same student, and if it is the only one.
   */
  #takeOver(student: StudentFacts, ids: ReadonlySet<number>): ExpectedRecord | undefined {
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

  #judge(
    student: StudentFacts,
    facts: DistrictFacts,
    receivedOn: string,
    known: ExpectedRecord | undefined,
  ): void {
    // Where a row was taken away or changed, the published status does not stand for the rows any more.
    const stands = known !== undefined && isAsItWas(known.student, student);
    const published = new Map(stands ? [[student.studentId, known.status]] : []);
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

/** Nothing that was there the last time was taken away or changed: whatever does not count any more only grew old. */
function isAsItWas(former: StudentFacts, student: StudentFacts): boolean {
  const rows = new Set(student.enrollments.map(textOf));
  return former.enrollments.every((row) => rows.has(textOf(row)));
}

/** An enrollment without what Skyward computes anew as days pass. */
function textOf(row: EnrollmentFacts): string {
  return JSON.stringify({ ...row, enrolledAtLeastOneDay: undefined });
}
