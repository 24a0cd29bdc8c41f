/** Events of enrollments: arrivals, moves, withdrawals, returns, corrections. */
import type { Day } from '../day.ts';
import type { SimulatedDay, Candidate } from './simulated-day.ts';
import { addHousehold } from './new-students.ts';
import type { SchoolYear } from './school-years.ts';

/**
 * Applies an event to a student or household, and returns the affected students;
 * undefined if there is no suitable one on this day.
 */
export type EventAction = (day: SimulatedDay) => readonly number[] | undefined;

const withdrawalCodes = ['80', '80', '80', '81', '82', '60', '98', '24'] as const;

/** Adds a family and enrolls its children, most of them from today on. */
export const addFamily: EventAction = (day) => enrollFamily(day);

/** Adds a family and returns the StudentIDs of its children, the eldest first. */
export function enrollFamily(day: SimulatedDay): number[] {
  const { random, years, date: today } = day;
  const year = enrollmentYear(day);
  const children = addHousehold(day.store, years, { day: today, random, eldest: 'open' });
  for (const { studentId, grade } of children) {
    const start = clampStart(day, year, random.chance(0.25) ? random.between(1, 21) : 0);
    enrollNewStudent(day, year, studentId, grade, start);
  }
  return children.map(({ studentId }) => studentId);
}

/** Registers the children of a family for the first day of a school year, the eldest for PK or KG. */
export const registerFamily: EventAction = (day) => {
  const { random, years, date: today } = day;
  const year = today < years.current.first ? years.current : years.upcoming;
  const children = addHousehold(day.store, years, {
    day: today,
    random,
    eldest: 'early-registration',
  });
  for (const { studentId, grade } of children) {
    enrollNewStudent(day, year, studentId, grade, year.first);
  }
  return children.map(({ studentId }) => studentId);
};

/** Returns the school year for enrolling today: the next one if this one is nearly over. */
export function enrollmentYear({ date: today, years }: SimulatedDay): SchoolYear {
  return today > years.current.last - 10 ? years.upcoming : years.current;
}

function clampStart({ date: today }: SimulatedDay, year: SchoolYear, daysAhead: number): Day {
  return Math.min(Math.max(today + daysAhead, year.first), year.last);
}

function enrollNewStudent(
  day: SimulatedDay,
  year: SchoolYear,
  studentId: number,
  grade: number,
  start: Day,
): void {
  day.markUsed(studentId);
  const entityId = day.years.schoolForGrade(grade, studentId);
  day.editor.enroll({ studentId, year, entityId, grade, start, entryCode: 'E1' });
  day.editor.setGrade(studentId, grade);
}

/** Moves a student to another school: one enrollment ends, another starts the next day. */
export const changeSchool: EventAction = (day) => {
  const { editor: register, random, years } = day;
  const candidate = day.choose(day.present, ({ enrollment }) => {
    const grade = register.gradeOfEnrollment(enrollment);
    const other = years.otherSchool(grade, enrollment.entityId, 0);
    return other !== undefined && enrollment.start < day.date - 1;
  });
  if (candidate === undefined) return undefined;
  const { enrollment } = candidate;
  const grade = register.gradeOfEnrollment(enrollment);
  const entityId = years.otherSchool(grade, enrollment.entityId, random.below(8));
  if (entityId === undefined) return undefined;
  register.close(enrollment, day.date - 1, 'TR');
  const year = years.get(enrollment.yearId);
  const { studentId } = enrollment;
  register.enroll({ studentId, year, entityId, grade, start: day.date, entryCode: 'E3' });
  return [studentId];
};

/** Closes an enrollment and opens the next one after a status change; the student stays. */
export const changeStatus: EventAction = (day) => {
  const { editor: register, years } = day;
  const candidate = day.choose(day.present, ({ enrollment }) => enrollment.start < day.date - 1);
  if (candidate === undefined) return undefined;
  const { enrollment } = candidate;
  const { studentId, entityId } = enrollment;
  register.close(enrollment, day.date - 1, '33');
  register.enroll({
    studentId,
    year: years.get(enrollment.yearId),
    entityId,
    grade: register.gradeOfEnrollment(enrollment),
    start: day.date,
    entryCode: 'SC',
    continues: enrollment.id,
  });
  return [studentId];
};

/** Withdraws a student who left some days ago or today. */
export const withdrawStudent: EventAction = (day) => {
  const candidate = day.choose(day.present);
  if (candidate === undefined) return undefined;
  const end = Math.max(candidate.enrollment.start, day.date - 1 - day.random.below(4));
  withdraw(day, candidate, end, day.random.pick(withdrawalCodes));
  return [candidate.student.id];
};

/** Enters the future withdrawal of a student. */
export const announceWithdrawal: EventAction = (day) => {
  const candidate = day.choose(day.present);
  if (candidate === undefined) return undefined;
  withdraw(day, candidate, day.date + day.random.between(3, 30), day.random.pick(withdrawalCodes));
  return [candidate.student.id];
};

/** Graduates a student before the class. */
export const graduateEarly: EventAction = (day) => {
  const candidate = day.choose(
    day.present,
    ({ enrollment }) => day.editor.gradeOfEnrollment(enrollment) === 13,
  );
  if (candidate === undefined) return undefined;
  const end = Math.max(candidate.enrollment.start, day.date - 1 - day.random.below(3));
  graduate(day, candidate, end);
  return [candidate.student.id];
};

/** Ends a student's open enrollments with code 01, and marks the student as graduated. */
export function graduate(day: SimulatedDay, candidate: Candidate, end: Day): void {
  withdraw(day, candidate, end, '01');
  day.editor.setGraduated(candidate.student.id, end);
}

