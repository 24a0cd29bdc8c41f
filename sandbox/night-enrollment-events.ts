/** What happens to enrollments from day to day: arrivals, moves, withdrawals, returns, corrections. */
import type { Day } from './day.ts';
import type { Night, Place } from './night.ts';
import { addHousehold } from './night-newcomers.ts';
import type { YearFrame } from './night-years.ts';

/**
 * Does what its name says to one student or household, and gives the students it was about;
 * undefined when nobody was there to whom it could happen tonight.
 */
export type NightEvent = (night: Night) => readonly number[] | undefined;

const leaverCodes = ['80', '80', '80', '81', '82', '60', '98', '24'] as const;

/** A family comes and enrolls its children, most of them from today on. */
export const familyArrived: NightEvent = (night) => enrollFamily(night);

/** Adds a family and gives the StudentIDs of its children, the eldest first. */
export function enrollFamily(night: Night): number[] {
  const { random, years, day } = night;
  const year = enrollingYear(night);
  const children = addHousehold(night.store, years, { day, random, eldest: 'open' });
  for (const { studentId, grade } of children) {
    const start = startFrom(night, year, random.chance(0.25) ? random.between(1, 21) : 0);
    enrollNewcomer(night, year, studentId, grade, start);
  }
  return children.map(({ studentId }) => studentId);
}

/** A family registers its children for the first day of a school year, the eldest for PK or KG. */
export const familyRegistered: NightEvent = (night) => {
  const { random, years, day } = night;
  const year = day < years.current.first ? years.current : years.upcoming;
  const children = addHousehold(night.store, years, { day, random, eldest: 'early-registration' });
  for (const { studentId, grade } of children) {
    enrollNewcomer(night, year, studentId, grade, year.first);
  }
  return children.map(({ studentId }) => studentId);
};

/** The year in which somebody who comes today is enrolled: the next one once the term is nearly over. */
export function enrollingYear({ day, years }: Night): YearFrame {
  return day > years.current.last - 10 ? years.upcoming : years.current;
}

function startFrom({ day }: Night, year: YearFrame, daysAhead: number): Day {
  return Math.min(Math.max(day + daysAhead, year.first), year.last);
}

function enrollNewcomer(
  night: Night,
  year: YearFrame,
  studentId: number,
  grade: number,
  start: Day,
): void {
  night.take(studentId);
  const entityId = night.years.schoolForGrade(grade, studentId);
  night.register.enroll({ studentId, year, entityId, grade, start, entryCode: 'E1' });
  night.register.setGrade(studentId, grade);
}

/** A student changes schools: the one enrollment ends, the other begins the day after. */
export const schoolChanged: NightEvent = (night) => {
  const { register, random, years } = night;
  const place = night.choose(night.present, ({ enrollment }) => {
    const grade = register.gradeOf(enrollment);
    const other = years.otherSchool(grade, enrollment.entityId, 0);
    return other !== undefined && enrollment.start < night.day - 1;
  });
  if (place === undefined) return undefined;
  const { enrollment } = place;
  const grade = register.gradeOf(enrollment);
  const entityId = years.otherSchool(grade, enrollment.entityId, random.below(8));
  if (entityId === undefined) return undefined;
  register.close(enrollment, night.day - 1, 'TR');
  const year = years.get(enrollment.yearId);
  const { studentId } = enrollment;
  register.enroll({ studentId, year, entityId, grade, start: night.day, entryCode: 'E3' });
  return [studentId];
};

/** A status change: one enrollment is closed and the next one opened, and the student stays. */
export const statusChanged: NightEvent = (night) => {
  const { register, years } = night;
  const place = night.choose(night.present, ({ enrollment }) => enrollment.start < night.day - 1);
  if (place === undefined) return undefined;
  const { enrollment } = place;
  const { studentId, entityId } = enrollment;
  register.close(enrollment, night.day - 1, '33');
  register.enroll({
    studentId,
    year: years.get(enrollment.yearId),
    entityId,
    grade: register.gradeOf(enrollment),
    start: night.day,
    entryCode: 'SC',
    goesOnFrom: enrollment.id,
  });
  return [studentId];
};

/** A student left some days ago at most, which is entered today. */
export const studentWithdrew: NightEvent = (night) => {
  const place = night.choose(night.present);
  if (place === undefined) return undefined;
  const end = Math.max(place.enrollment.start, night.day - 1 - night.random.below(4));
  withdraw(night, place, end, night.random.pick(leaverCodes));
  return [place.pupil.id];
};

/** A student will leave on a day to come. */
export const withdrawalAnnounced: NightEvent = (night) => {
  const place = night.choose(night.present);
  if (place === undefined) return undefined;
  withdraw(night, place, night.day + night.random.between(3, 30), night.random.pick(leaverCodes));
  return [place.pupil.id];
};

/** A student has all credits and graduates before the class does. */
export const graduatedEarly: NightEvent = (night) => {
  const place = night.choose(
    night.present,
    ({ enrollment }) => night.register.gradeOf(enrollment) === 13,
  );
  if (place === undefined) return undefined;
  const end = Math.max(place.enrollment.start, night.day - 1 - night.random.below(3));
  graduate(night, place, end);
  return [place.pupil.id];
};

