/** Invents the students of a district: who stays, leaves, graduates, returns, registers, does not come. */
import { createRandom, type Random } from '../../sandbox/random.ts';
import { toDay, type Day } from '../../sandbox/day.ts';
import { next, past, present, schoolDays, type Region } from './school-year.ts';
import type { Stay } from './story.ts';

/** A time in the district with what the office writes down about it. */
export interface RecordedStay extends Stay {
  /** The withdrawal code of the end. */
  readonly code: string;
  /** The day on which the office enters the end: before, on, or after the last day. */
  readonly entered: Day;
}

/** What happens to a student. */
interface StoryFacts {
  readonly stays: readonly RecordedStay[];
  readonly grade: number;
  /** Repeats the highest grade: the row of next year is not made with all others. */
  readonly isHeldBack: boolean;
  /** Courses at another school, which never count. */
  readonly hasCourses: boolean;
  /** The last day at the first school of the present year; the next day is at another school. */
  readonly changesSchool: { readonly last: Day; readonly code: string } | null;
  /** The day in summer on which the family registers at another school of the district. */
  readonly movesInSummer: { readonly on: Day; readonly code: string | null } | null;
  readonly attendsSummerSchool: boolean;
}

export interface StudentStory extends StoryFacts {
  readonly kind: StoryKind;
}

export type StoryKind = keyof typeof kinds;

const leavingCodes = ['80', '80', '81', '82', '60', '98', '24'] as const;
const highestGrade = 12;

/** Returns the students of a district; the same for the same seed. */
export function inventStudents(seed: number, region: Region, count: number): StudentStory[] {
  const random = createRandom(seed);
  const names = Object.keys(kinds) as StoryKind[];
  const total = names.reduce((sum, name) => sum + kinds[name].weight, 0);
  // Every kind is in every district, the rest in proportion.
  const shares = names.flatMap((name) =>
    Array<StoryKind>(Math.max(1, Math.round((kinds[name].weight / total) * count))).fill(name),
  );
  return Array.from({ length: count }, (_, index) => {
    random.restart(index);
    const kind = shares[index] ?? 'continues';
    return { ...plain(kind, random), ...kinds[kind].tell(new Storyteller(random, region)) };
  });
}

function plain(kind: StoryKind, random: Random): Omit<StudentStory, 'stays'> {
  return {
    kind,
    grade: random.between(1, highestGrade - 1),
    isHeldBack: false,
    hasCourses: random.chance(0.08),
    changesSchool: null,
    movesInSummer: null,
    attendsSummerSchool: false,
  };
}

/** Days and stays of one student. */
class Storyteller {
  readonly random: Random;
  readonly region: Region;
  constructor(random: Random, region: Region) {
    this.random = random;
    this.region = region;
  }

  first(year: number): Day {
    return schoolDays(this.region, year).first;
  }

  last(year: number): Day {
    return schoolDays(this.region, year).last;
  }

  day(from: Day, to: Day): Day {
    return this.random.between(from, to);
  }

  /** A stay since two years ago or more. */
  old(): RecordedStay {
    const first = this.first(past);
    return { ...this.stay(first - 60, first) };
  }

  stay(registered: Day, first: Day): RecordedStay {
    return { registered, first, last: null, isGraduate: false, code: '', entered: 0 };
  }

  /** Leaves; the office enters it up to six days before or four days after. */
  leave(stay: RecordedStay, last: Day): RecordedStay {
    return {
      ...stay,
      last,
      code: this.random.pick(leavingCodes),
      entered: last + this.random.between(-6, 4),
    };
  }

  /** Gives notice in summer: it is entered on that day. */
  giveNotice(stay: RecordedStay, on: Day): RecordedStay {
    return { ...this.leave(stay, on), entered: on };
  }

  graduate(stay: RecordedStay, last: Day): RecordedStay {
    return { ...stay, last, isGraduate: true, code: '01', entered: last };
  }

  /** Does not come on the first day of a school year, which the office enters some days later. */
  missFirstDay(stay: RecordedStay, year: number): RecordedStay {
    const last = this.first(year);
    return { ...stay, last, code: 'NS', entered: last + this.random.between(4, 10) };
  }

  /** A day from registration in spring to the week before school. */
  registrationDay(): Day {
    return this.day(toDay(present, 4, 5), this.first(next) - 3);
  }
}

type Told = Partial<StoryFacts> & Pick<StoryFacts, 'stays'>;

