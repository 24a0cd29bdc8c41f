/** Events of the school year: preparing the next one, graduation, roll-over, the first day of school. */
import type { SimulatedDay, Candidate } from './simulated-day.ts';
import { graduate, type EventAction } from './enrollment-events.ts';
import type { SchoolYear } from './school-years.ts';

/** Enrolls current students for the next year, one grade higher; not seniors. */
export const prepareYear: EventAction = (day) => {
  const next = day.years.upcoming;
  return day.expectedOrPresent.flatMap((candidate) =>
    // A few follow at the end of the year, since forms are late.
    day.random.chance(0.97) ? prepareStudent(day, candidate, next) : [],
  );
};

/** Enrolls the remaining students for the next year. */
export const prepareLate: EventAction = (day) => {
  const next = day.years.upcoming;
  return day.expectedOrPresent.flatMap((candidate) => prepareStudent(day, candidate, next));
};

function prepareStudent(
  day: SimulatedDay,
  { student, enrollment }: Candidate,
  next: SchoolYear,
): number[] {
  if (student.enrollments.some((each) => each.yearId === next.id)) return [];
  const { editor: register, random, years } = day;
  const grade = register.gradeOfEnrollment(enrollment);
  const isRetained = random.chance(grade === 13 ? 0.03 : 0.01);
  if (grade === 13 && !isRetained) return [];
  const nextGrade = isRetained ? grade : grade + 1;
  const entityId = years.schoolForGrade(nextGrade, student.id, enrollment.entityId);
  register.enroll({
    studentId: student.id,
    year: next,
    entityId,
    grade: nextGrade,
    start: next.first,
    entryCode: 'E1',
  });
  return [student.id];
}

/** Withdraws graduating seniors with code 01, some days after their last day. */
export const graduateClass: EventAction = (day) => {
  const { years, editor: register, random } = day;
  const { last } = years.current;
  const graduates = day.expectedOrPresent.filter(
    ({ student, enrollment }) =>
      register.gradeOfEnrollment(enrollment) === 13 &&
      !student.enrollments.some((each) => each.yearId > enrollment.yearId) &&
      random.chance(0.98),
  );
  for (const candidate of graduates) graduate(day, candidate, last + random.below(3));
  return graduates.map(({ student }) => student.id);
};

/** Closes open enrollments of the year, most with an end date alone; some stay open. */
export const closeYear: EventAction = (day) => {
  const { years, editor: register, random } = day;
  const { current } = years;
  const closed: number[] = [];
  for (const { id, enrollments } of day.students) {
    for (const each of enrollments) {
      if (each.yearId !== current.id || each.end !== null) continue;
      const variant = random.below(20);
      if (variant < 3 && !each.isCourse) continue;
      const code = each.isCourse ? 'CECS' : null;
      const end = Math.max(current.last, each.start);
      register.close(each, end, code, variant < 8 || each.isCourse);
      closed.push(id);
    }
  }
  return closed;
};

/** Makes the next school year the current one, and sets the new grade of students enrolled for it. */
export const rollYearOver: EventAction = (day) => {
  const { years, editor: register } = day;
  const next = years.upcoming;
  years.rollOver();
  const table = day.store.table('Enrollment/StudentEntityYear');
  const read = (field: string) => table.reader(field);
  const [student, entity, isDefault] = [
    read('StudentID'),
    read('EntityID'),
    read('IsDefaultEntity'),
  ];
  const moved: number[] = [];
  for (const row of table.rowsWhere('SchoolYearID', next.id)) {
    if (isDefault(row) !== true) continue;
    const studentId = Number(student(row));
    const grade = register.gradeAt(studentId, Number(entity(row)), next.id);
    register.setGrade(studentId, grade);
    moved.push(studentId);
  }
  return moved;
};

/** The first day of school. Enrolled students are present from now on; nothing else is written. */
export const startSchool: EventAction = (day) =>
  day.present
    .filter(({ enrollment }) => enrollment.start === day.date)
    .map(({ student }) => student.id);
