/** What happens to whole records: purged after some years, made twice and merged, made anew; numbers given again. */
import type { Value } from './columns.ts';
import type { Night } from './night.ts';
import type { Pupil } from './night-census.ts';
import { enrollFamily, enrollingYear, type NightEvent } from './night-enrollment-events.ts';
import { studentNumberOf } from './people-tables.ts';
import type { Table } from './table.ts';

/** Days after the last enrollment for which a record is kept at least. */
const keptDays = 450;

/** A student who left some years ago is deleted for good; the name stays, as names are shared. */
export const recordPurged: NightEvent = (night) => {
  const place = night.choose(night.former(keptDays));
  if (place === undefined) return undefined;
  const { pupil } = place;
  night.register.removeEnrollments(pupil.id);
  removeTies(night, pupil.id);
  night.store.table('Student/Student').remove(pupil.row);
  return [pupil.id];
};

function removeTies(night: Night, studentId: number): void {
  const restrictions = night.store.table('Family/StudentGuardianRestrictedAccess');
  const links = night.store.table('Family/StudentGuardian');
  for (const link of links.rowsWhere('StudentID', studentId)) {
    removeAll(restrictions, restrictions.rowsWhere('StudentGuardianID', links.idOf(link)));
  }
  for (const path of tiePaths) {
    const table = night.store.table(path);
    removeAll(table, table.rowsWhere('StudentID', studentId));
  }
}

const tiePaths = [
  'Family/StudentGuardian',
  'Family/StudentFamily',
  'Student/StudentDistrict',
] as const;

function removeAll(table: Table, rows: Iterable<number>): void {
  for (const row of Array.from(rows)) table.remove(row);
}

/** A family comes, and its eldest child gets the number of a student who was deleted. */
export const numberGivenAgain: NightEvent = (night) => {
  const number = night.takeFreeNumber();
  if (number === undefined) return undefined;
  const children = enrollFamily(night);
  const students = night.store.table('Student/Student');
  const row = students.findRow(children[0] ?? 0);
  if (row !== undefined) students.update(row, { StudentNumber: number });
  return children;
};

/** A student who left is back, and the office makes a second record instead of finding the first. */
export const recordDuplicated: NightEvent = (night) => {
  const place = night.choose(night.gone);
  if (place === undefined) return undefined;
  const { pupil, enrollment } = place;
  const { store, register, years } = night;
  const names = store.table('Demographics/Name');
  const name = names.findRow(pupil.nameId);
  if (name === undefined) return undefined;
  const NameID = names.idOf(names.insert(names.keptValues(name)));
  copyRows(store.table('Demographics/NameAddress'), 'NameID', pupil.nameId, NameID);
  const students = store.table('Student/Student');
  const row = students.insert({
    ...students.keptValues(pupil.row),
    NameID,
    // The state's number is asked for later; until then nobody sees that there is one.
    StudentStateID: null,
    CalculatedStudentStateID: null,
    StudentNumber: studentNumberOf(students.rowCount),
    IsGraduated: false,
    GraduationDate: null,
  });
  const studentId = students.idOf(row);
  for (const path of tiePaths) copyRows(store.table(path), 'StudentID', pupil.id, studentId);
  night.take(studentId);
  const year = enrollingYear(night);
  const grade = Math.min(13, register.gradeOf(enrollment) + (year.id > enrollment.yearId ? 1 : 0));
  const entityId = years.schoolForGrade(grade, studentId, enrollment.entityId);
  const start = Math.min(Math.max(night.day, year.first), year.last);
  register.enroll({ studentId, year, entityId, grade, start, entryCode: 'E1' });
  register.setGrade(studentId, grade);
  return [pupil.id, studentId];
};

function copyRows(table: Table, field: string, from: number, to: number): void {
  for (const row of Array.from(table.rowsWhere(field, from))) {
    table.insert({ ...table.keptValues(row), [field]: to });
  }
}

