/** The facts of a sandbox district, read directly from the tables, for tests that determine results independently. */
import type { Value } from './columns.ts';
import type { DistrictClock } from './district-clock.ts';
import { districtEntityId } from './school-plan.ts';
import type { Store } from './store.ts';

/** A row of Enrollment/EntryWithdrawal with resolved codes. Dates are `YYYY-MM-DD`. */
export interface EnrollmentFacts {
  readonly id: number;
  readonly entityId: number;
  /** The year in which the school year ends. */
  readonly schoolYear: number;
  readonly startDate: string;
  readonly endDate: string | null;
  readonly withdrawalDate: string | null;
  readonly entryCode: string | null;
  /** As typed, with its spaces and case. */
  readonly withdrawalCode: string | null;
  readonly isDefaultEntity: boolean;
  readonly isCrossEntityCourse: boolean;
  /** Skyward's flag; not every way of marking a no-show sets it. */
  readonly isNoShow: boolean;
  readonly enrolledAtLeastOneDay: boolean;
  readonly calendarEndDate: string | null;
}

export interface GuardianFacts {
  readonly nameId: number;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly relationship: string | null;
  readonly rank: number;
}

export interface StudentFacts {
  readonly studentId: number;
  readonly studentNumber: string | null;
  readonly stateId: string | null;
  readonly nameId: number;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly birthDate: string | null;
  readonly grade: string | null;
  /** In key order. */
  readonly enrollments: readonly EnrollmentFacts[];
  /** In key order. */
  readonly guardians: readonly GuardianFacts[];
}

/** Everything that a test needs to determine what an import should publish. */
export interface DistrictFacts {
  /** The district's date. */
  readonly today: string;
  /** The current school year, by the year in which it ends. */
  readonly schoolYear: number;
  readonly students: readonly StudentFacts[];
}

/** Reads the facts of every student, complete and without interpretation. */
export function readDistrictFacts(store: Store, clock: DistrictClock): DistrictFacts {
  const enrollments = readEnrollmentFacts(store);
  const guardians = readGuardianFacts(store);
  const students = store.table('Student/Student');
  const read = (field: string) => students.reader(field);
  const nameId = read('NameID');
  const birthDate = store.follow(nameId, 'Demographics/Name', 'BirthDate');
  const facts: StudentFacts[] = [];
  for (let row = 0; row < students.rowCount; row += 1) {
    if (!students.isLive(row)) continue;
    const studentId = students.idOf(row);
    facts.push({
      studentId,
      studentNumber: text(read('StudentNumber')(row)),
      stateId: text(read('CalculatedStudentStateID')(row)),
      nameId: Number(nameId(row)),
      firstName: text(read('FirstName')(row)),
      lastName: text(read('LastName')(row)),
      birthDate: date(birthDate(row)),
      grade: text(read('Grade')(row)),
      enrollments: enrollments.get(studentId) ?? [],
      guardians: guardians.get(studentId) ?? [],
    });
  }
  const entities = store.table('District/Entity');
  const current = entities.reader('SchoolYearIDCurrent')(entities.findRow(districtEntityId) ?? 0);
  return { today: clock.date, schoolYear: readSchoolYear(store, current), students: facts };
}

function readEnrollmentFacts(store: Store): Map<Value, EnrollmentFacts[]> {
  const table = store.table('Enrollment/EntryWithdrawal');
  const read = (field: string) => table.reader(field);
  const entryCode = store.follow(read('EntryCodeID'), 'Enrollment/EntryCode', 'Code');
  const code = store.follow(read('WithdrawalCodeID'), 'Enrollment/WithdrawalCode', 'Code');
  const calendarEnd = store.follow(read('CalendarID'), 'Attendance/Calendar', 'EndDate');
  const facts = new Map<Value, EnrollmentFacts[]>();
  for (let row = 0; row < table.rowCount; row += 1) {
    if (!table.isLive(row)) continue;
    add(facts, read('StudentID')(row), {
      id: table.idOf(row),
      entityId: Number(read('EntityID')(row)),
      schoolYear: readSchoolYear(store, read('SchoolYearID')(row)),
      startDate: date(read('StartDate')(row)) ?? '',
      endDate: date(read('EndDate')(row)),
      withdrawalDate: date(read('WithdrawalDate')(row)),
      entryCode: text(entryCode(row)),
      withdrawalCode: text(code(row)),
      isDefaultEntity: read('IsDefaultEntity')(row) === true,
      isCrossEntityCourse: read('IsCrossEntityCourseEnrollment')(row) === true,
      isNoShow: read('IsNoShow')(row) === true,
      enrolledAtLeastOneDay: read('EnrolledAtLeastOneDay')(row) === true,
      calendarEndDate: date(calendarEnd(row)),
    });
  }
  return facts;
}

function readGuardianFacts(store: Store): Map<Value, GuardianFacts[]> {
  const links = store.table('Family/StudentGuardian');
  const read = (field: string) => links.reader(field);
  const nameId = read('NameIDGuardian');
  const name = (field: string) => store.follow(nameId, 'Demographics/Name', field);
  const [first, last] = [name('FirstName'), name('LastName')];
  const kind = store.follow(read('RelationshipID'), 'Demographics/Relationship', 'Description');
  const facts = new Map<Value, GuardianFacts[]>();
  for (let row = 0; row < links.rowCount; row += 1) {
    if (!links.isLive(row)) continue;
    add(facts, read('StudentID')(row), {
      nameId: Number(nameId(row)),
      firstName: text(first(row)),
      lastName: text(last(row)),
      relationship: text(kind(row)),
      rank: Number(read('Rank')(row)),
    });
  }
  return facts;
}

function add<Item>(lists: Map<Value, Item[]>, key: Value, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function readSchoolYear(store: Store, schoolYearId: Value): number {
  const years = store.table('District/SchoolYear');
  const row = years.findRow(schoolYearId);
  return row === undefined ? 0 : Number(years.reader('NumericYear')(row));
}

function text(value: Value): string | null {
  return value === null ? null : String(value);
}

function date(value: Value): string | null {
  return typeof value === 'string' ? value.slice(0, 10) : null;
}
