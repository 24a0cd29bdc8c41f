/**
 * Simulates a sandbox district day by day, from its seed.
 *
 * This folder changes a district day by day: enrollments, families, schools, malformed data.
 */
import { formatDay, type Day } from '../day.ts';
import type { DistrictClock } from '../district/district-clock.ts';
import { SimulatedDay } from './simulated-day.ts';
import { createDayParser, readSandboxStudents } from './sandbox-students.ts';
import { listDueEvents, drawRandomEvents, type EventKind, type YearEnd } from './event-kinds.ts';
import { EnrollmentEditor } from './enrollment-editor.ts';
import { SchoolYears } from './school-years.ts';
import { createRandom, type Random } from '../random.ts';
import type { SchoolPlan } from '../district/school-plan.ts';
import type { Store } from '../district/store.ts';
import type { Switches } from '../api/switches.ts';

/** An event of a simulated day, with its students. */
export interface EventRecord {
  /** The simulated date, `YYYY-MM-DD`. */
  readonly date: string;
  readonly kind: EventKind;
  readonly studentIds: readonly number[];
}

/** Dependencies of the simulation. */
export interface SimulationDeps {
  readonly store: Store;
  readonly plan: SchoolPlan;
  readonly clock: DistrictClock;
  readonly seed: number;
  readonly yearEnd: YearEnd;
  readonly switches: Switches;
}

/** More days are probably a typing error. */
const maxDays = 20 * 366;

/** The simulation of one district. Events depend only on the seed, the date and the rows. */
export class Simulation {
  readonly #deps: SimulationDeps;
  readonly #years: SchoolYears;
  readonly #random: Random;
  readonly #guaranteedDays: Random;
  readonly #parseDay = createDayParser();

  constructor(deps: SimulationDeps) {
    this.#deps = deps;
    this.#years = new SchoolYears(deps.store, deps.plan);
    this.#random = createRandom(deps.seed ^ 0x4e16);
    this.#guaranteedDays = createRandom(deps.seed ^ 0x7c35);
  }

  /**
   * Simulates every day up to a day, which becomes the current date, and returns the events.
   * Throws a RangeError for a day in the past or more than twenty years ahead.
   */
  advanceTo(day: Day): EventRecord[] {
    const { clock } = this.#deps;
    if (day < clock.day || day > clock.day + maxDays) {
      throw new RangeError(
        `The district's date is ${clock.date}; it can advance to any day of the next twenty years, not to ${formatDay(day)}.`,
      );
    }
    const records: EventRecord[] = [];
    while (clock.day < day) records.push(...this.#simulate(clock.day + 1));
    return records;
  }

  #simulate(day: Day): EventRecord[] {
    const { store, clock, yearEnd, switches } = this.#deps;
    clock.moveTo(day);
    store.touch();
    // Each day has its own number for the random stream; days are positive.
    this.#random.restart(day);
    const editor = new EnrollmentEditor(store, this.#years, switches);
    const records: EventRecord[] = [];
    const date = clock.date;
    let startDay = this.#startDay(editor);
    for (const { kind, apply } of listDueEvents(startDay, yearEnd)) {
      const studentIds = apply(startDay);
      editor.updateEntityYears(day);
      startDay = this.#startDay(editor);
      if (studentIds !== undefined) records.push({ date, kind, studentIds });
    }
    for (const { kind, count, apply } of drawRandomEvents(startDay, this.#guaranteedDays)) {
      for (let repetition = 0; repetition < count; repetition += 1) {
        const studentIds = apply(startDay);
        if (studentIds !== undefined) records.push({ date, kind, studentIds });
      }
    }
    touchEndedEnrollments(startDay);
    editor.updateEntityYears(day);
    return records;
  }

  #startDay(editor: EnrollmentEditor): SimulatedDay {
    const { store, clock } = this.#deps;
    return new SimulatedDay({
      date: clock.day,
      store,
      editor,
      years: this.#years,
      random: this.#random,
      students: readSandboxStudents(store, this.#parseDay),
    });
  }
}

/** Marks entity years whose enrollment ended yesterday for an update. */
function touchEndedEnrollments(startDay: SimulatedDay): void {
  for (const { enrollments } of startDay.students) {
    for (const { end, studentId, entityId, yearId } of enrollments) {
      if (end === startDay.date - 1) startDay.editor.touch(studentId, entityId, yearId);
    }
  }
}
