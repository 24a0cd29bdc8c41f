/** Events of whole records: purged after some years, duplicated and merged, recreated; reused numbers. */
import type { Value } from '../district/columns.ts';
import type { SimulatedDay } from './simulated-day.ts';
import type { SandboxStudent } from './sandbox-students.ts';
import { enrollFamily, enrollmentYear, type EventAction } from './enrollment-events.ts';
import { formatStudentNumber } from '../district/people-tables.ts';
import type { Table } from '../district/table.ts';

/** Minimum days after the last enrollment before a record is purged. */
const retentionDays = 450;

/** Deletes a student who left some years ago; the name stays, since names are shared. */
export const purgeRecord: EventAction = (day) => {
  const candidate = day.choose(day.former(retentionDays));
  if (candidate === undefined) return undefined;
  const { student } = candidate;
  day.editor.removeEnrollments(student.id);
  removeLinks(day, student.id);
  day.store.table('Student/Student').remove(student.row);
  return [student.id];
};

function removeLinks(day: SimulatedDay, studentId: number): void {
  const restrictions = day.store.table('Family/StudentGuardianRestrictedAccess');
  const links = day.store.table('Family/StudentGuardian');
  for (const link of links.rowsWhere('StudentID', studentId)) {
    removeAll(restrictions, restrictions.rowsWhere('StudentGuardianID', links.idOf(link)));
  }
  for (const path of linkPaths) {
    const table = day.store.table(path);
    removeAll(table, table.rowsWhere('StudentID', studentId));
  }
}

const linkPaths = [
  'Family/StudentGuardian',
  'Family/StudentFamily',
  'Student/StudentDistrict',
] as const;

function removeAll(table: Table, rows: Iterable<number>): void {
  for (const row of Array.from(rows)) table.remove(row);
}

/** Adds a family whose eldest child gets the number of a deleted student. */
export const reuseNumber: EventAction = (day) => {
  const number = day.takeUnusedNumber();
  if (number === undefined) return undefined;
  const children = enrollFamily(day);
  const students = day.store.table('Student/Student');
  const row = students.findRow(children[0] ?? 0);
  if (row !== undefined) students.update(row, { StudentNumber: number });
  return children;
};

/** Creates a second record for a returning student, instead of using the first one. */
export const duplicateRecord: EventAction = (day) => {
  const candidate = day.choose(day.departed);
  if (candidate === undefined) return undefined;
  const { student, enrollment } = candidate;
  const { store, editor: register, years } = day;
  const names = store.table('Demographics/Name');
  const name = names.findRow(student.nameId);
  if (name === undefined) return undefined;
  const NameID = names.idOf(names.insert(names.storedValues(name)));
  copyRows(store.table('Demographics/NameAddress'), 'NameID', student.nameId, NameID);
  const students = store.table('Student/Student');
  const row = students.insert({
    ...students.storedValues(student.row),
    NameID,
    // The state ID is entered later, so the duplicate is not noticed yet.
    StudentStateID: null,
    CalculatedStudentStateID: null,
    StudentNumber: formatStudentNumber(students.rowCount),
    IsGraduated: false,
    GraduationDate: null,
  });
  const studentId = students.idOf(row);
  for (const path of linkPaths) copyRows(store.table(path), 'StudentID', student.id, studentId);
  day.markUsed(studentId);
  const year = enrollmentYear(day);
  const grade = Math.min(
    13,
    register.gradeOfEnrollment(enrollment) + (year.id > enrollment.yearId ? 1 : 0),
  );
  const entityId = years.schoolForGrade(grade, studentId, enrollment.entityId);
  const start = Math.min(Math.max(day.date, year.first), year.last);
  register.enroll({ studentId, year, entityId, grade, start, entryCode: 'E1' });
  register.setGrade(studentId, grade);
  return [student.id, studentId];
};

function copyRows(table: Table, field: string, from: number, to: number): void {
  for (const row of Array.from(table.rowsWhere(field, from))) {
    table.insert({ ...table.storedValues(row), [field]: to });
  }
}

