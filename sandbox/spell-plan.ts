/** Plans the spells of a student out of the kind of history the student was given. */
import type { Day } from './day.ts';
import type { HistoryKind, HistorySetting, SchoolYearDays, Spell } from './enrollment-history.ts';

const leaverCodes = ['80', '80', '80', '81', '82', '60', '98', '24'] as const;

/** The spells of one student, oldest first except where two run side by side. */
export function planSpells(kind: HistoryKind, setting: HistorySetting): Spell[] {
  return plans[kind](new SpellPlan(setting));
}

/** The common pieces of which histories are put together. */
class SpellPlan {
  readonly setting: HistorySetting;
  readonly current: number;
  readonly today: Day;

  constructor(setting: HistorySetting) {
    this.setting = setting;
    this.current = setting.current;
    this.today = setting.today;
  }

  days(year: number): SchoolYearDays {
    const days = this.setting.years[year];
    if (days === undefined) throw new RangeError(`The district has no school year number ${year}.`);
    return days;
  }

  gradeIn(year: number): number {
    return Math.max(0, this.setting.grade - (this.current - year));
  }

  spell(year: number, start: Day, changes: Partial<Spell> = {}): Spell {
    const grade = Math.min(13, this.gradeIn(year));
    return {
      year,
      entity: this.setting.schoolFor(grade),
      grade,
      start,
      end: null,
      entryCode: 'E1',
      withdrawalCode: null,
      isWithdrawal: false,
      isDefault: true,
      isNoShow: false,
      isStatusChange: false,
      ...changes,
    };
  }

  /** A spell that ended because the student left. */
  left(spell: Spell, end: Day, code: string): Spell {
    return { ...spell, end, withdrawalCode: code, isWithdrawal: true };
  }

  /** A finished school year, closed the way districts do it: with a date, with both, or not at all. */
  finished(year: number, start = this.days(year).first): Spell {
    const spell = this.spell(year, start);
    const way = this.setting.random.below(20);
    if (way < 3) return spell;
    return { ...spell, end: this.days(year).last, isWithdrawal: way < 8 };
  }

  /** The finished years before `year`, as far back as the student's grade allows. */
  before(year: number): Spell[] {
    const { random, grade } = this.setting;
    const oldest = Math.max(
      0,
      this.current - grade,
      random.chance(0.7) ? 0 : random.below(year + 1),
    );
    const spells: Spell[] = [];
    for (let past = oldest; past < year; past += 1) {
      const { first, last } = this.days(past);
      const joined = past === oldest && random.chance(0.15);
      spells.push(this.finished(past, joined ? random.between(first, last - 30) : first));
    }
    return spells;
  }

  /** Years before the current one, the last of them always there. */
  pastYears(): Spell[] {
    const spells = this.before(this.current);
    return spells.length > 0 ? spells : [this.finished(this.current - 1)];
  }

  /** A day of the current year that is over, or its first day when it has hardly begun. */
  earlier(atLeastDaysAgo: number): Day {
    const { first, last } = this.days(this.current);
    return this.setting.random.between(first, Math.min(this.today - atLeastDaysAgo, last));
  }

  open(): Spell {
    const { first } = this.days(this.current);
    const joinsLate = this.setting.random.chance(0.06);
    return this.spell(this.current, joinsLate ? this.earlier(1) : first);
  }

  /** A start after today: later in this year if it still runs, else in the upcoming one. */
  upcoming(): Spell {
    const { first, last } = this.days(this.current);
    if (this.today + 10 >= last)
      return this.spell(this.current + 1, this.days(this.current + 1).first);
    const earliest = Math.max(this.today + 1, first);
    return this.spell(
      this.current,
      this.setting.random.between(earliest, Math.min(earliest + 60, last)),
    );
  }

  careerCourse(): Spell {
    const start = this.earlier(5);
    const course = this.spell(this.current, start, {
      entity: this.setting.careerCenter,
      entryCode: 'CE',
      withdrawalCode: 'CECS',
      isDefault: false,
    });
    const { random } = this.setting;
    if (random.chance(0.4)) return course;
    return this.left(course, random.between(start, this.days(this.current).last), 'CECS');
  }

  leaverCode(): string {
    return this.setting.random.pick(leaverCodes);
  }
}

