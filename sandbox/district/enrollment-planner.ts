/** Plans the enrollments of a student from the kind of history. */
import type { Day } from '../day.ts';
import type {
  HistoryKind,
  HistoryContext,
  SchoolYearDays,
  PlannedEnrollment,
} from './enrollment-history.ts';

const withdrawalCodes = ['80', '80', '80', '81', '82', '60', '98', '24'] as const;

/** Returns the enrollments of a student, oldest first except for simultaneous ones. */
export function planEnrollments(kind: HistoryKind, context: HistoryContext): PlannedEnrollment[] {
  return planners[kind](new EnrollmentPlanner(context));
}

/** Common parts of histories. */
class EnrollmentPlanner {
  readonly context: HistoryContext;
  readonly current: number;
  readonly today: Day;

  constructor(context: HistoryContext) {
    this.context = context;
    this.current = context.current;
    this.today = context.today;
  }

  days(year: number): SchoolYearDays {
    const days = this.context.years[year];
    if (days === undefined) throw new RangeError(`The district has no school year number ${year}.`);
    return days;
  }

  gradeIn(year: number): number {
    return Math.max(0, this.context.grade - (this.current - year));
  }

  enrollment(
    year: number,
    start: Day,
    changes: Partial<PlannedEnrollment> = {},
  ): PlannedEnrollment {
    const grade = Math.min(13, this.gradeIn(year));
    return {
      year,
      entity: this.context.schoolFor(grade),
      grade,
      start,
      end: null,
      entryCode: 'E1',
      withdrawalCode: null,
      hasWithdrawalDate: false,
      isDefault: true,
      isNoShow: false,
      isStatusChange: false,
      ...changes,
    };
  }

  /** Returns an enrollment that ended because the student left. */
  withdrawn(enrollment: PlannedEnrollment, end: Day, code: string): PlannedEnrollment {
    return { ...enrollment, end, withdrawalCode: code, hasWithdrawalDate: true };
  }

  /** Returns an enrollment of a finished school year, closed as some districts do: with one date, with both, or none. */
  finished(year: number, start = this.days(year).first): PlannedEnrollment {
    const enrollment = this.enrollment(year, start);
    const way = this.context.random.below(20);
    if (way < 3) return enrollment;
    return { ...enrollment, end: this.days(year).last, hasWithdrawalDate: way < 8 };
  }

  /** Returns the finished years before `year`, as far back as the student's grade allows. */
  yearsBefore(year: number): PlannedEnrollment[] {
    const { random, grade } = this.context;
    const oldest = Math.max(
      0,
      this.current - grade,
      random.chance(0.7) ? 0 : random.below(year + 1),
    );
    const enrollments: PlannedEnrollment[] = [];
    for (let past = oldest; past < year; past += 1) {
      const { first, last } = this.days(past);
      const joined = past === oldest && random.chance(0.15);
      enrollments.push(this.finished(past, joined ? random.between(first, last - 30) : first));
    }
    return enrollments;
  }

  /** Returns years before the current one, always including the last one. */
  pastYears(): PlannedEnrollment[] {
    const enrollments = this.yearsBefore(this.current);
    return enrollments.length > 0 ? enrollments : [this.finished(this.current - 1)];
  }

  /** Returns a past day of the current year, or its first day if the year has just started. */
  earlierDay(atLeastDaysAgo: number): Day {
    const { first, last } = this.days(this.current);
    return this.context.random.between(first, Math.min(this.today - atLeastDaysAgo, last));
  }

  open(): PlannedEnrollment {
    const { first } = this.days(this.current);
    const joinsLate = this.context.random.chance(0.06);
    return this.enrollment(this.current, joinsLate ? this.earlierDay(1) : first);
  }

  /** Returns an enrollment that starts after today: later in this school year, or in the next one. */
  upcoming(): PlannedEnrollment {
    const { first, last } = this.days(this.current);
    if (this.today + 10 >= last)
      return this.enrollment(this.current + 1, this.days(this.current + 1).first);
    const earliest = Math.max(this.today + 1, first);
    return this.enrollment(
      this.current,
      this.context.random.between(earliest, Math.min(earliest + 60, last)),
    );
  }

  careerCourse(): PlannedEnrollment {
    const start = this.earlierDay(5);
    const course = this.enrollment(this.current, start, {
      entity: this.context.careerCenter,
      entryCode: 'CE',
      withdrawalCode: 'CECS',
      isDefault: false,
    });
    const { random } = this.context;
    if (random.chance(0.4)) return course;
    return this.withdrawn(course, random.between(start, this.days(this.current).last), 'CECS');
  }

  pickWithdrawalCode(): string {
    return this.context.random.pick(withdrawalCodes);
  }
}