/** Ends open enrollments, and deletes later ones. */
function withdraw(
  day: SimulatedDay,
  { student, enrollment }: Candidate,
  end: Day,
  code: string,
): void {
  day.editor.close(enrollment, end, code);
  for (const other of student.enrollments) {
    if (other.id === enrollment.id) continue;
    const isAhead = other.start > end && other.end === null && !other.isContinued;
    if (isAhead) day.editor.remove(other);
    else if (other.end === null && other.yearId === enrollment.yearId) {
      day.editor.close(other, end, other.isCourse ? 'CECS' : code);
    }
  }
}

/** Enrolls a former student again, sometimes a graduate. */
export const returnStudent: EventAction = (day) => {
  const { random, editor: register } = day;
  const isGraduate = random.chance(0.06);
  const candidate = day.choose(
    day.departed,
    ({ enrollment }) => isGraduate === (enrollment.code === '01'),
  );
  if (candidate === undefined) return undefined;
  const { enrollment } = candidate;
  const year = enrollmentYear(day);
  const grade = Math.min(
    13,
    register.gradeOfEnrollment(enrollment) + (year.id > enrollment.yearId ? 1 : 0),
  );
  const { studentId } = enrollment;
  const start = clampStart(day, year, random.chance(0.3) ? random.between(1, 10) : 0);
  const entityId = day.years.schoolForGrade(grade, studentId, enrollment.entityId);
  register.enroll({ studentId, year, entityId, grade, start, entryCode: 'E2' });
  register.setGrade(studentId, grade);
  return [studentId];
};

/** Adds a course at the career center; its enrollment has the code CECS from the start. */
export const startCourse: EventAction = (day) => {
  const { editor: register, random, years } = day;
  const careerCenter = years.plan.schools.find((school) => school.isCareerCenter);
  const candidate = day.choose(
    day.present,
    ({ student, enrollment }) =>
      register.gradeOfEnrollment(enrollment) >= 10 &&
      !student.enrollments.some((each) => each.isCourse),
  );
  if (candidate === undefined || careerCenter === undefined) return undefined;
  const { studentId, yearId } = candidate.enrollment;
  const year = years.get(yearId);
  register.enroll({
    studentId,
    year,
    entityId: careerCenter.entityId,
    grade: register.gradeOfEnrollment(candidate.enrollment),
    start: day.date,
    end: random.chance(0.5) ? random.between(day.date, year.last) : null,
    entryCode: 'CE',
    isCourse: true,
  });
  return [studentId];
};

export const endCourse: EventAction = (day) => {
  const candidate = day.choose(day.openCourses);
  if (candidate === undefined) return undefined;
  day.editor.close(candidate.enrollment, day.date - 1, 'CECS');
  return [candidate.student.id];
};

/** Corrects the start of an enrollment by some days. */
export const correctStart: EventAction = (day) => {
  const candidate = day.choose(day.present, ({ enrollment }) => enrollment.start < day.date - 10);
  if (candidate === undefined) return undefined;
  const days = day.random.between(1, 6) * (day.random.chance(0.5) ? 1 : -1);
  day.editor.setStart(candidate.enrollment, candidate.enrollment.start + days);
  return [candidate.student.id];
};

/** Corrects the last day or the reason of a withdrawal. */
export const correctWithdrawal: EventAction = (day) => {
  const { random } = day;
  const candidate = day.choose(day.withdrawnWithin(60));
  if (candidate === undefined) return undefined;
  const { enrollment } = candidate;
  const end = enrollment.end ?? day.date;
  const corrected = random.chance(0.5)
    ? Math.max(enrollment.start, end - random.between(1, 5))
    : end;
  day.editor.close(enrollment, corrected, random.pick(withdrawalCodes));
  return [candidate.student.id];
};

/** Reverts a withdrawal that was a mistake. */
export const undoWithdrawal: EventAction = (day) => {
  const candidate = day.choose(
    day.withdrawnWithin(60),
    ({ student }) => !student.enrollments.some((each) => each.end === null && !each.isCourse),
  );
  if (candidate === undefined) return undefined;
  day.editor.reopen(candidate.enrollment);
  return [candidate.student.id];
};

/** Returns whether no other enrollment continues it. */
const isDeletable = ({ enrollment }: Candidate): boolean => !enrollment.isContinued;

/** Deletes an enrollment that was a mistake. */
export const deleteEnrollment: EventAction = (day) => {
  const { first } = day.years.current;
  const candidate =
    day.choose(
      day.present,
      (each) =>
        isDeletable(each) && each.enrollment.start > first && each.student.enrollments.length > 1,
    ) ?? day.choose(day.present, isDeletable);
  if (candidate === undefined) return undefined;
  day.editor.remove(candidate.enrollment);
  return [candidate.student.id];
};

/** Cancels a future enrollment: it ends before it starts. */
export const cancelEnrollment: EventAction = (day) => {
  const candidate = day.choose(day.upcoming);
  if (candidate === undefined) return undefined;
  day.editor.close(candidate.enrollment, candidate.enrollment.start - 1, 'NS');
  return [candidate.student.id];
};

/** Marks a student who did not come on the first day of school. */
export const markNeverCame: EventAction = (day) => {
  const { first } = day.years.current;
  const candidate = day.choose(day.present, ({ enrollment }) => enrollment.start === first);
  if (candidate === undefined) return undefined;
  day.editor.markNoShow(candidate.enrollment);
  return [candidate.student.id];
};
