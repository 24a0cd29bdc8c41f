/** The date of a practice district, which moves from night to night. */
import { formatDay, type Day } from '../day.ts';

/** What computed fields and accesses ask for the date. */
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

  /** The date as the API writes days. */
  get time(): string {
    return this.#time;
  }

  /** Whoever keeps answers must forget them: see `Store.touch`. */
  moveTo(day: Day): void {
    this.#day = day;
    this.#date = formatDay(day);
    this.#time = `${this.#date}T00:00:00`;
  }
}