const planners: Readonly<Record<HistoryKind, (planner: EnrollmentPlanner) => PlannedEnrollment[]>> =
  {
    open: (planner) => [...planner.yearsBefore(planner.current), planner.open()],
    'status-change': (planner) => {
      const first = planner.open();
      const changeDay = Math.max(first.start + 1, planner.earlierDay(3));
      return [
        ...planner.yearsBefore(planner.current),
        planner.withdrawn(first, changeDay - 1, '33'),
        { ...first, start: changeDay, entryCode: 'SC', isStatusChange: true },
      ];
    },
    'moved-school': (planner) => {
      const first = planner.enrollment(planner.current, planner.days(planner.current).first);
      const moveDay = Math.max(first.start + 1, planner.earlierDay(3));
      const entity = planner.context.otherSchoolFor(first.grade);
      return [
        ...planner.yearsBefore(planner.current),
        { ...planner.withdrawn(first, moveDay - 1, 'TR'), entity, isDefault: false },
        { ...first, start: moveDay, entryCode: 'E3' },
      ];
    },
    'cecs-and-home': (planner) => [
      ...planner.yearsBefore(planner.current),
      planner.open(),
      planner.careerCourse(),
    ],
    'two-current': (planner) => {
      const home = planner.open();
      const entity = planner.context.otherSchoolFor(home.grade);
      return [...planner.yearsBefore(planner.current), home, { ...home, entity, isDefault: false }];
    },
    returned: (planner) => {
      const first = planner.enrollment(planner.current, planner.days(planner.current).first);
      const returnDay = Math.max(first.start + 15, planner.earlierDay(1));
      const endDay = planner.context.random.between(first.start + 1, returnDay - 10);
      return [
        ...planner.yearsBefore(planner.current),
        planner.withdrawn(first, endDay, planner.pickWithdrawalCode()),
        { ...first, start: returnDay, entryCode: 'E2' },
      ];
    },
    'leaving-soon': (planner) => {
      const open = planner.open();
      const end = Math.max(open.start, planner.today) + 1 + planner.context.random.below(30);
      return [
        ...planner.yearsBefore(planner.current),
        planner.withdrawn(open, end, planner.pickWithdrawalCode()),
      ];
    },
    'started-today': (planner) => [planner.enrollment(planner.current, planner.today)],
    'next-year-planned': (planner) => [
      ...planner.yearsBefore(planner.current),
      planner.open(),
      planner.enrollment(planner.current + 1, planner.days(planner.current + 1).first),
    ],
    gap: (planner) => {
      const past = planner.pastYears();
      const last = past.pop() ?? planner.finished(planner.current - 1);
      const end = planner.days(planner.current - 1).last;
      return [...past, { ...last, end }, { ...planner.upcoming(), entryCode: 'E2' }];
    },
    future: (planner) => [planner.upcoming()],
    'early-registration': (planner) => [
      planner.enrollment(planner.current + 1, planner.days(planner.current + 1).first),
    ],
    'cecs-alone': (planner) => [planner.careerCourse()],
    'cecs-after-leaving': (planner) => {
      const past = planner.pastYears();
      const last = past.pop() ?? planner.finished(planner.current - 1);
      const code = planner.context.random.chance(0.5) ? '01' : planner.pickWithdrawalCode();
      return [
        ...past,
        planner.withdrawn(last, planner.days(planner.current - 1).last, code),
        planner.careerCourse(),
      ];
    },
    graduated: (planner) => graduation(planner),
    'graduated-returning': (planner) => [
      ...graduation(planner),
      { ...planner.upcoming(), entryCode: 'E2' },
    ],
    left: (planner) => {
      const { random } = planner.context;
      const { first } = planner.days(planner.current);
      if (planner.today > first + 10 && random.chance(0.5)) {
        const enrollment = planner.enrollment(planner.current, first);
        return [
          ...planner.yearsBefore(planner.current),
          planner.withdrawn(enrollment, planner.earlierDay(2), planner.pickWithdrawalCode()),
        ];
      }
      const past = planner.pastYears();
      const last = past.pop() ?? planner.finished(planner.current - 1);
      const year = planner.days(planner.current - 1);
      const end = random.between(Math.max(planner.today - 350, last.start), year.last);
      return [...past, planner.withdrawn(last, end, planner.pickWithdrawalCode())];
    },
    'left-long-ago': (planner) => {
      const year = Math.max(0, planner.current - 2);
      const { first, last } = planner.days(year);
      const latest = Math.max(first + 5, Math.min(last, planner.today - 372));
      const end = planner.context.random.between(first + 5, latest);
      return [
        planner.withdrawn(planner.enrollment(year, first), end, planner.pickWithdrawalCode()),
      ];
    },
    'no-show': (planner) => {
      const { first } = planner.days(planner.current);
      const past = planner.context.random.chance(0.5) ? planner.yearsBefore(planner.current) : [];
      const enrollment = planner.enrollment(planner.current, first, { isNoShow: true });
      return [...past, planner.withdrawn(enrollment, first, 'NS')];
    },
    'cancelled-future': (planner) => {
      const enrollment = planner.upcoming();
      return [planner.withdrawn(enrollment, enrollment.start - 1, 'NS')];
    },
    'unclosed-year': (planner) => {
      const past = planner.pastYears();
      const last = past.pop() ?? planner.finished(planner.current - 1);
      return [...past, { ...last, end: null, hasWithdrawalDate: false }];
    },
  };

/** Returns years up to the last one, which ends with code 01; one in eight graduates early this year. */
function graduation(planner: EnrollmentPlanner): PlannedEnrollment[] {
  const { random } = planner.context;
  const early = planner.days(planner.current).first + 60;
  if (planner.today > early && random.chance(0.125)) {
    const enrollment = planner.enrollment(planner.current, planner.days(planner.current).first, {
      grade: 13,
    });
    return [...planner.pastYears(), planner.withdrawn(enrollment, planner.earlierDay(2), '01')];
  }
  const past = planner.pastYears();
  const last = past.pop() ?? planner.finished(planner.current - 1);
  return [
    ...past,
    planner.withdrawn(last, planner.days(planner.current - 1).last + random.below(3), '01'),
  ];
}
