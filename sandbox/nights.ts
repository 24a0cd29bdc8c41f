/** Lets a practice district live on, night by night, from its seed. */
import { isoDay, type Day } from './day.ts';
import type { DistrictClock } from './district-clock.ts';
import { Night } from './night.ts';
import { createDayParser, readPupils } from './night-census.ts';
import { dueKinds, freeEvents, type NightKind, type YearEnd } from './night-kinds.ts';
import { Register } from './night-register.ts';
import { NightYears } from './night-years.ts';
import { createRandom, type Random } from './random.ts';
import type { SchoolPlan } from './school-plan.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';

/** Something that happened in a night, and to which students. */
export interface NightRecord {
  /** The date that began with this night, `YYYY-MM-DD`. */
  readonly date: string;
  readonly kind: NightKind;
  readonly studentIds: readonly number[];
}

/** What nights are made from. */
export interface NightsParts {
  readonly store: Store;
  readonly plan: SchoolPlan;
  readonly clock: DistrictClock;
  readonly seed: number;
  readonly yearEnd: YearEnd;
  readonly switches: Switches;
}

/** More than this is a slip of the finger. */
const mostNights = 20 * 366;

/** The nights of one district. What happens depends on the seed, the date and the rows alone. */
export class Nights {
  readonly #parts: NightsParts;
  readonly #years: NightYears;
  readonly #random: Random;
  readonly #certainDays: Random;
  readonly #parseDay = createDayParser();

  constructor(parts: NightsParts) {
    this.#parts = parts;
    this.#years = new NightYears(parts.store, parts.plan);
    this.#random = createRandom(parts.seed ^ 0x4e16);
    this.#certainDays = createRandom(parts.seed ^ 0x7c35);
  }

  /**
   * Plays every night up to a day, so that it is the district's today, and tells what happened.
   * Throws a RangeError for a day in the past or more than twenty years ahead.
   */
  advanceTo(day: Day): NightRecord[] {
    const { clock } = this.#parts;
    if (day < clock.day || day > clock.day + mostNights) {
      throw new RangeError(
        `The district is at ${clock.date}; it can go on to any day of the next twenty years, not to ${isoDay(day)}.`,
      );
    }
    const records: NightRecord[] = [];
    while (clock.day < day) records.push(...this.#play(clock.day + 1));
    return records;
  }

  #play(day: Day): NightRecord[] {
    const { store, clock, yearEnd, switches } = this.#parts;
    clock.moveTo(day);
    store.touch();
    // Any number tells days apart; years of days are positive.
    this.#random.restart(day);
    const register = new Register(store, this.#years, switches);
    const records: NightRecord[] = [];
    const date = clock.date;
    let night = this.#night(register);
    for (const { kind, happen } of dueKinds(night, yearEnd)) {
      const studentIds = happen(night);
      register.settle(day);
      night = this.#night(register);
      if (studentIds !== undefined) records.push({ date, kind, studentIds });
    }
    for (const { kind, count, happen } of freeEvents(night, this.#certainDays)) {
      for (let time = 0; time < count; time += 1) {
        const studentIds = happen(night);
        if (studentIds !== undefined) records.push({ date, kind, studentIds });
      }
    }
    touchEnded(night);
    register.settle(day);
    return records;
  }

  #night(register: Register): Night {
    const { store, clock } = this.#parts;
    return new Night({
      day: clock.day,
      store,
      register,
      years: this.#years,
      random: this.#random,
      pupils: readPupils(store, this.#parseDay),
    });
  }
}

/** Entity years whose enrollment ended yesterday are active no longer. */
function touchEnded(night: Night): void {
  for (const { enrollments } of night.pupils) {
    for (const { end, studentId, entityId, yearId } of enrollments) {
      if (end === night.day - 1) night.register.touch(studentId, entityId, yearId);
    }
  }
}