/** Two records of one student become one: one id vanishes, the other takes its number and enrollments. */
export const recordsMerged: NightEvent = (night) => {
  const pairs = doubles(night);
  const pair = pairs[night.random.below(pairs.length)];
  if (pair === undefined) return undefined;
  const [one, other] = pair;
  const [survivor, vanished] = night.random.chance(0.5) ? [one, other] : [other, one];
  const students = night.store.table('Student/Student');
  const read = (field: string): Value =>
    students.reader(field)(vanished.row) ?? students.reader(field)(survivor.row);
  students.update(survivor.row, {
    StudentNumber: read('StudentNumber'),
    StudentStateID: read('StudentStateID'),
    CalculatedStudentStateID: read('CalculatedStudentStateID'),
  });
  night.register.moveEnrollments(vanished.id, survivor.id);
  removeTies(night, vanished.id);
  students.remove(vanished.row);
  for (const { id } of pair) night.take(id);
  return [survivor.id, vanished.id];
};

/** Pairs of records with one name and birth date, one of which has no number of the state. */
function doubles(night: Night): [Pupil, Pupil][] {
  const names = night.store.table('Demographics/Name');
  const [first, last, birth] = ['FirstName', 'LastName', 'BirthDate'].map((field) =>
    names.reader(field),
  );
  const students = night.store.table('Student/Student');
  const stateId = students.reader('StudentStateID');
  const known = new Map<string, Pupil>();
  const found: [Pupil, Pupil][] = [];
  for (const pupil of night.pupils) {
    const row = names.findRow(pupil.nameId);
    if (row === undefined || night.isTaken(pupil.id) || !students.isLive(pupil.row)) continue;
    const key = [first, last, birth].map((reader) => String(reader?.(row))).join('|');
    const other = known.get(key);
    known.set(key, pupil);
    if (other === undefined) continue;
    if (stateId(pupil.row) === null || stateId(other.row) === null) found.push([other, pupil]);
  }
  return found;
}

/** A record is made anew: another id, the same number and the same person. */
export const recordRecreated: NightEvent = (night) => {
  const place = night.choose(night.belonging);
  if (place === undefined) return undefined;
  const { pupil } = place;
  const students = night.store.table('Student/Student');
  const studentId = students.idOf(students.insert(students.keptValues(pupil.row)));
  night.register.moveEnrollments(pupil.id, studentId);
  for (const path of tiePaths) {
    const table = night.store.table(path);
    for (const row of Array.from(table.rowsWhere('StudentID', pupil.id))) {
      table.update(row, { StudentID: studentId });
    }
  }
  students.remove(pupil.row);
  night.take(studentId);
  return [pupil.id, studentId];
};

/** A teacher leaves, and the homeroom has none: the post is taken away, or stays without a person. */
export const teacherLeft: NightEvent = (night) => {
  const homerooms = night.store.table('Enrollment/Homeroom');
  const staffId = homerooms.reader('StaffID');
  const homeroom = chooseHomeroom(night, (row) => staffId(row) !== null);
  if (homeroom === undefined) return undefined;
  homerooms.update(homeroom.row, { StaffID: null });
  return homeroom.studentIds;
};

/** A homeroom without a teacher gets one again. */
export const teacherCame: NightEvent = (night) => {
  const homerooms = night.store.table('Enrollment/Homeroom');
  const staffId = homerooms.reader('StaffID');
  const homeroom = chooseHomeroom(night, (row) => staffId(row) === null);
  if (homeroom === undefined) return undefined;
  const staff = night.store.table('Staff/Staff');
  homerooms.update(homeroom.row, { StaffID: staff.idOf(night.random.below(staff.rowCount)) });
  return homeroom.studentIds;
};

/** A homeroom of this year with students. */
function chooseHomeroom(
  { store, random, years }: Night,
  fits: (row: number) => boolean,
): { readonly row: number; readonly studentIds: number[] } | undefined {
  const homerooms = store.table('Enrollment/Homeroom');
  const entityYears = store.table('Enrollment/StudentEntityYear');
  const student = entityYears.reader('StudentID');
  const found = years.current.homerooms.flatMap((id) => {
    const row = homerooms.findRow(id);
    if (row === undefined || !fits(row)) return [];
    const studentIds = Array.from(entityYears.rowsWhere('HomeroomID', id), (each) =>
      Number(student(each)),
    );
    return studentIds.length === 0 ? [] : [{ row, studentIds }];
  });
  return found[random.below(found.length)];
}
