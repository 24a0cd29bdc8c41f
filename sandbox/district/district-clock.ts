/** The current date of a sandbox district. */
import { formatDay, type Day } from '../day.ts';

/** The clock of computed fields and accesses. */
export class DistrictClock {
  #day: Day;
  #date: string;
  #time: string;

  constructor(day: Day) {
    this.#day = day;
    this.#date = formatDay(day);
    this.#time = `${this.#date}T00:00:00`;
  }

  get day(): Day {
    return this.#day;
  }

  /** `YYYY-MM-DD`. */
  get date(): string {
    return this.#date;
  }

  /** The date in the API's form. */
  get time(): string {
    return this.#time;
  }

  /** Sets the date. Callers must clear caches with `Store.touch`. */
  moveTo(day: Day): void {
    this.#day = day;
    this.#date = formatDay(day);
    this.#time = `${this.#date}T00:00:00`;
  }
}