/** Ends what a student has open with code 01, and says so in the student's row. */
export function graduate(night: Night, place: Place, end: Day): void {
  withdraw(night, place, end, '01');
  night.register.setGraduated(place.pupil.id, end);
}

/** Ends what is open at the end, and takes away what was planned for later. */
function withdraw(night: Night, { pupil, enrollment }: Place, end: Day, code: string): void {
  night.register.close(enrollment, end, code);
  for (const other of pupil.enrollments) {
    if (other.id === enrollment.id) continue;
    const isAhead = other.start > end && other.end === null && !other.isContinued;
    if (isAhead) night.register.remove(other);
    else if (other.end === null && other.yearId === enrollment.yearId) {
      night.register.close(other, end, other.isCourse ? 'CECS' : code);
    }
  }
}

/** A student who left is back; now and then it is a graduate. */
export const studentReturned: NightEvent = (night) => {
  const { random, register } = night;
  const isGraduate = random.chance(0.06);
  const place = night.choose(
    night.gone,
    ({ enrollment }) => isGraduate === (enrollment.code === '01'),
  );
  if (place === undefined) return undefined;
  const { enrollment } = place;
  const year = enrollingYear(night);
  const grade = Math.min(13, register.gradeOf(enrollment) + (year.id > enrollment.yearId ? 1 : 0));
  const { studentId } = enrollment;
  const start = startFrom(night, year, random.chance(0.3) ? random.between(1, 10) : 0);
  const entityId = night.years.schoolForGrade(grade, studentId, enrollment.entityId);
  register.enroll({ studentId, year, entityId, grade, start, entryCode: 'E2' });
  register.setGrade(studentId, grade);
  return [studentId];
};

/** A student takes a course at the career center; the enrollment there carries CECS from the start. */
export const courseBegan: NightEvent = (night) => {
  const { register, random, years } = night;
  const careerCenter = years.plan.schools.find((school) => school.isCareerCenter);
  const place = night.choose(
    night.present,
    ({ pupil, enrollment }) =>
      register.gradeOf(enrollment) >= 10 && !pupil.enrollments.some((each) => each.isCourse),
  );
  if (place === undefined || careerCenter === undefined) return undefined;
  const { studentId, yearId } = place.enrollment;
  const year = years.get(yearId);
  register.enroll({
    studentId,
    year,
    entityId: careerCenter.entityId,
    grade: register.gradeOf(place.enrollment),
    start: night.day,
    end: random.chance(0.5) ? random.between(night.day, year.last) : null,
    entryCode: 'CE',
    isCourse: true,
  });
  return [studentId];
};

export const courseEnded: NightEvent = (night) => {
  const place = night.choose(night.courses);
  if (place === undefined) return undefined;
  night.register.close(place.enrollment, night.day - 1, 'CECS');
  return [place.pupil.id];
};

/** The start of somebody's enrollment was typed wrong; it moves by some days. */
export const startCorrected: NightEvent = (night) => {
  const place = night.choose(night.present, ({ enrollment }) => enrollment.start < night.day - 10);
  if (place === undefined) return undefined;
  const days = night.random.between(1, 6) * (night.random.chance(0.5) ? 1 : -1);
  night.register.setStart(place.enrollment, place.enrollment.start + days);
  return [place.pupil.id];
};

/** The last day or the reason of a withdrawal was wrong. */
export const withdrawalCorrected: NightEvent = (night) => {
  const { random } = night;
  const place = night.choose(night.leftWithin(60));
  if (place === undefined) return undefined;
  const { enrollment } = place;
  const end = enrollment.end ?? night.day;
  const corrected = random.chance(0.5)
    ? Math.max(enrollment.start, end - random.between(1, 5))
    : end;
  night.register.close(enrollment, corrected, random.pick(leaverCodes));
  return [place.pupil.id];
};

/** A withdrawal was a mistake: the student never left. */
export const withdrawalUndone: NightEvent = (night) => {
  const place = night.choose(
    night.leftWithin(60),
    ({ pupil }) => !pupil.enrollments.some((each) => each.end === null && !each.isCourse),
  );
  if (place === undefined) return undefined;
  night.register.reopen(place.enrollment);
  return [place.pupil.id];
};

/** No other enrollment goes on from it. */
const canGo = ({ enrollment }: Place): boolean => !enrollment.isContinued;

/** An enrollment was made by mistake and is deleted. */
export const enrollmentDeleted: NightEvent = (night) => {
  const { first } = night.years.current;
  const place =
    night.choose(
      night.present,
      (each) => canGo(each) && each.enrollment.start > first && each.pupil.enrollments.length > 1,
    ) ?? night.choose(night.present, canGo);
  if (place === undefined) return undefined;
  night.register.remove(place.enrollment);
  return [place.pupil.id];
};

/** Somebody who was to come will not: the enrollment ends before it begins. */
export const enrollmentCancelled: NightEvent = (night) => {
  const place = night.choose(night.awaited);
  if (place === undefined) return undefined;
  night.register.close(place.enrollment, place.enrollment.start - 1, 'NS');
  return [place.pupil.id];
};

/** Somebody who was to begin on the first day of school never came. */
export const studentNeverCame: NightEvent = (night) => {
  const { first } = night.years.current;
  const place = night.choose(night.present, ({ enrollment }) => enrollment.start === first);
  if (place === undefined) return undefined;
  night.register.markNoShow(place.enrollment);
  return [place.pupil.id];
};