const plans: Readonly<Record<HistoryKind, (plan: SpellPlan) => Spell[]>> = {
  open: (plan) => [...plan.before(plan.current), plan.open()],
  'status-change': (plan) => {
    const first = plan.open();
    const change = Math.max(first.start + 1, plan.earlier(3));
    return [
      ...plan.before(plan.current),
      plan.left(first, change - 1, '33'),
      { ...first, start: change, entryCode: 'SC', isStatusChange: true },
    ];
  },
  'moved-school': (plan) => {
    const first = plan.spell(plan.current, plan.days(plan.current).first);
    const move = Math.max(first.start + 1, plan.earlier(3));
    const entity = plan.setting.otherSchoolFor(first.grade);
    return [
      ...plan.before(plan.current),
      { ...plan.left(first, move - 1, 'TR'), entity, isDefault: false },
      { ...first, start: move, entryCode: 'E3' },
    ];
  },
  'cecs-beside-home': (plan) => [...plan.before(plan.current), plan.open(), plan.careerCourse()],
  'two-current': (plan) => {
    const home = plan.open();
    const entity = plan.setting.otherSchoolFor(home.grade);
    return [...plan.before(plan.current), home, { ...home, entity, isDefault: false }];
  },
  returned: (plan) => {
    const first = plan.spell(plan.current, plan.days(plan.current).first);
    const back = Math.max(first.start + 15, plan.earlier(1));
    const gone = plan.setting.random.between(first.start + 1, back - 10);
    return [
      ...plan.before(plan.current),
      plan.left(first, gone, plan.leaverCode()),
      { ...first, start: back, entryCode: 'E2' },
    ];
  },
  'leaving-soon': (plan) => {
    const open = plan.open();
    const end = Math.max(open.start, plan.today) + 1 + plan.setting.random.below(30);
    return [...plan.before(plan.current), plan.left(open, end, plan.leaverCode())];
  },
  'started-today': (plan) => [plan.spell(plan.current, plan.today)],
  'next-year-planned': (plan) => [
    ...plan.before(plan.current),
    plan.open(),
    plan.spell(plan.current + 1, plan.days(plan.current + 1).first),
  ],
  gap: (plan) => {
    const past = plan.pastYears();
    const last = past.pop() ?? plan.finished(plan.current - 1);
    const end = plan.days(plan.current - 1).last;
    return [...past, { ...last, end }, { ...plan.upcoming(), entryCode: 'E2' }];
  },
  future: (plan) => [plan.upcoming()],
  'early-registration': (plan) => [plan.spell(plan.current + 1, plan.days(plan.current + 1).first)],
  'cecs-alone': (plan) => [plan.careerCourse()],
  'cecs-after-leaving': (plan) => {
    const past = plan.pastYears();
    const last = past.pop() ?? plan.finished(plan.current - 1);
    const code = plan.setting.random.chance(0.5) ? '01' : plan.leaverCode();
    return [...past, plan.left(last, plan.days(plan.current - 1).last, code), plan.careerCourse()];
  },
  graduated: (plan) => graduation(plan),
  'graduated-returning': (plan) => [...graduation(plan), { ...plan.upcoming(), entryCode: 'E2' }],
  left: (plan) => {
    const { random } = plan.setting;
    const { first } = plan.days(plan.current);
    if (plan.today > first + 10 && random.chance(0.5)) {
      const spell = plan.spell(plan.current, first);
      return [...plan.before(plan.current), plan.left(spell, plan.earlier(2), plan.leaverCode())];
    }
    const past = plan.pastYears();
    const last = past.pop() ?? plan.finished(plan.current - 1);
    const year = plan.days(plan.current - 1);
    const end = random.between(Math.max(plan.today - 350, last.start), year.last);
    return [...past, plan.left(last, end, plan.leaverCode())];
  },
  'left-long-ago': (plan) => {
    const year = Math.max(0, plan.current - 2);
    const { first, last } = plan.days(year);
    const latest = Math.max(first + 5, Math.min(last, plan.today - 372));
    const end = plan.setting.random.between(first + 5, latest);
    return [plan.left(plan.spell(year, first), end, plan.leaverCode())];
  },
  'no-show': (plan) => {
    const { first } = plan.days(plan.current);
    const past = plan.setting.random.chance(0.5) ? plan.before(plan.current) : [];
    const spell = plan.spell(plan.current, first, { isNoShow: true });
    return [...past, plan.left(spell, first, 'NS')];
  },
  'cancelled-future': (plan) => {
    const spell = plan.upcoming();
    return [plan.left(spell, spell.start - 1, 'NS')];
  },
  'unclosed-year': (plan) => {
    const past = plan.pastYears();
    const last = past.pop() ?? plan.finished(plan.current - 1);
    return [...past, { ...last, end: null, isWithdrawal: false }];
  },
};

/** Years up to the last one, which ends with code 01; one in eight finishes early this year. */
function graduation(plan: SpellPlan): Spell[] {
  const { random } = plan.setting;
  const early = plan.days(plan.current).first + 60;
  if (plan.today > early && random.chance(0.125)) {
    const spell = plan.spell(plan.current, plan.days(plan.current).first, { grade: 13 });
    return [...plan.pastYears(), plan.left(spell, plan.earlier(2), '01')];
  }
  const past = plan.pastYears();
  const last = past.pop() ?? plan.finished(plan.current - 1);
  return [...past, plan.left(last, plan.days(plan.current - 1).last + random.below(3), '01')];
}
