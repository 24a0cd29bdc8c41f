/** What the school year brings on its dates: preparing the next one, graduation, roll-over, the first day. */
import type { Night, Place } from './night.ts';
import { graduate, type NightEvent } from './night-enrollment-events.ts';
import type { YearFrame } from './night-years.ts';

/** Students of the current year are enrolled for the next one, a grade further; seniors are not. */
export const yearPrepared: NightEvent = (night) => {
  const next = night.years.upcoming;
  return night.belonging.flatMap((place) =>
    // A few are left for the end of the year, as forms come late.
    night.random.chance(0.97) ? prepare(night, place, next) : [],
  );
};

/** Whoever was not enrolled for the next year yet is now. */
export const latePrepared: NightEvent = (night) => {
  const next = night.years.upcoming;
  return night.belonging.flatMap((place) => prepare(night, place, next));
};

function prepare(night: Night, { pupil, enrollment }: Place, next: YearFrame): number[] {
  if (pupil.enrollments.some((each) => each.yearId === next.id)) return [];
  const { register, random, years } = night;
  const grade = register.gradeOf(enrollment);
  const isRetained = random.chance(grade === 13 ? 0.03 : 0.01);
  if (grade === 13 && !isRetained) return [];
  const nextGrade = isRetained ? grade : grade + 1;
  const entityId = years.schoolForGrade(nextGrade, pupil.id, enrollment.entityId);
  register.enroll({
    studentId: pupil.id,
    year: next,
    entityId,
    grade: nextGrade,
    start: next.first,
    entryCode: 'E1',
  });
  return [pupil.id];
}

/** Seniors who do not stay leave with code 01, entered some days after their last one. */
export const classGraduated: NightEvent = (night) => {
  const { years, register, random } = night;
  const { last } = years.current;
  const graduates = night.belonging.filter(
    ({ pupil, enrollment }) =>
      register.gradeOf(enrollment) === 13 &&
      !pupil.enrollments.some((each) => each.yearId > enrollment.yearId) &&
      random.chance(0.98),
  );
  for (const place of graduates) graduate(night, place, last + random.below(3));
  return graduates.map(({ pupil }) => pupil.id);
};

/** Enrollments of the year that are still open are closed, most with a date alone; some stay open. */
export const yearClosed: NightEvent = (night) => {
  const { years, register, random } = night;
  const { current } = years;
  const closed: number[] = [];
  for (const { id, enrollments } of night.pupils) {
    for (const each of enrollments) {
      if (each.yearId !== current.id || each.end !== null) continue;
      const way = random.below(20);
      if (way < 3 && !each.isCourse) continue;
      const code = each.isCourse ? 'CECS' : null;
      const end = Math.max(current.last, each.start);
      register.close(each, end, code, way < 8 || each.isCourse);
      closed.push(id);
    }
  }
  return closed;
};

/** The next school year becomes the current one, and everybody enrolled for it gets the new grade. */
export const yearRolledOver: NightEvent = (night) => {
  const { years, register } = night;
  const next = years.upcoming;
  years.rollOver();
  const table = night.store.table('Enrollment/StudentEntityYear');
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

/** The first day of school. Whoever was enrolled for it is here from now on; nothing else is written. */
export const schoolBegan: NightEvent = (night) =>
  night.present
    .filter(({ enrollment }) => enrollment.start === night.day)
    .map(({ pupil }) => pupil.id);