/** Merges two records of one student: one is deleted, the other gets its number and enrollments. */
export const mergeRecords: EventAction = (day) => {
  const pairs = findDuplicates(day);
  const pair = pairs[day.random.below(pairs.length)];
  if (pair === undefined) return undefined;
  const [one, other] = pair;
  const [survivor, removed] = day.random.chance(0.5) ? [one, other] : [other, one];
  const students = day.store.table('Student/Student');
  const read = (field: string): Value =>
    students.reader(field)(removed.row) ?? students.reader(field)(survivor.row);
  students.update(survivor.row, {
    StudentNumber: read('StudentNumber'),
    StudentStateID: read('StudentStateID'),
    CalculatedStudentStateID: read('CalculatedStudentStateID'),
  });
  day.editor.moveEnrollments(removed.id, survivor.id);
  removeLinks(day, removed.id);
  students.remove(removed.row);
  for (const { id } of pair) day.markUsed(id);
  return [survivor.id, removed.id];
};

/** Returns pairs of records with the same name and birth date, one of them without a state ID. */
function findDuplicates(day: SimulatedDay): [SandboxStudent, SandboxStudent][] {
  const names = day.store.table('Demographics/Name');
  const [first, last, birth] = ['FirstName', 'LastName', 'BirthDate'].map((field) =>
    names.reader(field),
  );
  const students = day.store.table('Student/Student');
  const stateId = students.reader('StudentStateID');
  const known = new Map<string, SandboxStudent>();
  const found: [SandboxStudent, SandboxStudent][] = [];
  for (const student of day.students) {
    const row = names.findRow(student.nameId);
    if (row === undefined || day.isUsed(student.id) || !students.isLive(student.row)) continue;
    const key = [first, last, birth].map((reader) => String(reader?.(row))).join('|');
    const other = known.get(key);
    known.set(key, student);
    if (other === undefined) continue;
    if (stateId(student.row) === null || stateId(other.row) === null) found.push([other, student]);
  }
  return found;
}

/** Recreates a record: another id, the same number and person. */
export const recreateRecord: EventAction = (day) => {
  const candidate = day.choose(day.expectedOrPresent);
  if (candidate === undefined) return undefined;
  const { student } = candidate;
  const students = day.store.table('Student/Student');
  const studentId = students.idOf(students.insert(students.storedValues(student.row)));
  day.editor.moveEnrollments(student.id, studentId);
  for (const path of linkPaths) {
    const table = day.store.table(path);
    for (const row of Array.from(table.rowsWhere('StudentID', student.id))) {
      table.update(row, { StudentID: studentId });
    }
  }
  students.remove(student.row);
  day.markUsed(studentId);
  return [student.id, studentId];
};

/** Removes the teacher of a homeroom: deletes the position, or leaves it vacant. */
export const removeTeacher: EventAction = (day) => {
  const homerooms = day.store.table('Enrollment/Homeroom');
  const staffId = homerooms.reader('StaffID');
  const homeroom = chooseHomeroom(day, (row) => staffId(row) !== null);
  if (homeroom === undefined) return undefined;
  homerooms.update(homeroom.row, { StaffID: null });
  return homeroom.studentIds;
};

/** Assigns a teacher to a homeroom without one. */
export const assignTeacher: EventAction = (day) => {
  const homerooms = day.store.table('Enrollment/Homeroom');
  const staffId = homerooms.reader('StaffID');
  const homeroom = chooseHomeroom(day, (row) => staffId(row) === null);
  if (homeroom === undefined) return undefined;
  const staff = day.store.table('Staff/Staff');
  homerooms.update(homeroom.row, { StaffID: staff.idOf(day.random.below(staff.rowCount)) });
  return homeroom.studentIds;
};

/** Chooses a homeroom of this year with students. */
function chooseHomeroom(
  { store, random, years }: SimulatedDay,
  isEligible: (row: number) => boolean,
): { readonly row: number; readonly studentIds: number[] } | undefined {
  const homerooms = store.table('Enrollment/Homeroom');
  const entityYears = store.table('Enrollment/StudentEntityYear');
  const studentReader = entityYears.reader('StudentID');
  const found = years.current.homerooms.flatMap((id) => {
    const row = homerooms.findRow(id);
    if (row === undefined || !isEligible(row)) return [];
    const studentIds = Array.from(entityYears.rowsWhere('HomeroomID', id), (each) =>
      Number(studentReader(each)),
    );
    return studentIds.length === 0 ? [] : [{ row, studentIds }];
  });
  return found[random.below(found.length)];
}
