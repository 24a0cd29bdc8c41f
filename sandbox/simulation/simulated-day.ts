/** A simulated day: the date, the students, and access to the tables for events. */
import type { Day } from '../day.ts';
import type { Value } from '../district/columns.ts';
import { toDate, toDay } from '../day.ts';
import type { Enrollment, SandboxStudent } from './sandbox-students.ts';
import type { EnrollmentEditor } from './enrollment-editor.ts';
import type { SchoolYears } from './school-years.ts';
import type { Random } from '../random.ts';
import { toSchoolYear } from '../district/school-plan.ts';
import { formatStudentNumber } from '../district/people-tables.ts';
import type { Store } from '../district/store.ts';

/** A student and an enrollment for an event. */
export interface Candidate {
  readonly student: SandboxStudent;
  readonly enrollment: Enrollment;
}

/** Data and operations for events. The students are as at the start of the day. */
export class SimulatedDay {
  readonly date: Day;
  readonly store: Store;
  readonly years: SchoolYears;
  readonly editor: EnrollmentEditor;
  readonly random: Random;
  readonly students: readonly SandboxStudent[];
  readonly #used = new Set<number>();
  readonly #lists = new Map<string, readonly Candidate[]>();
  #unusedNumbers: string[] | undefined;

  constructor(deps: {
    readonly date: Day;
    readonly store: Store;
    readonly years: SchoolYears;
    readonly editor: EnrollmentEditor;
    readonly random: Random;
    readonly students: readonly SandboxStudent[];
  }) {
    this.date = deps.date;
    this.store = deps.store;
    this.years = deps.years;
    this.editor = deps.editor;
    this.random = deps.random;
    this.students = deps.students;
  }

  /** Students at their home school now, with an open enrollment of this year. */
  get present(): readonly Candidate[] {
    return this.#list('present', ({ enrollments }) =>
      enrollments.find((each) => this.isHome(each) && each.end === null && each.start <= this.date),
    );
  }

  /** Students with an open enrollment of this year, started or not. */
  get expectedOrPresent(): readonly Candidate[] {
    return this.#list('belonging', ({ enrollments }) =>
      enrollments.find((each) => this.isHome(each) && each.end === null),
    );
  }

  /** Students with a single, future enrollment. */
  get upcoming(): readonly Candidate[] {
    return this.#list('awaited', ({ enrollments }) => {
      const [only] = enrollments;
      return enrollments.length === 1 && only?.end === null && only.start > this.date
        ? only
        : undefined;
    });
  }

  /** Returns students who left this year within the last `days` days, with the ended enrollment. */
  withdrawnWithin(days: number): readonly Candidate[] {
    return this.#list(`left ${days}`, (student) => {
      const last = this.lastHome(student);
      const isRecent =
        last !== undefined &&
        last.yearId === this.years.current.id &&
        last.end !== null &&
        last.end >= last.start &&
        last.end < this.date &&
        last.end >= this.date - days &&
        last.code !== '01' &&
        last.code !== '';
      return isRecent && !last.isContinued ? last : undefined;
    });
  }

  /** Students who have left, with their last enrollment, and without open or future ones at home. */
  get departed(): readonly Candidate[] {
    return this.#list('gone', (student) => {
      const last = this.lastHome(student);
      if (last === undefined || last.end === null || last.end >= this.date) return undefined;
      const isGone = student.enrollments.every(
        (each) => each.isCourse || (each.end ?? this.years.get(each.yearId).last) < this.date,
      );
      return isGone && last.end < this.date - 10 && last.end > this.date - 500 ? last : undefined;
    });
  }

  /** Returns students whose last enrollment ended more than `days` days ago, with that enrollment. */
  former(days: number): readonly Candidate[] {
    return this.#list(`former ${days}`, ({ enrollments }) => {
      const ends = enrollments.map((each) => each.end ?? this.years.get(each.yearId).last);
      const latest = Math.max(...ends);
      return latest < this.date - days ? enrollments[ends.indexOf(latest)] : undefined;
    });
  }

  /** Returns a number of a deleted student that is unused, each once; undefined if there is none. */
  takeUnusedNumber(): string | undefined {
    this.#unusedNumbers ??= unusedNumbers(this.store);
    const candidate = this.random.below(this.#unusedNumbers.length);
    return this.#unusedNumbers.splice(candidate, 1)[0];
  }

  /** Open cross-entity courses. */
  get openCourses(): readonly Candidate[] {
    return this.#list('courses', ({ enrollments }) =>
      enrollments.find(
        (each) =>
          each.isCourse &&
          each.yearId === this.years.current.id &&
          each.start < this.date &&
          each.end === null,
      ),
    );
  }

  isHome(enrollment: Enrollment): boolean {
    return (
      enrollment.isDefault && !enrollment.isCourse && enrollment.yearId === this.years.current.id
    );
  }

  /** Returns the latest home enrollment; undefined if there is none. */
  lastHome({ enrollments }: SandboxStudent): Enrollment | undefined {
    let last: Enrollment | undefined;
    for (const each of enrollments) {
      if (!each.isDefault || each.isCourse || each.end === null || each.end < each.start) continue;
      if (last === undefined || each.start >= last.start) last = each;
    }
    return last;
  }

  /** Chooses a suitable candidate whose student has no other event on this day; undefined if there is none. */
  choose(
    candidates: readonly Candidate[],
    isEligible: (candidate: Candidate) => boolean = () => true,
  ): Candidate | undefined {
    const available = candidates.filter(
      (candidate) => !this.#used.has(candidate.student.id) && isEligible(candidate),
    );
    const candidate = available[this.random.below(available.length)];
    if (candidate !== undefined) this.#used.add(candidate.student.id);
    return candidate;
  }

  /** Marks a student as used, so that no other event of this day chooses the student. */
  markUsed(studentId: number): void {
    this.#used.add(studentId);
  }

  isUsed(studentId: number): boolean {
    return this.#used.has(studentId);
  }

  /** Returns a date in the school year of this day (1 July to 30 June). */
  dateInYear(month: number, day: number): Day {
    const numericYear = toSchoolYear(this.date);
    return toDay(month >= 7 ? numericYear - 1 : numericYear, month, day);
  }

  isDate(month: number, day: number): boolean {
    const date = toDate(this.date);
    return date.month === month && date.day === day;
  }

  get isWeekday(): boolean {
    // 1970-01-01 was a Thursday.
    const weekday = (((this.date + 4) % 7) + 7) % 7;
    return weekday >= 1 && weekday <= 5;
  }

  #list(
    name: string,
    find: (student: SandboxStudent) => Enrollment | undefined,
  ): readonly Candidate[] {
    let list = this.#lists.get(name);
    if (list === undefined) {
      list = this.students.flatMap((student) => {
        const enrollment = find(student);
        return enrollment === undefined ? [] : [{ student, enrollment }];
      });
      this.#lists.set(name, list);
    }
    return list;
  }
}

function unusedNumbers(store: Store): string[] {
  const studentTable = store.table('Student/Student');
  const number = studentTable.reader('StudentNumber');
  const available = new Set<string>();
  const inUse = new Set<Value>();
  for (let row = 0; row < studentTable.rowCount; row += 1) {
    if (studentTable.isLive(row)) inUse.add(number(row));
    else available.add(formatStudentNumber(row));
  }
  return Array.from(available).filter((each) => !inUse.has(each));
}
