/** One night of a practice district: the date, the people and the tools its events work with. */
import type { Day } from './day.ts';
import type { Value } from './columns.ts';
import { dateOf, dayOf } from './day.ts';
import type { Enrollment, Pupil } from './night-census.ts';
import type { Register } from './night-register.ts';
import type { NightYears } from './night-years.ts';
import type { Random } from './random.ts';
import { numericYearOf } from './school-plan.ts';
import { studentNumberOf } from './people-tables.ts';
import type { Store } from './store.ts';

/** A student and the enrollment that an event is about. */
export interface Place {
  readonly pupil: Pupil;
  readonly enrollment: Enrollment;
}

/** What an event may look at and change. `pupils` stand as they were when the night began. */
export class Night {
  readonly day: Day;
  readonly store: Store;
  readonly years: NightYears;
  readonly register: Register;
  readonly random: Random;
  readonly pupils: readonly Pupil[];
  readonly #taken = new Set<number>();
  readonly #lists = new Map<string, readonly Place[]>();
  #freeNumbers: string[] | undefined;

  constructor(parts: {
    readonly day: Day;
    readonly store: Store;
    readonly years: NightYears;
    readonly register: Register;
    readonly random: Random;
    readonly pupils: readonly Pupil[];
  }) {
    this.day = parts.day;
    this.store = parts.store;
    this.years = parts.years;
    this.register = parts.register;
    this.random = parts.random;
    this.pupils = parts.pupils;
  }

  /** Students at their home school now: the enrollment began, has no end, and is of this year. */
  get present(): readonly Place[] {
    return this.#list('present', ({ enrollments }) =>
      enrollments.find((each) => this.isHome(each) && each.end === null && each.start <= this.day),
    );
  }

  /** Students of this year with no end in sight, whether they have begun or not. */
  get belonging(): readonly Place[] {
    return this.#list('belonging', ({ enrollments }) =>
      enrollments.find((each) => this.isHome(each) && each.end === null),
    );
  }

  /** Students whose one and only enrollment lies ahead. */
  get awaited(): readonly Place[] {
    return this.#list('awaited', ({ enrollments }) => {
      const [only] = enrollments;
      return enrollments.length === 1 && only?.end === null && only.start > this.day
        ? only
        : undefined;
    });
  }

  /** Students who left this year within the last `days` days, with the enrollment that ended. */
  leftWithin(days: number): readonly Place[] {
    return this.#list(`left ${days}`, (pupil) => {
      const last = this.lastHome(pupil);
      const isRecent =
        last !== undefined &&
        last.yearId === this.years.current.id &&
        last.end !== null &&
        last.end >= last.start &&
        last.end < this.day &&
        last.end >= this.day - days &&
        last.code !== '01' &&
        last.code !== '';
      return isRecent && !last.isContinued ? last : undefined;
    });
  }

  /** Students who are gone: what ended last, with nothing open or ahead at home. */
  get gone(): readonly Place[] {
    return this.#list('gone', (pupil) => {
      const last = this.lastHome(pupil);
      if (last === undefined || last.end === null || last.end >= this.day) return undefined;
      const isGone = pupil.enrollments.every(
        (each) => each.isCourse || (each.end ?? this.years.get(each.yearId).last) < this.day,
      );
      return isGone && last.end < this.day - 10 && last.end > this.day - 500 ? last : undefined;
    });
  }

  /** Students whose last enrollment ended more than `days` days ago, with that enrollment. */
  former(days: number): readonly Place[] {
    return this.#list(`former ${days}`, ({ enrollments }) => {
      const ends = enrollments.map((each) => each.end ?? this.years.get(each.yearId).last);
      const latest = Math.max(...ends);
      return latest < this.day - days ? enrollments[ends.indexOf(latest)] : undefined;
    });
  }

  /** A number of a deleted student that nobody has now, each given out once; undefined without one. */
  takeFreeNumber(): string | undefined {
    this.#freeNumbers ??= freeNumbers(this.store);
    const place = this.random.below(this.#freeNumbers.length);
    return this.#freeNumbers.splice(place, 1)[0];
  }

  /** Cross-entity courses that go on. */
  get courses(): readonly Place[] {
    return this.#list('courses', ({ enrollments }) =>
      enrollments.find(
        (each) =>
          each.isCourse &&
          each.yearId === this.years.current.id &&
          each.start < this.day &&
          each.end === null,
      ),
    );
  }

  isHome(enrollment: Enrollment): boolean {
    return (
      enrollment.isDefault && !enrollment.isCourse && enrollment.yearId === this.years.current.id
    );
  }

  /** The home enrollment that began last; undefined when there never was one. */
  lastHome({ enrollments }: Pupil): Enrollment | undefined {
    let last: Enrollment | undefined;
    for (const each of enrollments) {
      if (!each.isDefault || each.isCourse || each.end === null || each.end < each.start) continue;
      if (last === undefined || each.start >= last.start) last = each;
    }
    return last;
  }

  /** A place that fits, of a student no other event of this night is about; undefined when none is left. */
  choose(
    places: readonly Place[],
    fits: (place: Place) => boolean = () => true,
  ): Place | undefined {
    const free = places.filter((place) => !this.#taken.has(place.pupil.id) && fits(place));
    const place = free[this.random.below(free.length)];
    if (place !== undefined) this.#taken.add(place.pupil.id);
    return place;
  }

  /** Says that an event is about this student, so that no other one tonight will be. */
  take(studentId: number): void {
    this.#taken.add(studentId);
  }

  isTaken(studentId: number): boolean {
    return this.#taken.has(studentId);
  }

  /** True on a day of the current school year between its first and last school day. */
  get isInTerm(): boolean {
    const { first, last } = this.years.current;
    return this.day >= first && this.day <= last;
  }

  /** A date of the school year that the day lies in, which runs from 1 July to 30 June. */
  dateInYear(month: number, day: number): Day {
    const numericYear = numericYearOf(this.day);
    return dayOf(month >= 7 ? numericYear - 1 : numericYear, month, day);
  }

  isDate(month: number, day: number): boolean {
    const date = dateOf(this.day);
    return date.month === month && date.day === day;
  }

  get isWeekday(): boolean {
    // 1970-01-01 was a Thursday.
    const weekday = (((this.day + 4) % 7) + 7) % 7;
    return weekday >= 1 && weekday <= 5;
  }

  #list(name: string, find: (pupil: Pupil) => Enrollment | undefined): readonly Place[] {
    let list = this.#lists.get(name);
    if (list === undefined) {
      list = this.pupils.flatMap((pupil) => {
        const enrollment = find(pupil);
        return enrollment === undefined ? [] : [{ pupil, enrollment }];
      });
      this.#lists.set(name, list);
    }
    return list;
  }
}

function freeNumbers(store: Store): string[] {
  const students = store.table('Student/Student');
  const number = students.reader('StudentNumber');
  const free = new Set<string>();
  const held = new Set<Value>();
  for (let row = 0; row < students.rowCount; row += 1) {
    if (students.isLive(row)) held.add(number(row));
    else free.add(studentNumberOf(row));
  }
  return Array.from(free).filter((each) => !held.has(each));
}