/** The kinds of stories, with their weight. */
const kinds = {
  continues: { weight: 92, tell: (t) => ({ stays: [t.old()] }) },
  'continues with summer school': {
    weight: 6,
    tell: (t) => ({ stays: [t.old()], attendsSummerSchool: true }),
  },
  'came in the present year': {
    weight: 6,
    tell: (t) => {
      const first = t.day(t.first(present) + 10, t.last(present) - 90);
      return { stays: [t.stay(first - 3, first)] };
    },
  },
  'changes school in spring': {
    weight: 5,
    tell: (t) => ({
      stays: [t.old()],
      changesSchool: {
        last: t.day(toDay(present, 3, 1), t.last(present) - 2),
        code: t.random.pick(['33', 'TR']),
      },
    }),
  },
  'changes school in summer': {
    weight: 5,
    tell: (t) => ({
      stays: [t.old()],
      movesInSummer: {
        on: t.day(t.last(present) + 1, t.first(next) - 2),
        code: t.random.chance(0.3) ? 'TR' : null,
      },
    }),
  },
  'repeats the highest grade': {
    weight: 2,
    tell: (t) => ({ stays: [t.old()], grade: highestGrade, isHeldBack: true }),
  },
  graduates: {
    weight: 14,
    tell: (t) => ({ stays: [t.graduate(t.old(), t.last(present))], grade: highestGrade }),
  },
  'graduates in winter': {
    weight: 2,
    tell: (t) => {
      const last = t.day(toDay(present - 1, 12, 10), toDay(present, 2, 20));
      return { stays: [t.graduate(t.old(), last)], grade: highestGrade };
    },
  },
  'graduates in summer': {
    weight: 2,
    tell: (t) => ({
      stays: [t.graduate(t.old(), t.last(present) + 35)],
      grade: highestGrade,
      attendsSummerSchool: true,
    }),
  },
  'graduated last year': {
    weight: 4,
    tell: (t) => ({ stays: [t.graduate(t.old(), t.last(past))], grade: highestGrade + 1 }),
  },
  'left last spring': {
    weight: 4,
    tell: (t) => ({ stays: [t.leave(t.old(), t.day(toDay(past, 4, 5), t.last(past)))] }),
  },
  'left in last summer': {
    weight: 2,
    tell: (t) => ({
      stays: [t.giveNotice(t.old(), t.day(t.last(past) + 2, t.first(present) - 2))],
    }),
  },
  'did not come last fall': {
    weight: 1,
    tell: (t) => ({ stays: [t.missFirstDay(t.old(), present)] }),
  },
  'left in fall or winter': {
    weight: 6,
    tell: (t) => ({
      stays: [t.leave(t.old(), t.day(t.first(present) + 20, toDay(present, 3, 25)))],
    }),
  },
  'leaves in spring': {
    weight: 6,
    tell: (t) => ({
      stays: [t.leave(t.old(), t.day(toDay(present, 4, 2), t.last(present) - 46))],
    }),
  },
  'leaves in the last weeks': {
    weight: 6,
    tell: (t) => ({
      stays: [t.leave(t.old(), t.day(t.last(present) - 45, t.last(present) - 1))],
    }),
  },
  'leaves on the last day': {
    weight: 3,
    tell: (t) => ({ stays: [t.leave(t.old(), t.last(present))] }),
  },
  'gives notice in summer': {
    weight: 6,
    tell: (t) => ({
      stays: [t.giveNotice(t.old(), t.day(t.last(present) + 3, t.first(next) - 2))],
    }),
  },
  'leaves in the new year': {
    weight: 2,
    tell: (t) => ({
      stays: [t.leave(t.old(), t.day(t.first(next) + 2, toDay(present, 9, 25)))],
    }),
  },
  'does not come back': { weight: 3, tell: (t) => ({ stays: [t.missFirstDay(t.old(), next)] }) },
  'returns in summer': {
    weight: 4,
    tell: (t) => {
      const left = t.leave(t.old(), t.day(toDay(present, 1, 10), t.last(present) - 1));
      const registered = t.day(t.last(present) + 5, t.first(next) - 3);
      return { stays: [left, t.stay(registered, t.first(next))] };
    },
  },
  'returns in spring': {
    weight: 2,
    tell: (t) => {
      const left = t.leave(t.old(), t.day(toDay(present, 1, 10), toDay(present, 2, 20)));
      const first = t.day(toDay(present, 4, 6), t.last(present) - 10);
      return { stays: [left, t.stay(first - 4, first)] };
    },
  },
  'returns after more than a year': {
    weight: 2,
    tell: (t) => {
      const left = t.leave(t.old(), t.day(toDay(past, 1, 10), toDay(past, 3, 20)));
      return { stays: [left, t.stay(t.registrationDay(), t.first(next))] };
    },
  },
  'new in spring': {
    weight: 3,
    tell: (t) => {
      const first = t.day(toDay(present, 4, 8), t.last(present) - 5);
      return { stays: [t.stay(first - t.random.between(2, 9), first)] };
    },
  },
  'new next year': {
    weight: 14,
    tell: (t) => ({ stays: [t.stay(t.registrationDay(), t.first(next))] }),
  },
  'new after the first day': {
    weight: 2,
    tell: (t) => {
      const first = t.day(t.first(next) + 2, toDay(present, 9, 28));
      return { stays: [t.stay(first - t.random.between(1, 6), first)] };
    },
  },
  'new, does not come': {
    weight: 2,
    tell: (t) => ({
      stays: [t.missFirstDay(t.stay(t.registrationDay(), t.first(next)), next)],
    }),
  },
  'new, cancels': {
    weight: 2,
    tell: (t) => {
      const registered = t.day(toDay(present, 4, 5), t.last(present));
      const on = t.day(registered + 10, t.first(next) - 2);
      return { stays: [t.giveNotice(t.stay(registered, t.first(next)), on)] };
    },
  },
} as const satisfies Readonly<
  Record<string, { readonly weight: number; readonly tell: (teller: Storyteller) => Told }>
>;
